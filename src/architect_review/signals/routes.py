"""Signals from HTTP routes: what clients can call, and where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from architect_review.change.sides import Scene
from architect_review.signals.comparison import Comparison, Sighting, compare
from architect_review.signals.places import brief, shipped
from architect_review.signals.routing import declared_routes
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.signals.written import ANY, Route
from architect_review.vocabulary import Category

PYTHON = ("*.py",)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A route of one side, with those of its methods that the other side lacks."""

    sighting: Sighting[Route]
    methods: tuple[str, ...]

    @property
    def route(self) -> Route:
        return self.sighting.thing

    @property
    def is_told(self) -> bool:
        """Whether enough of the path is known, and it is no development tool's."""
        known = self.route.address.strip("/")
        return (self.route.is_whole or bool(known)) and not known.startswith("__")


@dataclass(frozen=True, slots=True)
class _Change:
    """A route that is gone, came, or (with both) is another one now."""

    before: Sighting[Route] | None
    after: Sighting[Route] | None
    methods: tuple[str, ...]


@detector(Weight.MAJOR, Category.ARCHITECTURE, reads=PYTHON)
def route_removed(scene: Scene) -> Iterator[Found]:
    """An HTTP route is gone, and what calls it fails.

    Routes of FastAPI, Starlette, Flask and Django. One that moved to another file or
    is answered by another function stays; one whose function answers a new route
    instead has changed.
    """
    found = _compared(scene)
    yield from found.unreadable
    for each in _changes(found):
        if each.before and not each.after:
            fact = (
                f"{_label(each.before, each.methods)} is removed: what calls it fails."
            )
            yield _at(each.before, _subject(each), fact, is_removed=True)


@detector(Weight.SUPPORTING, Category.ARCHITECTURE, reads=PYTHON)
def route_changed(scene: Scene) -> Iterator[Found]:
    """The same function answers another path or other methods than before."""
    found = _compared(scene)
    yield from found.unreadable
    for each in _changes(found):
        if each.before and each.after:
            new = _named(each.after.thing, each.after.thing.methods)
            fact = f"{_label(each.before, each.methods)} is now {new}: "
            fact += "what calls it must follow."
            yield _at(each.after, _subject(each), fact)


@detector(Weight.SUPPORTING, Category.ARCHITECTURE, reads=PYTHON)
def route_added(scene: Scene) -> Iterator[Found]:
    """Clients can call an HTTP route that was not there."""
    found = _compared(scene)
    yield from found.unreadable
    for each in _changes(found):
        if each.after and not each.before:
            fact = f"{_label(each.after, each.methods)} is added."
            yield _at(each.after, _subject(each), fact)


def _compared(scene: Scene) -> Comparison[Route]:
    return compare(shipped(scene, *PYTHON), _routes)


def _routes(path: str, text: str) -> Mapping[str, Route]:
    found: dict[str, Route] = {}
    for route in declared_routes(text):
        for key in route.identities():
            if route.address or route.is_whole:
                found.setdefault(key, route)
            else:
                found[f"{key}{route.handler}"] = route
    return found


def _changes(found: Comparison[Route]) -> Iterator[_Change]:
    """What happened to each route, its methods taken together."""
    gone, came = _differing(found)
    pairs = _pairs(gone, came)
    met = {id(each) for pair in pairs for each in pair}
    gone = [each for each in gone if id(each) not in met]
    came = [each for each in came if id(each) not in met]
    left, taken = _prefixes(gone), _prefixes(came)
    spent: set[str] = set()
    for old, new in pairs:
        if old.route.is_whole is not new.route.is_whole:
            continue
        moved = _moved(old.route.address, new.route.address, left, taken)
        if moved is None:
            yield _Change(old.sighting, new.sighting, old.methods)
        else:
            spent.add(moved)
    for each in gone:
        if each.is_told and each.route.address not in spent & left:
            yield _Change(each.sighting, None, each.methods)
    for each in came:
        if each.is_told and each.route.address not in spent & taken:
            yield _Change(None, each.sighting, each.methods)


