"""The repository behind the stand-in, read and moved with git itself."""

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from standin.github.changes import FileChange, changed_files
from standin.repository import git

_DIFF = ("--find-renames", "--no-ext-diff", "--no-textconv", "--no-color")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who wrote or stored a commit; `date` is ISO 8601."""

    name: str
    email: str
    date: str


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """What git says of a commit."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


@dataclass(frozen=True, slots=True)
class TreeRow:
    """An entry of a tree; `mode` is octal text, `kind` blob, tree or commit."""

    mode: str
    kind: str
    sha: str
    path: str


class History:
    """Answers questions about the bare repository at `git_dir`.

    Objects never change, so what is asked by SHA is remembered.
    """

    def __init__(self, git_dir: Path) -> None:
        self.git_dir = git_dir
        self.commit = cache(self._commit)
        self.blob = cache(self._blob)
        self._changes = cache(self._read_changes)

    def resolve(self, expression: str) -> str | None:
        """Return the SHA of what an expression names (`main`, `SHA:path`), or None."""
        try:
            printed = git(
                self.git_dir,
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                expression,
            )
        except subprocess.CalledProcessError:
            return None
        found = printed.decode().strip()
        return found if self.kind(found) else None

    def kind(self, sha: str) -> str | None:
        """Return blob, tree, commit or tag; None for an object that is not there."""
        try:
            printed = git(self.git_dir, "cat-file", "-t", sha)
        except subprocess.CalledProcessError:
            return None
        return printed.decode().strip()

    def move(self, reference: str, sha: str) -> None:
        """Point a full ref name at a commit."""
        git(self.git_dir, "update-ref", reference, sha)

    def merge_base(self, one: str, other: str) -> str:
        """Return the merge base of two commits."""
        return git(self.git_dir, "merge-base", one, other).decode().strip()

    def are_related(self, one: str, other: str) -> bool:
        """Say whether two commits have a common ancestor."""
        try:
            return bool(self.merge_base(one, other))
        except subprocess.CalledProcessError:
            return False

    def is_ancestor(self, one: str, other: str) -> bool:
        """Say whether `one` is `other` or one of its ancestors."""
        return one == other or one in self.between("", other)

    def between(self, base: str, head: str) -> list[str]:
        """Return the commits of `head` that `base` lacks, oldest first."""
        excluded = [f"^{base}"] if base else []
        command = ("rev-list", "--reverse", "--topo-order", head, *excluded)
        return git(self.git_dir, *command).decode().split()

    def diff(self, base: str, head: str) -> bytes:
        """Return the three-dot diff: from the merge base to `head`."""
        return git(self.git_dir, "diff", *_DIFF, f"{base}...{head}")

    def changes(self, base: str, head: str) -> tuple[FileChange, ...]:
        """Return the changed files of the three-dot diff, in git's order."""
        return self._changes(self.merge_base(base, head), head)

    def rows(self, tree: str) -> list[TreeRow]:
        """Return the entries of a tree, one level deep."""
        printed = git(self.git_dir, "ls-tree", "-z", tree)
        listed = printed.decode("utf-8", "replace").split("\0")
        return [_tree_row(described) for described in listed if described]

    def row(self, commit: str, path: str) -> TreeRow | None:
        """Return what a commit holds at a path, or None."""
        printed = git(self.git_dir, "ls-tree", "-z", commit, "--", f":(literal){path}")
        described = printed.decode("utf-8", "replace").removesuffix("\0")
        return _tree_row(described) if described else None

    def moved_line(self, path: str, line: int, before: str, after: str) -> int | None:
        """Return where a line of `path` at `before` is at `after`; None when gone."""
        command = ("diff", "--unified=0", "--no-color", before, after, "--", path)
        shift = 0
        text = git(self.git_dir, *command).decode("utf-8", "replace")
        for found in re.finditer(
            r"^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@", text, re.MULTILINE
        ):
            start, removed, added = int(found[1]), *_pair(found[2], found[3])
            if removed and start <= line < start + removed:
                return None
            if line < start or (removed == 0 and line == start):
                break
            shift += added - removed
        return line + shift

    def _blob(self, sha: str) -> bytes:
        return git(self.git_dir, "cat-file", "blob", sha)

    def _commit(self, sha: str) -> CommitFacts:
        pattern = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B"
        command = ("show", "--no-patch", "--no-show-signature", f"--format={pattern}")
        printed = git(self.git_dir, *command, sha).decode("utf-8", "replace")
        parts = printed.split("\0")
        return CommitFacts(
            sha=parts[0],
            tree=parts[1],
            parents=tuple(parts[2].split()),
            author=Signature(*parts[3:6]),
            committer=Signature(*parts[6:9]),
            message=parts[9].rstrip("\n"),
        )

    def _read_changes(self, base: str, head: str) -> tuple[FileChange, ...]:
        return changed_files(
            self._diff_text(base, head, "--raw", "-z", "--no-abbrev"),
            self._diff_text(base, head, "--numstat", "-z"),
            self._diff_text(base, head, "--patch"),
        )

    def _diff_text(self, base: str, head: str, *options: str) -> str:
        command = ("diff", *_DIFF, *options, base, head)
        return git(self.git_dir, *command).decode("utf-8", "replace")


def _tree_row(described: str) -> TreeRow:
    facts, _, path = described.partition("\t")
    mode, kind, sha = facts.split()
    return TreeRow(mode, kind, sha, path)


def _pair(removed: str | None, added: str | None) -> tuple[int, int]:
    return int(removed or 1), int(added or 1)
