"""Signals from manifests: which libraries the product runs on."""

import re
from collections.abc import Iterator

from architect_review.change.diff import FileChange, FileStatus
from architect_review.change.sides import Scene, Sides, matches
from architect_review.signals.catalogue import category_of
from architect_review.signals.comparison import Comparison, Sighting, compare
from architect_review.signals.locks import LOCKS, MANIFEST_OF, Locked, locked
from architect_review.signals.manifests import (
    FLOORS,
    MANIFESTS,
    PYPROJECT,
    Requirement,
    floor,
    is_computed,
    is_runtime_file,
    python_floors,
    requirement_in,
    requirements,
)
from architect_review.signals.places import arrow, brief, folder, line_of, shipped
from architect_review.signals.reading import UnreadableError
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.signals.toolchains import TOOLCHAINS, toolchain
from architect_review.vocabulary import Category

Seen = Sighting[Requirement]


def _asks(scene: Scene) -> Iterator[str]:
    """Names of new architectural packages, which other files may already require."""
    return (each.thing.name for each in _compare(scene).added if _category(each))


@detector(Weight.MAJOR, Category.ARCHITECTURE, reads=MANIFESTS, asks=_asks)
def architectural_dependency(scene: Scene) -> Iterator[Found]:
    """A library that shapes the architecture becomes a runtime dependency.

    That is a package of the catalogue: a database driver, ORM, queue, cache, web
    framework, RPC, authentication, cloud, model or workflow library.
    """
    found = _compare(scene)
    yield from found.unreadable
    for each in found.added:
        category = _category(each)
        if category and not _is_required_elsewhere(each, scene):
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
                f"({arrow(before.thing.specifier, after.thing.specifier)}): its "
                "breaking changes reach the code that uses it."
            )
            yield _evidence(after, fact)


@detector(Weight.SUPPORTING, Category.ARCHITECTURE)
def lock_changed(scene: Scene) -> Iterator[Found]:
    """A lock file brings packages or major versions though no manifest changes.

    Counted once for each lock file whose manifests, there and below, are unchanged.
    """
    changed = [path for file in scene.diff.files for path in file.paths]
    for file in scene.diff.files:
        if not matches(file.path, LOCKS) or not _is_update(file):
            continue
        top, name = folder(file.path), file.path.rsplit("/", 1)[-1]
        manifests = MANIFEST_OF.get(name, PYPROJECT)
        below = [path for path in changed if path.startswith(f"{top}/") or not top]
        if any(matches(path, manifests) for path in below):
            continue
        found = locked(file)
        parts = [*_counted(found)]
        if parts:
            said = " and ".join(parts)
            fact = f"`{brief(name)}` {said}, though no manifest there changes."
            yield Evidence(file.path, fact, name, found.line, found.line)


@detector(Weight.SUPPORTING, Category.DEPLOYMENT, reads=FLOORS)
def python_floor_changed(scene: Scene) -> Iterator[Found]:
    """The lowest Python version that the project supports changes."""
    found = compare(shipped(scene, *FLOORS), python_floors)
    yield from found.unreadable
    for before, after in found.kept:
        old, new = floor(before.thing), floor(after.thing)
        if old != new:
            pattern = Requirement("pypi", after.key, "").pattern
            fact = f"`{after.key}`: {arrow(before.thing, after.thing)}"
            if old and new > old:
                fact += ": who runs an older Python can no longer install it"
            line = line_of(after.side, pattern, is_removed=False)
            yield Evidence(after.side.path, f"{fact}.", after.key, line, line)


@detector(Weight.SUPPORTING, Category.DEPLOYMENT, reads=TOOLCHAINS)
def toolchain_changed(scene: Scene) -> Iterator[Found]:
    """The project is run or built with another minor or major version of a tool.

    `.python-version`, `.nvmrc`, `.tool-versions` and the like, `engines` of npm.
    """
    found = compare(shipped(scene, *TOOLCHAINS), toolchain)
    yield from found.unreadable
    for before, after in found.kept:
        old, new = before.thing, after.thing
        if _is_same_release(old.version, new.version):
            continue
        tool = after.key.removeprefix("engines.")
        pattern = re.compile(rf"\"{re.escape(tool)}\"\s*:")
        line = new.line or line_of(after.side, pattern, is_removed=False)
        fact = f"{brief(after.key)}: {arrow(old.version, new.version)}: {_WHERE}."
        yield Evidence(after.side.path, fact, after.key, line, line)


_WHERE = "images, CI and every machine need the new one"


def _is_same_release(old: str, new: str) -> bool:
    """Whether major and minor version agree, as far as both are written."""
    before, after = floor(old)[:2], floor(new)[:2]
    if not (before and after):
        return old == new
    return all(one == other for one, other in zip(before, after, strict=False))


def _is_update(file: FileChange) -> bool:
    """Whether a file that was there is still there, and its lines are known."""
    is_whole = file.status in (FileStatus.ADDED, FileStatus.DELETED)
    return not (is_whole or file.is_binary or file.unread)


def _counted(found: Locked) -> Iterator[str]:
    added, bumped = found.added, found.bumped
    if added:
        names = [f"`{brief(name)}`" for name in added]
        yield f"brings {_plural(len(added), 'new package')} ({_some(names)})"
    if bumped:
        names = [
            f"`{brief(name)}` {brief(old)} -> {brief(new)}" for name, old, new in bumped
        ]
        yield f"moves {len(bumped)} to another major version ({_some(names)})"


def _plural(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _some(names: list[str], limit: int = 5) -> str:
    rest = [f"{len(names) - limit:,} more"] if len(names) > limit else []
    return ", ".join(names[:limit] + rest)


_TEMPLATES = ("**/templates/*", "**/template/*", "**/cookiecutter*/*")
"""Folders of projects that are made from this one; their manifests are not its own."""


def _compare(scene: Scene) -> Comparison[Requirement]:
    """Manifests of one folder are one project: a move between them is no change."""
    files = (
        side
        for side in shipped(scene, *MANIFESTS)
        if not matches(side.path, _TEMPLATES) and not _is_computed(side)
    )
    return compare(files, requirements, scope=_project)


def _is_computed(side: Sides) -> bool:
    texts = (text for text in (side.before, side.after) if text is not None)
    try:
        return any(is_computed(side.path, text) for text in texts)
    except UnreadableError:
        # The comparison says so.
        return False


def _is_required_elsewhere(each: Seen, scene: Scene) -> bool:
    """Whether another requirements file of the project, unchanged, has it already."""
    return any(
        requirement_in(mention.text) == each.thing.normal
        for mention in scene.mentions.of.get(each.thing.name, ())
        if is_runtime_file(mention.path)
        and mention.path not in scene.diff.by_path
        and _top(mention.path) == _top(each.side.path)
    )


def _top(path: str) -> str:
    return path.partition("requirements")[0]


def _project(path: str) -> str:
    return folder(path).removesuffix("requirements").rstrip("/")


def _category(each: Seen) -> str | None:
    return category_of(each.thing.ecosystem, each.thing.normal)


def _evidence(each: Seen, fact: str, *, is_removed: bool = False) -> Evidence:
    line = line_of(each.side, each.thing.pattern, is_removed=is_removed)
    return Evidence(each.side.path, fact, each.thing.normal, line, line, is_removed)
