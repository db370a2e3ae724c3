"""Cut all files of a commit into components, by their paths and sizes alone.

A component is what one place of the repository holds of one kind: a project is its
nearest folder with a manifest, its code is cut into packages, and what serves it as a
whole (tests, migrations, deployment, documentation, configuration) is kept apart.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from architect_review.audit.components import (
    Component,
    ComponentKind,
    is_image,
    is_manifest,
    is_service_folder,
    kind_for,
    says,
)
from architect_review.audit.folders import (
    LEAST,
    LIMIT,
    MOST_LEAST,
    File,
    Folder,
    Part,
    is_tiny,
    least_for,
    parted,
)
from architect_review.audit.languages import is_code, is_written
from architect_review.change.sides import matches
from architect_review.change.snapshot import FILE_LIMIT, Entry, EntryKind

_LEAST_BESIDE = 48_000
"""Bytes from which a folder of tests, documents and the like stands alone."""
_DEPTH = 30
"""Folders of a path that may be projects."""


@dataclass(slots=True)
class _Piece:
    """A part of one project that is of one kind."""

    root: str
    kind: ComponentKind
    part: Part

    def takes(self, other: "_Piece") -> None:
        self.part.add(other.part.files, other.part.weight)


def cut(
    entries: Mapping[str, Entry], wanted: Sequence[str] = ()
) -> tuple[Component, ...]:
    """Every path of `entries` in exactly one component, sorted by name.

    With `wanted` (folders, files or globs) only the paths below them are left, in the
    components that a cut of everything makes. Links and submodules are in the
    component of their folder. Files that a range deletes may be among the entries, with
    the size 0 (`component_change.united`).
    """
    files = [_file(path, entries[path]) for path in sorted(entries)]
    least = least_for(sum(file.weight for file in files))
    roots = _roots(files, least)
    groups: dict[tuple[str, ComponentKind], list[File]] = defaultdict(list)
    for file in files:
        root = _nearest(file.path, roots)
        groups[root, kind_for(file.path, root, is_code=file.is_code)].append(file)
    pieces = [
        _Piece(root, kind, part)
        for (root, kind), inner in groups.items()
        for part in _parts(root, kind, inner, least)
    ]
    pieces = _folded(pieces, least)
    is_wanted = _selector(wanted)
    images = {_folder(file.path) for file in files if is_image(file.path)}
    return _named(pieces, entries, is_wanted, images)


def _file(path: str, entry: Entry) -> File:
    is_read = entry.kind is EntryKind.FILE and entry.size <= FILE_LIMIT
    is_weighed = is_read and is_written(path)
    return File(path, entry.size if is_weighed else 0, is_code(path))


def _roots(files: Iterable[File], least: int) -> frozenset[str]:
    """The folders of projects that are large enough to be told apart; always the top.

    A project that is small belongs to the one that it lies in.
    """
    manifests = {_folder(file.path) for file in files if is_manifest(file.path)}
    weights: Counter[str] = Counter()
    for file in files:
        for folder in _above(file.path):
            if folder in manifests:
                weights[folder] += file.weight
    large = (folder for folder in manifests if weights[folder] >= 2 * least)
    return frozenset({"", *large})


def _parts(
    root: str, kind: ComponentKind, files: Sequence[File], least: int
) -> list[Part]:
    # The top is cut into packages even where it is small; a project in it is one part.
    is_code = kind is ComponentKind.PACKAGE
    bound = least if is_code else min(max(4 * least, _LEAST_BESIDE), MOST_LEAST)
    tree = Folder.of(files, root)
    if is_code and root and tree.weight <= LIMIT:
        return [Part(root, list(files), tree.weight)]
    return parted(tree, bound, is_open=is_code and not root)


def _folded(pieces: Sequence[_Piece], least: int) -> list[_Piece]:
    """What is too small to stand alone with what it serves: code, or the project."""
    kept: list[_Piece] = []
    tiny: list[_Piece] = []
    for piece in pieces:
        (tiny if _is_folded(piece, least) else kept).append(piece)
    homes = _Homes.of(kept)
    for piece in sorted(tiny, key=lambda piece: (piece.root, piece.part.place)):
        home = homes.of_small(piece)
        if home and home.part.weight + piece.part.weight <= LIMIT:
            home.takes(piece)
            continue
        if piece.root not in homes.projects and piece.kind not in _OWN:
            piece.kind = ComponentKind.CONFIGURATION
            piece.part.place = piece.root
            homes.projects[piece.root] = piece
        kept.append(piece)
    return kept


_OWN = (ComponentKind.TESTS, ComponentKind.PACKAGE)
"""Kinds that keep their name where nothing takes them in."""


def _is_folded(piece: _Piece, least: int) -> bool:
    part = piece.part
    if part.start:  # what is left of a large folder is not small by itself
        return False
    if piece.kind is ComponentKind.PACKAGE:
        return part.place == piece.root and part.weight < LEAST
    return is_tiny(part.weight, len(part.files), least if piece.root else LEAST)


@dataclass(slots=True)
class _Homes:
    """What may take a small piece in: `projects` by their folder, code by its place.

    `mains` are each project's topmost code.
    """

    projects: dict[str, _Piece]
    places: dict[tuple[str, str], _Piece]
    mains: dict[str, _Piece]

    @classmethod
    def of(cls, pieces: Iterable[_Piece]) -> "_Homes":
        homes = cls({}, {}, {})
        for piece in sorted(pieces, key=lambda piece: piece.part.place):
            if piece.part.start:
                continue
            if piece.kind is ComponentKind.CONFIGURATION:
                homes.projects.setdefault(piece.root, piece)
            elif piece.kind is ComponentKind.PACKAGE:
                homes.places[piece.root, piece.part.place] = piece
                homes.mains.setdefault(piece.root, piece)
        return homes

    def of_small(self, piece: _Piece) -> _Piece | None:
        """The code around it, else what is the project's; None where neither is."""
        root, place = piece.root, piece.part.place
        if root or piece.kind in (ComponentKind.MIGRATIONS, ComponentKind.TESTS):
            for around in (place, *_above(f"{place}/")):
                if (root, around) in self.places:
                    return self.places[root, around]
        main = self.mains.get(root) if root else None
        return self.projects.get(root) or main


