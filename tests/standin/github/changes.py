"""The changed files of a diff, out of three of git's own listings of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STATUS = {
    "A": "added",
    "C": "copied",
    "D": "removed",
    "M": "modified",
    "R": "renamed",
    "T": "changed",
}


@dataclass(frozen=True, slots=True)
class FileChange:
    """A changed file. `patch` is None for binary files, pure renames and modes.

    `sha` names the blob after the change, or before it for a removed file.
    """

    path: str
    old_path: str | None
    status: str
    sha: str
    additions: int
    deletions: int
    patch: str | None


def changed_files(raw: str, numstat: str, patches: str) -> tuple[FileChange, ...]:
    """Return the files of a diff in git's order.

    The three texts are the same diff as `--raw -z --no-abbrev`, `--numstat -z` and
    `--patch`.
    """
    sections = iter(re.split(r"(?m)^(?=diff --git )", patches)[1:])
    counts = _counts(numstat)
    return tuple(
        _change(facts.split(), paths, next(counts), sections)
        for facts, paths in _rows(raw)
    )


def _rows(raw: str) -> Iterator[tuple[str, list[str]]]:
    fields = iter(raw.split("\0")[:-1])
    for facts in fields:
        renamed = facts.split()[-1][0] in "RC"
        yield facts, [next(fields) for _ in range(2 if renamed else 1)]


def _counts(numstat: str) -> Iterator[tuple[int, int]]:
    fields = iter(numstat.split("\0")[:-1])
    for field in fields:
        added, deleted, path = field.split("\t", 2)
        if not path:
            next(fields), next(fields)
        yield (0, 0) if added == "-" else (int(added), int(deleted))


def _change(
    facts: list[str], paths: list[str], counts: tuple[int, int], sections: Iterator[str]
) -> FileChange:
    _, _, old_sha, new_sha, status = facts
    section = next(sections)
    if status == "T":
        # Git writes a changed type as a deletion and a creation.
        section = ""
        next(sections)
    start = re.search(r"(?m)^@@ ", section)
    return FileChange(
        path=paths[-1],
        old_path=paths[0] if len(paths) == 2 else None,
        status=_STATUS[status[0]],
        sha=old_sha if status == "D" else new_sha,
        additions=counts[0],
        deletions=counts[1],
        patch=section[start.start() :].removesuffix("\n") if start else None,
    )
