"""All files of a commit that was fetched, read with libgit2."""

from collections.abc import Iterable, Iterator, Mapping
from threading import RLock

import pygit2
from pygit2.enums import FileMode

from architect_review.adapters.github.trees import REGULAR
from architect_review.change.snapshot import FILE_LIMIT, Entry, EntryKind
from architect_review.errors import SourceError

_KINDS = {
    int(FileMode.LINK): EntryKind.LINK,
    int(FileMode.COMMIT): EntryKind.SUBMODULE,
    **dict.fromkeys(map(int, REGULAR), EntryKind.FILE),
}


class TreeFiles:
    """The files of one commit; a Snapshot.

    libgit2's objects are for one thread at a time: `lock` is held while they are used.
    """

    def __init__(self, repository: pygit2.Repository, commit: str, lock: RLock) -> None:
        self._repository = repository
        self._commit = commit
        self._lock = lock
        self._entries: dict[str, Entry] = {}
        self._blobs: dict[str, pygit2.Oid] = {}
        self._is_listed = False

    def entries(self) -> Mapping[str, Entry]:
        """Every path, sorted. Raises SourceError."""
        with self._lock:
            if not self._is_listed:
                try:
                    self._list()
                except (pygit2.GitError, KeyError) as error:
                    raise SourceError(f"git could not list the files: {error}") from (
                        error
                    )
                self._is_listed = True
            return self._entries

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Path and text of those that are text files. Raises SourceError."""
        entries = self.entries()
        for path in paths:
            entry = entries.get(path)
            if not entry or entry.kind is not EntryKind.FILE or entry.size > FILE_LIMIT:
                continue
            data = self._data(path)
            # git's own rule for what it diffs as binary.
            if b"\0" not in data[:8_000]:
                yield path, data.decode("utf-8", "replace")

    def _data(self, path: str) -> bytes:
        with self._lock:
            try:
                return self._repository.odb.read(self._blobs[path])[1]
            except (pygit2.GitError, KeyError) as error:
                raise SourceError(f"git could not read {path}: {error}") from error

    def _list(self) -> None:
        """Of paths that are alike once decoded, the first counts."""
        tree = self._repository[self._commit].peel(pygit2.Tree)
        entries: dict[str, Entry] = {}
        for name, found in sorted(_walked(tree), key=lambda each: each[0]):
            path = name.decode("utf-8", "replace")
            if path in entries:
                continue
            kind = _KINDS[int(found.filemode)]
            is_file = kind is EntryKind.FILE
            size = self._repository.odb.read_header(found.id)[1] if is_file else 0
            entries[path] = Entry(kind, size, str(found.id))
            self._blobs[path] = found.id
        self._entries = dict(sorted(entries.items()))


def _walked(tree: pygit2.Tree) -> Iterator[tuple[bytes, pygit2.Object]]:
    """Everything in a tree but its folders, without following anything."""
    waiting = [(b"", tree)]
    while waiting:
        folder, found = waiting.pop()
        for entry in found:
            path = folder + (entry.raw_name or b"")
            if isinstance(entry, pygit2.Tree):
                waiting.append((path + b"/", entry))
            elif int(entry.filemode) in _KINDS:
                yield path, entry
