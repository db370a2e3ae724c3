"""Signals from what the change leaves behind: readers, references, tests, twins."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from architect_review.change.diff import FileStatus
from architect_review.change.mentions import Mention
from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import Scene, matches
from architect_review.signals.comparison import compare
from architect_review.signals.migrations import SCRIPTS
from architect_review.signals.modules import Default, module
from architect_review.signals.places import arrow, brief, shipped
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

PYTHON = ("*.py",)
NAMED = 3
"""Places that a fact names; the others are counted."""
FACTORS = (60, 100, 1_000, 1_024, 3_600, 86_400, 1_000_000)
"""What one unit is of another: minutes, percent, thousands, kibi, hours, days."""
_UNITS = """
    pct percent percentage ratio rate fraction share s sec secs second seconds ms
    millis milliseconds minute minutes min mins hour hours day days timeout ttl delay
    interval period age bytes size kb mb gb kib mib gib limit threshold spread width
"""
_TWINS = """
    backup bak old new fixed fix copy orig original legacy tmp temp final updated
    refactored improved enhanced simple working v1 v2 v3 2 3
"""


@dataclass(frozen=True, slots=True)
class _Changed:
    """A default that has another value now. `name` is what other code calls it."""

    path: str
    key: str
    name: str
    old: str
    new: str
    line: int


def _changed_defaults(scene: Scene) -> Iterator[_Changed]:
    files = (s for s in shipped(scene, *PYTHON) if not matches(s.path, SCRIPTS))
    for before, after in compare(files, _defaults).kept:
        old, new = before.thing.value, after.thing.value
        name = re.findall(r"\w+", after.key)[-1]
        if old != new and before.side is after.side and _is_distinct(name):
            line = after.thing.line
            yield _Changed(after.side.path, after.key, name, old, new, line)


def _defaults(path: str, text: str) -> Mapping[str, Default]:
    return module(text).defaults


def _is_distinct(name: str) -> bool:
    """Whether a name means one thing wherever it stands, as far as can be told."""
    return len(name) > 5 and ("_" in name.strip("_") or len(name) > 11)


def _names(scene: Scene) -> Iterator[str]:
    return (each.name for each in _changed_defaults(scene))


@detector(Weight.MAJOR, Category.CONFIGURATION, reads=PYTHON, asks=_names)
def unit_changed(scene: Scene) -> Iterator[Found]:
    """A value moves from one unit to another while code outside the change reads it.

    Its old and new value are one unit apart (60, 100, 1000 ...), its name speaks of a
    quantity, and files that the change does not touch use the name.
    """
    for each in _changed_defaults(scene):
        factor = _factor(each.old, each.new)
        readers = _untouched(scene, each.name, is_test=False)
        words = set(each.name.lower().split("_"))
        if factor and readers and words & set(_UNITS.split()):
            way = "larger" if abs(float(each.old)) < abs(float(each.new)) else "smaller"
            fact = (
                f"`{brief(each.key)}` is {factor:,} times {way}, "
                f"{arrow(each.old, each.new)}, as if its unit changed; not changed "
                f"with it: {_places(readers)}."
            )
            yield Evidence(each.path, fact, each.key, each.line, each.line)


@detector(Weight.SUPPORTING, Category.CONFIGURATION, reads=PYTHON, asks=_names)
def readers_left_behind(scene: Scene) -> Iterator[Found]:
    """A default has another value, and code that the change does not touch reads it."""
    for each in _changed_defaults(scene):
        readers = _untouched(scene, each.name, is_test=False)
        if readers and not _factor(each.old, each.new):
            fact = f"`{brief(each.key)}` changes for code outside of this change too: "
            fact += f"{_places(readers)}."
            yield Evidence(each.path, fact, each.key, each.line, each.line)


@detector(Weight.SUPPORTING, Category.TESTING, reads=PYTHON, asks=_names)
def old_default_tested(scene: Scene) -> Iterator[Found]:
    """A test that the change does not touch still expects a default's old value."""
    for each in _changed_defaults(scene):
        value = re.compile(rf"(?<![\w.]){re.escape(each.old)}(?![\w.]*\w)")
        tests = [
            mention
            for mention in _untouched(scene, each.name, is_test=True)
            if value.search(mention.text.partition(each.name)[2])
        ]
        if tests:
            fact = f"`{brief(each.key)}` is no longer `{brief(each.old)}`, which "
            fact += f"{_places(tests)} still expects."
            yield Evidence(each.path, fact, each.key, each.line, each.line)


def _factor(old: str, new: str) -> int:
    """By how much two numbers differ, if that is one unit of another; else 0."""
    try:
        one, other = sorted((abs(float(old)), abs(float(new))))
    except ValueError:
        return 0
    if not one:
        return 0
    return next((f for f in FACTORS if abs(other / one - f) < f * 1e-6), 0)


