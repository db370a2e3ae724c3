"""Who owns what by a CODEOWNERS file. Source: GitHub's "About code owners"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from architect_review.change.sides import Sides
from architect_review.signals.comparison import Sighting, compare
from architect_review.signals.places import brief
from architect_review.signals.reading import checked
from architect_review.signals.signal import Evidence, Found

NAMED = 5
"""Owners of one pattern that are named."""


@dataclass(frozen=True, slots=True)
class Owned:
    """Who must approve changes of what fits a pattern, and on which line it stands."""

    line: int
    place: int
    owners: tuple[str, ...]


def owned(path: str, text: str) -> Mapping[str, Owned]:
    """The rules of a CODEOWNERS file by pattern; of equal patterns the last counts."""
    rules: dict[str, Owned] = {}
    for number, line in enumerate(checked(text).split("\n"), 1):
        words = line.split(" #")[0].split()
        if words and words[0][0] not in "#[":
            rules[words[0]] = Owned(number, len(rules), tuple(words[1:]))
    return rules


def ownership_changes(side: Sides) -> Iterator[Found]:
    """What a changed CODEOWNERS file says differently; comments are nothing."""
    found = compare([side], owned)
    yield from found.unreadable
    for each in found.removed:
        by = _names(each.thing.owners)
        fact = f"`{brief(each.key)}` has no rule of its own any more (was {by})."
        yield _at(each, fact, is_removed=True)
    for each in found.added:
        yield _at(
            each, f"`{brief(each.key)}` is now owned by {_names(each.thing.owners)}."
        )
    for before, after in found.kept:
        old, new = before.thing.owners, after.thing.owners
        lost = tuple(name for name in old if name not in new)
        came = tuple(name for name in new if name not in old)
        where = f"`{brief(after.key)}`"
        if lost and not new:
            yield _at(after, f"{where} is owned by nobody now (was {_names(old)}).")
        elif lost and came:
            change = f"{_names(lost)} -> {_names(came)}"
            yield _at(after, f"{where} has other owners: {change}.")
        elif lost:
            yield _at(after, f"{where} loses {_names(lost)} as owner.")
        elif came:
            yield _at(after, f"{where} can be approved by {_names(came)}, too.")
    order = [after.key for _, after in sorted(found.kept, key=_place_before)]
    if order != [after.key for _, after in sorted(found.kept, key=_place_after)]:
        fact = "The rules of the code owners stand in another order: the last one wins."
        yield Evidence(side.path, fact, "order")


def _place_before(pair: tuple[Sighting[Owned], Sighting[Owned]]) -> int:
    return pair[0].thing.place


def _place_after(pair: tuple[Sighting[Owned], Sighting[Owned]]) -> int:
    return pair[1].thing.place


def _names(owners: tuple[str, ...]) -> str:
    if not owners:
        return "nobody"
    more = len(owners) - NAMED
    tail = f" and {more} more" if more > 0 else ""
    return ", ".join(f"`{brief(each, 60)}`" for each in owners[:NAMED]) + tail


def _at(each: Sighting[Owned], fact: str, *, is_removed: bool = False) -> Evidence:
    line = each.thing.line
    return Evidence(each.side.path, fact, each.key, line, line, is_removed)
