"""A clone with a work tree, as a person has it."""

import os
import subprocess
from pathlib import Path


class Clone:
    """A work tree of a repository, empty at first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=trunk")

    def git(self, *arguments: str) -> None:
        """Run git in it, without the machine's settings."""
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
        environ = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        subprocess.run(
            ["git", *who, *arguments], cwd=self.folder, env=environ, check=True
        )

    def add(self, path: str, text: str) -> Path:
        """Write a file."""
        whole = self.folder / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_text(text, encoding="utf-8")
        return whole

    def commit(self) -> None:
        """Commit all there is."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=All")

    def files(self) -> dict[str, str]:
        """Every file but git's own, by path."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(self.folder).parts
        }
