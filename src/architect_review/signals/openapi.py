"""Signals from API descriptions: what clients were promised and is no longer so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import Scene, Sides, matches
from architect_review.signals.apidocument import Field, Operation, operations
from architect_review.signals.comparison import Comparison, Sighting, compare
from architect_review.signals.places import AUXILIARY, arrow, brief
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

DOCUMENTS = (
    *("*openapi*.y*ml", "*openapi*.json", "*swagger*.y*ml", "*swagger*.json"),
    *("api/*.y*ml", "**/api/*.y*ml"),
)
_UNSHIPPED = (PathKind.TEST, PathKind.VENDORED)


@detector(Weight.MAJOR, Category.ARCHITECTURE, reads=DOCUMENTS)
def openapi_breaking(scene: Scene) -> Iterator[Found]:
    """An OpenAPI document takes back something that clients may rely on.

    A path, an operation, a successful response, a property or an accepted value is
    gone, a value has another type, or requests must say more than before.
    """
    found = compare(_documents(scene), operations)
    yield from found.unreadable
    said: set[tuple[str, str]] = set()
    for each in (*_removals(found), *_differences(found)):
        if (each.side.path, each.subject) not in said:
            said.add((each.side.path, each.subject))
            yield each.evidence()


@dataclass(frozen=True, slots=True)
class _Break:
    """A promise taken back."""

    side: Sides
    line: int
    fact: str
    subject: str
    is_removed: bool = False

    def evidence(self) -> Evidence:
        path, line = self.side.path, self.line
        return Evidence(path, self.fact, self.subject, line, line, self.is_removed)


def _documents(scene: Scene) -> Iterator[Sides]:
    for side in scene.matching(*DOCUMENTS):
        is_shipped = kind_of(side.path) not in _UNSHIPPED
        if is_shipped and not matches(side.path, AUXILIARY):
            yield side


def _removals(found: Comparison[Operation]) -> Iterator[_Break]:
    """Operations that are gone, all of one path or of a whole document together."""
    here = {
        (new.side.path, new.key.partition(" ")[2])
        for new in (*found.added, *(new for _, new in found.kept))
    }
    groups: dict[tuple[str, str], list[Sighting[Operation]]] = {}
    for each in found.removed:
        is_deleted = each.side.after is None
        path = "" if is_deleted else each.key.partition(" ")[2]
        groups.setdefault((each.side.path, path), []).append(each)
    for (path, address), gone in groups.items():
        first = gone[0].thing
        if not address:
            fact = "The API description is deleted"
            fact += f" with its {len(gone)} operations." if len(gone) > 1 else "."
            yield _Break(gone[0].side, 1, fact, "document", True)
            continue
        whole = (path, address) not in here
        methods = ", ".join(each.thing.method for each in gone)
        name = (
            f"Path `{brief(first.path)}` ({methods})"
            if whole
            else f"Operation `{methods} {brief(first.path)}`"
        )
        fact = f"{name} is removed: clients that call it fail."
        subject = address if whole else f"{methods} {address}"
        yield _Break(gone[0].side, first.line, fact, subject, True)


@dataclass(frozen=True, slots=True)
class _Kept:
    """An operation that stays, and which part of it is looked at."""

    before: Sighting[Operation]
    after: Sighting[Operation]
    part: str

    def name(self, each: Field) -> str:
        """A value as part of a sentence."""
        own = f"`{brief(each.name.strip('.'))}` in the" if each.name else "The"
        operation = self.after.thing
        return f"{own} {self.part} of `{operation.method} {brief(operation.path)}`"

    def subject(self, each: Field, what: str) -> str:
        """A value of a component is the same one wherever it is used."""
        key = "" if each.is_shared else f"{self.after.key} {self.part} "
        return f"{key}{each.name} {what}".strip()

    def at(self, each: Field, fact: str, what: str) -> _Break:
        subject = self.subject(each, what)
        return _Break(self.after.side, each.line, fact, subject)


def _differences(found: Comparison[Operation]) -> Iterator[_Break]:
    for before, after in found.kept:
        old, new = before.thing, after.thing
        for code in sorted(old.responses.keys() - new.responses.keys()):
            fact = f"`{new.method} {brief(new.path)}` no longer answers {brief(code)}."
            line, subject = old.lines[code], f"{after.key} {code}"
            yield _Break(before.side, line, fact, subject, True)
        for key, each in new.parameters.items():
            kept = _Kept(before, after, key.partition(" ")[0])
            yield from _narrowed(kept, old.parameters.get(key), each)
        request = _Kept(before, after, "request")
        yield from _fields(request, old.request, new.request)
        for place, each in new.request.items():
            parent = old.request.get(place.rpartition("/")[0])
            if place and parent and not parent.is_open:
                yield from _narrowed(request, old.request.get(place), each)
        for code in sorted(old.responses.keys() & new.responses.keys()):
            answer = _Kept(before, after, "answer")
            yield from _fields(answer, old.responses[code], new.responses[code])


def _narrowed(kept: _Kept, old: Field | None, new: Field) -> Iterator[_Break]:
    """What a request must say now that it need not, or may no longer say."""
    name = kept.name(new)
    if new.is_required and not (old and old.is_required):
        fact = f"{name} is required now: requests without it are refused."
        yield kept.at(new, fact, "required")
    gone = old.choices - new.choices if old and new.choices else frozenset()
    if gone:
        values = ", ".join(f"`{brief(each, 40)}`" for each in sorted(gone)[:3])
        yield kept.at(new, f"{name} may no longer be {values}.", "values")
    elif old and new.choices and not old.choices and not old.is_open:
        yield kept.at(new, f"{name} may only have some values now.", "values")


def _fields(
    kept: _Kept, old: Mapping[str, Field], new: Mapping[str, Field]
) -> Iterator[_Break]:
    """Values that are gone from where they stood, or have another type."""
    for place, each in old.items():
        now = new.get(place)
        parent = new.get(place.rpartition("/")[0])
        if now and each.types and now.types and each.types != now.types:
            types = arrow(_shown(each), _shown(now))
            fact = f"{kept.name(now)} has another type: {types}."
            yield kept.at(now, fact, "type")
        elif place and not now and parent and not parent.is_open:
            fact = f"{kept.name(each)} is removed."
            subject = kept.subject(each, "")
            side = kept.before.side
            yield _Break(side, each.line, fact, subject, True)


def _shown(each: Field) -> str:
    return ", ".join(sorted(each.types))
