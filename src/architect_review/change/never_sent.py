"""Files whose content no model is shown, whoever asks for it.

Code reads them all the same: signals and known secrets are found in them. They keep
their names in every list, with the reason.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import translate
from functools import lru_cache
from typing import TypeVar
from unicodedata import normalize

from architect_review.change.change import Change
from architect_review.change.diff import Diff, FileChange
from architect_review.change.sides import forms
from architect_review.change.snapshot import Entry, Snapshot

T = TypeVar("T")
REASON = "not sent: `never-send`"
COMPARED_LIMIT = 1_000
"""Characters of a path that is compared in other spellings. To normalise takes time
that grows with the square of the marks that follow one letter."""


@dataclass(frozen=True, slots=True)
class NeverSent:
    """The paths of a repository that are never sent.

    A glob names files, and folders with all that is in them; without a slash at any
    depth.
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
            if any(_is_named(each, own) for each in file.paths)
            for path in file.paths
        }
        return cls(own, frozenset(moved))

    def __bool__(self) -> bool:
        return bool(self.globs)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and (
            path in self.moved or _is_named(path, self.globs)
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


@lru_cache(maxsize=65_536)
def _is_named(path: str, globs: tuple[str, ...]) -> bool:
    """Whether one of the globs names the file, or a folder that it is in.

    What is meant to be kept must not leave for a spelling: small letters and capitals
    are the same, and so are both ways to write an accent. A bracket may be one in a
    name. Where that would take too long the file is held to be named.
    """
    if not globs:
        return False
    if len(path) > COMPARED_LIMIT and not path.isascii():
        return True
    places, names = _patterns(globs)
    return any(
        places.match(each) or any(map(names.match, each.split("/")))
        for each in {path, _folded(path)}
    )


@lru_cache(maxsize=64)
def _patterns(globs: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a path from the top fits, and what one of its folders or its name does.

    One expression for many globs: a repository may have 100,000 paths.
    """
    every = dict.fromkeys(each for glob in globs for each in _spellings(glob))
    placed = [form for glob in every if "/" in glob for form in forms(glob)]
    named = [glob for glob in every if "/" not in glob]
    return _any([*placed, *(f"{form}/*" for form in placed)]), _any(named)


def _any(globs: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, globs)) or "(?!)")


def _spellings(glob: str) -> Iterator[str]:
    for each in (glob, _folded(glob)):
        yield each
        yield each.replace("[", "[[]")


def _folded(text: str) -> str:
    return normalize("NFC", normalize("NFC", text).casefold())


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
