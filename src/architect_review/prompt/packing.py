"""Files into requests: riskiest first, related ones together, hunks whole."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from architect_review.change.content import Seen
from architect_review.change.diff import FileChange, Hunk, LineKind
from architect_review.prompt import material
from architect_review.prompt.related import Relatives
from architect_review.prompt.request import Piece
from architect_review.prompt.room import Room

_NOTHING = Seen()
_FRAME = 32
"""Bytes around a request's pieces, a piece's hunks or between two of them, at most."""


@dataclass(slots=True)
class Part:
    """What one request shows; `lines` are the changed lines of each file in it."""

    pieces: list[Piece] = field(default_factory=list)
    lines: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Packed:
    """The parts, riskiest first, and why some hunks of a file are in none of them."""

    parts: tuple[Part, ...]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Group:
    """Neighbouring hunks of a file that go into one request."""

    piece: Piece
    lines: int
    size: int


def pack(
    files: Sequence[FileChange],
    room: Room,
    evidence: Mapping[str, tuple[str, ...]],
    seen: Seen = _NOTHING,
) -> Packed:
    """Fill requests with `files`, which stand in the order of risk.

    The riskiest file that is in no request yet is taken next, and its relatives with
    it while they fit. A file is divided only when no request holds it whole, and
    then between hunks. Evidence that does not fit beside its file is left out. Hunks
    that were `seen` before are marked.
    """
    packing = _Packing(room, evidence, seen)
    relatives = Relatives(files)
    for file in files:
        if file.path in packing.placed:
            continue
        packing.add(file)
        for each in relatives.of(file):
            packing.add_whole(each)
    return Packed(tuple(packing.parts), packing.reasons)


class _Packing:
    """Requests being filled in order."""

    def __init__(
        self, room: Room, evidence: Mapping[str, tuple[str, ...]], seen: Seen
    ) -> None:
        self.parts: list[Part] = []
        self.placed: set[str] = set()
        self.reasons: dict[str, str] = {}
        self._room = room
        self._evidence = evidence
        self._seen = seen
        self._known: dict[str, list[_Group]] = {}
        self._left = 0

    def add(self, file: FileChange) -> None:
        """Place a file: into the request at hand, or into new ones."""
        self.placed.add(file.path)
        for group in self._groups(file):
            if group.size > self._left:
                self.parts.append(Part())
                self._left = self._room.usual
            self._put(group)

    def add_whole(self, file: FileChange) -> None:
        """Place a file into the request at hand if all of it fits."""
        if file.path in self.placed:
            return
        groups = self._groups(file)
        if len(groups) == 1 and groups[0].size <= self._left:
            self.placed.add(file.path)
            self._put(groups[0])

    def _put(self, group: _Group) -> None:
        part = self.parts[-1]
        part.pieces.append(group.piece)
        part.lines[group.piece.path] += group.lines
        self._left -= group.size

    def _groups(self, file: FileChange) -> list[_Group]:
        if file.path not in self._known:
            self._known[file.path] = self._divided(file)
        return self._known[file.path]

    def _divided(self, file: FileChange) -> list[_Group]:
        piece = material.piece(file, self._seen)
        sizes = [len(text.encode()) + _FRAME for text in piece.hunks]
        around = len(piece.opening.encode()) + 2 * _FRAME
        fitting = []
        for at, size in enumerate(sizes):
            if around + size <= self._room.most:
                fitting.append(at)
            else:
                why = f"too large for one request ({size // 1000:,} kB)"
                self.reasons.setdefault(file.path, why)
        groups = []
        for hunks in _neighbours(fitting, sizes, self._room.usual - around):
            size = around + sum(sizes[at] for at in hunks)
            shown = replace(piece, hunks=tuple(piece.hunks[at] for at in hunks))
            lines = sum(_changed(file.hunks[at]) for at in hunks)
            groups.append(_Group(shown, lines, size))
        return self._with_evidence(file, groups)

    def _with_evidence(self, file: FileChange, groups: list[_Group]) -> list[_Group]:
        """The file's first group with as much of the evidence as fits beside it."""
        kept = []
        if groups:
            left = self._room.usual - groups[0].size
            for text in self._evidence.get(file.path, ()):
                size = len(text.encode()) + _FRAME
                if size <= left:
                    kept.append(text)
                    left -= size
        if not kept:
            return groups
        first = groups[0]
        piece = replace(first.piece, evidence=tuple(kept))
        return [_Group(piece, first.lines, self._room.usual - left), *groups[1:]]


def _neighbours(
    hunks: Iterable[int], sizes: Sequence[int], most: int
) -> Iterator[list[int]]:
    """Neighbouring hunks of at most `most` bytes together; a larger one alone."""
    group: list[int] = []
    size = 0
    for at in hunks:
        if group and size + sizes[at] > most:
            yield group
            group, size = [], 0
        group.append(at)
        size += sizes[at]
    if group:
        yield group


def _changed(hunk: Hunk) -> int:
    return sum(line.kind is not LineKind.CONTEXT for line in hunk.lines)
