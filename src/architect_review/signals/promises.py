"""What a title promises that a change leaves alone."""

import re

_HARMLESS = {
    "documentation": r"docs?|documentation|docstrings?|readme|changelog|comments?|"
    r"typos?|spelling|wording|grammar",
    "formatting": r"format(?:ting|ted)?|reformat(?:ted|ting)?|white ?space|style|"
    r"isort|black|pep ?8",
    "tests": r"tests?|unit tests?|test suite|coverage|fixtures?",
    "clean-up": r"clean(?:s|ed|ing)?[ -]?up|clean(?:ing|s)?|tidy(?:ing)?|cosmetic|"
    r"lint(?:ing|er)?|ruff|flake8",
    "refactoring": r"refactor(?:s|ed|ing)?|renam(?:e|es|ed|ing)|simplif(?:y|ies|ied)|"
    r"reorgani[sz]e[sd]?|restructure[sd]?",
}
"""What titles promise, and the words that promise it."""
_STRICT = ("documentation", "formatting", "tests")
_KINDS = {
    "docs": "documentation",
    "doc": "documentation",
    "style": "formatting",
    "fmt": "formatting",
    "test": "tests",
    "tests": "tests",
    "refactor": "refactoring",
    "cleanup": "clean-up",
}
"""The types of Conventional Commits, and the promise of each."""
_PROMISES = {kind: re.compile(rf"\b(?:{words})\b") for kind, words in _HARMLESS.items()}
_ACTS = re.compile(
    r"\b(?:feat(?:ure)?s?|fix(?:es|ed|ing)?|bug(?:fix)?s?|add(?:s|ed|ing)?|implement\w*|"
    r"support\w*|allow\w*|prevent\w*|handl\w+|enabl\w+|disabl\w+|chang\w+|updat\w+|"
    r"improv\w+|optimi[sz]\w+|bump\w*|upgrad\w+|downgrad\w+|remov\w+|drop\w*|delet\w+|"
    r"deprecat\w+|introduc\w+|increas\w+|decreas\w+|reduc\w+|rais\w+|lower\w*|limit\w*|"
    r"default\w*|behaviou?rs?|security|perf\w*|replac\w+|switch\w*|migrat\w+|mov(?:e|es|ing)|"
    r"us(?:e|es|ing)|mak(?:e|es|ing)|set(?:s|ting)?|return\w*|revert\w*|merg\w+|new|"
    r"releas\w+|version|creat\w+|extend\w*|ensur\w+|correct\w*|avoid\w*|stop\w*|don'?t)\b"
)
_TIDIES = re.compile(
    r"\b(?:remov|delet|drop)\w*\b.*\b(?:unused|dead|obsolete|redundant|imports?)\b"
    r"|\bfix\w*\b.*\b(?:lint(?:ing|er)?|ruff|flake8)\b"
)
_SPLIT = re.compile(r"\s*(?:,|;|&|/|\+|\band\b)\s*")
_PREFIX = re.compile(r"([a-z]+)(?:\([^)]*\))?!?:\s*(.*)")
TITLE_LIMIT = 300


def promise(title: str) -> str:
    """What a title says that the change is about alone; "" when it says more.

    Every part of it must be harmless: one that acts promises only if it acts on
    documentation, formatting or tests ("fix a typo", "add tests").
    """
    text = title[:TITLE_LIMIT].lower().strip()
    prefix = _PREFIX.fullmatch(text)
    kind = ""
    if prefix:
        kind = _KINDS.get(prefix[1], "")
        if not kind and prefix[1] != "chore":
            return ""
        text = prefix[2]
    parts = [_part(part) for part in _SPLIT.split(text) if part]
    if kind:
        # The type is what the author vouches for, whatever the words after it.
        return kind
    if not parts or not parts[0] or "acts" in parts:
        return ""
    promised = [part for part in parts if part]
    mild = [part for part in promised if part not in _STRICT]
    return (mild or promised)[0]


def is_strict(promised: str) -> bool:
    """Whether a promise leaves no room for other code at all."""
    return promised in _STRICT


def _part(text: str) -> str:
    """What a part of a title promises, `acts` when it does more, "" when neither."""
    found = next((kind for kind, each in _PROMISES.items() if each.search(text)), "")
    if not _ACTS.search(text) or found in _STRICT:
        return found
    return "clean-up" if _TIDIES.search(text) else "acts"
