"""What there is to ask, from the job that reads GitHub to the one that asks the model.

It holds what a recording holds of the source, and the texts of both commits, so that
what the model looks up can be answered without GitHub.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import TypeAdapter

from architect_review.adapters.bundle import files
from architect_review.adapters.bundle.answering import ReplayedSnapshot, ReplayedSource
from architect_review.adapters.bundle.binding import Binding, Run, exact
from architect_review.adapters.bundle.files import BundleError, Folder
from architect_review.adapters.bundle.forms import CHANGE, SourceAnswers
from architect_review.adapters.bundle.scrubbing import Scrubber
from architect_review.adapters.bundle.source import RecordingSource
from architect_review.change.change import Change
from architect_review.change.mentions import is_searched
from architect_review.change.snapshot import FILE_LIMIT, Entry, EntryKind, Snapshot
from architect_review.errors import SourceError
from architect_review.ports import Source

BINDING = "handover.json"
BINDING_LIMIT = 10_000
TEXTS_LIMIT = 100_000_000
"""Bytes of both commits' files that are handed over; equal files count once."""
LEFT_OUT = (
    "it was not handed over: the job that asks the model gets "
    f"{TEXTS_LIMIT // 1_000_000} MB of files"
)
_BINDING = TypeAdapter(Binding)
_SOURCE = TypeAdapter(SourceAnswers)
_TEXTS = TypeAdapter(dict[str, str])


class Handover:
    """A handover while it is made.

    What is read through `source` is what is handed over: no credentials, no known
    secrets. Raises SettingsError for a folder that cannot be used.
    """

    def __init__(self, folder: Path, source: Source, scrubber: Scrubber) -> None:
        self._folder = Folder(folder)
        self._scrubber = scrubber
        self.source = RecordingSource(source, scrubber)

    def write(self, run: Run, change: Change, room: int = TEXTS_LIMIT) -> int:
        """Hand over what was read, and at most `room` bytes of the commits' files.

        Returns how many files did not fit. Raises BundleError when it cannot be
        written.
        """
        left_out = _read_all(self.source, change, room)
        if self.source.overflow:
            raise BundleError(self.source.overflow)
        data = {
            files.CHANGE: self.source.change,
            files.SOURCE: self.source.answers().model_dump(mode="json"),
            files.TEXTS: self.source.texts,
            # Last: what has a binding is whole.
            BINDING: Binding.of(run, change).model_dump(mode="json"),
        }
        try:
            for name, each in data.items():
                self._folder.write(name, self._scrubber.owned(each))
        except OSError as error:
            raise BundleError(f"the handover could not be written: {error}") from error
        return left_out


def _read_all(source: RecordingSource, change: Change, room: int) -> int:
    """Have the files of both commits read, as far as there is room."""
    known: set[str] = set()
    left_out = 0
    for sha in (change.head_sha, change.base_sha):
        snapshot = source.snapshot(sha)
        taken = []
        try:
            for path, entry in _ranked(snapshot.entries()):
                size = 0 if entry.id in known else entry.size
                if size > room:
                    left_out += 1
                    continue
                room -= size
                taken.append(path)
                known.update(filter(None, (entry.id,)))
            deque(snapshot.texts(taken), maxlen=0)
        except SourceError:
            # It is written down, and is what a look-up is told.
            continue
    return left_out


def _ranked(entries: Mapping[str, Entry]) -> list[tuple[str, Entry]]:
    """The files that are ever read, those first that a search reads."""
    found = [
        (path, entry)
        for path, entry in entries.items()
        if entry.kind is EntryKind.FILE and entry.size <= FILE_LIMIT
    ]
    return sorted(found, key=lambda each: (not is_searched(each[0]), each[0]))


class Handed:
    """A handover that is read. Raises BundleError for one that is not this run's."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.binding = exact(folder, BINDING, _BINDING, BINDING_LIMIT)
        self.binding.check(run, folder / BINDING)
        change = exact(folder, files.CHANGE, CHANGE, files.FILE_LIMIT)
        own = (self.binding.repository, self.binding.number)
        commits = (self.binding.head, self.binding.base)
        if (
            change is None
            or (change.repository, change.number) != own
            or (change.head_sha, change.base_sha) != commits
        ):
            raise BundleError(f"{folder / files.CHANGE} is of another change")
        texts = exact(folder, files.TEXTS, _TEXTS, files.FILE_LIMIT)
        self.source = HandedSource(
            change,
            exact(folder, files.SOURCE, _SOURCE, files.FILE_LIMIT),
            texts,
            "the handover does not hold (are the jobs set alike?):",
        )


class HandedSource(ReplayedSource):
    """A source that answers from a handover."""

    def snapshot(self, sha: str) -> Snapshot:
        """The files of a commit, as far as they were handed over."""
        for each in self._answers.snapshots:
            if each.sha == sha:
                return HandedSnapshot(each, self._text, self._lacking)
        return super().snapshot(sha)


class HandedSnapshot(ReplayedSnapshot):
    """The files of a commit, of which a model may name any."""

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The texts; what is no text file is passed over, as everywhere."""
        entries = self._answers.entries
        for path in paths:
            if path in self._answers.texts:
                yield from super().texts([path])
            elif entries is None or _is_read(entries.get(path)):
                failure = self._answers.unread
                raise failure.raised() if failure else SourceError(LEFT_OUT)


def _is_read(entry: tuple[EntryKind, int] | None) -> bool:
    return entry is not None and entry[0] is EntryKind.FILE and entry[1] <= FILE_LIMIT
