"""What a file defines and where: definitions, values, and lines that say nothing.

Python is read by its syntax; a file that is no Python, or cannot be parsed, by its
lines and their indentation (`layout`).
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from architect_review.evidence import layout, pythonic
from architect_review.evidence.definition import Definition, Value
from architect_review.signals.reading import UnreadableError

DEPTH = 50
"""Definitions, or blocks, in each other that are looked into."""
CHARACTERS_LIMIT = 1_000_000
"""Characters of a file that is outlined; of a longer one only the lines are known."""
_LONE_RETURN = re.compile(r"\r(?!\n)")


@dataclass(frozen=True)
class Outline:
    """A file on one side of the change.

    `lines` are its lines without their ends. `values` are constants, fields and
    defaults by their full name, `environment` the lines that read a variable.
    `silent` are the lines of documentation.
    """

    lines: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    environment: Mapping[str, int] = field(default_factory=dict)
    silent: frozenset[int] = frozenset()
    is_parsed: bool = False

    def around(self, line: int) -> tuple[Definition, ...]:
        """The definitions that hold a line, outermost first."""
        at = bisect_right(self._starts, line) - 1
        found: list[Definition] = []
        steps = 0
        while at >= 0 and steps < DEPTH:
            steps += 1
            each = self.definitions[at]
            if each.start <= line <= each.end:
                found.append(each)
            at = each.parent if each.parent is not None else -1
        return tuple(reversed(found))

    @cached_property
    def _starts(self) -> list[int]:
        return [each.start for each in self.definitions]

    def holders(self, line: int) -> tuple[int, ...]:
        """The lines that hold a line by their indentation, outermost first."""
        found: list[int] = []
        at = self._held[line - 1]
        while at and len(found) < DEPTH:
            found.append(at)
            at = self._held[at - 1]
        return tuple(reversed(found))

    @cached_property
    def _held(self) -> list[int]:
        return layout.held(self.lines)

    def significant(self, path: str, numbers: Iterable[int]) -> Iterator[int]:
        """Those of the lines that are neither blank, nor comment or documentation."""
        for number in numbers:
            if number in self.silent or number > len(self.lines):
                continue
            if not layout.is_silent(path, self.lines[number - 1]):
                yield number


def outline(path: str, text: str) -> Outline:
    """Read a file; never fails, in time about linear in its length."""
    lines = tuple(text.split("\n")) if text else ()
    if len(text) > CHARACTERS_LIMIT:
        return Outline(lines)
    # Python ends a line at a lone carriage return too; the diff does not.
    if path.endswith((".py", ".pyi")) and not _LONE_RETURN.search(text):
        try:
            read = pythonic.read(text)
        except UnreadableError:
            pass
        else:
            return Outline(
                lines,
                read.definitions,
                read.values,
                read.environment,
                read.silent,
                is_parsed=True,
            )
    return Outline(lines, tuple(layout.definitions(path, lines)))
