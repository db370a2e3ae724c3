"""All files of one commit, read from git objects: never a work tree, never a link."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class EntryKind(StrEnum):
    """What a path at a commit is. Only a file's content is ever read."""

    FILE = "file"
    LINK = "symbolic link"
    SUBMODULE = "submodule"


@dataclass(frozen=True, slots=True)
class Entry:
    """A path at a commit. `size` is in bytes, 0 for what is no file.

    `id` is git's name of the object (of a submodule, its commit), "" where nobody says
    it; equal ids are equal contents. Recordings have none, so it is not compared.
    """

    kind: EntryKind
    size: int
    id: str = field(default="", compare=False)


class Snapshot(Protocol):
    """The files of a commit. Both methods raise SourceError when they cannot be had."""

    def entries(self) -> Mapping[str, Entry]:
        """Every path at the commit, sorted."""
        ...

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Path and text of those that are text files of at most `FILE_LIMIT` bytes.

        In the order asked for. Others are left out: links, submodules, binary files.
        Bytes that are not UTF-8 become U+FFFD.
        """
        ...


FILE_LIMIT = 1_000_000
"""Bytes of a file that is read; GitHub's contents API stops there too."""
