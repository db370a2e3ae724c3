"""What became of everything that was said, counted when the pull request closes."""

from dataclasses import dataclass

from architect_review.review.ledger import Ledger, State


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings were published, and where they stand."""

    published: int
    fixed: int
    dismissed: int

    @property
    def addressed(self) -> int:
        """Those that were fixed, or dismissed with a reason."""
        return self.fixed + self.dismissed

    @property
    def left(self) -> int:
        """Those that nobody did anything about."""
        return self.published - self.addressed

    def __str__(self) -> str:
        return f"{self.addressed}/{self.published}"


def tally(ledger: Ledger) -> Tally:
    """Count the findings that the ledger remembers."""
    states = [each.state for each in ledger.findings]
    dismissed = [
        each.reason for each in ledger.findings if each.state is State.DISMISSED
    ]
    return Tally(
        len(states),
        states.count(State.FIXED),
        sum(any(map(str.isalnum, reason)) for reason in dismissed),
    )
