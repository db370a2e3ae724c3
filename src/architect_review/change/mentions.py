"""Where words stand in the whole repository at the head, changed files or not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

WORDS_LIMIT = 60
"""Words that one change may have searched for."""
PER_WORD_LIMIT = 40
"""Mentions kept of one word."""


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
    nothing was searched, "" when it was.
    """

    of: Mapping[str, tuple[Mention, ...]] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()
    missing: str = ""
