"""Rows of "List pull requests files" as changed files."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from architect_review.change.diff import FileChange, FileStatus, Hunk, parse_patch
from architect_review.errors import DiffError

_STATUS = {
    "added": FileStatus.ADDED,
    "removed": FileStatus.DELETED,
    "renamed": FileStatus.RENAMED,
    "copied": FileStatus.COPIED,
}


def file_of(row: Mapping[str, Any]) -> FileChange:
    """One row. Without its whole patch its lines are unknown, whatever its counts say:
    GitHub sends rows of 0/0/0 for files that did change once a page is full.
    """
    status = _STATUS.get(row["status"], FileStatus.MODIFIED)
    path = row["filename"]
    counted = (row.get("additions", 0), row.get("deletions", 0))
    pure_rename = status is FileStatus.RENAMED and row.get("changes") == 0
    file = FileChange(
        path=path,
        status=status,
        old_path=None
        if status is FileStatus.ADDED
        else row.get("previous_filename") or path,
        hunks=_hunks(row),
    )
    if file.hunks and (file.additions, file.deletions) == counted:
        return file
    unread = "" if pure_rename else "GitHub did not send its lines"
    return replace(file, hunks=(), unread=unread, counted=counted)


def _hunks(row: Mapping[str, Any]) -> tuple[Hunk, ...]:
    try:
        return parse_patch(row.get("patch") or "", row["filename"])
    except DiffError:
        return ()  # a patch that GitHub cut off
