"""The difference of two commits as values, file by file, as `git diff -M` has it.

Three lines of context, git's indent heuristic, no copies; a change of type is a
deletion and an addition. libgit2's hunks are taken as they are: its differ is git's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pygit2
from pygit2.enums import DeltaStatus, DiffOption, FileMode

from architect_review.adapters.github.renames import Entry, moves
from architect_review.change.diff import (
    Diff,
    FileChange,
    FileKind,
    FileStatus,
    Hunk,
    Line,
    LineKind,
)
from architect_review.change.paths import PathKind, kind_of

SIZE_LIMIT = 5_000_000
"""Bytes of a file, before or after, whose lines are kept."""
COMPARED_LIMIT = 10_000_000
"""Bytes of a file whose two sides are compared: that takes ten times the memory."""
COUNTED_LIMIT = 100_000_000
"""Bytes of an added or deleted file whose lines are counted: GitHub's own limit."""
LINES_LIMIT = 400_000
"""Lines kept of one change, context included: some 300 bytes of memory each."""

_MIB = 2**20
_FLAGS = DiffOption.INDENT_HEURISTIC
_LAST = (PathKind.VENDORED, PathKind.LOCK, PathKind.GENERATED, PathKind.ASSET)
REGULAR = (FileMode.BLOB, FileMode.BLOB_EXECUTABLE, 0o100664)
"""Modes of files; the last is what old versions of git wrote."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A changed file before and after, and its place in libgit2's diff."""

    old: Entry | None
    new: Entry | None
    index: int

    @property
    def path(self) -> str:
        entry = self.new or self.old
        return entry.path if entry else ""

    @property
    def size(self) -> int:
        return max(entry.size for entry in (self.old, self.new) if entry)


def compared(
    repository: pygit2.Repository, base: str, head: str, room: int = LINES_LIMIT
) -> Diff:
    """Every changed file between two commits, with at most `room` lines in all.

    Where a limit is reached, lines are counted and not kept, and the file says so:
    vendored, generated and lock files, and assets, are the first to go without.
    """
    old, new = (repository[sha].peel(pygit2.Tree) for sha in (base, head))
    reader = _Reader(repository, old.diff_to_tree(new, _FLAGS), room)
    pairs = reader.pairs()
    order = sorted(
        range(len(pairs)), key=lambda index: kind_of(pairs[index].path) in _LAST
    )
    files = {index: reader.file(pairs[index]) for index in order}
    return Diff(tuple(files[index] for index in range(len(pairs))))


