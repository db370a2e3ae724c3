"""All files of a commit of a pull request: fetched once they are asked for.

Where git objects cannot be had there is no list of files, but single ones can still be
asked of the API.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import RLock

from architect_review.adapters.github.errors import GitHubError
from architect_review.change.snapshot import Entry, Snapshot
from architect_review.errors import SourceError

Read = Callable[[Sequence[str]], Mapping[str, str]]


class PullSnapshot:
    """The files that `fetch` gives; without them, those that `read` gives.

    `lock` is held while the API is asked: its client is for one thread at a time.
    """

    def __init__(self, fetch: Callable[[], Snapshot], read: Read, lock: RLock) -> None:
        self._fetch = fetch
        self._read = read
        self._lock = lock

    def entries(self) -> Mapping[str, Entry]:
        """Every path, sorted. Raises SourceError."""
        return self._fetch().entries()

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Path and text of those that are text files. Raises SourceError."""
        try:
            fetched = self._fetch()
        except SourceError:
            yield from self._asked(list(paths))
        else:
            yield from fetched.texts(paths)

    def _asked(self, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
        try:
            with self._lock:
                texts = self._read(paths)
        except GitHubError as error:
            raise SourceError(str(error)) from error
        yield from ((path, texts[path]) for path in paths if path in texts)