def _untouched(scene: Scene, word: str, *, is_test: bool) -> list[Mention]:
    """Where a word stands in Python code that the change does not touch."""
    touched = scene.diff.by_path
    return [
        mention
        for mention in scene.mentions.of.get(word, ())
        if mention.path not in touched
        and mention.path.endswith(".py")
        and kind_of(mention.path) is (PathKind.TEST if is_test else PathKind.SOURCE)
        and not mention.text.lstrip().startswith("#")
    ]


def _places(mentions: Iterable[Mention]) -> str:
    """The first place in each file, as people write it; more files are counted."""
    first: dict[str, int] = {}
    for mention in mentions:
        first.setdefault(mention.path, mention.line)
    named = [f"`{brief(path)}:{line}`" for path, line in [*first.items()][:NAMED]]
    more = len(first) - len(named)
    tail = [f"{more} more file{'' if more == 1 else 's'}"] if more else []
    return " and ".join([", ".join(named), *tail])


_COMMON = """
    readme.md license license.md license.txt index.md index.html __init__.py main.py
    conftest.py setup.py makefile dockerfile package.json changelog.md .gitignore
    .gitkeep
"""


def _deleted(scene: Scene) -> Iterator[str]:
    """Deleted files whose name is theirs alone, before the head is known."""
    for file in scene.diff.files:
        name = PurePosixPath(file.path).name
        if file.status is FileStatus.DELETED and name.lower() not in _COMMON.split():
            yield file.path


def _called(path: str) -> str:
    """The word under which others name a file."""
    pure = PurePosixPath(path)
    return pure.stem if pure.suffix == ".py" else pure.name


def _deleted_names(scene: Scene) -> Iterator[str]:
    return (_called(path) for path in _deleted(scene))


@detector(Weight.SUPPORTING, Category.MAINTAINABILITY, asks=_deleted_names)
def dangling_reference(scene: Scene) -> Iterator[Found]:
    """A deleted file is still named by files that the change does not touch.

    Python modules count where they are imported, other files by their whole name. A
    name that another file still has is no reference to the deleted one.
    """
    touched = scene.diff.by_path
    names = {PurePosixPath(path).name for path in scene.mentions.paths}
    for path in _deleted(scene):
        if PurePosixPath(path).name in names:
            continue
        found = [
            mention
            for mention in scene.mentions.of.get(_called(path), ())
            if mention.path not in touched
            and (not path.endswith(".py") or _imports(mention.text, path))
        ]
        if found:
            fact = f"`{brief(path)}` is deleted and still named in {_places(found)}."
            yield Evidence(path, fact, path, is_removed=True)


def _imports(line: str, path: str) -> bool:
    """Whether a line imports the module of a path, as a whole or from its package."""
    pure = PurePosixPath(path)
    name, parent = re.escape(pure.stem), re.escape(pure.parent.name)
    whole = rf"^\s*(from|import)\s+([\w.]*\b{parent}\.|\.+){name}\b"
    part = rf"^\s*from\s+([\w.]*\b{parent}|\.+)\s+import\s.*\b{name}\b"
    if not parent:
        whole, part = rf"^\s*(from|import)\s+{name}\b", r"(?!)"
    return bool(re.search(whole, line) or re.search(part, line))


def _twin_names(scene: Scene) -> Iterator[str]:
    return (PurePosixPath(path).stem for path, _ in _twins(scene))


def _twins(scene: Scene) -> Iterator[tuple[str, str]]:
    """Changed Python files named after another one, and that one's name."""
    for side in shipped(scene, *PYTHON):
        original, _, ending = PurePosixPath(side.path).stem.rpartition("_")
        if side.after is not None and original and ending in _TWINS.split():
            yield side.path, f"{original}.py"


@detector(Weight.SUPPORTING, Category.MAINTAINABILITY, reads=PYTHON, asks=_twin_names)
def dead_twin(scene: Scene) -> Iterator[Found]:
    """A file that is named after another one is changed, and nothing imports it."""
    for path, original in _twins(scene):
        stem = PurePosixPath(path).stem
        beside = str(PurePosixPath(path).with_name(original))
        mentions = scene.mentions.of.get(stem)
        if mentions is None or beside not in scene.mentions.paths:
            continue
        if not any(mention.path != path for mention in mentions):
            fact = f"`{brief(path)}` is changed beside its twin `{brief(original)}`, "
            fact += "and no file names it."
            added = (
                line.new for line in scene.diff.by_path[path].lines if not line.old
            )
            at = next(filter(None, added), None)
            yield Evidence(path, fact, path, at, at)
