"""Single things to be written on a pull request, as data: answers, reactions, threads.

Whom and what they are about is named by GitHub's global IDs.
"""

from dataclasses import dataclass
from enum import StrEnum

from architect_review.publication.markdown import Markdown


class Reaction(StrEnum):
    """What is put on a comment: seen, done, not done."""

    EYES = "EYES"
    ROCKET = "ROCKET"
    CONFUSED = "CONFUSED"


@dataclass(frozen=True, slots=True)
class React:
    """React to a comment or a review; again does no harm."""

    subject: str
    reaction: Reaction


@dataclass(frozen=True, slots=True)
class Say:
    """Comment on a pull request; the first line is a marker that nothing else has."""

    pull: str
    body: Markdown


@dataclass(frozen=True, slots=True)
class Reply:
    """Reply in a review thread; the first line is a marker that nothing else has."""

    thread: str
    body: Markdown


@dataclass(frozen=True, slots=True)
class Resolve:
    """Resolve a review thread, or with `is_undone` open it again."""

    thread: str
    is_undone: bool = False


Write = React | Say | Reply | Resolve
