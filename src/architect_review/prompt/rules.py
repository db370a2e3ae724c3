"""What the project asks of its code, chosen for one change: what every request shows.

All of it comes from the base branch. Decisions that the change may break are shown in
full, the others are named, so that a reviewer knows what there is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

from architect_review.change.change import Change
from architect_review.change.sides import matches
from architect_review.request.decisions import Decisions, Record, expanded
from architect_review.request.policy import Policy

SHOWN_LIMIT = 6
"""Decisions that are shown in full."""
TEXT_LIMIT = 6_000
"""Characters shown of one decision."""
DECISIONS_BYTES = 40_000
"""UTF-8 bytes of all decisions, those that are only named included."""

_WORD = re.compile(r"[^\W\d_]{4,}")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_EMPTY = frozenset(
    _WORD.findall(
        """
        about across adopt adopting adrs always architectural architecture avoid base
        between build choice choose code common core data decide decided decision docs
        each every file first from have helper index init instead into keep library
        main make manage module must never only over package project python record
        replace should that their them this through tool util using when where which
        will with without write your
        """
    )
)
"""Words that every project has in its titles or paths, so that they tell nothing."""


def rules(change: Change, policy: Policy) -> dict[str, Any]:
    """Guidelines, instructions for the files that change, and decisions."""
    paths = [path for file in change.diff.files for path in file.paths]
    instructions = [
        {"paths": list(each.paths), "text": each.text}
        for each in policy.settings.instructions
        if any(matches(path, each.paths) for path in paths)
    ]
    found = {
        "guidelines": dict(policy.guidelines),
        "instructions": instructions,
        **_decisions(policy.decisions, paths),
    }
    return {name: value for name, value in found.items() if value}


def _decisions(known: Decisions, paths: Sequence[str]) -> dict[str, Any]:
    binding = known.binding
    room = DECISIONS_BYTES
    shown: dict[str, str] = {}
    for each in relevant(binding, paths)[:SHOWN_LIMIT]:
        is_cut = len(each.text) > TEXT_LIMIT
        text = each.text[:TEXT_LIMIT] + (" …" if is_cut else "")
        size = len(text.encode("utf-8", "replace"))
        if size <= room:
            shown[each.path] = text
            room -= size
    named: list[str] = []
    others = [each for each in binding if each.path not in shown]
    for each in others:
        line = f"{each.path}: {each.title}"
        room -= len(line.encode("utf-8", "replace"))
        if room < 0:
            named.append(f"and {len(others) - len(named)} more")
            break
        named.append(line)
    withdrawn = len(known.records) - len(binding)
    gone = f"{withdrawn} superseded, deprecated or rejected" if withdrawn else ""
    return {
        "decisions": shown,
        "other_decisions": named,
        "decisions_left_out": gone,
    }


def relevant(records: Sequence[Record], paths: Sequence[str]) -> list[Record]:
    """The decisions that may bear on changed paths, the surest first.

    First those whose `applies_to` fits a path. Of those that do not say where they
    apply, the ones whose title or file name shares words with a path.
    """
    fitting = [
        each
        for each in records
        if any(matches(p, expanded(glob)) for glob in each.applies_to for p in paths)
    ]
    changed = _words(_stem(path) for path in paths)
    spoken = {
        each.path: _words([each.title, PurePosixPath(each.path).stem])
        for each in records
        if not each.applies_to
    }
    often = Counter(word for words in spoken.values() for word in words)
    # What most titles have, such as the project's name, tells none from another.
    most = max(3, len(spoken) / 2)
    told = {word for word in changed if often[word] <= most}
    close = [each for each in records if told & spoken.get(each.path, set())]
    close.sort(key=lambda each: -len(told & spoken[each.path]))
    return fitting + close


def _stem(path: str) -> str:
    return re.sub(r"\.[^./]*$", "", path)


def _words(texts: Iterable[str]) -> set[str]:
    """The words of texts that mean something, in lower case and the singular."""
    words = {
        word.lower()
        for text in texts
        for word in _WORD.findall(_HUMP.sub(" ", text).replace("_", " "))
    }
    singular = {
        word[:-1] if word.endswith("s") and not word.endswith("ss") else word
        for word in words
    }
    return singular - _EMPTY
