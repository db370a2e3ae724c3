"""One run, from a request to a report. There is one pipeline for all ways in."""

from collections.abc import Mapping
from dataclasses import replace

from architect_review.audience import may_be_told
from architect_review.change.change import Conversation
from architect_review.errors import ArchitectError, PublishError
from architect_review.inquiring import inquire
from architect_review.ports import Source, Tools
from architect_review.preparation import Prepared, prepare
from architect_review.publication.compose import compose
from architect_review.publication.publication import Audience, Publication
from architect_review.publication.receipt import Receipt
from architect_review.report.report import Report
from architect_review.report.withholding import checked
from architect_review.request.events import Request
from architect_review.request.policy import Lead, Policy
from architect_review.review.conclusion import Review, conclude, unheard
from architect_review.review.inquiry import Inquiry
from architect_review.review.joining import may_comment
from architect_review.review.memory import recall
from architect_review.review.rebasing import on_base


def run(
    request: Request, inputs: Mapping[str, str], pins: Mapping[str, str], tools: Tools
) -> Report:
    """Review what was asked for and say so. Raises ArchitectError if it cannot.

    Who may ask for it is no longer asked here (`commanding`).
    """
    ready = prepare(request, inputs, pins, tools)
    if isinstance(ready, Report):
        return _ended(ready, tools)
    if ready.is_rebased and ready.policy.settings.lead_gate:
        # Until its review has ended, or where that fails, nothing may be merged by
        # what was said of the old base.
        tools.settle()
    inquiry = inquire(ready, tools)
    publication = _said(ready, inquiry, tools)
    receipt, failure = _publish(publication, tools)
    if receipt.met and publication.renewed:
        publication = publication.renewed(receipt.met)
    review = unheard(publication.review) if receipt.untold else publication.review
    report = Report.of(ready.change, ready.policy, review, receipt, tools.elapsed())
    if failure:
        report = report.failed(failure)
    elif receipt.stale:
        report = report.outdated(receipt.stale)
    return _ended(report, tools, publication, receipt)


def _said(ready: Prepared, inquiry: Inquiry, tools: Tools) -> Publication:
    """What this run says, and how it would say it after what was said meanwhile."""
    first = _concluded(ready, inquiry)
    audience = _audience(ready.policy, first, ready.change.author, tools.source)
    seconds = tools.elapsed()

    def said(at: Prepared, review: Review) -> Publication:
        told = audience if review.new_reasons else None
        publication = compose(at.change, at.policy, review, told, seconds)
        return replace(publication, renewed=renewed)

    def renewed(conversation: Conversation) -> Publication:
        change = replace(ready.change, conversation=conversation)
        ledger = on_base(recall(conversation), change.base_ref, conversation)
        now = replace(ready, change=change, ledger=ledger)
        return said(now, _concluded(now, inquiry))

    return said(ready, first)


def _concluded(ready: Prepared, inquiry: Inquiry) -> Review:
    change = ready.change
    return conclude(
        change,
        ready.found,
        ready.plan,
        inquiry,
        ready.policy,
        ready.ledger,
        may_comment=may_comment(change, change.conversation),
    )


def _audience(
    policy: Policy, review: Review, author: str, source: Source
) -> Audience | None:
    """Who is to be told of the new reasons; None when there are none."""
    if not review.new_reasons:
        return None
    owners = {owner: True for each in review.new_reasons for owner in each.owners}
    named = {lead.handle: lead.is_trusted for lead in policy.leads} | owners
    told: list[Lead] = []
    silent: list[Lead] = []
    for handle, is_trusted in named.items():
        lead = Lead(handle, is_trusted)
        try:
            may_notify = may_be_told(lead, source)
        except ArchitectError as error:
            # The review is paid for: it is said, and the next run asks again.
            return Audience((), (lead,), str(error))
        (told if may_notify else silent).append(lead)
    others = [lead for lead in told if lead.handle.lower() != author.lower()]
    return Audience(tuple(others or told), tuple(silent))


def _publish(publication: Publication, tools: Tools) -> tuple[Receipt, str]:
    receipt = Receipt(untold=publication.untold)
    tools.progress.step("publishing")
    for publisher in tools.publishers:
        try:
            receipt = publisher.publish(publication, receipt)
        except PublishError as error:
            return replace(receipt, unposted=str(error)), str(error)
    told = filter(None, (tools.guard.why,))
    return replace(receipt, notes=(*receipt.notes, *told)), ""


def _ended(
    report: Report,
    tools: Tools,
    publication: Publication | None = None,
    receipt: Receipt | None = None,
) -> Report:
    report = checked(report, tools.guard)
    for recorder in tools.recorders:
        recorder.record(report, publication, receipt or Receipt())
    return report
