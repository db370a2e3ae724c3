"""Bare git repositories for tests, built from dictionaries with git plumbing.

Nothing of the machine's own git configuration is read, and the dates are fixed,
so the same commits have the same SHAs in every run.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Symlink:
    """A symbolic link (mode 120000) to `target`."""

    target: str


@dataclass(frozen=True, slots=True)
class Executable:
    """A file with its executable bit set (mode 100755)."""

    content: str | bytes


@dataclass(frozen=True, slots=True)
class Submodule:
    """A submodule entry (mode 160000) at commit `sha`, 40 hex digits."""

    sha: str


Entry = str | bytes | Symlink | Executable | Submodule | None
"""What a path holds in a commit; None takes the path away."""

Files = Mapping[str, Entry]

ZERO = "0" * 40
_EPOCH = 1_767_225_600  # 2026-01-01 00:00:00 UTC


def git_environment() -> dict[str, str]:
    """Return an environment in which git reads no configuration of the machine."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") and name != "HOME"
    }
    return kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def git(
    git_dir: Path,
    *arguments: str,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Run git on the repository `git_dir` and return what it printed.

    Raises `subprocess.CalledProcessError`, with git's own words in `stderr`, when
    git ends with another code than 0.
    """
    return subprocess.run(
        ["git", f"--git-dir={git_dir}", *arguments],
        input=stdin,
        capture_output=True,
        check=True,
        env=git_environment() | dict(environment or {}),
    ).stdout


class Repository:
    """A bare repository under `folder`, empty until the first commit.

    `git_dir` is its path. Commits do not move a branch by themselves: use `branch`.
    """

    def __init__(self, folder: Path, name: str = "repository.git") -> None:
        self.git_dir = folder / name
        self._index = self.git_dir / "standin-index"
        self._commits = 0
        git(
            self.git_dir,
            "init",
            "--quiet",
            "--bare",
            "--template=",
            "--initial-branch=main",
        )

    def commit(
        self,
        files: Files,
        message: str = "change",
        *,
        parent: str | None = "main",
        parents: Sequence[str] | None = None,
        author: str = "Ada Author <ada@example.com>",
    ) -> str:
        """Store a commit and return its SHA.

        `files` changes what the first parent holds. `parent` is a ref or SHA; the
        default, main, counts as none while there is no main; None starts a new
        history. `parents` replaces it, for merges.
        """
        ancestors = self._ancestors(parent) if parents is None else list(parents)
        index = {"GIT_INDEX_FILE": str(self._index)}
        start = ancestors[0] if ancestors else "--empty"
        git(self.git_dir, "read-tree", start, environment=index)
        lines = b"".join(self._index_line(path, files[path]) for path in files)
        git(
            self.git_dir,
            "update-index",
            "--replace",
            "-z",
            "--index-info",
            stdin=lines,
            environment=index,
        )
        tree = git(self.git_dir, "write-tree", "--missing-ok", environment=index)
        return self._commit_tree(tree.decode().strip(), ancestors, message, author)

    def branch(self, name: str, sha: str) -> str:
        """Point `refs/heads/<name>` at `sha`, which is returned."""
        return self.reference(f"refs/heads/{name}", sha)

    def pull(self, number: int, sha: str) -> str:
        """Point `refs/pull/<number>/head` at `sha`, which is returned."""
        return self.reference(f"refs/pull/{number}/head", sha)

    def reference(self, name: str, sha: str) -> str:
        """Point the full ref name `name` at `sha`, which is returned."""
        git(self.git_dir, "update-ref", name, sha)
        return sha

    def _ancestors(self, parent: str | None) -> list[str]:
        if parent is None:
            return []
        known = git(self.git_dir, "for-each-ref", "--count=1", "refs/heads/main")
        if parent == "main" and not known:
            return []
        return [self._resolve(parent)]

    def _resolve(self, revision: str) -> str:
        commit = f"{revision}^{{commit}}"
        return git(self.git_dir, "rev-parse", "--verify", commit).decode().strip()

    def _index_line(self, path: str, entry: Entry) -> bytes:
        mode, sha = self._stored(entry)
        return f"{mode} {sha}\t{path}\0".encode("utf-8", "surrogateescape")

    def _stored(self, entry: Entry) -> tuple[str, str]:
        match entry:
            case None:
                return "0", ZERO
            case Symlink(target):
                return "120000", self._blob(target)
            case Executable(content):
                return "100755", self._blob(content)
            case Submodule(sha):
                return "160000", sha
            case _:
                return "100644", self._blob(entry)

    def _blob(self, content: str | bytes) -> str:
        data = content.encode() if isinstance(content, str) else content
        printed = git(self.git_dir, "hash-object", "-w", "--stdin", stdin=data)
        return printed.decode().strip()

    def _commit_tree(
        self, tree: str, parents: list[str], message: str, author: str
    ) -> str:
        name, _, address = author.removesuffix(">").partition(" <")
        date = f"{_EPOCH + 60 * self._commits} +0000"
        self._commits += 1
        arguments = [part for sha in parents for part in ("-p", sha)]
        people = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", name), ("EMAIL", address), ("DATE", date))
        }
        printed = git(
            self.git_dir,
            "commit-tree",
            tree,
            *arguments,
            stdin=message.encode(),
            environment=people,
        )
        return printed.decode().strip()
