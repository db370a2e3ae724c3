"""Where words stand in the whole repository at the head, changed files or not."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from architect_review.change.paths import PathKind, kind_of
from architect_review.change.snapshot import Entry, EntryKind, Snapshot
from architect_review.errors import SourceError

WORDS_LIMIT = 60
"""Words that one change may have searched for."""
PER_WORD_LIMIT = 2_000
"""Mentions kept of one word."""
SEARCHED_LIMIT = 200_000_000
"""Characters of all files that are searched."""
LINE_LIMIT = 200
"""Characters kept of a line."""
_UNREAD = (PathKind.VENDORED, PathKind.LOCK, PathKind.GENERATED, PathKind.ASSET)


@dataclass(frozen=True, slots=True)
class Mention:
    """A line at the head that holds a word; `line` is 1-based, `text` the line."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a search of the head found.

    A word that was searched for and stands nowhere has an empty entry; one that was
    not searched for has none. `paths` are all files at the head. `missing` says why
    not everything was searched, "" when it was.
    """

    of: Mapping[str, tuple[Mention, ...]] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()
    missing: str = ""


UNASKED = Mentions()
"""No word was searched for."""


def is_searched(path: str) -> bool:
    """Whether people write this file: vendored and generated ones are not searched."""
    return kind_of(path) not in _UNREAD


def search(snapshot: Snapshot, words: Collection[str]) -> Mentions:
    """Find words that stand by themselves in the files that people write.

    A failure is named in the answer, never raised.
    """
    patterns = {word: alone(word) for word in words}
    found: dict[str, list[Mention]] = {word: [] for word in words}
    room = SEARCHED_LIMIT
    missing = ""
    try:
        paths = frozenset(files(snapshot.entries()))
        for path, text in snapshot.texts(filter(is_searched, sorted(paths))):
            room -= len(text)
            if room < 0:
                megabytes = SEARCHED_LIMIT // 1_000_000
                missing = f"only the first {megabytes} MB of the files were searched"
                break
            for word, pattern in patterns.items():
                kept = found[word]
                if word in text and len(kept) < PER_WORD_LIMIT:
                    kept += _lines(path, text, pattern, PER_WORD_LIMIT - len(kept))
    except SourceError as error:
        return Mentions(missing=str(error))
    of = {word: tuple(each) for word, each in found.items()}
    return Mentions(of, paths, missing)


def files(entries: Mapping[str, Entry]) -> Iterator[str]:
    """The paths of files: neither links nor submodules."""
    return (path for path, each in entries.items() if each.kind is EntryKind.FILE)


def alone(word: str) -> re.Pattern[str]:
    """A word by itself; an edge that is no word character needs no boundary."""
    before = r"(?<!\w)" if re.match(r"\w", word) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", word) else ""
    return re.compile(before + re.escape(word) + after)


def _lines(path: str, text: str, pattern: re.Pattern[str], most: int) -> list[Mention]:
    """The lines that hold a word, each once."""
    found: list[Mention] = []
    number, start = 1, 0
    for match in pattern.finditer(text):
        number += text.count("\n", start, match.start())
        start = match.start()
        if not found or found[-1].line != number:
            begin = text.rfind("\n", 0, start) + 1
            end = text.find("\n", start)
            line = text[begin : end if end >= 0 else len(text)]
            found.append(Mention(path, number, line[:LINE_LIMIT]))
        if len(found) == most:
            break
    return found
