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


class Edited:
    """Which lines of which files a change adds and removes; each file is read once."""

    def __init__(self) -> None:
        """Nothing is read before it is asked for."""
        self._added: dict[str, frozenset[int]] = {}
        self._removed: dict[str, frozenset[int]] = {}

    def adds(self, file: FileChange, line: int) -> bool:
        """Whether a line of the head is new."""
        if file.path not in self._added:
            new = (each.new for each in file.lines if each.new and not each.old)
            self._added[file.path] = frozenset(new)
        return line in self._added[file.path]

    def removes(self, file: FileChange, line: int) -> bool:
        """Whether a line of the base is gone."""
        if file.path not in self._removed:
            old = (each.old for each in file.lines if each.old and not each.new)
            self._removed[file.path] = frozenset(old)
        return line in self._removed[file.path]


def squeezed(text: str) -> str:
    """A line without its indentation, every run of white space one blank."""
    return " ".join(text.split())
