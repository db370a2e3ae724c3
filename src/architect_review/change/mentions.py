"""Where words stand in the whole repository at the head, changed files or not."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from architect_review.change.paths import PathKind, kind_of

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


def search(
    files: Iterable[tuple[str, str]], paths: Iterable[str], words: Collection[str]
) -> Mentions:
    """Find words that stand by themselves in files, given as pairs of path and text.

    `paths` are those of all files, searched or not.
    """
    patterns = {word: _alone(word) for word in words}
    found: dict[str, list[Mention]] = {word: [] for word in words}
    room = SEARCHED_LIMIT
    missing = ""
    for path, text in files:
        room -= len(text)
        if room < 0:
            megabytes = SEARCHED_LIMIT // 1_000_000
            missing = f"only the first {megabytes} MB of the repository were searched"
            break
        for word, pattern in patterns.items():
            kept = found[word]
            if word in text and len(kept) < PER_WORD_LIMIT:
                kept += _lines(path, text, pattern, PER_WORD_LIMIT - len(kept))
    of = {word: tuple(each) for word, each in found.items()}
    return Mentions(of, frozenset(paths), missing)


def _alone(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")


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
