"""A component as a change: all its files as if they were added, or its share of one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from architect_review.audit.components import Component
from architect_review.audit.languages import MADE, is_binary, is_written
from architect_review.change.change import Change
from architect_review.change.diff import (
    Diff,
    FileChange,
    FileKind,
    FileStatus,
    Hunk,
    Line,
    LineKind,
)
from architect_review.change.paths import Attributes, kind_of
from architect_review.change.sides import matches
from architect_review.change.snapshot import FILE_LIMIT, Entry, EntryKind
from architect_review.prompt.coverage import PROTECTED

_MODES = {
    EntryKind.FILE: "100644",
    EntryKind.LINK: "120000",
    EntryKind.SUBMODULE: "160000",
}
_KINDS = {
    EntryKind.FILE: FileKind.FILE,
    EntryKind.LINK: FileKind.SYMLINK,
    EntryKind.SUBMODULE: FileKind.SUBMODULE,
}


def component_change(
    change: Change,
    component: Component,
    texts: Iterable[tuple[str, str]],
    entries: Mapping[str, Entry],
    is_counted: Callable[[str], bool] = lambda path: False,
) -> Change:
    """The change with exactly a component's files, each added in full.

    `texts` are those that are text files of at most FILE_LIMIT bytes, as a snapshot
    gives them, in any order; they are taken one by one. What the diff from the empty
    tree says comes out, but for what no snapshot tells: where a link leads, and that a
    file is executable. Nothing is redacted: give the result to `redact_change`, since
    whole files of a component are not to be shown before that.

    Of files that `is_counted` (see `only_counted`) only the number of lines is kept.
    """
    wanted = frozenset(component.paths)
    found = {
        path: _counted(path, text) if is_counted(path) else added(path, text)
        for path, text in texts
        if path in wanted
    }
    files = tuple(
        found[path] if path in found else _without_text(path, entries[path])
        for path in sorted(wanted)
        if path in found or path in entries
    )
    return replace(change, diff=Diff(files))


def restricted(change: Change, component: Component) -> Change:
    """The change with only a component's files; it may have none of them."""
    wanted = frozenset(component.paths)
    files = tuple(file for file in change.diff.files if file.path in wanted)
    return replace(change, diff=Diff(files))


def united(entries: Mapping[str, Entry], diff: Diff) -> Mapping[str, Entry]:
    """Every path at the commit and those that a diff deletes: what `cut` needs of a
    range, so that deleted files belong to the place they were in."""
    gone = {
        file.path: Entry(EntryKind.FILE, 0)
        for file in diff.files
        if file.status is FileStatus.DELETED and file.path not in entries
    }
    return {**entries, **gone}


def only_counted(attributes: Attributes) -> Callable[[str], bool]:
    """Tells the files that coverage summarises whatever they say.

    Vendored and generated files may be most of a repository: as lines they take far
    more memory than as text, and nobody reads them.
    """

    def is_counted(path: str) -> bool:
        kind = attributes.kind(path) or kind_of(path)
        return kind in MADE and not matches(path, PROTECTED)

    return is_counted


def added(path: str, text: str) -> FileChange:
    """A regular file that is new, as git's diff tells it."""
    rows = text.split("\n")
    ends = not rows[-1]
    if ends:
        rows.pop()
    lines = [
        Line(LineKind.ADDED, row, None, number) for number, row in enumerate(rows, 1)
    ]
    if lines and not ends:
        lines[-1] = replace(lines[-1], ends=False)
    hunks = (Hunk(0, 0, 1, len(lines), "", tuple(lines)),) if lines else ()
    mode = _MODES[EntryKind.FILE]
    return FileChange(path, FileStatus.ADDED, hunks=hunks, new_mode=mode)


def _counted(path: str, text: str) -> FileChange:
    mode = _MODES[EntryKind.FILE]
    return FileChange(
        path, FileStatus.ADDED, new_mode=mode, counted=(line_count(text), 0)
    )


def line_count(text: str) -> int:
    """The lines of a text, also of one that ends without a line feed."""
    return text.count("\n") + bool(text and not text.endswith("\n"))


def _without_text(path: str, entry: Entry) -> FileChange:
    """A link, a submodule, a binary file, or one that is too large to be read."""
    file = FileChange(
        path, FileStatus.ADDED, kind=_KINDS[entry.kind], new_mode=_MODES[entry.kind]
    )
    if entry.kind is EntryKind.SUBMODULE and entry.id:
        line = Line(LineKind.ADDED, f"Subproject commit {entry.id}", None, 1)
        return replace(file, hunks=(Hunk(0, 0, 1, 1, "", (line,)),))
    if entry.kind is not EntryKind.FILE:
        return file
    if entry.size <= FILE_LIMIT or is_binary(path):
        return replace(file, is_binary=True)
    if not is_written(path):
        return file
    size = f"{max(entry.size // 1_000_000, 1):,} MB"
    return replace(file, unread=f"too large to be read ({size})")
