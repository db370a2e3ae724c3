"""Signals from the change as a whole: how much, how wide, how much of it moved."""

from collections import defaultdict
from collections.abc import Iterator

from architect_review.change.diff import FileChange, FileStatus
from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import Scene
from architect_review.signals.places import brief
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

LINES = 500
FILES = 30
AREAS = 4
MOVES = 20
MOVED_OF = 10

_COUNTED = (PathKind.SOURCE, PathKind.CONFIGURATION)
_WORKSPACES = (
    "src",
    "packages",
    "services",
    "apps",
    "libs",
    "crates",
    "cmd",
    "modules",
)


@detector(Weight.SUPPORTING, Category.MAINTAINABILITY)
def large_change(scene: Scene) -> Iterator[Found]:
    """The change is too large to be reviewed in one sitting.

    More than 500 changed lines or more than 30 files, where tests, documentation,
    assets, lock, generated and vendored files do not count. The evidence names the
    file with the most lines.
    """
    files = _counted(scene)
    lines = sum(_lines(file) for file in files)
    if lines > LINES or len(files) > FILES:
        largest = max(files, key=_lines)
        fact = f"{lines:,} changed lines in {len(files):,} files, the most in this one."
        yield Evidence(largest.path, fact, "change")


@detector(Weight.SUPPORTING, Category.ARCHITECTURE)
def wide_change(scene: Scene) -> Iterator[Found]:
    """The change touches many parts of the project at once.

    At least four areas: top-level folders, or the folders one deeper in `src`,
    `packages`, `services` and the like. Files that lie beside areas and files that
    do not count for size are in none.
    """
    areas: dict[str, list[FileChange]] = defaultdict(list)
    for file in _counted(scene):
        areas[_area(file.path)].append(file)
    areas.pop("", None)
    if len(areas) >= AREAS:
        for area, files in sorted(areas.items()):
            count = f"{len(files):,} files" if len(files) > 1 else "one file"
            fact = f"Touches {count} in `{brief(area)}`, one of {len(areas)} areas."
            yield Evidence(files[0].path, fact, area)


@detector(Weight.SUPPORTING, Category.MAINTAINABILITY)
def mass_move(scene: Scene) -> Iterator[Found]:
    """Many files move to other places.

    At least 20 renamed files, or more than half of a change of at least 10 files. The
    evidence names the first of them.
    """
    files = scene.diff.files
    moved = [file for file in files if file.status is FileStatus.RENAMED]
    if len(moved) >= MOVES or (len(files) >= MOVED_OF and len(moved) * 2 > len(files)):
        fact = f"{len(moved):,} of {len(files):,} changed files are renamed or moved."
        yield Evidence(moved[0].path, fact, "change")


def _counted(scene: Scene) -> list[FileChange]:
    return [file for file in scene.diff.files if kind_of(file.path) in _COUNTED]


def _lines(file: FileChange) -> int:
    return file.additions + file.deletions


def _area(path: str) -> str:
    folders = path.split("/")[:-1]
    depth = 2 if folders and folders[0] in _WORKSPACES else 1
    return "/".join(folders[:depth]) if len(folders) >= depth else ""
