"""What was really said of what was to be said."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from architect_review.change.change import Conversation


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was really said.

    `refused` are fingerprints whose comments were not accepted; `unposted` says why
    nothing at all could be written, `stale` why nothing was to be said any more, and
    `untold` why the lead was to be told and was not; each is "" otherwise.
    """

    refused: frozenset[str] = frozenset()
    leads: tuple[str, ...] = ()
    lead_notified: bool = False
    review_url: str = ""
    summary_url: str = ""
    unposted: str = ""
    stale: str = ""
    untold: str = ""
    notes: tuple[str, ...] = ()
    owed: tuple[str, ...] = ()
    """What the platform did not take for now, as `Ledger.owed` has it."""
    met: "Conversation | None" = None
    """What stood there when it was said, where that is not what the run had read."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """Everything that did not go as it should, in sentences."""
        untold = f"the project lead was not told: {self.untold}" if self.untold else ""
        return (*filter(None, (self.unposted, self.stale, untold)), *self.notes)
