"""Rows of "List pull requests files" as changed files."""

from collections.abc import Mapping
from typing import Any

from architect_review.change.diff import FileChange, FileStatus, parse_patch

_STATUS = {
    "added": FileStatus.ADDED,
    "removed": FileStatus.DELETED,
    "renamed": FileStatus.RENAMED,
    "copied": FileStatus.COPIED,
}


def file_of(row: Mapping[str, Any]) -> FileChange:
    """One row. Without a patch its lines are unknown, whatever its counts say:
    GitHub sends rows of 0/0/0 for files that did change once a page is full.
    """
    status = _STATUS.get(row["status"], FileStatus.MODIFIED)
    path, patch = row["filename"], row.get("patch") or ""
    pure_rename = status is FileStatus.RENAMED and row.get("changes") == 0
    return FileChange(
        path=path,
        status=status,
        old_path=None
        if status is FileStatus.ADDED
        else row.get("previous_filename") or path,
        hunks=parse_patch(patch, path),
        unread="" if patch or pure_rename else "GitHub sent no lines of it",
        counted=None if patch else (row.get("additions", 0), row.get("deletions", 0)),
    )
