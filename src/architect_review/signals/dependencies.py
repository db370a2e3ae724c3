"""Signals from manifests: which libraries the product runs on."""

from collections.abc import Iterator

from architect_review.change.sides import Scene
from architect_review.signals.catalogue import category_of
from architect_review.signals.comparison import Comparison, Sighting, compare
from architect_review.signals.manifests import (
    MANIFESTS,
    PYPROJECT,
    Requirement,
    floor,
    python_floors,
    requirements,
)
from architect_review.signals.places import arrow, folder, line_of, shipped
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

Seen = Sighting[Requirement]


@detector(Weight.MAJOR, Category.ARCHITECTURE, reads=MANIFESTS)
def architectural_dependency(scene: Scene) -> Iterator[Found]:
    """A library that shapes the architecture becomes a runtime dependency.

    That is a package of the catalogue: a database driver, ORM, queue, cache, web
    framework, RPC, authentication, cloud, model or workflow library.
    """
    found = _compare(scene)
    yield from found.unreadable
    for each in found.added:
        category = _category(each)
        if category:
            fact = f"`{each.thing.name}` ({category}) is a new runtime dependency."
            yield _evidence(each, fact)


@detector(Weight.SUPPORTING, Category.ARCHITECTURE, reads=MANIFESTS)
def dependency_added(scene: Scene) -> Iterator[Found]:
    """Another library becomes a runtime dependency."""
    found = _compare(scene)
    yield from found.unreadable
    for each in found.added:
        if not _category(each):
            yield _evidence(each, f"`{each.thing.name}` is a new runtime dependency.")


@detector(Weight.SUPPORTING, Category.ARCHITECTURE, reads=MANIFESTS)
def dependency_removed(scene: Scene) -> Iterator[Found]:
    """A library is no longer a runtime dependency."""
    found = _compare(scene)
    yield from found.unreadable
    for each in found.removed:
        category = _category(each)
        what = (
            f"`{each.thing.name}` ({category})" if category else f"`{each.thing.name}`"
        )
        fact = f"{what} is no longer a runtime dependency."
        yield _evidence(each, fact, is_removed=True)


@detector(Weight.SUPPORTING, Category.ARCHITECTURE, reads=MANIFESTS)
def major_version_bump(scene: Scene) -> Iterator[Found]:
    """A runtime dependency moves to another major version.

    The first number of the lowest version allowed differs before and after.
    """
    found = _compare(scene)
    yield from found.unreadable
    for before, after in found.kept:
        old, new = floor(before.thing.specifier), floor(after.thing.specifier)
        if old and new and old[0] != new[0]:
            fact = (
                f"`{after.thing.name}` moves from major version {old[0]} to {new[0]} "
                f"({arrow(before.thing.specifier, after.thing.specifier)})."
            )
            yield _evidence(after, fact)


@detector(Weight.SUPPORTING, Category.DEPLOYMENT, reads=PYPROJECT)
def python_floor_changed(scene: Scene) -> Iterator[Found]:
    """The lowest Python version that the project supports changes."""
    found = compare(shipped(scene, *PYPROJECT), python_floors)
    yield from found.unreadable
    for before, after in found.kept:
        old, new = floor(before.thing), floor(after.thing)
        if old != new:
            pattern = Requirement("pypi", after.key, "").pattern
            fact = f"`{after.key}`: {arrow(before.thing, after.thing)}."
            line = line_of(after.side, pattern, is_removed=False)
            yield Evidence(after.side.path, fact, after.key, line, line)


def _compare(scene: Scene) -> Comparison[Requirement]:
    """Manifests of one folder are one project: a move between them is no change."""
    return compare(shipped(scene, *MANIFESTS), requirements, scope=_project)


def _project(path: str) -> str:
    return folder(path).removesuffix("requirements").rstrip("/")


def _category(each: Seen) -> str | None:
    return category_of(each.thing.ecosystem, each.thing.normal)


def _evidence(each: Seen, fact: str, *, is_removed: bool = False) -> Evidence:
    line = line_of(each.side, each.thing.pattern, is_removed=is_removed)
    return Evidence(each.side.path, fact, each.thing.normal, line, line, is_removed)
