"""A pull request that goes to another branch: what its memory still counts for."""

from collections.abc import Iterator

from architect_review.change.change import Conversation, Remark
from architect_review.review.ledger import Ledger


def on_base(ledger: Ledger, base: str, conversation: Conversation) -> Ledger:
    """The ledger as a review against this base may use it.

    What was found, read and told stays: it is known by lines and reasons. What was
    decided does not, however often it is read again: who is a lead is said at the base,
    and on another branch that may be anybody.
    """
    if ledger.is_on(base):
        return ledger
    heeded = (each.at for each in _remarks(conversation) if each.is_heeded)
    last = max(heeded, default="")
    return ledger.model_copy(update={"decision": None, "rebased": last})


def _remarks(conversation: Conversation) -> Iterator[Remark]:
    yield from conversation.comments
    yield from conversation.reviews
    for thread in conversation.threads:
        yield from thread.remarks
