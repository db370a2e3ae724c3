"""The files of one side of a change, as far as look-ups may see them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice

from architect_review.change.mentions import is_searched
from architect_review.change.paths import PathKind, fits, kind_of
from architect_review.change.snapshot import FILE_LIMIT, Entry, EntryKind, Snapshot
from architect_review.errors import ArchitectError
from architect_review.evidence.look_answer import RefusedError

KEPT_LIMIT = 60_000_000
"""Characters of texts that are kept for the next look-up, of each side."""
BATCH = 100
"""Files read at a time."""
NEAREST = 3
COMPARED_LIMIT = 500
COMPARED_LENGTH = 200
"""Paths, and their characters, that are compared with one that does not exist."""
BRACES_LIMIT = 16
"""Globs that one with braces may stand for."""

_ORDER = (
    PathKind.SOURCE,
    PathKind.CONFIGURATION,
    PathKind.DOCUMENTATION,
    PathKind.TEST,
)


class Shelf:
    """One snapshot, opened when it is first needed; texts are read once."""

    def __init__(self, open_: Callable[[], Snapshot]) -> None:
        self._open = open_
        self._failure = ""
        self._entries: Mapping[str, Entry] | None = None
        self._texts: dict[str, str | None] = {}
        self._kept = 0

    def entries(self) -> Mapping[str, Entry]:
        """Every path. Raises RefusedError where there is no list; it stays so."""
        if self._failure:
            raise RefusedError(self._failure)
        try:
            if self._entries is None:
                self._entries = self._open().entries()
            return self._entries
        except ArchitectError as error:
            self._failure = f"the files of this side cannot be listed: {error}"
            raise RefusedError(self._failure) from error

    def text(self, path: str) -> str:
        """A text file's content. Raises RefusedError for anything else."""
        try:
            entries: Mapping[str, Entry] | None = self.entries()
        except RefusedError:
            # Single files can still be had of some sources.
            entries = None
        if entries is not None:
            _check(path, entries)
        found = next(self.texts([path]), None)
        if found is None:
            why = "it is a binary file" if entries else "there is no such text file"
            raise RefusedError(f"{path} is not read: {why}")
        return found[1]

    def texts(self, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Those that are text files, in order. Raises SourceError."""
        waiting = iter(paths)
        while batch := list(islice(waiting, BATCH)):
            unread = [path for path in batch if path not in self._texts]
            read = dict(self._open().texts(unread)) if unread else {}
            for path in batch:
                text = self._texts[path] if path in self._texts else read.get(path)
                self._keep(path, text)
                if text is not None:
                    yield path, text

    def _keep(self, path: str, text: str | None) -> None:
        size = len(text or "")
        if path not in self._texts and self._kept + size <= KEPT_LIMIT:
            self._kept += size
            self._texts[path] = text


def searched(entries: Mapping[str, Entry], glob: str = "") -> list[str]:
    """The files that are searched: sources first, tests last."""
    found = [
        path
        for path, entry in entries.items()
        if entry.kind is EntryKind.FILE
        and entry.size <= FILE_LIMIT
        and is_searched(path)
    ]
    return sorted(matching(found, glob), key=rank)


def rank(path: str) -> int:
    """Where files of a kind stand in an answer."""
    kind = kind_of(path)
    return _ORDER.index(kind) if kind in _ORDER else 1


def checked_path(path: str) -> str:
    """A path that names something in a commit, or RefusedError."""
    plain = path.removeprefix("./").removesuffix("/")
    parts = plain.split("/")
    if "\0" in path or "\\" in path:
        raise RefusedError("a path has no backslash and no NUL: give it as git does")
    if path.startswith("/") or re.match(r"[A-Za-z]:/", path):
        raise RefusedError("an absolute path is not read: give it from the top folder")
    if ".." in parts or "." in parts or "" in parts:
        raise RefusedError(
            'a path with "..", "." or an empty folder is not read: only files of the '
            "two commits are, by their path from the top folder"
        )
    if any(part.lower() == ".git" for part in parts):
        raise RefusedError(
            "git's own folder is not read: only files of the two commits are"
        )
    return plain


def matching(paths: Sequence[str], glob: str) -> list[str]:
    """The paths that fit a glob; one without a wildcard may name a folder too."""
    plain = glob.strip().removeprefix("./").removeprefix("/")
    if plain in ("", "*", "**", "**/*", "."):
        return list(paths)
    if "\\" in plain or "\0" in plain or ".." in plain.split("/"):
        raise RefusedError(
            'a glob has no backslash, NUL or "..": such as "src/**/*.py"'
        )
    globs = _without_braces(plain)
    folders = [
        f"{each.rstrip('/')}/"
        for each in globs
        if each.endswith("/") or not re.search(r"[*?\[]", each)
    ]
    return [
        path
        for path in paths
        if path.startswith(tuple(folders)) or any(fits(path, each) for each in globs)
    ]


def _without_braces(glob: str) -> list[str]:
    """`*.{ts,tsx}` as the globs it stands for."""
    done: list[str] = []
    waiting = [glob]
    while waiting and len(done) + len(waiting) <= BRACES_LIMIT:
        each = waiting.pop()
        match = re.search(r"\{([^{}]*,[^{}]*)\}", each)
        if match is None:
            done.append(each)
            continue
        opening, closing = each[: match.start()], each[match.end() :]
        waiting += [f"{opening}{one}{closing}" for one in match[1].split(",")]
    if waiting:
        raise RefusedError(
            f"a glob with braces stands for {BRACES_LIMIT} globs at most"
        )
    return done


def _check(path: str, entries: Mapping[str, Entry]) -> None:
    """Raise RefusedError unless `path` is a file that may be read."""
    entry = entries.get(path)
    if entry is None:
        raise RefusedError(_unknown(path, entries))
    if entry.kind is EntryKind.LINK:
        raise RefusedError(f"{path} is a symbolic link, and links are never followed")
    if entry.kind is EntryKind.SUBMODULE:
        raise RefusedError(
            f"{path} is a submodule: its files are not in this repository"
        )
    if entry.size > FILE_LIMIT:
        megabytes = entry.size / 1_000_000
        raise RefusedError(
            f"{path} is too large to be read: {megabytes:.1f} MB of 1 MB"
        )


def _unknown(path: str, entries: Mapping[str, Entry]) -> str:
    parts = path.split("/")
    for count in range(1, len(parts)):
        above = entries.get("/".join(parts[:count]))
        if above is not None:
            return f"{'/'.join(parts[:count])} is a {above.kind.value}, not a folder"
    if any(each.startswith(f"{path}/") for each in entries):
        return f"{path} is a folder: list it with list_files, glob {path}/**"
    near = _nearest(path, entries)
    hint = f"; the nearest paths are {', '.join(near)}" if near else ""
    return f"there is no file {path}{hint}"


def _nearest(path: str, entries: Mapping[str, Entry]) -> list[str]:
    """Files of the same name, then those of a similar path."""
    folder, _, name = path.rpartition("/")
    same = [each for each in entries if each.rpartition("/")[2].lower() == name.lower()]
    beside = [each for each in entries if each.rpartition("/")[0] == folder]
    near = get_close_matches(path, _comparable(same), NEAREST, 0.0)
    others = get_close_matches(path, _comparable([*beside, *entries]), NEAREST, 0.6)
    return list(dict.fromkeys([*near, *others]))[:NEAREST]


def _comparable(paths: Iterable[str]) -> list[str]:
    """Some of them: comparing takes the square of their lengths."""
    short = (each for each in dict.fromkeys(paths) if len(each) <= COMPARED_LENGTH)
    return list(islice(short, COMPARED_LIMIT))
