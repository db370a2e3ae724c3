"""The files of a bundle: written privately and whole, read with suspicion."""

import json
import os
import stat
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from architect_review.errors import ArchitectError, SettingsError

MANIFEST = "manifest.json"
CHANGE = "change.json"
SOURCE = "source.json"
TEXTS = "texts.json"
REPLIES = "replies.json"
PUBLICATION = "publication.json"
CALLS = "calls"
FILE_LIMIT = 1_000_000_000
"""Bytes of one file of a bundle that is read."""

PLACE_LIMIT = 200
"""Characters of where in a file something is wrong."""


class BundleError(ArchitectError):
    """A folder is no bundle that can be replayed."""


def written(data: Any) -> bytes:
    """JSON as it stands in a bundle; equal data are equal bytes."""
    try:
        return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:  # a lone surrogate, which no UTF-8 can hold
        return (json.dumps(data, indent=1) + "\n").encode()


class Folder:
    """A new folder that only its owner can read.

    As root (in a container) all of it is given to the owner of the folder around it:
    who started the container must be able to read and remove it.
    """

    def __init__(self, path: Path) -> None:
        """Raises SettingsError where there is no new or empty folder to be had."""
        self.path = Path(os.path.abspath(path))  # noqa: PTH100 - keeps links as links
        whole = self.path.resolve()
        if any(part.lower() == ".git" for part in (*self.path.parts, *whole.parts)):
            raise SettingsError(f"{path} lies in a .git folder: record elsewhere")
        try:
            self._owner = _nearest(self.path).stat()
            new = [
                each for each in (self.path, *self.path.parents) if not each.exists()
            ]
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(self.path.iterdir()):
                raise SettingsError(
                    f"{path} is not empty: a recording needs a folder of its own"
                )
            self.path.chmod(0o700)
            for each in new:
                self._give(each)
        except OSError as error:
            raise SettingsError(f"{path} cannot be recorded to: {error}") from error

    def write(self, name: str, data: Any) -> None:
        """Write one file, whole or not at all. Raises OSError."""
        path = self.path / name
        if path.parent != self.path:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            self._give(path.parent)
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with open(os.open(new, flags, 0o600), "wb") as file:  # noqa: PTH123
            file.write(written(data))
        self._give(new)
        new.replace(path)

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self._owner.st_uid, self._owner.st_gid)


def _nearest(path: Path) -> Path:
    """The folder around it, or the first around that which exists."""
    return next(each for each in path.parents if each.exists())


def read(folder: Path, name: str, limit: int = FILE_LIMIT) -> Any:
    """What a file of a bundle holds. Raises BundleError."""
    try:
        return json.loads(content(folder, name, limit))
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{folder / name} is damaged: {error}") from error


def damaged(path: Path, error: Exception) -> BundleError:
    """The error for a file that does not hold what it should."""
    if not isinstance(error, ValidationError):
        return BundleError(f"{path} is damaged: {error}")
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])[:PLACE_LIMIT]
    return BundleError(f"{path} is damaged at {place or 'its root'}: {first['msg']}")


def content(folder: Path, name: str, limit: int = FILE_LIMIT) -> bytes:
    """The bytes of a file of a bundle, of at most `limit` bytes. Raises BundleError.

    It may come from anywhere: a link, a device and a huge file are not read.
    """
    path = folder / name
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        with open(os.open(path, flags), "rb") as file:  # noqa: PTH123
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
                raise BundleError(f"{path} is no file of a bundle, or far too large")
            return file.read(limit)
    except FileNotFoundError as error:
        raise BundleError(f"{folder} is no bundle: it has no {name}") from error
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error}") from error
