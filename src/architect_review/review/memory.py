"""What was said before, read back from our own comments."""

import re

from architect_review.change.change import Conversation, Remark
from architect_review.review.ledger import MARKER, KnownFinding, Ledger, decode
from architect_review.vocabulary import Severity

LEAD_MARKER = "<!-- architect-review:lead"
_FINDING = re.compile(
    r"<!-- architect-review:finding v1 ([0-9a-f]{16}) F(\d{1,5}) "
    r"(critical|high|medium|low) -->"
)
_LEAD = re.compile(LEAD_MARKER + r" v1 ([a-z0-9:, -]*) -->")
_REVIEW = re.compile(r"<!-- architect-review:review v1 ([0-9a-f]{40,64}) -->")


def finding_marker(fingerprint: str, number: int, severity: Severity) -> str:
    """The hidden line at the head of a finding's own comment."""
    return f"<!-- architect-review:finding v1 {fingerprint} F{number} {severity} -->"


def lead_marker(keys: tuple[str, ...]) -> str:
    """The hidden line at the head of the lead's comment: the reasons it tells."""
    return f"{LEAD_MARKER} v1 {','.join(keys)} -->"


def review_marker(head: str) -> str:
    """The hidden line at the head of a review's body: the commit it was made of."""
    return f"<!-- architect-review:review v1 {head} -->"


def summary_comment(conversation: Conversation) -> Remark | None:
    """Our summary comment, the oldest if there are several."""
    return next(
        (
            remark
            for remark in conversation.comments
            if remark.is_ours and remark.body.lstrip().startswith(MARKER)
        ),
        None,
    )


def reviewed_heads(conversation: Conversation) -> frozenset[str]:
    """The commits that reviews of ours were made of."""
    return frozenset(
        match[1]
        for remark in conversation.reviews
        if remark.is_ours and (match := _REVIEW.match(remark.body.lstrip()))
    )


def recall(conversation: Conversation) -> Ledger:
    """The ledger, completed from our threads and lead comments.

    A run that was cut off after its review but before its summary has left its
    findings in the threads; they count as said.
    """
    summary = summary_comment(conversation)
    ledger = (decode(summary.body) if summary else None) or Ledger()
    known = {each.fingerprint: each for each in ledger.findings}
    for thread in conversation.threads:
        for remark in thread.remarks[:1]:
            match = _FINDING.match(remark.body.lstrip()) if remark.is_ours else None
            if match:
                entry = known.get(match[1])
                known[match[1]] = KnownFinding(
                    number=entry.number if entry else int(match[2]),
                    fingerprint=match[1],
                    severity=Severity(match[3]),
                    is_posted=True,
                )
    told = dict.fromkeys(ledger.told)
    for remark in conversation.comments:
        lead = _LEAD.match(remark.body.lstrip()) if remark.is_ours else None
        if lead:
            told.update(dict.fromkeys(filter(None, lead[1].split(","))))
    findings = sorted(known.values(), key=lambda each: each.number)
    return ledger.model_copy(update={"findings": tuple(findings), "told": tuple(told)})
