"""Signals from checks of the code that are told to look away."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from architect_review.change.diff import FileChange, Line
from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import Scene, matches
from architect_review.signals.comparison import compare
from architect_review.signals.edits import squeezed
from architect_review.signals.lint_settings import (
    COVERAGE,
    LINT_FILES,
    Leniency,
    leniencies,
)
from architect_review.signals.places import brief
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

LINE_LIMIT = 1_000
"""Characters of a line that is looked at."""

_SCRIPTS = ("*.js", "*.jsx", "*.ts", "*.tsx", "*.mjs", "*.cjs", "*.vue", "*.svelte")
_BASELINES = (
    ".secrets.baseline",
    "*baseline*.xml",
    ".dependency-cruiser-known-violations.json",
    ".mypy-baseline.txt",
    "mypy-baseline.txt",
    "phpstan-baseline.*",
    ".rubocop_todo.yml",
    ".semgrepignore",
    ".trivyignore",
    ".squawk.toml",
)
"""Lists of violations that are known and passed over."""


@dataclass(frozen=True, slots=True)
class Hatch:
    """A mark that silences a check: where it may stand and what it silences."""

    name: str
    globs: tuple[str, ...]
    pattern: re.Pattern[str]
    silences: str


_HATCHES = (
    Hatch(
        "noqa of a file",
        ("*.py", "*.pyi"),
        re.compile(r"^#\s*(?:ruff|flake8):\s*noqa\s*$", re.I),
        "no lint rule holds in this file",
    ),
    Hatch(
        "noqa without a code",
        ("*.py", "*.pyi"),
        re.compile(r"^[^#].*?#\s{0,4}noqa\b(?!\s{0,4}:)", re.I),
        "every lint rule is off on this line, not only the one meant",
    ),
    Hatch(
        "type: ignore on an import",
        ("*.py",),
        re.compile(r"^(?:from|import)\s.*#\s*type:\s*ignore\s*(?:#.*)?$"),
        "whatever this import brings is not type-checked",
    ),
    Hatch(
        "type: ignore of a file",
        ("*.py",),
        re.compile(r"^#\s*(?:type:\s*ignore|mypy:\s*ignore-errors.*)$"),
        "this file is not type-checked",
    ),
    Hatch(
        "safety_assured",
        ("*.rb",),
        re.compile(r"^[^#]*\bsafety_assured\b"),
        "the check of dangerous migrations is told that this one is safe",
    ),
    Hatch(
        "squawk-ignore",
        ("*.sql",),
        re.compile(r"^--\s*squawk-ignore"),
        "the check of dangerous migrations passes over it",
    ),
    Hatch(
        "eslint-disable of a file",
        _SCRIPTS,
        re.compile(r"^/\*\s*eslint-disable\s*(?:--.*)?\*/"),
        "no lint rule holds from here on",
    ),
    Hatch(
        "eslint-disable of boundaries",
        _SCRIPTS,
        re.compile(r"^/[/*]\s*eslint-disable\b[^*]*\b(?:boundaries|no-restricted)"),
        "modules may import what the rules forbid",
    ),
    Hatch(
        "ts-nocheck",
        _SCRIPTS,
        re.compile(r"^//\s*@ts-nocheck"),
        "this file is not type-checked",
    ),
)


@detector(
    Weight.SUPPORTING,
    Category.MAINTAINABILITY,
    reads=LINT_FILES,
    standing="A check of the code is told to look away.",
)
def escape_hatch_added(scene: Scene) -> Iterator[Found]:
    """A check of the code is told to look away.

    Marks in the code that silence more than one named rule, and settings of
    import-linter, mypy, ruff and coverage that ask for less than before. Marks that
    move, and those in tests and documentation, do not count.
    """
    yield from _marks(scene)
    for file in scene.diff.files:
        more = file.additions - file.deletions
        if matches(file.path, _BASELINES) and more > 0:
            fact = f"The list of violations that are passed over grows by {more} lines."
            yield Evidence(file.path, fact, "baseline")
    found = compare(scene.matching(*LINT_FILES), leniencies)
    yield from found.unreadable
    for after in found.added:
        if after.side.before is not None and after.key != COVERAGE:
            yield _setting(after.side.path, after.key, after.thing)
    for before in found.removed:
        if before.side.after is not None and before.key == COVERAGE:
            line = before.thing.line
            fact = "Coverage has no lower bound any more (fail_under)."
            yield Evidence(before.side.path, fact, COVERAGE, line, line, True)
    for before, after in found.kept:
        if after.thing.amount > before.thing.amount:
            yield _setting(after.side.path, after.key, after.thing)


def _setting(path: str, key: str, each: Leniency) -> Evidence:
    return Evidence(path, f"{each.fact}.", key, each.line, each.line)


def _marks(scene: Scene) -> Iterator[Evidence]:
    """New marks, fewer those that the change takes away in other places."""
    came: dict[str, list[tuple[FileChange, Line]]] = defaultdict(list)
    gone: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    for file in scene.diff.files:
        if kind_of(file.path) is not PathKind.SOURCE:
            continue
        hatches = [each for each in _HATCHES if matches(file.path, each.globs)]
        for line in file.lines if hatches else ():
            if line.old and line.new:
                continue
            text = line.text[:LINE_LIMIT].strip()
            hatch = next((each for each in hatches if each.pattern.search(text)), None)
            if hatch and line.new:
                came[hatch.name].append((file, line))
            elif hatch:
                gone[hatch.name] += 1
                texts[squeezed(text)] += 1
    for each in _HATCHES:
        new = came[each.name]
        kept = [one for one in new if not texts[squeezed(one[1].text[:LINE_LIMIT])]]
        for file, line in kept[: max(len(new) - gone[each.name], 0)]:
            text = brief(line.text.strip(), 60)
            fact = f"{each.name[0].upper()}{each.name[1:]}, `{text}`: {each.silences}."
            yield Evidence(file.path, fact, f"{each.name} {text}", line.new, line.new)
