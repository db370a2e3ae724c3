"""Files as a tree of folders, cut where folders are large enough to stand alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from zlib import crc32

LIMIT = 240_000
"""Bytes of text in one component: a few requests. A larger file stands alone, and a
rest of less than LEAST comes on top."""
LEAST = 6_000
"""Bytes of text from which a folder stands alone in a small repository."""
MOST_LEAST = 192_000
"""The same in the largest ones, of which the parts grow, not only their number."""
LEAST_FILES = 3
FEW_FILES = 100_000
"""Bytes from which fewer files than LEAST_FILES stand alone."""
SHELF = 48_000
"""Bytes from which a folder that only holds others is cut though it is no top."""
DEPTH = 30
"""Folders of a path that are told apart."""
_PARTS = 320
"""Folders of the least size that a repository may have before that size grows."""
_EVERY = 4
"""One name in so many may begin a new part of a folder that is too large."""


@dataclass(frozen=True, slots=True)
class File:
    """A path; `weight` are the bytes that people wrote and that will be read."""

    path: str
    weight: int
    is_code: bool


@dataclass(slots=True)
class Part:
    """Files that stay together. `start` is the name that a later part begins with."""

    place: str
    files: list[File]
    weight: int
    start: str = ""

    def add(self, files: Iterable[File], weight: int) -> None:
        """Take in further files, which weigh so much together."""
        self.files += files
        self.weight += weight


@dataclass(slots=True)
class Folder:
    """A folder with everything in it; `weight` and `count` are of all its files."""

    place: str
    own: list[File] = field(default_factory=list)
    inner: dict[str, "Folder"] = field(default_factory=dict)
    weight: int = 0
    count: int = 0

    @classmethod
    def of(cls, files: Iterable[File], root: str = "") -> "Folder":
        """The tree of files that all lie in `root`."""
        top = cls(root)
        skipped = root.count("/") + 1 if root else 0
        for file in files:
            folder = top
            folder.add(file)
            for name in file.path.split("/")[skipped:-1][:DEPTH]:
                if name not in folder.inner:
                    place = f"{folder.place}/{name}" if folder.place else name
                    folder.inner[name] = cls(place)
                folder = folder.inner[name]
                folder.add(file)
            folder.own.append(file)
        return top

    def add(self, file: File) -> None:
        """Count a file that is somewhere in this folder."""
        self.weight += file.weight
        self.count += 1

    def narrowed(self) -> "Folder":
        """The smallest folder that holds all the files."""
        folder = self
        while not folder.own and len(folder.inner) == 1:
            folder = next(iter(folder.inner.values()))
        return folder

    def files(self) -> Iterator[File]:
        """All files, its own first."""
        yield from self.own
        for _, folder in sorted(self.inner.items()):
            yield from folder.files()


def least_for(total: int) -> int:
    """The bytes from which a folder stands alone in a repository of `total` bytes.

    It grows in steps, so that a repository that grows a little is cut as before.
    """
    least = LEAST
    while least < MOST_LEAST and total > least * _PARTS:
        least *= 2
    return least


def is_tiny(weight: int, count: int, least: int) -> bool:
    """Whether so much is better told together with what it lies in."""
    few = count < LEAST_FILES and weight < max(least, FEW_FILES)
    return weight < least or few


def parted(top: Folder, least: int, *, is_open: bool) -> list[Part]:
    """The parts of a tree: packages, and inner ones of those that are too large.

    Where `is_open`, a folder that only holds other folders is no part, even if small,
    nor is the repository's own.
    """
    parts, rest = _parted(top.narrowed(), least, is_open=is_open)
    return [*parts, *rest]


def _parted(
    folder: Folder, least: int, *, is_open: bool
) -> tuple[list[Part], list[Part]]:
    """Parts that stand alone; what is left of the folder, if it is too small for it."""
    is_shelf = is_open and (not folder.place or _is_shelf(folder))
    if not folder.inner or (folder.weight <= LIMIT and not is_shelf):
        whole = list(folder.files())
        return list(_grouped(folder.place, [whole])), []
    parts: list[Part] = []
    items = [[file] for file in folder.own]
    # What lies beside each other at the top is more often a thing of its own.
    bound = max(LEAST, least // 2) if is_shelf else least
    for _, inner in sorted(folder.inner.items()):
        if is_tiny(inner.weight, inner.count, bound):
            items.append(list(inner.files()))
            continue
        alone, rest = _parted(inner.narrowed(), least, is_open=is_shelf)
        parts += alone
        if is_shelf:
            parts += rest
        else:
            items += [part.files for part in rest]
    own = list(_grouped(folder.place, items))
    if parts and len(own) == 1:
        is_rest = is_tiny(own[0].weight, len(own[0].files), least)
        return (parts, own) if is_rest else ([*own, *parts], [])
    return [*own, *parts], []


def _is_shelf(folder: Folder) -> bool:
    return folder.weight >= SHELF and not any(file.is_code for file in folder.own)


def _grouped(place: str, items: Sequence[list[File]]) -> Iterator[Part]:
    """Items in as few parts as LIMIT allows, whose bounds depend on names alone.

    A new file moves the bounds around it at most, not those of everything behind it.
    """
    total = sum(map(_weight, items))
    if total <= LIMIT:
        if items:
            yield Part(place, [file for item in items for file in item], total)
        return
    parts = [Part(place, [], 0)]
    for item in sorted(_pieces(items), key=lambda item: item[0].path):
        weight = _weight(item)
        is_full = parts[-1].weight + weight > LIMIT
        if parts[-1].files and weight and (is_full or _begins(parts[-1], item)):
            parts.append(Part(place, [], 0, _start(place, item[0].path)))
        parts[-1].add(item, weight)
    if len(parts) > 1 and parts[-1].weight < LEAST:
        last = parts.pop()
        parts[-1].add(last.files, last.weight)
    yield from parts


def _pieces(items: Iterable[list[File]]) -> Iterator[list[File]]:
    """What stays together, file by file where it is too large."""
    for item in items:
        yield from [item] if _weight(item) <= LIMIT else [[file] for file in item]


def _begins(part: Part, item: Sequence[File]) -> bool:
    if part.weight < LIMIT // 2:
        return False
    name = item[0].path.encode("utf-8", "replace")
    return crc32(name) % _EVERY == 0


def _weight(item: Iterable[File]) -> int:
    return sum(file.weight for file in item)


def _start(place: str, path: str) -> str:
    return (path[len(place) + 1 :] if place else path).partition("/")[0]
