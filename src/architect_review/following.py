"""What else happens to a pull request: a lead reviews it, it is closed."""

from collections.abc import Mapping

from architect_review.errors import PublishError
from architect_review.ports import Desk, Tools
from architect_review.publication.writes import React, Reaction
from architect_review.report.parts import ReportOutcome
from architect_review.report.report import Report
from architect_review.request.conversation import Closed, LeadReview, ReviewState
from architect_review.request.permissions import Refused, Silent
from architect_review.review import signing
from architect_review.review.memory import recall
from architect_review.review.outcome import tally
from architect_review.review.signing import Withdrawn
from architect_review.talking import ended, numbered, opened
from architect_review.vocabulary import Status


def review_of_lead(
    asked: LeadReview, inputs: Mapping[str, str], desk: Desk, tools: Tools
) -> Report:
    """Let a lead's review sign off, or take that back. Raises ArchitectError.

    Nobody is answered: a review of GitHub's own is no question to us.
    """
    found, policy = opened(desk, inputs)
    change = found.change
    if not policy.settings.lead_gate:
        why = "nothing is signed off here: `lead-gate` is off"
        return ended(Status.SKIPPED, why, asked.repository, asked.number, tools)
    is_approval = asked.state is ReviewState.APPROVED
    role = desk.role(asked.author) if is_approval else "none"
    who = signing.signer(
        asked.author,
        role,
        policy,
        desk.is_member if is_approval else lambda team, login: None,
        is_author=asked.is_author,
    )
    ledger = recall(change.conversation)
    answer = signing.by_review(asked, who, ledger, change, policy)
    if isinstance(answer, Silent | Refused):
        why = answer.reason if isinstance(answer, Refused) else "not by a lead"
        return ended(Status.SKIPPED, why, asked.repository, asked.number, tools)
    review = numbered(change.conversation.reviews, asked.review_id)
    if isinstance(answer, Withdrawn):
        said = "an approval of this reviewer's counts no longer, if there was one"
    elif review is None:
        raise PublishError("the approving review could not be found: approve again")
    else:
        said = answer.said
        if not review.is_heeded:
            desk.close([React(review.node, Reaction.ROCKET)])
    said = "; ".join(filter(None, (said, desk.settle())))
    return ended(Status.SKIPPED, said, asked.repository, asked.number, tools)


def closed(
    asked: Closed, inputs: Mapping[str, str], desk: Desk, tools: Tools
) -> Report:
    """Count what became of the findings. Raises ArchitectError."""
    found, _ = opened(desk, inputs)
    count = tally(recall(found.change.conversation))
    how = "merged" if asked.is_merged else "closed without being merged"
    why = f"the pull request was {how}; {count.addressed} of {count.published} "
    why += f"finding{'' if count.published == 1 else 's'} addressed"
    if not count.published:
        why = f"the pull request was {how}; it had no findings"
    return ended(
        Status.SKIPPED,
        why,
        asked.repository,
        asked.number,
        tools,
        outcome=ReportOutcome(
            published=count.published,
            fixed=count.fixed,
            dismissed=count.dismissed,
            ignored=count.left if asked.is_merged else 0,
            is_merged=asked.is_merged,
        ),
    )
