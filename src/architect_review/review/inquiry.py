"""Everything the model was asked in one run, and what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from architect_review.prompt.answer import Answer
from architect_review.review.finding import Finding
from architect_review.review.merging import Merged
from architect_review.review.reply import Looked, Reply, Usage
from architect_review.review.verification import Verdicts
from architect_review.vocabulary import Check


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The replies of all steps, and the candidates that they left.

    `replies` are about the parts of the change, `merging` about all of them together,
    `checks` about candidates. `without_model` says why nothing was asked, "" if it was.
    """

    replies: Sequence[Reply[Answer]] = ()
    merging: Sequence[Reply[Merged]] = ()
    checks: Sequence[Reply[Verdicts]] = ()
    candidates: tuple[Finding, ...] = ()
    without_model: str = ""

    @property
    def every(self) -> Iterator[Reply[Any]]:
        """All replies in the order of their steps."""
        yield from self.replies
        yield from self.merging
        yield from self.checks

    @property
    def usage(self) -> Usage:
        """What all of them cost."""
        return sum((reply.usage for reply in self.every), Usage())

    @property
    def notes(self) -> tuple[str, ...]:
        """Every note once."""
        return tuple(dict.fromkeys(note for each in self.every for note in each.notes))

    @property
    def lookups(self) -> tuple[Looked, ...]:
        """All that the model looked up."""
        return tuple(looked for each in self.every for looked in each.lookups)

    @property
    def lacks(self) -> str:
        """Which step after the reading failed and why, or ""."""
        for reply in self.merging:
            if reply.failure and not reply.answer:
                return f"the parts were not put together: {reply.failure.detail}"
        left = [each for each in self.candidates if each.check is Check.UNVERIFIED]
        if not left:
            return ""
        noun = "finding was" if len(left) == 1 else "findings were"
        return f"{len(left)} {noun} not checked: {left[0].check_reason}"
