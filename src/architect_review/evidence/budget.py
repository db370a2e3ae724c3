"""What goes into the pack: the most telling first, until the room is used up."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from architect_review.evidence.excerpts import Cutter, Excerpt
from architect_review.evidence.library import Library
from architect_review.evidence.places import Kind

FILE_BYTES = 12_000
"""Bytes of excerpts that go with one changed file."""
CHANGE_BYTES = 80_000
"""Bytes of all excerpts of a change."""
REST = 3
"""Lines of what is left of a definition that are worth showing."""
SHARES: Mapping[Kind, float] = {
    Kind.ENCLOSING: 0.45,
    Kind.DEFINITION: 0.3,
    Kind.TEST: 0.15,
}
"""How much of either room one kind may take; others may take all."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Lines that may be shown with the changed file `of`.

    `focus` is the line that they are about, if it is one; `narrow` are fewer lines, for
    where there is no room. A whole one goes on behind its focus; of a bare one only the
    reason is told.
    """

    kind: Kind
    of: str
    path: str
    why: str
    numbers: frozenset[int]
    focus: int | None = None
    rank: int = 0
    narrow: frozenset[int] = frozenset()
    is_whole: bool = False
    is_bare: bool = False


@dataclass(slots=True)
class _Room:
    """Bytes that were used, in all and by kind."""

    total: int
    used: int = 0
    by_kind: Counter[Kind] = field(default_factory=Counter)

    def has(self, kind: Kind, size: int) -> bool:
        most = self.total * SHARES.get(kind, 1.0)
        return self.used + size <= self.total and self.by_kind[kind] + size <= most

    def take(self, kind: Kind, size: int) -> None:
        self.used += size
        self.by_kind[kind] += size


def chosen(
    candidates: Iterable[Candidate], cutter: Cutter, library: Library
) -> tuple[Mapping[str, tuple[str, ...]], int]:
    """The excerpts that fit, by changed file, and how many did not.

    Within one kind and rank the order is the candidates'.
    """
    change = _Room(CHANGE_BYTES)
    files: dict[str, _Room] = defaultdict(lambda: _Room(FILE_BYTES))
    kept: dict[str, list[str]] = defaultdict(list)
    dropped = 0
    for each in sorted(candidates, key=lambda each: (each.kind, each.rank)):
        fits = True
        for excerpt in _cuts(each, cutter, library):
            text = excerpt.text
            size, room = len(text.encode()), files[each.of]
            fits = room.has(each.kind, size) and change.has(each.kind, size)
            if fits:
                room.take(each.kind, size)
                change.take(each.kind, size)
                cutter.keep(excerpt)
                kept[each.of].append(text)
                break
        dropped += not fits
    return {path: tuple(texts) for path, texts in sorted(kept.items())}, dropped


def _cuts(each: Candidate, cutter: Cutter, library: Library) -> Iterator[Excerpt]:
    """The excerpt and a shorter one; none where what it is about is shown already."""
    if each.is_bare and each.focus is not None:
        yield Excerpt(each.why, each.path, each.focus, each.focus)
        return
    is_shown = each.focus is not None and cutter.shows(each.path, each.focus)
    if is_shown and not each.is_whole:
        return
    # The head of a test's class says less than its name; so does a definition's end.
    is_rest = is_shown or (each.kind is Kind.TEST and each.focus is None)
    lines = library.lines(each.path)
    for numbers in (each.numbers, each.narrow):
        found = cutter.cut(each.why, each.path, lines, numbers)
        if found and not (is_rest and len(found.lines) < REST):
            yield found
