"""Texts at the head: of changed files as they were read, of others when needed."""

from collections.abc import Iterable, Mapping

from architect_review.change.snapshot import FILE_LIMIT, EntryKind, Snapshot
from architect_review.errors import ArchitectError

FILES_LIMIT = 80
"""Unchanged files that are read for one change."""
CHARACTERS_LIMIT = 10_000_000
"""Characters of all texts that are held."""


class Library:
    """Lines of files at the head; what could not be had is in `failure`."""

    def __init__(
        self, snapshot: Snapshot, known: Mapping[str, tuple[str, ...]]
    ) -> None:
        """`known` are lines of files that were read before."""
        self._snapshot = snapshot
        self._lines = dict(known)
        self._room = CHARACTERS_LIMIT
        self._paths: frozenset[str] | None = None
        self.failure = ""

    def lines(self, path: str) -> tuple[str, ...]:
        """A file's lines; none where it was not read."""
        return self._lines.get(path, ())

    def load(self, paths: Iterable[str]) -> None:
        """Read files that are not known yet, the first ones if they are many."""
        wanted = [path for path in dict.fromkeys(paths) if path not in self._lines]
        if not wanted or self.failure:
            return
        try:
            for path, text in self._snapshot.texts(wanted[:FILES_LIMIT]):
                self._keep(path, text)
        except ArchitectError as error:
            self.failure = str(error)

    def paths(self) -> frozenset[str]:
        """Every readable file at the head; none where they cannot be listed."""
        if self._paths is None:
            self._paths = frozenset()
            try:
                self._paths = frozenset(
                    path
                    for path, entry in self._snapshot.entries().items()
                    if entry.kind is EntryKind.FILE and entry.size <= FILE_LIMIT
                )
            except ArchitectError as error:
                self.failure = self.failure or str(error)
        return self._paths

    def _keep(self, path: str, text: str) -> None:
        self._room -= len(text)
        if self._room >= 0:
            self._lines[path] = tuple(text.split("\n"))
