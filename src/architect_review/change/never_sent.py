"""Files whose content no model is shown, whoever asks for it.

Code reads them all the same: signals and known secrets are found in them. They keep
their names in every list, with the reason.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from architect_review.change.change import Change
from architect_review.change.diff import Diff, FileChange
from architect_review.change.sides import matches
from architect_review.change.snapshot import Entry, Snapshot

T = TypeVar("T")
REASON = "not sent: `never-send`"


@dataclass(frozen=True, slots=True)
class NeverSent:
    """The paths of a repository that are never sent.

    `moved` are those of files that a change moves out of what the globs name, or into
    it: what is sent of a move would be the content of both.
    """

    globs: tuple[str, ...] = ()
    moved: frozenset[str] = frozenset()

    @classmethod
    def of(cls, globs: Iterable[str], change: Change) -> "NeverSent":
        """What the setting names, with what the change moves."""
        own = tuple(globs)
        moved = {
            path
            for file in change.diff.files
            if own and any(matches(each, own) for each in file.paths)
            for path in file.paths
        }
        return cls(own, frozenset(moved))

    def __bool__(self) -> bool:
        return bool(self.globs)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and (
            path in self.moved or matches(path, self.globs)
        )

    def change(self, change: Change) -> Change:
        """The change without the lines of these files, and what was said at them."""
        if not self:
            return change
        said = change.conversation
        threads = tuple(each for each in said.threads if each.path not in self)
        return replace(
            change,
            diff=Diff(tuple(map(self._file, change.diff.files))),
            conversation=replace(said, threads=threads),
            secrets=tuple(each for each in change.secrets if each.path not in self),
        )

    def snapshot(self, snapshot: Snapshot) -> Snapshot:
        """The files of a commit without their texts."""
        return _Closed(snapshot, self) if self else snapshot

    def texts(self, texts: Mapping[str, T]) -> Mapping[str, T]:
        """What is known of other files."""
        return {path: text for path, text in texts.items() if path not in self}

    def _file(self, file: FileChange) -> FileChange:
        if file.path not in self or not file.hunks:
            return file
        counted = (file.additions, file.deletions)
        return replace(file, hunks=(), counted=counted)


NOTHING = NeverSent()
"""Every file may be sent."""


@dataclass(frozen=True, slots=True)
class _Closed:
    inner: Snapshot
    never: NeverSent

    def entries(self) -> Mapping[str, Entry]:
        """Every path."""
        return self.inner.entries()

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Path and text of the others."""
        return self.inner.texts(path for path in paths if path not in self.never)
