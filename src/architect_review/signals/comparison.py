"""Named things before and after: what is new, what is gone, what stayed.

Detectors give a reader that finds the things of one file; moves between files and
changes of order are no difference here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from architect_review.change.sides import Sides
from architect_review.signals.reading import UnreadableError
from architect_review.signals.signal import Unreadable

T = TypeVar("T")

Read = Callable[[str, str], Mapping[str, T]]
"""From a path and a text to things by key. Raises UnreadableError."""


@dataclass(frozen=True, slots=True)
class Sighting(Generic[T]):
    """A thing in one file on one side of the change."""

    side: Sides
    key: str
    thing: T


@dataclass(frozen=True, slots=True)
class Comparison(Generic[T]):
    """`kept` pairs are (before, after), in different files where the thing moved."""

    added: tuple[Sighting[T], ...]
    removed: tuple[Sighting[T], ...]
    kept: tuple[tuple[Sighting[T], Sighting[T]], ...]
    unreadable: tuple[Unreadable, ...]


def compare(
    files: Iterable[Sides], read: Read[T], scope: Callable[[str], str] = str
) -> Comparison[T]:
    """Compare the things of changed files.

    A thing is new when no changed file of its scope (a text computed from the path;
    by default the file alone) had it, and gone when none has it any more. One that is
    gone from one place and new in another has moved. A file that cannot be read on
    one side is left out on both, since half a comparison would invent differences.
    """
    before: list[Sighting[T]] = []
    after: list[Sighting[T]] = []
    unreadable: list[Unreadable] = []
    for side in files:
        try:
            old, new = _things(side, side.before, read), _things(side, side.after, read)
        except UnreadableError as error:
            unreadable.append(Unreadable(side.path, str(error)))
        else:
            before += old
            after += new
    had = {(scope(each.side.path), each.key) for each in before}
    has = {(scope(each.side.path), each.key) for each in after}
    added = [each for each in after if (scope(each.side.path), each.key) not in had]
    removed = [each for each in before if (scope(each.side.path), each.key) not in has]
    now = {(each.side.path, each.key): each for each in after}
    kept = [
        (each, now[each.side.path, each.key])
        for each in before
        if (each.side.path, each.key) in now
    ]
    moved = _moved(added, removed)
    came = {id(new) for _, new in moved}
    left = {id(old) for old, _ in moved}
    return Comparison(
        tuple(each for each in added if id(each) not in came),
        tuple(each for each in removed if id(each) not in left),
        (*kept, *moved),
        tuple(unreadable),
    )


def _things(side: Sides, text: str | None, read: Read[T]) -> list[Sighting[T]]:
    if text is None:
        return []
    return [Sighting(side, key, thing) for key, thing in read(side.path, text).items()]


def _moved(
    added: list[Sighting[T]], removed: list[Sighting[T]]
) -> list[tuple[Sighting[T], Sighting[T]]]:
    """Pair each arrival with a departure; one departure may arrive in many places."""
    arrivals: dict[str, list[Sighting[T]]] = defaultdict(list)
    departures: dict[str, list[Sighting[T]]] = defaultdict(list)
    for each in added:
        arrivals[each.key].append(each)
    for each in removed:
        departures[each.key].append(each)
    pairs = []
    for key in arrivals.keys() & departures.keys():
        old, new = departures[key], arrivals[key]
        for at in range(max(len(old), len(new))):
            pairs.append((old[min(at, len(old) - 1)], new[min(at, len(new) - 1)]))
    pairs.sort(key=lambda pair: (pair[1].side.path, pair[1].key))
    return pairs
