"""Which changed files belong together: by where they lie and what they are called."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from architect_review.change.diff import FileChange

# Folders that say what a file is for, not what it is about.
_ROLES = frozenset({
    "src", "lib", "test", "tests", "testing", "__tests__", "spec", "specs", "e2e",
    "unit", "integration", "migrations", "versions", "alembic",
})  # fmt: skip
_AFFIXES = re.compile(r"^(?:test|tests|spec)[_.-]|[_.-](?:test|tests|spec)$", re.I)
# Names that many packages have, and which therefore say nothing.
_COMMON = frozenset({
    "__init__", "index", "main", "conftest", "setup", "types", "base", "common",
    "utils", "readme", "models", "views", "urls", "admin", "apps", "settings", "config",
})  # fmt: skip
_LEAST = 4


def _home(path: str) -> tuple[str, ...]:
    """The package: a test's and a migration's are those of what they are about."""
    folders = path.split("/")[:-1]
    return tuple(each for each in folders if each.lower() not in _ROLES)


def _subject(path: str) -> str:
    """What a file's name is about, "" where that says nothing."""
    stem = PurePosixPath(path).name.split(".", 1)[0]
    whole = PurePosixPath(path).name.rsplit(".", 1)[0]
    name = _AFFIXES.sub("", whole) if whole != stem else stem
    name = _AFFIXES.sub("", name).lower()
    return "" if name in _COMMON or len(name) < _LEAST else name


class Relatives:
    """The files of a change, in an order of risk, by what they belong to."""

    def __init__(self, files: Iterable[FileChange]) -> None:
        self._homes: dict[tuple[str, ...], list[FileChange]] = defaultdict(list)
        self._subjects: dict[str, list[FileChange]] = defaultdict(list)
        for file in files:
            self._homes[_home(file.path)].append(file)
            if subject := _subject(file.path):
                self._subjects[subject].append(file)

    def of(self, file: FileChange) -> Iterator[FileChange]:
        """Files of the same name first, then those of the same package.

        Each in the order of risk; a file may come twice.
        """
        if subject := _subject(file.path):
            yield from self._subjects[subject]
        yield from self._homes[_home(file.path)]
