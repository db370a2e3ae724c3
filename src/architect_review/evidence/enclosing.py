"""The definitions around the changed lines, as far as the diff does not show them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from architect_review.change.diff import FileChange, Hunk
from architect_review.evidence.outline import Outline

WHOLE_LIMIT = 80
"""Lines of a definition that is shown whole."""
NEAR = 15
"""Lines shown before and after a hunk in a longer one."""
NARROW = 6
"""The same where there is little room."""
HUNKS_LIMIT = 200
"""Hunks of a file that are looked around."""
LINES_LIMIT = 100
"""Lines of a hunk, from its first, and the last one."""
HEAD_LINES = 6
"""Lines of a definition's head that are shown."""
HOLDERS_LIMIT = 4
"""Lines shown of what holds a hunk outside every function."""

_IMPORT = re.compile(r"\s*(?:from|import)\b")


@dataclass(frozen=True, slots=True)
class Around:
    """Lines around one or several hunks of a file, and the full name of the definition.

    `narrow` are fewer of them, for where there is no room.
    """

    name: str
    numbers: frozenset[int]
    narrow: frozenset[int]


def around(
    file: FileChange, after: Outline, removed: frozenset[int], added: frozenset[int]
) -> Iterator[Around]:
    """What is around the hunks that change more than comments, in the file's order.

    `removed` and `added` are the changed lines that count.
    """
    wide: dict[str, set[int]] = {}
    narrow: dict[str, set[int]] = {}
    for number in _counting(file, after, removed, added):
        name, numbers, fewer = _around(after, number)
        wide.setdefault(name, set()).update(numbers)
        narrow.setdefault(name, set()).update(fewer)
    for name, numbers in wide.items():
        yield Around(name, frozenset(numbers), frozenset(narrow[name]))


def _counting(
    file: FileChange, after: Outline, removed: frozenset[int], added: frozenset[int]
) -> list[int]:
    """The lines of the head where something changes, at most LINES_LIMIT of a hunk."""
    found: list[int] = []
    for hunk in file.hunks[:HUNKS_LIMIT]:
        lines = [line.new for line in hunk.lines if line.new in added and not line.old]
        if not lines and any(line.old in removed for line in hunk.lines):
            lines = [_middle(hunk)]
        known = [n for n in lines if n and n <= len(after.lines)]
        found += known[:LINES_LIMIT] + known[LINES_LIMIT:][-1:]
    return found


def _middle(hunk: Hunk) -> int:
    """The line of the head before which a hunk removes lines first."""
    last = hunk.new_start
    for line in hunk.lines:
        if line.new is None:
            return last
        last = line.new
    return last


def _around(after: Outline, number: int) -> tuple[str, set[int], set[int]]:
    holding = after.around(number)
    functions = [each for each in holding if not each.is_class]
    for each in functions[:1] or holding[-1:]:
        heads = {outer.line for outer in holding[-HOLDERS_LIMIT:]}
        heads |= set(range(each.line, head_end(after.lines, each.line) + 1))
        whole = range(each.start, each.end + 1)
        narrow = heads | _near(whole, number, NARROW)
        if len(whole) > WHOLE_LIMIT or each.is_class:
            return each.full_name, heads | _near(whole, number, NEAR), narrow
        return each.full_name, heads | set(whole), narrow
    held = after.holders(number)[-HOLDERS_LIMIT:]
    lines = {at for at in held if not _IMPORT.match(after.lines[at - 1])}
    return "", lines, lines


def _near(whole: range, number: int, lines: int) -> set[int]:
    first, last = max(whole[0], number - lines), min(whole[-1], number + lines)
    return set(range(first, last + 1))


def head_end(lines: Sequence[str], line: int) -> int:
    """The last line of the head that begins on `line`, at most HEAD_LINES."""
    for number in range(line, min(len(lines), line + HEAD_LINES - 1) + 1):
        if lines[number - 1].rstrip().endswith((":", "{")):
            return number
    return line
