"""Finished work in a folder: one file for each key, written whole or not at all."""

import os
import re
import tempfile
from pathlib import Path

from architect_review.errors import PublishError, SettingsError

_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")
SIZE_LIMIT = 20_000_000
"""Bytes of a file that is read."""


class FolderStore:
    """A folder that outlives the run. Raises SettingsError when it cannot be used.

    A file is written beside its place and renamed, so that whatever kills the run
    leaves whole files only (`rename(2)`). `owner` is the user and group that everything
    is given to, None for who runs this.
    """

    def __init__(self, folder: Path, owner: tuple[int, int] | None = None) -> None:
        self._folder = folder
        self._owner = owner
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if owner:
                os.chown(folder, *owner)
        except OSError as error:
            raise SettingsError(
                f"the state folder {folder} cannot be used: {error}"
            ) from error

    def load(self, key: str) -> str | None:
        """The text under a key; None when there is none that can be read."""
        path = self._path(key)
        try:
            if path.is_symlink() or path.stat().st_size > SIZE_LIMIT:
                return None
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def save(self, key: str, text: str) -> None:
        """Keep a text. Raises PublishError when it cannot be written."""
        path = self._path(key)
        try:
            number, name = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".new")
            with os.fdopen(number, "w", encoding="utf-8", errors="replace") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if self._owner:
                os.chown(name, *self._owner)
            Path(name).replace(path)
        except OSError as error:
            raise PublishError(f"{path} cannot be written: {error}") from error

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key")
        return self._folder / f"{key}.json"


class NoStore:
    """Keeps nothing."""

    def load(self, key: str) -> str | None:
        """Nothing is there."""
        return None

    def save(self, key: str, text: str) -> None:
        """Let it go."""
