"""A commit's files held in memory."""

from collections.abc import Iterable, Iterator, Mapping

from architect_review.change.snapshot import FILE_LIMIT, Entry, EntryKind
from architect_review.errors import SourceError
from standin.repository import Executable, Files, Submodule, Symlink


class Held:
    """A Snapshot of what a test gives. `asked` lists the paths that were read.

    With `refusal` there is no listing, as where git objects cannot be had.
    """

    def __init__(self, files: Files, refusal: str = "") -> None:
        self._files = files
        self._refusal = refusal
        self.asked: list[str] = []

    def entries(self) -> Mapping[str, Entry]:
        """Every path, sorted."""
        if self._refusal:
            raise SourceError(self._refusal)
        found = {path: self._entry(path) for path in sorted(self._files)}
        return {path: entry for path, entry in found.items() if entry}

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Those that are text files."""
        for path in paths:
            self.asked.append(path)
            entry = self._entry(path)
            data = self._data(path)
            is_file = entry is not None and entry.kind is EntryKind.FILE
            if is_file and len(data) <= FILE_LIMIT and b"\0" not in data[:8_000]:
                yield path, data.decode("utf-8", "replace")

    def _entry(self, path: str) -> Entry | None:
        match self._files.get(path):
            case None:
                return None
            case Symlink():
                return Entry(EntryKind.LINK, 0)
            case Submodule():
                return Entry(EntryKind.SUBMODULE, 0)
            case _:
                return Entry(EntryKind.FILE, len(self._data(path)))

    def _data(self, path: str) -> bytes:
        match self._files.get(path):
            case str(text) | Executable(str(text)):
                return text.encode()
            case bytes(data) | Executable(bytes(data)):
                return data
            case _:
                return b""
