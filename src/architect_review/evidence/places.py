"""Where evidence stands: a line somewhere at the head, and how much of it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from architect_review.evidence import layout
from architect_review.evidence.enclosing import head_end

NEAR = 3
"""Lines before and after a line that is shown with its surroundings."""
HEADS_LIMIT = 8
"""Lines that hold a line and may be heads of definitions."""
SHORT = 2
BLOCK_LIMIT = 40
"""Lines of a definition that is shown from its head on."""


class Kind(IntEnum):
    """Why a place is shown: what is kept first when not all fits."""

    ENCLOSING = 0
    READER = 1
    CALLER = 2
    SIBLING = 3
    SCHEMA = 4
    STATE = 5
    USER = 6
    DEFINITION = 7
    TEST = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file at the head that belongs to the changed file `of`.

    `rank` orders places of one kind, the most telling first. A `whole` one is shown
    from its line to its block's end, others with the lines near them; of a bare one
    only the reason is told.
    """

    kind: Kind
    of: str
    path: str
    line: int
    why: str
    rank: int = 0
    whole: bool = False
    is_bare: bool = False

    def numbers(self, lines: Sequence[str]) -> set[int]:
        """The lines to show of the file's lines."""
        if self.is_bare or not 1 <= self.line <= len(lines):
            return set()
        if self.whole:
            end = layout.block_end(lines, self.line, BLOCK_LIMIT)
            return set(range(self.line, end + 1)) | _heads(lines, self.line)
        near = SHORT if self.kind is Kind.TEST else NEAR
        first, last = max(1, self.line - near), min(len(lines), self.line + near)
        return set(range(first, last + 1)) | _heads(lines, self.line)


def _heads(lines: Sequence[str], line: int) -> set[int]:
    """The heads of the definitions that hold a line."""
    found: set[int] = set()
    for number in layout.holders(lines, line)[-HEADS_LIMIT:]:
        if layout.definition_on(lines[number - 1]):
            found.update(range(number, min(head_end(lines, number), line) + 1))
    return found
