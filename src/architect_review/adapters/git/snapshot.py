"""All files of a commit, by `git ls-tree` and `git cat-file`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from architect_review.adapters.git.program import Git, text
from architect_review.change.snapshot import FILE_LIMIT, Entry, EntryKind
from architect_review.errors import SourceError

BATCH = 200
"""Files whose texts are held at a time."""
BATCH_BYTES = 20_000_000

_KINDS = {b"120000": EntryKind.LINK, b"160000": EntryKind.SUBMODULE}


@dataclass(frozen=True, slots=True)
class _Row:
    path: str
    kind: EntryKind
    blob: str


@dataclass(frozen=True, slots=True)
class _Listing:
    """The paths of a commit; `blobs` names the objects of the files."""

    entries: Mapping[str, Entry]
    blobs: Mapping[str, str]


class GitSnapshot:
    """The files of the tree that `resolve` names; it is asked at the first use.

    Safe to use from several threads: each use starts its own git program.
    """

    def __init__(self, git: Git, resolve: Callable[[], str]) -> None:
        self._git = git
        self._resolve = resolve
        self._listed: _Listing | None = None

    def entries(self) -> Mapping[str, Entry]:
        """Every path, sorted. Raises SourceError."""
        return self._listing().entries

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Path and text of those that are text files. Raises SourceError."""
        entries = self._listing().entries
        batch: list[str] = []
        size = 0
        for path in paths:
            entry = entries.get(path)
            if not entry or entry.kind is not EntryKind.FILE or entry.size > FILE_LIMIT:
                continue
            if batch and (len(batch) == BATCH or size + entry.size > BATCH_BYTES):
                yield from self._read(batch)
                batch, size = [], 0
            batch.append(path)
            size += entry.size
        if batch:
            yield from self._read(batch)

    def _listing(self) -> _Listing:
        if self._listed is None:
            printed = self._git.run(
                "ls-tree", "-r", "-z", "--full-tree", self._resolve()
            )
            self._listed = self._sized(_rows(printed))
        return self._listed

    def _sized(self, rows: Sequence[_Row]) -> _Listing:
        """With sizes: `ls-tree -l` would fail where a partial clone lacks one file."""
        files = [row for row in rows if row.kind is EntryKind.FILE]
        sizes = self._sizes([row.blob for row in files])
        entries = {
            row.path: Entry(row.kind, sizes.get(row.blob, 0), row.blob)
            for row in sorted(rows, key=lambda row: row.path)
        }
        return _Listing(entries, {row.path: row.blob for row in files})

    def _sizes(self, blobs: Sequence[str]) -> Mapping[str, int]:
        """The sizes of those that this clone has."""
        command = ("cat-file", "--batch-check=%(objectname) %(objectsize)")
        names = "".join(f"{blob}\n" for blob in blobs)
        done = self._git.attempt(*command, stdin=names.encode())
        printed = done.stdout
        if done.returncode:
            # Objects are missing: git then tells of none that comes after the first.
            printed = self._git.run(*command, "--batch-all-objects", "--unordered")
        rows = (row.split(" ") for row in text(printed).splitlines())
        known = {name: int(size) for name, size in rows if size.isdigit()}
        return {blob: known[blob] for blob in blobs if blob in known}

    def _read(self, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
        blobs = self._listing().blobs
        names = "".join(f"{blobs[path]}\n" for path in paths)
        printed = self._git.run("cat-file", "--batch", stdin=names.encode())
        at = 0
        for path in paths:
            start = printed.index(b"\n", at) + 1
            size = printed[at : start - 1].rsplit(b" ", 1)[-1]
            if not size.isdigit():
                raise SourceError(f"{path} is not in this clone: fetch it completely")
            end = start + int(size)
            data = printed[start:end]
            at = end + 1
            # git's own rule for what it diffs as binary.
            if b"\0" not in data[:8000]:
                yield path, text(data)


def _rows(printed: bytes) -> list[_Row]:
    """Read `mode type name TAB path`; of paths that are alike the first counts."""
    rows: dict[str, _Row] = {}
    parts = (row.partition(b"\t") for row in printed.split(b"\0")[:-1])
    for meta, _, name in sorted(parts, key=lambda each: each[2]):
        mode, _, blob = meta.split()
        row = _Row(text(name), _KINDS.get(mode, EntryKind.FILE), text(blob))
        rows.setdefault(row.path, row)
    return list(rows.values())