def _named(
    pieces: Iterable[_Piece],
    entries: Mapping[str, Entry],
    is_wanted: Callable[[str], bool],
    images: set[str],
) -> tuple[Component, ...]:
    found: dict[str, Component] = {}
    order = sorted(
        pieces, key=lambda each: (each.part.place, each.kind, each.part.start)
    )
    for piece in order:
        name = _name(piece)
        if name in found:
            name = f"{name} ({piece.kind.value})"
        number = 2
        while name in found:
            name, number = f"{_name(piece)} ({piece.kind.value} {number})", number + 1
        paths = tuple(sorted(file.path for file in piece.part.files))
        found[name] = Component(
            name, _kind(piece, images), paths, sum(entries[path].size for path in paths)
        )
    return tuple(
        narrowed
        for _, each in sorted(found.items())
        if (narrowed := _narrowed(each, entries, is_wanted)).paths
    )


def _name(piece: _Piece) -> str:
    place, kind = piece.part.place, piece.kind
    name = place
    said = [f"from {piece.part.start}"] if piece.part.start else []
    if not place:
        name = "top level" if kind is ComponentKind.PACKAGE else kind.value
    elif not says(place, kind):
        said = [kind.value, *said]
    return f"{name} ({', '.join(said)})" if said else name


def _kind(piece: _Piece, images: set[str]) -> ComponentKind:
    if piece.kind is not ComponentKind.PACKAGE:
        return piece.kind
    if not any(file.is_code for file in piece.part.files):
        return ComponentKind.OTHER
    is_project = bool(piece.root) and piece.part.place == piece.root
    is_run = piece.root in images or is_service_folder(piece.root)
    return ComponentKind.SERVICE if is_project and is_run else ComponentKind.PACKAGE


def _narrowed(
    component: Component,
    entries: Mapping[str, Entry],
    is_wanted: Callable[[str], bool],
) -> Component:
    paths = tuple(filter(is_wanted, component.paths))
    if len(paths) == len(component.paths):
        return component
    size = sum(entries[path].size for path in paths)
    return Component(component.name, component.kind, paths, size)


def _selector(wanted: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path is asked for: it is named, lies in what is, or fits a glob."""
    plain = {each.removeprefix("./").rstrip("/") for each in wanted}
    if not plain or not plain.isdisjoint(("", ".")):
        return lambda path: True
    globs = tuple(each for each in plain if set(each) & set("*?["))

    def is_wanted(path: str) -> bool:
        named = path in plain or any(folder in plain for folder in _above(path))
        return named or matches(path, globs)

    return is_wanted


def _nearest(path: str, roots: frozenset[str]) -> str:
    return next((folder for folder in _above(path) if folder in roots), "")


def _above(path: str) -> list[str]:
    """The folders that a path is in, the smallest first; without the top."""
    parts = path.split("/")[:-1][:_DEPTH]
    return ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
