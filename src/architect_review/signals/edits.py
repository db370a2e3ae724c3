"""The lines that a change adds and removes."""

from collections.abc import Iterator
from dataclasses import dataclass

from architect_review.change.diff import FileChange, Line, LineKind


@dataclass(frozen=True, slots=True)
class Block:
    """A run of changed lines with no unchanged line between them."""

    removed: tuple[Line, ...]
    added: tuple[Line, ...]


def blocks(file: FileChange) -> Iterator[Block]:
    """The blocks of a file's change, in order."""
    removed: list[Line] = []
    added: list[Line] = []
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.kind is LineKind.CONTEXT:
                if removed or added:
                    yield Block(tuple(removed), tuple(added))
                    removed, added = [], []
            else:
                (added if line.kind is LineKind.ADDED else removed).append(line)
        if removed or added:
            yield Block(tuple(removed), tuple(added))
            removed, added = [], []


def added_lines(file: FileChange) -> frozenset[int]:
    """The numbers, at the head, of the lines that the change adds."""
    return frozenset(line.new for line in file.lines if line.new and not line.old)


def removed_lines(file: FileChange) -> frozenset[int]:
    """The numbers, at the base, of the lines that the change removes."""
    return frozenset(line.old for line in file.lines if line.old and not line.new)


def squeezed(text: str) -> str:
    """A line without its indentation, every run of white space one blank."""
    return " ".join(text.split())
