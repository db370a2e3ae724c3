"""Which files detectors look at, and on which line a thing stands."""

import re
from collections.abc import Iterator

from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import Scene, Sides, matches

AUXILIARY = (
    "**/examples/*",
    "**/example/*",
    "**/samples/*",
    "**/demo/*",
    "**/demos/*",
    "**/.devcontainer/*",
)
"""Folders of things that are shown to people and do not run in production."""

_DEVELOPMENT = """
    dev devel develop development local override test tests testing e2e ci doc docs
    lint linting format typing types mypy bench benchmark benchmarks example
"""
_SHIPPED = (PathKind.SOURCE, PathKind.CONFIGURATION)


def shipped(scene: Scene, *globs: str) -> Iterator[Sides]:
    """The loaded files that are part of the product.

    Tests, documentation, examples, generated and vendored files are not.
    """
    return (
        side
        for side in scene.matching(*globs)
        if kind_of(side.path) in _SHIPPED and not matches(side.path, AUXILIARY)
    )


def is_development(name: str) -> bool:
    """Whether a file's or group's name says that it is for development only."""
    words = re.split(r"[^a-z0-9]+", name.lower())
    return not set(_DEVELOPMENT.split()).isdisjoint(words)


def folder(path: str) -> str:
    """The folder that a path is in; "" at the top."""
    return path.rpartition("/")[0]


def line_of(side: Sides, pattern: re.Pattern[str], *, is_removed: bool) -> int | None:
    """The first line of the head (base if removed) that fits, changed lines first."""
    text = (side.before if is_removed else side.after) or ""
    changed = {
        line.old if is_removed else line.new
        for line in side.change.lines
        if (line.new if is_removed else line.old) is None
    }
    fitting = [
        number
        for number, line in enumerate(text.split("\n"), 1)
        if pattern.search(line)
    ]
    return next((number for number in fitting if number in changed), None) or next(
        iter(fitting), None
    )


def arrow(old: str, new: str, limit: int = 80) -> str:
    """Two values as `old` -> `new`; of long ones the part from where they differ."""
    if len(old) > limit or len(new) > limit:
        pairs = zip(old, new, strict=False)
        same = next(
            (at for at, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new))
        )
        start = old.rfind(" ", 0, max(same, 1)) + 1
        if start:
            old, new = "…" + old[start:], "…" + new[start:]
    return f"`{brief(old, limit)}` -> `{brief(new, limit)}`"


def brief(text: str, limit: int = 80) -> str:
    """A text on one line that is safe inside code marks, cut at `limit` characters."""
    line = " ".join(text.replace("`", "'").split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
