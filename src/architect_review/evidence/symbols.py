"""What a change touches, by name: signatures, values, settings, bodies."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from architect_review.change.diff import FileChange, FileKind, LineKind
from architect_review.change.paths import PathKind, kind_of
from architect_review.evidence.definition import Definition
from architect_review.evidence.names import GENERIC, is_telling
from architect_review.evidence.outline import Outline

NAMES_LIMIT = 60
"""Names of one change that are followed, most telling first."""
SYMBOLS_LIMIT = 120
"""Symbols of one change: several may have one name."""
LINES_LIMIT = 5_000
"""Changed lines of one file that are looked at."""
LONG_VALUE = 8
"""Lines from which a value is a table of settings rather than one."""
PER_FILE_LIMIT = 30
"""Names of one file."""


class What(IntEnum):
    """What happened to a name, most telling first."""

    VALUE = 0
    SIGNATURE = 1
    REMOVED = 2
    SETTING = 3
    BODY = 4
    ADDED = 5
    BASE = 6


SAID: Mapping[What, str] = {
    What.VALUE: "whose value changed",
    What.SIGNATURE: "whose signature changed",
    What.REMOVED: "which is removed",
    What.SETTING: "which the change sets",
    What.BODY: "which behaves differently now",
    What.ADDED: "which is new",
    What.BASE: "whose subclass is new",
}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name that a change touches, in the file `path`.

    `name` is the word by which others know it: of a constructor, the class's. `owner`
    is the class of a method or a field. `line` is at the head, or, where `what` is
    removed, before.
    """

    name: str
    owner: str
    path: str
    what: What
    line: int
    is_callable: bool

    @property
    def full_name(self) -> str:
        """The name with its class."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


def is_product(file: FileChange) -> bool:
    """Whether a file's names may be used elsewhere: neither test nor documentation."""
    kinds = (PathKind.SOURCE, PathKind.CONFIGURATION)
    return file.kind is FileKind.FILE and kind_of(file.path) in kinds


def touched(
    file: FileChange, before: Outline, after: Outline
) -> tuple[frozenset[int], frozenset[int]]:
    """The lines that a change removes and adds, without comments and documentation."""
    old = (each.old for each in file.lines if each.kind is LineKind.REMOVED)
    new = (each.new for each in file.lines if each.kind is LineKind.ADDED)
    path = file.old_path or file.path
    return (
        frozenset(before.significant(path, (number for number in old if number))),
        frozenset(after.significant(file.path, (number for number in new if number))),
    )


def changed(
    files: Iterable[FileChange],
    before: Mapping[str, Outline],
    after: Mapping[str, Outline],
) -> tuple[Symbol, ...]:
    """The names that a change touches, most telling first, each once a file.

    Outlines are by the path now; the side that a file does not have may lack. A name
    that leaves one file and arrives in another has moved, and is no removal.
    """
    found: list[Symbol] = []
    for file in files:
        if is_product(file) and (file.path in before or file.path in after):
            old = before.get(file.path, Outline())
            new = after.get(file.path, Outline())
            found += _of_file(file, old, new)
    came = {(s.name, s.is_callable) for s in found if s.what is What.ADDED}
    kept = [
        each
        for each in found
        if each.what is not What.REMOVED or (each.name, each.is_callable) not in came
    ]
    kept.sort(key=lambda each: (each.what, each.path, each.line, each.full_name))
    return _bounded(kept)


def _bounded(symbols: Iterable[Symbol]) -> tuple[Symbol, ...]:
    kept: dict[tuple[str, str], Symbol] = {}
    words: set[str] = set()
    files: Counter[str] = Counter()
    for each in symbols:
        key = (each.path, each.full_name)
        if key in kept or not is_telling(each.name):
            continue
        if each.name not in words and len(words) == NAMES_LIMIT:
            continue
        if files[each.path] < PER_FILE_LIMIT and len(kept) < SYMBOLS_LIMIT:
            files[each.path] += 1
            words.add(each.name)
            kept[key] = each
    return tuple(kept.values())


def _of_file(file: FileChange, before: Outline, after: Outline) -> Iterator[Symbol]:
    old_lines, new_lines = touched(file, before, after)
    if not old_lines and not new_lines:
        return
    yield from _definitions(file.path, before, after)
    yield from _values(file.path, before, after)
    yield from _bodies(file.path, before, after, old_lines, new_lines)
    yield from _environment(file.path, before, after, old_lines, new_lines)
    yield from _keys(file, before, after, old_lines, new_lines)


