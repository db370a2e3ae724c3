"""A source whose answers are written down.

Texts are kept by their digest: the files of two commits are mostly the same.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from architect_review.adapters.bundle.forms import (
    CHANGE,
    Failure,
    ReadAnswer,
    RoleAnswer,
    SnapshotAnswers,
    SourceAnswers,
    digest_of,
)
from architect_review.adapters.bundle.scrubbing import Scrubber
from architect_review.change.change import Change
from architect_review.change.redaction import redact_change
from architect_review.change.snapshot import Entry, Snapshot
from architect_review.errors import ArchitectError
from architect_review.ports import Source

_ONE = TypeAdapter(Change)
TEXTS_LIMIT = 300_000_000
"""Characters of all texts of a bundle: more than a search of the head reads."""


class Texts:
    """Texts without secrets, each once. It may be used from several threads."""

    def __init__(self, scrubber: Scrubber) -> None:
        self._scrubber = scrubber
        self._lock = threading.Lock()
        self._clean: dict[str, str] = {}
        self._size = 0
        self.kept: dict[str, str] = {}
        """The texts by the digest of what they are now."""
        self.is_full = False

    def keep(self, text: str) -> tuple[str, str]:
        """The digest and the text without secrets."""
        before = digest_of(text)
        after = self._clean.get(before)
        if after is not None:
            return after, self.kept.get(after) or self._scrubber.text(text)
        clean = self._scrubber.text(text)
        after = digest_of(clean)
        with self._lock:
            self._clean[before] = after
            self._size += 0 if after in self.kept else len(clean)
            if self._size > TEXTS_LIMIT:
                self.is_full = True
            else:
                self.kept[after] = clean
        return after, clean


class RecordingSource:
    """A source that answers without secrets and remembers what it answered."""

    def __init__(self, source: Source, scrubber: Scrubber) -> None:
        self._source, self._scrubber = source, scrubber
        self._texts = Texts(scrubber)
        self._reads: list[ReadAnswer] = []
        self._roles: list[RoleAnswer] = []
        self._snapshots: dict[str, RecordingSnapshot] = {}
        self._lock = threading.Lock()
        self.change: Any = None
        """The change as JSON data, once it is read."""

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        """Read the change and take the secrets out."""
        change = redact_change(self._source.fetch(policy_paths))
        policy = change.policy
        texts = {path: self._scrubber.text(text) for path, text in policy.texts.items()}
        change = replace(change, policy=replace(policy, texts=texts))
        self.change = self._scrubber.owned(CHANGE.dump_python(change, mode="json"))
        return _ONE.validate_python(self.change)

    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]:
        """Read files and take the secrets out."""
        asked = tuple(paths)
        try:
            found = dict(self._source.read(sha, asked))
        except ArchitectError as error:
            failure = Failure.of(error)
            self._reads.append(ReadAnswer(sha=sha, paths=asked, failure=failure))
            raise
        kept = {path: self._texts.keep(text) for path, text in found.items()}
        names = {path: name for path, (name, _) in kept.items()}
        self._reads.append(ReadAnswer(sha=sha, paths=asked, texts=names))
        return {path: text for path, (_, text) in kept.items()}

    def snapshot(self, sha: str) -> Snapshot:
        """The files of a commit, remembered as they are used."""
        with self._lock:
            if sha not in self._snapshots:
                inner = self._source.snapshot(sha)
                self._snapshots[sha] = RecordingSnapshot(inner, self._texts)
            return self._snapshots[sha]

    def role(self, login: str) -> str:
        """Ask for a role."""
        try:
            role = self._source.role(login)
        except ArchitectError as error:
            self._roles.append(RoleAnswer(login=login, failure=Failure.of(error)))
            raise
        self._roles.append(RoleAnswer(login=login, role=role))
        return role

    @property
    def texts(self) -> Mapping[str, str]:
        """All texts by their digest."""
        return self._texts.kept

    @property
    def overflow(self) -> str:
        """Why not all texts are there, or ""."""
        return (
            "the files that were read are too many for a bundle" * self._texts.is_full
        )

    def answers(self) -> SourceAnswers:
        """Everything that was answered so far."""
        snapshots = tuple(
            snapshot.answers(sha) for sha, snapshot in self._snapshots.items()
        )
        return SourceAnswers(
            reads=tuple(self._reads), roles=tuple(self._roles), snapshots=snapshots
        )


class RecordingSnapshot:
    """The files of a commit, remembered as they are listed and read."""

    def __init__(self, inner: Snapshot, texts: Texts) -> None:
        self._inner, self._texts = inner, texts
        self._entries: Mapping[str, Entry] | None = None
        self._read: dict[str, str | None] = {}
        self._unlisted: Failure | None = None
        self._unread: Failure | None = None

    def entries(self) -> Mapping[str, Entry]:
        """Every path at the commit."""
        try:
            self._entries = self._inner.entries()
        except ArchitectError as error:
            self._unlisted = Failure.of(error)
            raise
        return self._entries

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Texts without secrets; a path that was passed over has none."""
        waiting = list(paths)
        places = {path: at for at, path in enumerate(waiting)}
        done = 0
        try:
            for path, text in self._inner.texts(waiting):
                self._none(waiting[done : places[path]])
                done = max(done, places[path] + 1)
                self._read[path], clean = self._texts.keep(text)
                yield path, clean
        except ArchitectError as error:
            self._unread = Failure.of(error)
            raise
        self._none(waiting[done:])

    def _none(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._read.setdefault(path, None)

    def answers(self, sha: str) -> SnapshotAnswers:
        """What was listed and read so far."""
        entries = None
        if self._entries is not None:
            entries = {path: (e.kind, e.size) for path, e in self._entries.items()}
        return SnapshotAnswers(
            sha=sha,
            entries=entries,
            unlisted=self._unlisted,
            texts=self._read,
            unread=self._unread,
        )
