"""One component's review: from what was kept, or by asking the model."""

from collections.abc import Sequence
from dataclasses import replace

from architect_review.audit.components import Component
from architect_review.audit.keeping import review_from, review_text
from architect_review.audit.results import ComponentReview
from architect_review.auditing.ground import Ground
from architect_review.auditing.tools import Store
from architect_review.change.change import Change
from architect_review.change.content import Seen
from architect_review.change.never_sent import NeverSent
from architect_review.change.paths import Attributes
from architect_review.evidence.pack import Pack, gather
from architect_review.inquiring import inquire
from architect_review.ports import Tools
from architect_review.preparation import Prepared
from architect_review.prompt.answer import RawQuestion
from architect_review.prompt.coverage import classify, left_out
from architect_review.prompt.estimate import Estimate
from architect_review.prompt.plan import Plan, has_use_for_evidence, plan
from architect_review.review import progress
from architect_review.review.conclusion import sections_of
from architect_review.review.ending import covered, ended
from architect_review.review.finding import Finding
from architect_review.review.inquiry import Inquiry
from architect_review.review.ledger import Ledger
from architect_review.signals import Signals
from architect_review.vocabulary import Category, Fate, How, Severity, Status

SEARCHED_LIMIT = 3_000
"""Files of a repository up to which every component's names are searched for in all
of them; beyond, the model looks up what it needs."""


def kept(ground: Ground, component: Component, store: Store) -> ComponentReview | None:
    """The review of exactly this content that an earlier run has settled."""
    key = ground.keys[component.name]
    text = store.load(key) if key else None
    found = review_from(text, key) if text else None
    return replace(found, is_settled=True, is_reused=True) if found else None


def estimated(ground: Ground, component: Component) -> Estimate:
    """What the component's review is likely to cost."""
    found = Signals(ground.facts(component.name).signals)
    return plan(ground.change_of(component), found, ground.policy).estimate


def prepared(ground: Ground, component: Component, ledger: Ledger) -> Prepared:
    """A component as the model is asked about it."""
    change, policy = ground.change_of(component), ground.policy
    found = Signals(ground.facts(component.name).signals)
    never = NeverSent.of(policy.settings.never_send, ground.whole)
    before = progress.before(ledger, change, Seen()).without(never)
    pack = Pack()
    is_searched = len(ground.entries) <= SEARCHED_LIMIT
    if is_searched and has_use_for_evidence(change, found, policy, before):
        pack = gather(never.change(change), {}, never.snapshot(ground.snapshot))
    planned = plan(change, found, policy, pack.of, before)
    return Prepared(change, policy, ledger, found, planned, "", {}, pack.of)


def unasked(ground: Ground, component: Component, ledger: Ledger, why: str) -> Prepared:
    """A component that nobody is asked about: what code finds is there."""
    change, policy = ground.change_of(component), ground.policy
    attributes = Attributes.parse(change.policy.texts.get(".gitattributes", ""))
    never = NeverSent.of(policy.settings.never_send, ground.whole)
    coverage = classify(change, policy.settings.ignore, attributes, never=never)
    reasons = {each.path: why for each in coverage if each.how is How.READ}
    found = Signals(ground.facts(component.name).signals)
    planned = Plan((), left_out(coverage, reasons))
    return Prepared(change, policy, ledger, found, planned, why)


def reviewed(
    ground: Ground, ready: Prepared, tools: Tools, store: Store
) -> ComponentReview:
    """Ask about a component; what is settled is kept at once."""
    name = _name(ready.change)
    inquiry = inquire(ready, tools)
    coverage = covered(ready.plan.coverage, inquiry.replies)
    # Where no line needs a reader there is nothing to ask, and nothing that is lacking.
    status, why = Status.REVIEWED, ""
    is_lacking = any(each.is_gap for each in coverage)
    if ready.plan.requests or ready.without_model or is_lacking:
        status, why = ended(Signals(), coverage, inquiry, 0)
    found = ComponentReview(
        key=ground.keys[name],
        name=name,
        findings=tuple(
            focused(each, ready.policy.settings.audit_focus)
            for each in progress.weighed(
                inquiry.candidates, ready.ledger, ready.change.diff, Seen()
            )
        ),
        sections=sections_of(inquiry),
        questions=_questions(inquiry),
        coverage=coverage,
        usage=inquiry.usage,
        model=next((reply.model for reply in inquiry.replies), ""),
        notes=(*ready.change.notes, *inquiry.notes),
        status=status,
        failure=why,
        is_settled=is_settled(inquiry),
    )
    if found.key and found.is_settled:
        store.save(found.key, review_text(found))
    return found


def is_settled(inquiry: Inquiry) -> bool:
    """Whether asking the same again would bring no more.

    What code cannot show (a file too large, a change of too many parts) it can never
    show of this content; an answer that failed or a claim that was not checked may be
    there the next time.
    """
    has_failed = any(reply.failure for reply in inquiry.every)
    return not (has_failed or inquiry.lacks or inquiry.without_model)


def _name(change: Change) -> str:
    return change.audited.component if change.audited else ""


def focused(finding: Finding, focus: Sequence[Category]) -> Finding:
    """The finding, withheld where the audit was asked about something else."""
    is_asked = not focus or finding.category in focus or finding.is_by_code
    is_grave = finding.severity is Severity.CRITICAL
    if is_asked or is_grave or finding.fate is Fate.WITHHELD:
        return finding
    reason = f"the audit did not ask about {finding.category.value}"
    return replace(finding, fate=Fate.WITHHELD, reason=reason)


def _questions(inquiry: Inquiry) -> tuple[RawQuestion, ...]:
    merged = next((each.answer for each in inquiry.merging if each.answer), None)
    if merged and merged.questions:
        return merged.questions
    answers = (reply.answer for reply in inquiry.replies if reply.answer)
    return tuple(raw for answer in answers for raw in answer.questions)
