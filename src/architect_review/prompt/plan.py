"""Requests for one change: what is sent, in how many parts, and what it may cost."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from architect_review.change.change import Change
from architect_review.change.diff import FileChange, Hunk, LineKind
from architect_review.change.paths import Attributes
from architect_review.prompt import material
from architect_review.prompt.answer import SECTIONS, schema
from architect_review.prompt.coverage import (
    FileCoverage,
    How,
    classify,
    left_out,
    riskiest_first,
)
from architect_review.prompt.request import ModelRequest, Piece
from architect_review.prompt.wording import question, system
from architect_review.request.policy import Policy
from architect_review.signals import Signals

PART_BYTES = 360_000
"""Most bytes of diff in one request: about 200,000 tokens at the worst."""
PARTS_LIMIT = 48
"""Most requests for one change, whatever they cost; `max-cost-usd` is asked before
each of them is sent, so the riskiest files are paid for first."""

_FRAME = 32
"""Bytes around a request's pieces, a piece's hunks or between two of them, at most."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be asked, and how far every changed file is taken in."""

    requests: tuple[ModelRequest, ...]
    coverage: tuple[FileCoverage, ...]


def plan(change: Change, found: Signals, policy: Policy) -> Plan:
    """Cut the change into requests that share their beginning, riskiest files first."""
    attributes = Attributes.parse(change.policy.texts.get(".gitattributes", ""))
    coverage = classify(change, policy.settings.ignore, attributes)
    read = {each.path for each in coverage if each.how is How.READ}
    files = [file for file in change.diff.files if file.path in read]
    packing = _Packing()
    for file in riskiest_first(files, found.found):
        packing.add(file)
    parts = packing.parts
    coverage = _accounted(coverage, packing)
    shared = material.shared(change, found.found, coverage, policy)
    requests = tuple(
        ModelRequest(
            system=system(policy.agent, policy.settings.language),
            shared=shared,
            pieces=tuple(part),
            question=question(SECTIONS, index + 1, len(parts)),
            schema=schema(),
            model=policy.model,
            effort=policy.agent.effort,
        )
        for index, part in enumerate(parts)
    )
    return Plan(requests, coverage)


@dataclass(slots=True)
class _Packing:
    """Requests being filled in order, and how many changed lines found no room.

    A file is divided only when no request holds it whole, and then between hunks.
    """

    parts: list[list[Piece]] = field(default_factory=list)
    missed: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)
    room: int = 0

    def add(self, file: FileChange) -> None:
        piece = material.piece(file)
        sizes = [len(text.encode()) + _FRAME for text in piece.hunks]
        around = len(piece.opening.encode()) + 2 * _FRAME
        fitting = []
        for at, size in enumerate(sizes):
            if around + size <= PART_BYTES:
                fitting.append(at)
            else:
                why = f"too large for one request ({size // 1000:,} kB)"
                self._miss(file, [at], why)
        if around + sum(sizes[at] for at in fitting) <= self.room:
            groups = [fitting] if fitting else []
        else:
            groups = list(_groups(fitting, sizes, PART_BYTES - around))
        for group in groups:
            self._place(file, piece, group, around + sum(sizes[at] for at in group))

    def _place(
        self, file: FileChange, piece: Piece, group: list[int], size: int
    ) -> None:
        if size > self.room:
            if len(self.parts) == PARTS_LIMIT:
                self._miss(file, group, "over the budget of one review")
                return
            self.parts.append([])
            self.room = PART_BYTES
        hunks = tuple(piece.hunks[at] for at in group)
        self.parts[-1].append(replace(piece, hunks=hunks))
        self.room -= size

    def _miss(self, file: FileChange, hunks: Iterable[int], why: str) -> None:
        self.missed[file.path] += sum(_changed(file.hunks[at]) for at in hunks)
        self.reasons.setdefault(file.path, why)


def _groups(
    hunks: Sequence[int], sizes: Sequence[int], most: int
) -> Iterator[list[int]]:
    """Neighbouring hunks that together take at most `most` bytes."""
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


def _accounted(
    coverage: Iterable[FileCoverage], packing: _Packing
) -> tuple[FileCoverage, ...]:
    """Files of which nothing is sent are left out; of others a gap is named."""
    sent = {piece.path for part in packing.parts for piece in part}
    unsent = {path: why for path, why in packing.reasons.items() if path not in sent}
    return tuple(
        replace(
            each,
            reason=f"{packing.missed[each.path]:,} of "
            f"{each.additions + each.deletions:,} changed lines not read: "
            f"{packing.reasons[each.path]}",
            is_gap=True,
        )
        if each.path in packing.reasons and each.path in sent
        else each
        for each in left_out(coverage, unsent)
    )
