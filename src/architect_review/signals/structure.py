"""Signals from the code's outline: what other code may import and how it is called."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from architect_review.change.diff import FileChange, FileStatus
from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import Scene, Sides, matches
from architect_review.signals.comparison import Comparison, Sighting, compare
from architect_review.signals.importing import still_named
from architect_review.signals.migrations import SCRIPTS
from architect_review.signals.modules import (
    Module,
    Parameter,
    Signature,
    Symbol,
    module,
)
from architect_review.signals.places import AUXILIARY, brief, shipped
from architect_review.signals.reading import UnreadableError
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

PYTHON = ("*.py",)
ASKED_LIMIT = 10
"""Removed symbols whose names are looked for in the rest of the repository."""
_SCRIPT_FOLDERS = ("scripts/*", "script/*", "bin/*", "tools/*")
_NOT_PACKAGES = ("scripts", "script", "bin", "tools", "benchmarks", "")


def _gone(scene: Scene) -> list[str]:
    """The removed names that may still stand in files that the change leaves alone."""
    found = compare(_public(scene), _symbols)
    names = (each.key for each in _removed(scene, found) if "." not in each.key)
    return list(names)[:ASKED_LIMIT]


@detector(Weight.SUPPORTING, Category.ARCHITECTURE, reads=PYTHON, asks=_gone)
def public_symbol_removed(scene: Scene) -> Iterator[Found]:
    """A class, function, constant or method that other code may use is gone.

    One whose name another changed file defines or imports is taken to have moved; a
    method that its class may still inherit stays. Modules and names that begin with an
    underscore, scripts and migrations are not public.
    """
    found = compare(_public(scene), _symbols)
    yield from found.unreadable
    for each in _removed(scene, found):
        symbol = each.thing
        fact = f"Public {symbol.kind} `{brief(each.key)}` is removed."
        if place := still_named(scene, each.side.path, each.key):
            fact = fact[:-1] + f", but `{brief(place)}` still names it."
        yield Evidence(
            each.side.path, fact, each.key, symbol.line, symbol.end, is_removed=True
        )


def _removed(scene: Scene, found: Comparison[Symbol]) -> Iterator[Sighting[Symbol]]:
    """The symbols that are gone and have neither moved nor an heir."""
    modules = [_head(side) for side in shipped(scene, *PYTHON)]
    names = {name for each in modules for name in (*each.defined, *each.imported)}
    gone = {(each.side.path, each.key) for each in found.removed}
    for each in found.removed:
        owner, _, method = each.key.partition(".")
        if method:
            stays = (each.side.path, owner) in gone or _inherits(modules, owner, method)
        else:
            stays = owner in names
        if not stays:
            yield each


@detector(Weight.SUPPORTING, Category.ARCHITECTURE, reads=PYTHON)
def signature_changed(scene: Scene) -> Iterator[Found]:
    """A public function must be called in another way than before.

    A parameter is removed, renamed, required or to be passed by keyword now, or the
    function begins or ceases to be awaited.
    """
    found = compare(_public(scene), _symbols)
    yield from found.unreadable
    for before, after in found.kept:
        old, new = before.thing.signature, after.thing.signature
        if not old or not new or before.side is not after.side:
            continue
        for text in differences(old, new):
            fact = f"`{brief(after.key)}`: {text}."
            line = after.thing.line
            yield Evidence(after.side.path, fact, f"{after.key}: {text}", line, line)


@detector(Weight.MAJOR, Category.ARCHITECTURE)
def module_added_or_removed(scene: Scene) -> Iterator[Found]:
    """A top-level package is new, or gone.

    A package is a first folder, or one under `src/`. It is new when its `__init__.py`
    and at least one more Python file arrive in it and no file of it was there before,
    as far as the change shows; gone when they leave and no file of it stays.
    """
    here: dict[str, list[FileChange]] = defaultdict(list)
    gone: dict[str, list[FileChange]] = defaultdict(list)
    stayed: set[str] = set()
    for file in scene.diff.files:
        now, before = _package(file.path), _package(file.old_path or file.path)
        if file.status is FileStatus.DELETED:
            gone[now].append(file)
        elif file.status in (FileStatus.ADDED, FileStatus.COPIED):
            here[now].append(file)
        elif now != before:
            here[now].append(file)
            gone[before].append(file)
        else:
            stayed.add(now)
    for package in sorted((here.keys() ^ gone.keys()) - stayed - {""}):
        is_removed = package in gone
        files = gone[package] if is_removed else here[package]
        paths = [
            file.old_path or file.path if is_removed else file.path for file in files
        ]
        if _is_package(package, paths):
            what = "removed" if is_removed else "new"
            name = package.rsplit("/", 1)[-1]
            fact = f"Top-level package `{brief(name)}` is {what}."
            path = files[paths.index(f"{package}/__init__.py")].path
            yield Evidence(path, fact, package, is_removed=is_removed)


def differences(old: Signature, new: Signature) -> list[str]:
    """What callers of the old signature must change, each as part of a sentence."""
    found = []
    if old.is_async is not new.is_async:
        found.append(f"is {'now' if new.is_async else 'no longer'} a coroutine")
    before = {each.name for each in old.parameters}
    after = {each.name: each for each in new.parameters}
    places = {each.place: each for each in new.parameters if each.place is not None}
    known = set(before)
    shifted = []
    for each in old.parameters:
        now = after.get(each.name)
        follower = places.get(each.place) if each.place is not None else None
        if now is None and follower and follower.name not in before:
            now = follower
            known.add(now.name)
            if each.takes_keyword and not new.takes_any_keyword:
                found.append(
                    f"parameter `{brief(each.name)}` is renamed to `{brief(now.name)}`"
                )
        found += _parameter_differences(each, now, new)
        if now and None not in (each.place, now.place) and each.place != now.place:
            shifted.append(each.name)
    found += [
        f"parameter `{brief(each.name)}` is new and required"
        for each in new.parameters
        if each.is_required and each.name not in known
    ]
    if shifted and not found:
        found.append(f"parameter `{brief(shifted[0])}` has another place")
    return found


def _parameter_differences(
    old: Parameter, now: Parameter | None, new: Signature
) -> Iterator[str]:
    name = brief(old.name)
    if now is None:
        is_accepted = (
            new.takes_any_keyword if old.takes_keyword else new.takes_any_place
        )
        if not is_accepted:
            yield f"parameter `{name}` is removed"
        return
    if now.is_required and not old.is_required:
        yield f"parameter `{brief(now.name)}` is now required"
    if old.place is not None and now.place is None and not new.takes_any_place:
        yield f"parameter `{name}` can only be passed by keyword now"


def _public(scene: Scene) -> Iterator[Sides]:
    """Python modules that other code may import."""
    for side in shipped(scene, *PYTHON):
        private = any(
            part.startswith("_") and not part.startswith("__")
            for part in side.path.split("/")
        )
        if not private and not matches(side.path, (*SCRIPTS, *_SCRIPT_FOLDERS)):
            yield side


def _symbols(path: str, text: str) -> Mapping[str, Symbol]:
    return module(text).public


def _head(side: Sides) -> Module:
    try:
        return module(side.after or "")
    except UnreadableError:
        return Module()


_ROOTS = (
    *("object", "ABC", "Protocol", "Generic", "NamedTuple", "TypedDict"),
    *("Enum", "IntEnum", "StrEnum", "Flag", "BaseModel", "Exception"),
)
"""Well-known base classes, which give no public methods of their own."""


def _inherits(modules: list[Module], owner: str, method: str) -> bool:
    """Whether a class has a method from a base, or may have it from one unseen."""
    waiting, seen = [owner], set(_ROOTS)
    while waiting:
        name = waiting.pop()
        seen.add(name)
        found = [each.defined for each in modules if name in each.defined]
        if not found or any(f"{name}.{method}" in defined for defined in found):
            return True
        bases = {base for defined in found for base in defined[name].bases}
        waiting += bases - seen
    return False


def _package(path: str) -> str:
    """The top-level package that a path would belong to; "" for none."""
    folders = path.split("/")[:-1]
    depth = 2 if folders[:1] == ["src"] else 1
    name = folders[depth - 1] if len(folders) >= depth else ""
    if name in _NOT_PACKAGES or name.startswith(".") or matches(path, AUXILIARY):
        return ""
    if kind_of(path) not in (PathKind.SOURCE, PathKind.CONFIGURATION):
        return ""
    return "/".join(folders[:depth])


def _is_package(package: str, paths: list[str]) -> bool:
    modules = [path for path in paths if path.endswith(".py")]
    return f"{package}/__init__.py" in modules and len(modules) > 1
