"""Single things to be written on a pull request, as data.

They are for what is said between reviews: answers, reactions, settled threads.
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
    """React to a comment; `subject` is its node."""

    subject: str
    reaction: Reaction


@dataclass(frozen=True, slots=True)
class Say:
    """Comment on the pull request."""

    body: Markdown


@dataclass(frozen=True, slots=True)
class Reply:
    """Reply in a review thread; `thread` is its node."""

    thread: str
    body: Markdown


@dataclass(frozen=True, slots=True)
class Resolve:
    """Resolve a review thread, or with `is_undone` open it again."""

    thread: str
    is_undone: bool = False


Write = React | Say | Reply | Resolve