class _Reader:
    def __init__(
        self, repository: pygit2.Repository, diff: pygit2.Diff, room: int
    ) -> None:
        self._repository = repository
        self._diff = diff
        self._limit = self._room = room

    def pairs(self) -> list[_Pair]:
        """The changed files in git's order, moved ones as one."""
        pairs = [
            _Pair(
                self._entry(delta.old_file, delta.status is DeltaStatus.ADDED),
                self._entry(delta.new_file, delta.status is DeltaStatus.DELETED),
                index,
            )
            for index, delta in enumerate(self._diff.deltas)
        ]
        gone = {pair.path: pair.old for pair in pairs if pair.old and not pair.new}
        came = {pair.path: pair.new for pair in pairs if pair.new and not pair.old}
        # A path in both changed its type.
        moved = moves(
            [entry for path, entry in gone.items() if path not in came],
            [entry for path, entry in came.items() if path not in gone],
            lambda sha: self._blob(sha).data,
        )
        left = set(moved.values())
        return [
            _Pair(gone[moved[pair.path]], pair.new, -1)
            if pair.new and not pair.old and pair.path in moved
            else pair
            for pair in pairs
            if pair.new or pair.path not in left
        ]

    def file(self, pair: _Pair) -> FileChange:
        """One changed file with its lines, as far as they are kept."""
        old, new = pair.old, pair.new
        has_lines = not old or not new or old.id != new.id
        hunks: tuple[Hunk, ...] = ()
        is_binary, unread, counted = False, "", None
        if has_lines and pair.size > SIZE_LIMIT:
            is_binary, unread, counted = self._large(pair)
        elif has_lines:
            patch = self._patch(pair)
            is_binary = bool(patch.delta.is_binary)
            context, additions, deletions = patch.line_stats
            unread = self._reserved(context + additions + deletions)
            counted = (additions, deletions) if unread else None
            hunks = () if unread else tuple(map(_hunk, patch.hunks))
        modes_differ = bool(old and new and old.mode != new.mode)
        return FileChange(
            path=pair.path,
            status=_status(pair),
            old_path=old.path if old else None,
            hunks=hunks,
            kind=_kind(new or old),
            is_binary=is_binary,
            old_mode=f"{old.mode:06o}" if old and (not new or modes_differ) else None,
            new_mode=f"{new.mode:06o}" if new and (not old or modes_differ) else None,
            unread=unread,
            counted=counted,
        )

    def _reserved(self, lines: int) -> str:
        """Take room for lines; why there is none, else ""."""
        if lines > self._room:
            return f"over the {self._limit:,} lines that are read of one change"
        self._room -= lines
        return ""

    def _large(self, pair: _Pair) -> tuple[bool, str, tuple[int, int] | None]:
        """Of a file over SIZE_LIMIT: whether it is binary, why it is unread, counts."""
        reason = f"too large to be read ({pair.size // 1_000_000:,} MB)"
        if pair.size > COUNTED_LIMIT:
            return False, f"{reason} or counted", (0, 0)
        before, after = (self._count(entry) for entry in (pair.old, pair.new))
        if before is None or after is None:
            return True, "", None
        if not pair.old or not pair.new:
            return False, reason, (after, before)
        if pair.size > COMPARED_LIMIT:
            return False, f"{reason} or compared", (0, 0)
        return False, reason, self._patch(pair).line_stats[1:]

    def _count(self, entry: Entry | None) -> int | None:
        """The lines of one side; None for a binary one."""
        if entry is None or not entry.size:
            return 0
        view = memoryview(self._blob(entry.id))
        if 0 in view[:8_000]:
            return None
        parts = (bytes(view[at : at + _MIB]) for at in range(0, len(view), _MIB))
        return sum(part.count(b"\n") for part in parts) + (view[-1] != ord("\n"))

    def _patch(self, pair: _Pair) -> pygit2.Patch:
        old, new = pair.old, pair.new
        if pair.index < 0 and old and new:
            blobs = self._blob(old.id), self._blob(new.id)
            return blobs[0].diff(blobs[1], int(_FLAGS), old.path, new.path)
        patch = self._diff[pair.index]
        if patch is None:
            raise KeyError(pair.path)
        return patch

    def _blob(self, sha: str) -> pygit2.Blob:
        found = self._repository[sha]
        if not isinstance(found, pygit2.Blob):
            raise KeyError(sha)
        return found

    def _entry(self, file: pygit2.DiffFile, is_absent: bool) -> Entry | None:
        if is_absent:
            return None
        mode = int(file.mode)
        is_submodule = mode == FileMode.COMMIT
        header = None if is_submodule else self._repository.odb.read_header(file.id)
        return Entry(
            path=file.raw_path.decode("utf-8", "replace"),
            id=str(file.id),
            mode=mode,
            size=header[1] if header else 0,
            is_regular=mode in REGULAR,
        )


def _status(pair: _Pair) -> FileStatus:
    if not pair.old:
        return FileStatus.ADDED
    if not pair.new:
        return FileStatus.DELETED
    return FileStatus.RENAMED if pair.index < 0 else FileStatus.MODIFIED


def _kind(entry: Entry | None) -> FileKind:
    mode = entry.mode if entry else 0
    kinds = {
        int(FileMode.LINK): FileKind.SYMLINK,
        int(FileMode.COMMIT): FileKind.SUBMODULE,
    }
    return kinds.get(mode, FileKind.FILE)


def _hunk(hunk: pygit2.DiffHunk) -> Hunk:
    return Hunk(
        hunk.old_start,
        hunk.old_lines,
        hunk.new_start,
        hunk.new_lines,
        hunk.header.split("@@", 2)[-1].strip(),
        tuple(_lines(hunk)),
    )


_KINDS = {kind.value: kind for kind in LineKind}


def _lines(hunk: pygit2.DiffHunk) -> Iterator[Line]:
    for line in hunk.lines:
        # The other origins mark a missing line feed, which the content shows.
        kind = _KINDS.get(line.origin)
        if kind is None:
            continue
        data = line.raw_content
        text = data.removesuffix(b"\n").decode("utf-8", "replace")
        old = None if kind is LineKind.ADDED else line.old_lineno
        new = None if kind is LineKind.REMOVED else line.new_lineno
        yield Line(kind, text, old, new, data.endswith(b"\n"))
