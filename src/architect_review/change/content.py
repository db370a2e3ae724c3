"""What a change says whatever its commits are: digests of hunks and of all of it.

They tell a rebase from a push that adds something, and lines that a reviewer has read
from those that are new. Line numbers and unchanged lines do not count, as with
`git patch-id`; white space does, but for the ends of lines: an indentation is code.
"""

import base64
import binascii
import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from architect_review.change.diff import Diff, FileChange, Hunk, Line, LineKind

HUNKS_LIMIT = 2_500
"""Files, and runs of changed lines, that are remembered; of a larger change nothing is,
and it is read anew each time."""
_SIZE = 4
"""Bytes of a digest: with HUNKS_LIMIT of them, one in a million new ones passes for
one of them."""


def line_digest(text: str) -> str:
    """What a line says, white space aside: 8 hex digits."""
    return _digest(" ".join(text.split()))[: 2 * _SIZE]


def hunk_digest(path: str, hunk: Hunk) -> str:
    """What a hunk changes in a file: 64 hex digits."""
    return _digest("\0".join((path, *(_told(run) for run in runs(hunk)))))


def runs(hunk: Hunk) -> Iterator[tuple[Line, ...]]:
    """The changed lines of a hunk, those together that no unchanged line parts.

    Two hunks become one when something between them changes; runs stay as they are.
    """
    run: list[Line] = []
    for line in hunk.lines:
        if line.kind is LineKind.CONTEXT:
            if run:
                yield tuple(run)
            run = []
        else:
            run.append(line)
    if run:
        yield tuple(run)


def content_digest(diff: Diff) -> str:
    """What a change does to all its files: 64 hex digits.

    "" where the content of a file is not known: such a change is never the same.
    """
    if any(file.unread or file.is_binary for file in diff.files):
        return ""
    files = sorted(diff.files, key=lambda file: file.path)
    return _digest("\0\0".join(map(_file, files)))


@dataclass(frozen=True, slots=True)
class Seen:
    """Which changed lines an earlier review has read, and in which files."""

    digests: frozenset[str] = frozenset()

    @classmethod
    def of(cls, files: Iterable[FileChange]) -> "Seen":
        """All lines of these files."""
        return cls(
            frozenset(
                _run_digest(file.path, run)
                for file in files
                for run in ((), *chain.from_iterable(map(runs, file.hunks)))
            )
        )

    @classmethod
    def decode(cls, text: str) -> "Seen":
        """What `encode` wrote; nothing where it cannot be read."""
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return cls()
        if len(data) % _SIZE:
            return cls()
        places = range(0, len(data), _SIZE)
        return cls(frozenset(data[at : at + _SIZE].hex() for at in places))

    def encode(self) -> str:
        """A compact text, or "" for more than HUNKS_LIMIT runs."""
        if len(self.digests) > HUNKS_LIMIT:
            return ""
        data = b"".join(map(bytes.fromhex, sorted(self.digests)))
        return base64.b64encode(data).decode()

    def has_path(self, path: str) -> bool:
        """Whether anything was read of a file."""
        return _run_digest(path, ()) in self.digests

    def has(self, path: str, hunk: Hunk) -> bool:
        """Whether everything that a hunk changes was read."""
        return all(_run_digest(path, run) in self.digests for run in runs(hunk))

    def has_file(self, file: FileChange) -> bool:
        """Whether everything that a file's hunks change was read."""
        return bool(file.hunks) and all(self.has(file.path, h) for h in file.hunks)

    def new_lines(self, file: FileChange) -> Collection[Line]:
        """The changed lines of a file that were not read."""
        return [
            line
            for hunk in file.hunks
            for run in runs(hunk)
            if _run_digest(file.path, run) not in self.digests
            for line in run
        ]


def _run_digest(path: str, run: tuple[Line, ...]) -> str:
    return _digest(f"{path}\0{_told(run)}")[: 2 * _SIZE]


def _told(run: Iterable[Line]) -> str:
    return "\n".join(line.kind.value + line.text.rstrip() for line in run)


def _file(file: FileChange) -> str:
    facts = (
        file.path,
        file.status.value,
        file.old_path or "",
        file.old_mode or "",
        file.new_mode or "",
        file.kind.value,
    )
    return "\0".join((*facts, *(hunk_digest(file.path, each) for each in file.hunks)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
