"""A unified diff as values: headers read as git writes them, hunks by unidiff.

Source: `git help diff`, "Generating patch text with -p".
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import chain

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk as UnidiffHunk
from unidiff.patch import PatchSet

from architect_review.change import headers
from architect_review.change.line_redaction import redact_text
from architect_review.errors import DiffError


class LineKind(StrEnum):
    """The first column of a hunk line."""

    ADDED = "+"
    REMOVED = "-"
    CONTEXT = " "


class FileStatus(StrEnum):
    """What happened to a file."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"
    RENAMED = "renamed"
    COPIED = "copied"


class FileKind(StrEnum):
    """What git stores under a path."""

    FILE = "file"
    SYMLINK = "symlink"
    SUBMODULE = "submodule"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk. `old` and `new` are 1-based; None where it has no such side.

    `text` has no line feed but keeps a carriage return; `ends` is False where the
    file stops without a line feed after it.
    """

    kind: LineKind
    text: str
    old: int | None
    new: int | None
    ends: bool = True


@dataclass(frozen=True, slots=True)
class Hunk:
    """A run of changed lines with context; `section` stands behind the second @@."""

    old_start: int
    old_length: int
    new_start: int
    new_length: int
    section: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class FileChange:
    """One changed file.

    `old_path` differs from `path` for renames and copies and is None for added
    files. `unread` says why the content is not known ("" when it is): the manifest
    lists every file, also those whose lines nobody sent us. `counted` carries
    (additions, deletions) as told by the platform when the hunks are not known.
    """

    path: str
    status: FileStatus
    old_path: str | None = None
    hunks: tuple[Hunk, ...] = ()
    kind: FileKind = FileKind.FILE
    is_binary: bool = False
    old_mode: str | None = None
    new_mode: str | None = None
    unread: str = ""
    counted: tuple[int, int] | None = None

    @property
    def lines(self) -> Iterator[Line]:
        """All hunk lines in order."""
        return (line for hunk in self.hunks for line in hunk.lines)

    @cached_property
    def additions(self) -> int:
        """Added lines, counted or as told."""
        if self.counted is not None:
            return self.counted[0]
        return sum(line.kind is LineKind.ADDED for line in self.lines)

    @cached_property
    def deletions(self) -> int:
        """Removed lines, counted or as told."""
        if self.counted is not None:
            return self.counted[1]
        return sum(line.kind is LineKind.REMOVED for line in self.lines)

    @property
    def paths(self) -> tuple[str, ...]:
        """The path now and, where it differs, the path before."""
        old = self.old_path
        return (self.path,) if old in (None, self.path) else (self.path, str(old))


@dataclass(frozen=True)
class Diff:
    """Every changed file of a change."""

    files: tuple[FileChange, ...] = ()

    @cached_property
    def by_path(self) -> dict[str, FileChange]:
        """Files by their path now (deleted ones by their last path)."""
        return {file.path: file for file in self.files}

    @property
    def additions(self) -> int:
        """Added lines of all files."""
        return sum(file.additions for file in self.files)

    @property
    def deletions(self) -> int:
        """Removed lines of all files."""
        return sum(file.deletions for file in self.files)


def parse(text: str) -> Diff:
    """Read git's patch text, as `git diff` and GitHub write it.

    Raises DiffError for a text that is not one: an outage's error page must not
    become "nothing changed". Blank text is a diff without files.
    """
    if not text.strip():
        return Diff()
    # In a hunk every line has a sign or a blank in front, so this starts a file.
    first, *blocks = ("\n" + text.removesuffix("\n")).split("\ndiff --git ")
    if first.strip() or not blocks:
        raise DiffError(f"expected a diff, got {text.strip()[:80]!r}")
    return Diff(tuple(_file(block) for block in blocks))


def parse_patch(patch: str, path: str) -> tuple[Hunk, ...]:
    """Read one file's hunks, without headers, as GitHub's list-files rows have them."""
    if not patch.strip():
        return ()
    if not patch.startswith("@@ -"):
        raise DiffError(f"expected the patch of {path}, got {patch.strip()[:80]!r}")
    return _hunks(patch.removesuffix("\n"), path)


def _file(block: str) -> FileChange:
    """One file from what stands behind its `diff --git `."""
    top, at, body = block.partition("\n@@ -")
    names, *lines = top.split("\n")
    found = headers.extended(lines)
    old, new = headers.names(names, found)
    status = _status(old, new, found)
    path = old if status is FileStatus.DELETED else new
    if not path:
        raise DiffError(f"the diff names no file after 'diff --git {names[:80]}'")
    new_mode = found.get("new mode") or found.get("new file mode")
    old_mode = found.get("old mode") or found.get("deleted file mode")
    mode = new_mode or old_mode or found.get("index", "").rpartition(" ")[2]
    return FileChange(
        path=path,
        status=status,
        old_path=None if status is FileStatus.ADDED else old,
        hunks=_hunks("@@ -" + body, path) if at else (),
        kind={"120000": FileKind.SYMLINK, "160000": FileKind.SUBMODULE}.get(
            mode, FileKind.FILE
        ),
        is_binary=any(
            line == "GIT binary patch"
            or (line.startswith("Binary files ") and line.endswith(" differ"))
            for line in lines
        ),
        old_mode=old_mode,
        new_mode=new_mode,
    )


def _status(old: str | None, new: str | None, found: dict[str, str]) -> FileStatus:
    if "new file mode" in found or old is None:
        return FileStatus.ADDED
    if "deleted file mode" in found or new is None:
        return FileStatus.DELETED
    if "rename to" in found:
        return FileStatus.RENAMED
    return FileStatus.COPIED if "copy to" in found else FileStatus.MODIFIED


def _hunks(text: str, path: str) -> tuple[Hunk, ...]:
    """The hunks in `text`, which starts with the first one's header.

    The file headers are ours: unidiff takes a name such as `x b/y` apart wrongly and
    then refuses the whole diff.
    """
    lines = [line + "\n" for line in text.split("\n")]
    try:
        patch = PatchSet(chain(("--- a/x\n", "+++ b/x\n"), lines))
    except (UnidiffParseError, ValueError) as error:
        # unidiff quotes the line it stumbled over; it takes numbers of any length.
        said = redact_text(str(error))
        raise DiffError(f"the diff of {path} cannot be parsed: {said}") from None
    if len(patch) != 1 or sum(1 + len(hunk) for hunk in patch[0]) != len(lines):
        raise DiffError(f"the diff of {path} has lines that belong to no hunk")
    return tuple(_hunk(hunk) for hunk in patch[0])


def _hunk(hunk: UnidiffHunk) -> Hunk:
    lines: list[Line] = []
    for raw in hunk:
        if raw.line_type == "\\":
            if lines:
                lines[-1] = replace(lines[-1], ends=False)
            continue
        if not raw.line_type:  # an empty line behind the hunk
            continue
        text = raw.value.removesuffix("\n")
        kind = LineKind(raw.line_type)
        lines.append(Line(kind, text, raw.source_line_no, raw.target_line_no))
    return Hunk(
        hunk.source_start,
        hunk.source_length,
        hunk.target_start,
        hunk.target_length,
        hunk.section_header,
        tuple(lines),
    )
