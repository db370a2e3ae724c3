"""The rule that a finding says is broken: shown only where it is really written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from architect_review.prompt.answer import RawFinding
from architect_review.request import decisions

LEAST_WORDS = 3
"""Words of the shortest quote that proves anything."""
QUOTE_LIMIT = 1_000
"""Characters of the longest quote that is looked for."""

_MARKS = "\"'“”„‘’«» \t\r\n"


@dataclass(frozen=True, slots=True)
class Cited:
    """A rule of the project and the words of it that the change breaks.

    `line` is where the quote begins in the file at the tip of the base branch, 1-based.
    """

    path: str
    title: str
    quote: str
    line: int


def cited(raw: RawFinding, texts: Mapping[str, str]) -> Cited | None:
    """The rule that a finding cites; None where its quote stands in none.

    `texts` are the rules by path (`Policy.rules`). White space and quotation marks
    around the quote do not count. A file named wrongly is forgiven when the quote
    stands in exactly one rule.
    """
    words = raw.rule_quote.strip(_MARKS).split()
    path = raw.rule.strip(f"{_MARKS}`").removeprefix("./")
    if not path or not _is_proof(words):
        return None
    own = {path: texts[path]} if path in texts else {}
    found = list(_places(words, own)) or list(_places(words, texts))
    if len(found) != 1:
        return None
    ((named, line),) = found
    title = decisions.parse(named, texts[named]).title
    return Cited(named, title, " ".join(words), line)


def _is_proof(words: list[str]) -> bool:
    spoken = sum(bool(re.search(r"\w", word)) for word in words)
    return spoken >= LEAST_WORDS and sum(map(len, words)) <= QUOTE_LIMIT


def _places(words: list[str], texts: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The files that hold the words in this order, and the line of the first."""
    together = r"\s+".join(map(re.escape, words))
    pattern = re.compile(rf"(?:(?<!\w)|(?!\w)){together}(?:(?!\w)|(?<!\w))")
    for path, text in texts.items():
        if place := pattern.search(text):
            yield path, text.count("\n", 0, place.start()) + 1
