"""A work tree as a person edits it: read and added to, never through a link."""

import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from architect_review.adapters.git.program import Git, text
from architect_review.change.snapshot import FILE_LIMIT
from architect_review.errors import SettingsError, SourceError
from architect_review.request.decisions import is_record

PATHS_LIMIT = 200_000
"""Files that are listed; a work tree with more is listed as none."""

_CREDENTIALS = re.compile(r"(?<=:)//[^/@]*@")


class WorkTree:
    """The files below `top`, the folder that holds `.git`."""

    def __init__(self, top: Path) -> None:
        self.top = top

    @classmethod
    def around(cls, path: Path) -> "WorkTree":
        """The work tree that a folder or file is in. Raises SourceError without one."""
        start = path.resolve()
        for folder in (start, *start.parents):
            if (folder / ".git").exists():
                return cls(folder)
        raise SourceError(
            f"{path} is in no clone of a repository: give the folder of one, or run "
            "`git init` first"
        )

    @property
    def default_branch(self) -> str:
        """The branch that others start from, as far as the clone knows; "" if not."""
        git = Git(self.top)
        for ref in ("refs/remotes/origin/HEAD", "HEAD"):
            done = git.attempt("symbolic-ref", "--short", ref)
            if done.returncode == 0:
                return text(done.stdout).strip().removeprefix("origin/")
        return ""

    @property
    def origin(self) -> str:
        """The address that the clone was made from, without credentials; "" if none."""
        done = Git(self.top).attempt("config", "--local", "--get", "remote.origin.url")
        return _CREDENTIALS.sub("//", text(done.stdout).strip())

    def read(self, paths: Iterable[str]) -> dict[str, str]:
        """Texts of files; absent, linked, large and binary ones are left out.

        A path that ends in a slash stands for the records directly in that folder.
        """
        found: dict[str, str] = {}
        for path in paths:
            for each in self._records(path) if path.endswith("/") else (path,):
                given = self._text(each)
                if given is not None:
                    found[each] = given
        return found

    def paths(self) -> frozenset[str]:
        """Every file but those of git itself; links are not followed."""
        found: list[str] = []
        for folder, folders, files in os.walk(self.top):
            folders[:] = [name for name in folders if name != ".git"]
            inside = Path(folder).relative_to(self.top)
            found += [(inside / name).as_posix() for name in files]
            if len(found) > PATHS_LIMIT:
                return frozenset()
        return frozenset(found)

    def write(self, files: Mapping[str, str], *, force: bool) -> tuple[str, ...]:
        """Write files, all or none; returns the paths of those that changed.

        Raises SettingsError for one that is there with another text, unless `force`,
        and for anything in the way that is a link or no file.
        """
        changed = tuple(
            path for path, wanted in files.items() if self._kept(path) != wanted
        )
        for path in changed:
            if self._kept(path) is not None and not force:
                raise SettingsError(
                    f"{path} is there already and says something else: nothing was "
                    "written. See what would be with --print, or write over it with "
                    "--force"
                )
        for path in changed:
            whole = self.top / path
            whole.parent.mkdir(parents=True, exist_ok=True)
            beside = whole.with_name(f".{whole.name}.{os.getpid()}")
            with beside.open("x", encoding="utf-8", newline="\n") as file:
                file.write(files[path])
            beside.replace(whole)
        return changed

    def _kept(self, path: str) -> str | None:
        """The text of a file that may be written; None for one that is not there."""
        if where := self._link(path):
            raise SettingsError(
                f"{where} is a link: nothing was written. Make it a folder or a file "
                "of its own"
            )
        whole = self.top / path
        if not whole.exists():
            return None
        if not whole.is_file():
            raise SettingsError(f"{path} is no file: nothing was written")
        return whole.read_text(encoding="utf-8", errors="replace")

    def _link(self, path: str) -> str:
        """The first part of a path that is a link or leads outside; "" for none."""
        where = Path()
        for part in Path(path).parts:
            where /= part
            if part == ".." or where.is_absolute() or (self.top / where).is_symlink():
                return where.as_posix()
        return ""

    def _text(self, path: str) -> str | None:
        whole = self.top / path
        if self._link(path):
            return None
        try:
            state = whole.stat()
            if not stat.S_ISREG(state.st_mode) or state.st_size > FILE_LIMIT:
                return None
            data = whole.read_bytes()
        except (OSError, ValueError):
            return None
        return None if b"\0" in data else data.decode("utf-8", "replace")

    def _records(self, folder: str) -> list[str]:
        name = folder.rstrip("/")
        if self._link(name) or not (self.top / name).is_dir():
            return []
        inside = sorted(f"{name}/{each.name}" for each in (self.top / name).iterdir())
        return [path for path in inside if is_record(path, {name})]
