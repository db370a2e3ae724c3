"""Architecture decision records: their status, and the paths that they protect.

Sources: the templates of Nygard and of MADR; `applies_to` is this project's own.
"""

import re
from collections.abc import Iterator, Mapping

from architect_review.change.mentions import Mention
from architect_review.change.sides import matches
from architect_review.request import decisions
from architect_review.signals.reading import Yaml, checked

RECORDS = (
    "docs/adr*/*.md",
    "doc/adr*/*.md",
    "adr/*.md",
    "adrs/*.md",
    "docs/decisions/*.md",
    "docs/architecture/decisions/*.md",
    "**/docs/adr*/*.md",
    "**/docs/decisions/*.md",
)
PROTECTS = ("applies_to", "applies-to")
"""Keys of a record's front matter whose globs say which paths it protects."""
GLOBS_LIMIT = 20
"""Globs of one line that count."""

_SUPERSEDES = re.compile(r"[*_\s-]*supersedes\b[*_]*+\s*+:?\s*+[*_]*+\s*+(\S.*)", re.I)
_PROTECTS = re.compile(r"[*_\s-]*applies[_-]to[*_]*\s*:\s*(\S.*)")


def is_record(path: str) -> bool:
    """Whether a file is a decision record by where it lies."""
    return matches(path, RECORDS)


def record(path: str, text: str) -> Mapping[str, Yaml]:
    """A record's `status` and what it `supersedes`. Raises UnreadableError."""
    lines = checked(text).split("\n")
    stated = decisions.status(lines)
    found = {"status": Yaml(*stated)} if stated else {}
    for number, line in enumerate(lines, 1):
        older = _SUPERSEDES.match(line)
        if older and "supersedes" not in found:
            found["supersedes"] = Yaml(number, older[1].strip().strip("*_\"'"))
    return found


def protected(mention: Mention) -> Iterator[str]:
    """The globs that a line of a record protects, where they stand on that line."""
    line = _PROTECTS.match(mention.text)
    for glob in line[1].strip("[] ").split(",")[:GLOBS_LIMIT] if line else ():
        text = glob.strip().strip("\"'`").removeprefix("/")
        if text and not text.startswith("#"):
            yield f"{text}*" if text.endswith("/") else text
