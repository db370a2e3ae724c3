"""Two runs on one pull request: neither loses what the other said."""

from architect_review.change.change import Change, Conversation
from architect_review.review.ledger import Ledger
from architect_review.review.memory import recall, reviewed_heads
from architect_review.vocabulary import Status


def overtaken(change: Change, before: Ledger, now: Conversation) -> str:
    """Why this run has nothing to add: another reviewed the same meanwhile.

    `before` is what was remembered when this run began. A review that is not whole
    does not count: what it said is known to this one then. Returns "" otherwise.
    """
    ledger = recall(now)
    is_newer = ledger.rounds > before.rounds
    is_same = ledger.is_of(change.head_sha, change.base_ref)
    if is_newer and is_same and ledger.status is Status.REVIEWED:
        return f"another run reviewed {change.head_sha[:7]} meanwhile"
    return ""


def may_comment(change: Change, now: Conversation) -> bool:
    """Whether a review may be posted: there is never a second one for a head."""
    return change.head_sha not in reviewed_heads(now)