def _differing(found: Comparison[Route]) -> tuple[list[_Seen], list[_Seen]]:
    """The routes that are gone and that came.

    Where the methods, or the beginning of the path, are not written out on one side,
    a route at the same place is taken to be the same.
    """
    sightings = (*found.removed, *found.added)
    unclear = {_place(each) for each in sightings if ANY in each.thing.methods}
    same = unclear & set(map(_place, found.removed)) & set(map(_place, found.added))
    gone = _by_route(each for each in found.removed if _place(each) not in same)
    came = _by_route(each for each in found.added if _place(each) not in same)
    lost, new = _endings(gone), _endings(came)
    return (
        [each for each in gone if not _ends_in(each, new)],
        [each for each in came if not _ends_in(each, lost)],
    )


def _endings(seen: list[_Seen]) -> set[tuple[str, str]]:
    """What is known of the paths that are not wholly written out."""
    partial = (each.sighting for each in seen if not each.route.is_whole)
    return {_place(each) for each in partial if each.thing.address}


def _ends_in(seen: _Seen, endings: set[tuple[str, str]]) -> bool:
    path, address = _place(seen.sighting)
    return seen.route.is_whole and any(
        (path, address[start:]) in endings for start in range(len(address))
    )


def _prefixes(seen: list[_Seen]) -> set[str]:
    return {each.route.address for each in seen if each.route.is_mount}


def _moved(old: str, new: str, left: set[str], taken: set[str]) -> str | None:
    """The prefix that a route says itself now, or no longer, instead of its mount."""
    if new.endswith(old) and new[: len(new) - len(old)] in left:
        return new[: len(new) - len(old)]
    if old.endswith(new) and old[: len(old) - len(new)] in taken:
        return old[: len(old) - len(new)]
    return None


def _pairs(gone: list[_Seen], came: list[_Seen]) -> list[tuple[_Seen, _Seen]]:
    """Routes that one function answered before and now, found by the function's name.

    In one file in the order of lines; from file to file only where the name is the
    only one on both sides.
    """
    pairs = []
    for is_apart in (False, True):
        left, right = _by_handler(gone, is_apart), _by_handler(came, is_apart)
        for key in left.keys() & right.keys():
            old, new = left[key], right[key]
            if not is_apart or len(old) == len(new) == 1:
                pairs += list(zip(old, new, strict=False))
        done = {id(each) for pair in pairs for each in pair}
        gone = [each for each in gone if id(each) not in done]
        came = [each for each in came if id(each) not in done]
    pairs.sort(key=lambda pair: pair[1].route.line)
    return sorted(pairs, key=lambda pair: pair[1].sighting.side.path)


def _by_handler(
    seen: list[_Seen], is_apart: bool
) -> dict[tuple[str, str], list[_Seen]]:
    found: dict[tuple[str, str], list[_Seen]] = {}
    for each in seen:
        handler = each.route.handler
        if handler:
            place = "" if is_apart else each.sighting.side.path
            found.setdefault((place, handler), []).append(each)
    return found


def _place(each: Sighting[Route]) -> tuple[str, str]:
    return each.side.path, each.thing.address


def _by_route(sightings: Iterable[Sighting[Route]]) -> list[_Seen]:
    """Each route once, with those of its methods that were seen."""
    found: dict[tuple[str, Route], _Seen] = {}
    for each in sightings:
        place = each.side.path, each.thing
        method = each.key.partition(" ")[0]
        known = found.get(place, _Seen(each, ()))
        found[place] = _Seen(known.sighting, (*known.methods, method))
    return list(found.values())


def _label(each: Sighting[Route], methods: tuple[str, ...]) -> str:
    route = each.thing
    if route.is_mount:
        what = f" of `{brief(route.handler)}`" if route.handler else ""
        return f"The group of routes{what} under {_named(route, methods)}"
    return f"Route {_named(route, methods)}"


def _named(route: Route, methods: tuple[str, ...]) -> str:
    verbs = ", ".join(method for method in methods if method != ANY)
    path = brief(route.path) or "(empty path)"
    return f"`{verbs} {path}`" if verbs else f"`{path}`"


def _subject(each: _Change) -> str:
    """The route as it was known, so that a later push may change it further."""
    route = each.before or each.after
    verbs = ",".join(method for method in each.methods if method != ANY)
    return f"{verbs} {route.thing.address if route else ''}".strip()


def _at(
    each: Sighting[Route], subject: str, fact: str, *, is_removed: bool = False
) -> Evidence:
    line = each.thing.line
    return Evidence(each.side.path, fact, subject, line, line, is_removed)