def _symbol(path: str, each: Definition, what: What) -> Symbol:
    """A constructor is known by its class's name to those who must call it anew."""
    if what is not What.BODY and each.owner and each.name in ("__init__", "__new__"):
        return Symbol(each.owner, "", path, what, each.line, is_callable=True)
    return Symbol(each.name, each.owner, path, what, each.line, is_callable=True)


def _by_name(outline: Outline) -> dict[str, Definition]:
    """What others can name; of several with one name the last counts, as it does."""
    return {each.full_name: each for each in outline.definitions if not each.is_local}


def _definitions(path: str, before: Outline, after: Outline) -> Iterator[Symbol]:
    if before.is_parsed is not after.is_parsed and before.lines and after.lines:
        return
    old, new = _by_name(before), _by_name(after)
    for name, each in new.items():
        was = old.get(name)
        if was is None:
            yield _symbol(path, each, What.ADDED)
            for base in set(each.bases) - GENERIC if each.is_class else ():
                yield Symbol(base, "", path, What.BASE, each.line, is_callable=True)
        elif (was.head, was.signature) != (each.head, each.signature):
            yield _symbol(path, each, What.SIGNATURE)
    for name, each in old.items():
        if name not in new and (not each.owner or each.owner in new):
            yield _symbol(path, each, What.REMOVED)


def _values(path: str, before: Outline, after: Outline) -> Iterator[Symbol]:
    for full, value in after.values.items():
        was = before.values.get(full)
        if was is None and before.lines and value.name.isupper():
            what = What.ADDED
        elif was is not None and was.text != value.text:
            # A long one changes by its entries, which are told by themselves.
            is_long = value.end - value.line >= LONG_VALUE
            what = What.SETTING if is_long else What.VALUE
        else:
            continue
        yield Symbol(value.name, value.owner, path, what, value.line, is_callable=False)
    classes = {each.name for each in after.definitions if each.is_class}
    is_deleted = not after.lines
    for full, was in before.values.items():
        is_known = not was.owner or was.owner in classes
        is_private = is_deleted and was.name.startswith("_")
        if full not in after.values and is_known and not is_private:
            yield Symbol(
                was.name, was.owner, path, What.REMOVED, was.line, is_callable=False
            )


def _bodies(
    path: str,
    before: Outline,
    after: Outline,
    old_lines: frozenset[int],
    new_lines: frozenset[int],
) -> Iterator[Symbol]:
    now = _by_name(after)
    names: dict[str, None] = {}
    for outline, numbers in ((after, new_lines), (before, old_lines)):
        for number in sorted(numbers)[:LINES_LIMIT]:
            functions = (
                each
                for each in outline.around(number)
                if not each.is_class and not each.is_local
            )
            names.update((each.full_name, None) for each in functions)
    was = _by_name(before)
    for name in names:
        if name in now and name in was:
            yield _symbol(path, now[name], What.BODY)


def _environment(
    path: str,
    before: Outline,
    after: Outline,
    old_lines: frozenset[int],
    new_lines: frozenset[int],
) -> Iterator[Symbol]:
    for outline, lines in ((after, new_lines), (before, old_lines)):
        if not after.lines:
            return
        for name, line in outline.environment.items():
            if line in lines:
                yield Symbol(name, "", path, What.SETTING, line, is_callable=False)


_KEY = re.compile(
    r"\s*(?:-\s+)?(?:export\s+)?[\"']?([A-Za-z_][\w.-]{2,79})[\"']?\s*(?::|=(?!=))"
)
_KEYED = (".yml", ".yaml", ".toml", ".ini", ".cfg", ".env", ".conf", ".properties")


def _keys(
    file: FileChange,
    before: Outline,
    after: Outline,
    old_lines: frozenset[int],
    new_lines: frozenset[int],
) -> Iterator[Symbol]:
    """Keys of settings, also of those inside a value that takes many lines."""
    name = file.path.rpartition("/")[2]
    is_settings = name.endswith(_KEYED) or name.startswith(".env")
    if not is_settings and not after.is_parsed:
        return
    for outline, numbers in ((after, new_lines), (before, old_lines)):
        wide = [
            range(each.line, each.end + 1)
            for each in outline.values.values()
            if each.end > each.line and each.name.isupper() and not each.owner
        ][:50]
        for number in sorted(numbers)[:LINES_LIMIT]:
            if not is_settings and not any(number in span for span in wide):
                continue
            match = _KEY.match(outline.lines[number - 1][:400])
            key = match[1].rpartition(".")[2] if match else ""
            # A setting's name says what it is for, so it has more than one word.
            if len(key) > 5 and re.search(r"[a-z0-9][_A-Z-]|[A-Z]_", key):
                yield Symbol(
                    key, "", file.path, What.SETTING, number, is_callable=False
                )
