"""Whole file texts before and after, computed from the head's text and the diff."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from architect_review.change.diff import (
    Diff,
    FileChange,
    FileKind,
    FileStatus,
    LineKind,
)
from architect_review.change.mentions import UNASKED, Mentions
from architect_review.errors import DiffError
from architect_review.request.decisions import NO_DECISIONS, Decisions
from architect_review.request.fields import ANY_FOLDERS

_ANY_FOLDERS = re.compile(r"(?:(?<=/)|\A)(?:\*\*/)+")


@dataclass(frozen=True, slots=True)
class Sides:
    """A changed file's text before and after; None where the file did not exist."""

    change: FileChange
    before: str | None
    after: str | None

    @property
    def path(self) -> str:
        """The path now (of a deleted file: its last)."""
        return self.change.path


def needs_head(file: FileChange) -> bool:
    """Whether the head's text must be read: added and deleted files are in the diff."""
    return (
        file.kind is FileKind.FILE
        and not file.is_binary
        and not file.unread
        and file.status not in (FileStatus.ADDED, FileStatus.DELETED)
    )


def sides(file: FileChange, head: str | None) -> Sides:
    """Both texts of a file. `head` is its text at the head where `needs_head` says so.

    The text before is the head's with every hunk applied backwards, so it is the
    merge base's exactly, however far the base branch has moved on. Raises DiffError
    when the diff does not fit the text (they are of different commits).
    """
    if file.status is FileStatus.ADDED:
        return Sides(file, None, _joined(file, LineKind.REMOVED))
    if file.status is FileStatus.DELETED:
        return Sides(file, _joined(file, LineKind.ADDED), None)
    if head is None:
        raise DiffError(f"the head's text of {file.path} was not read")
    return Sides(file, _backwards(file, head), head)


def _joined(file: FileChange, without: LineKind) -> str:
    return "".join(
        line.text + ("\n" if line.ends else "")
        for line in file.lines
        if line.kind is not without
    )


def _backwards(file: FileChange, head: str) -> str:
    rows = head.split("\n")
    ends = rows[-1] == ""
    if ends:
        rows.pop()
    out: list[str] = []
    at = 0
    for hunk in file.hunks:
        start = hunk.new_start - 1 if hunk.new_length else hunk.new_start
        out += rows[at:start]
        old = [line for line in hunk.lines if line.old is not None]
        new = [line for line in hunk.lines if line.new is not None]
        at = start + len(new)
        is_last = at >= len(rows)
        fits = rows[start:at] == [line.text for line in new]
        if not fits or (new and new[-1].ends is not (ends or not is_last)):
            raise DiffError(
                f"{file.path} at the head does not fit the diff near line {start + 1}"
            )
        out += [line.text for line in old]
        if is_last:
            ends = old[-1].ends if old else True
    out += rows[at:]
    return "\n".join(out) + ("\n" if out and ends else "")


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a detector may look at: the diff, whole files, the words about it.

    `texts` holds the sides of the files that detectors asked for. A file they asked
    for that could not be read is in `unread` with the reason. `mentions` are the
    answers to what detectors asked about the rest of the repository. `decisions` are
    the base branch's records.
    """

    diff: Diff
    texts: Mapping[str, Sides]
    title: str = ""
    description: str = ""
    unread: Mapping[str, str] | None = None
    policy: frozenset[str] = frozenset()
    mentions: Mentions = UNASKED
    decisions: Decisions = NO_DECISIONS

    def matching(self, *globs: str) -> Iterator[Sides]:
        """The loaded files whose path, now or before, matches one of the globs."""
        return (
            side
            for side in self.texts.values()
            if any(matches(path, globs) for path in side.change.paths)
        )


def matches(path: str, globs: Iterable[str]) -> bool:
    """Whether a path fits one of the globs.

    `*` stays within a folder name or crosses it alike (fnmatch); a glob without a
    slash is held against the file's name alone; `**/` also matches no folder (of more
    than ANY_FOLDERS in one glob the first ones).
    """
    return _fits(path, tuple(globs))


@lru_cache(maxsize=65_536)
def _fits(path: str, globs: tuple[str, ...]) -> bool:
    name = path.rsplit("/", 1)[-1]
    return any(
        fnmatchcase(name if "/" not in glob else path, form)
        for glob in globs
        for form in forms(glob)
    )


@lru_cache(maxsize=4_096)
def forms(glob: str) -> tuple[str, ...]:
    """What a glob stands for: with each of its `**/`, and without."""
    first, *parts = _ANY_FOLDERS.split(glob, maxsplit=ANY_FOLDERS)
    forms = [first]
    for part in parts:
        forms = [f"{form}{any_}{part}" for form in forms for any_ in ("**/", "")]
    return tuple(forms)
