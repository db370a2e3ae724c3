"""Decide every word that will be said. Nothing is sent from here."""

from functools import partial
from typing import Any

from architect_review.change.change import Change
from architect_review.prompt.answer import SECTIONS
from architect_review.prompt.coverage import REVIEWED_BEFORE
from architect_review.publication.diagram import mermaid
from architect_review.publication.markdown import Markdown
from architect_review.publication.places import Places
from architect_review.publication.publication import (
    Audience,
    FileComment,
    InlineComment,
    LeadComment,
    Publication,
    ThreadReply,
)
from architect_review.publication.receipt import Receipt
from architect_review.publication.rendering import render
from architect_review.request.policy import Policy
from architect_review.review.conclusion import (
    Review,
    next_ledger,
    read_files,
    unheard,
)
from architect_review.review.finding import Finding
from architect_review.review.memory import (
    finding_marker,
    lead_marker,
    review_marker,
)
from architect_review.review.settling import Turn, due, turn_marker
from architect_review.review.touched import touched
from architect_review.vocabulary import Fate, How, Severity, Status

TOP_FINDINGS = 3
NAMED_SETTLED = 8
"""Findings that were fixed, and that were dismissed, named in the summary."""
LISTED_FILES = 50
"""Files named in the coverage fold; the report has them all."""
SUMMARY_LIMIT = 60_000
"""UTF-8 bytes of a comment: below what GitHub was seen to accept."""


def compose(
    change: Change,
    policy: Policy,
    review: Review,
    audience: Audience | None,
    seconds: float,
) -> Publication:
    """Put a conclusion into words."""
    values = _values(change, policy, review, audience, seconds)
    fresh = [each for each in review.findings if not each.is_known]
    inline = tuple(
        InlineComment(each.fingerprint, each.anchor, _comment(each, values))
        for each in fresh
        if each.fate is Fate.INLINE and each.anchor
    )
    filed = tuple(
        FileComment(each.fingerprint, each.path, _comment(each, values))
        for each in fresh
        if each.fate is Fate.FILED
    )
    said = _render("review.md.j2", values, count=len(inline))

    def long_form(receipt: Receipt) -> Markdown:
        return _render("step-summary.md.j2", values, **_told(review, receipt))

    return Publication(
        change,
        policy,
        review,
        Markdown(f"{review_marker(change.head_sha)}\n\n{said}"),
        inline,
        filed,
        _lead_comment(review, audience, values),
        audience.unknown if audience else "",
        partial(_summary, values, change),
        long_form,
        _thread_replies(change, review, values),
    )


def _thread_replies(
    change: Change, review: Review, values: dict[str, Any]
) -> tuple[ThreadReply, ...]:
    """What our threads do not say yet of what this run leaves in the memory."""
    ledger = next_ledger(review, change.head_sha, frozenset(), told=())
    replies = []
    for each in due(ledger, change.conversation):
        is_fixed = each.turn is Turn.FIXED
        said = _render(
            "thread-turn.md.j2",
            values,
            is_fixed=is_fixed,
            is_word=each.is_word,
            head=change.head_sha[:7],
            why=each.why,
        )
        marker = turn_marker(each.fingerprint, each.turn, change.head_sha)
        is_off = each.thread.is_resolved is not is_fixed
        moves = each.thread.can_resolve and is_off and not (is_fixed and each.is_word)
        replies.append(
            ThreadReply(
                each.thread.node,
                each.fingerprint,
                Markdown(f"{marker}\n\n{said}"),
                is_fixed if moves else None,
            )
        )
    return tuple(replies)


def _told(review: Review, receipt: Receipt) -> dict[str, Any]:
    """What the words depend on that is known only once the rest was said."""
    return {
        "review": unheard(review) if receipt.untold else review,
        "refused": receipt.refused,
        "receipt": receipt,
    }


def _summary(values: dict[str, Any], change: Change, receipt: Receipt) -> Markdown:
    """The summary comment, in less detail where it would be too long."""
    told = _told(values["review"], receipt)
    ledger = next_ledger(
        told["review"],
        change.head_sha,
        receipt.refused,
        told=receipt.leads if receipt.lead_notified else (),
        is_untold=bool(receipt.untold),
        undone=receipt.owed,
        base=change.base_ref,
    )
    marker = f"{ledger.encoded()}\n\n"
    body = ""
    for detail in ("full", "short", "bare"):
        body = _render("summary.md.j2", values, **told, detail=detail)
        if len((marker + body).encode()) <= SUMMARY_LIMIT:
            break
    return Markdown(marker + body)


def _render(template: str, values: dict[str, Any], **more: Any) -> Markdown:
    return render(template, **{**values, **more})


def _comment(finding: Finding, values: dict[str, Any]) -> Markdown:
    marker = finding_marker(finding.fingerprint, finding.number, finding.severity)
    body = _render("finding-comment.md.j2", values, finding=finding)
    return Markdown(f"{marker}\n\n{body}")


def _lead_comment(
    review: Review, audience: Audience | None, values: dict[str, Any]
) -> LeadComment | None:
    if audience is None or not audience.leads:
        return None
    keys = tuple(reason.key for reason in review.new_reasons)
    marker = lead_marker(keys, audience.handles)
    body = _render("lead-comment.md.j2", values)
    return LeadComment(Markdown(f"{marker}\n\n{body}"), audience.handles)


def _values(
    change: Change,
    policy: Policy,
    review: Review,
    audience: Audience | None,
    seconds: float,
) -> dict[str, Any]:
    read, should = read_files(review.coverage)
    published = review.published
    not_read = [
        each for each in review.coverage if each.how is not How.READ or each.is_gap
    ]
    places = Places(change)
    return {
        "links": places.links,
        "change": change,
        "review": review,
        "policy": policy,
        "published": published,
        "top": published[:TOP_FINDINGS],
        "counts": {severity: review.count(severity) for severity in Severity},
        "withheld": len(review.findings) - len(published),
        "read": read,
        "should": should + change.unlisted,
        "other": sum(
            not each.is_gap and each.reason != REVIEWED_BEFORE for each in not_read
        ),
        "not_read": not_read,
        "listed_files": LISTED_FILES,
        "named": NAMED_SETTLED,
        "sections": {SECTIONS[name]: text for name, text in review.sections.items()},
        "audience": audience,
        "several_agents": len({each.agent for each in review.findings}) > 1,
        "touched": touched(change.diff),
        "diagram": mermaid(review.signals.impact) if review.signals.impact else None,
        "seconds": seconds,
        "place": places.place,
        "where": places.where,
        "rule": places.rule,
        "Status": Status,
        "Fate": Fate,
    }
