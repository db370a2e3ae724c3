"""From what an audit came to, to its report."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from architect_review.audit.memory import AuditLedger
from architect_review.audit.outcome import Outcome
from architect_review.audit.results import ComponentReview
from architect_review.audit_report import pieces
from architect_review.audit_report.parts import (
    AuditComponent,
    AuditCounts,
    AuditTrend,
    Extent,
)
from architect_review.audit_report.report import AuditReport
from architect_review.change.change import Change
from architect_review.report.parts import (
    ReportEstimate,
    ReportFile,
    ReportQuestion,
    ReportUsage,
)
from architect_review.request.policy import Policy
from architect_review.review.conclusion import verdict_of
from architect_review.vocabulary import Status, Verdict


def report_of(outcome: Outcome, after: AuditLedger, seconds: float) -> AuditReport:
    """The report of an audit that came to its end; `after` has the trend."""
    severities = [each.finding.severity for each in outcome.compared.published]
    fail_on = outcome.policy.settings.fail_on
    return _headed(outcome.change, outcome.policy, outcome.scope).model_copy(
        update={
            "status": outcome.status,
            "why": outcome.why,
            "verdict": verdict_of(outcome.status, severities, fail_on),
            "date": outcome.date,
            "model": _model(outcome),
            "components": tuple(_components(outcome)),
            "technologies": tuple(pieces.technologies(outcome)),
            "findings": tuple(pieces.findings(outcome)),
            "fixed": tuple(pieces.fixed(outcome)),
            "counts": _counts(outcome),
            "trend": _trend(after),
            "seconds": round(seconds, 1),
            "notes": _notes(outcome),
            **_spoken(outcome),
            **_accounted(outcome),
        }
    )


def _spoken(outcome: Outcome) -> dict[str, Any]:
    """What the synthesis says, and the questions."""
    asked = tuple(
        ReportQuestion(name=f"Q{each.number}", topic=each.topic, text=each.text)
        for each in outcome.questions
    )
    made = outcome.synthesis
    if made is None:
        return {"questions": asked}
    published = [each.finding for each in outcome.compared.published]
    names = {each.number: each.name for each in published}
    return {
        "questions": asked,
        "overview": made.overview,
        "roadmap": tuple(pieces.roadmap(made, names)),
        "risks": tuple(pieces.risk(each, names) for each in made.risks),
        "operations": tuple(pieces.operations(made)),
        "decisions": tuple(pieces.decisions(made)),
    }


def _accounted(outcome: Outcome) -> dict[str, Any]:
    """What code found, what was read, and what it cost."""
    facts = outcome.survey.facts
    coverage = (each for review in outcome.reviews for each in review.coverage)
    return {
        "signals": tuple(pieces.signals(facts)),
        "gaps": {
            f"{each.component.name}: {gap.detector}": gap.reason
            for each in facts
            for gap in each.gaps
        },
        "files": tuple(map(ReportFile.of, coverage)),
        "estimate": ReportEstimate.of(outcome.estimate),
        "usage": ReportUsage.of(outcome.usage),
    }


def carried_over(
    change: Change, policy: Policy, scope: str, ledger: AuditLedger
) -> AuditReport:
    """The report of a run that had nothing to do: the last audit stands."""
    why = f"nothing has changed since the audit of {ledger.head[:7]}"
    if ledger.status not in (None, Status.REVIEWED):
        why += f", which was {ledger.status.value}"
    bar, fail_on = policy.settings.min_severity, policy.settings.fail_on
    known = tuple(each.severity for each in ledger.open if each.severity.at_least(bar))
    return _headed(change, policy, scope).model_copy(
        update={
            "status": Status.SKIPPED,
            "why": why,
            "verdict": verdict_of(ledger.status, known, fail_on),
            "known": known,
            "known_status": ledger.status,
            "counts": AuditCounts(persisting=len(known)),
            "trend": _trend(ledger),
        }
    )


def _headed(change: Change, policy: Policy, scope: str) -> AuditReport:
    settings = policy.settings
    return AuditReport(
        status=Status.SKIPPED,
        why="",
        verdict=Verdict.NONE,
        fail_on=settings.fail_on,
        repository=change.repository,
        web_url=change.web_url,
        scope=scope,
        ref=change.head_ref,
        head=change.head_sha,
        base=change.base_sha,
        agent=policy.agent.name,
        depth=settings.depth.value,
        focus=settings.audit_focus,
    )


def _model(outcome: Outcome) -> str:
    spoken = [each.model for each in outcome.reviews if each.model]
    return outcome.reply.model if outcome.reply else next(iter(spoken), "")


def _components(outcome: Outcome) -> Iterator[AuditComponent]:
    described = {
        each.component: each.description
        for each in (outcome.synthesis.components if outcome.synthesis else ())
    }
    reviews = {each.name: each for each in outcome.reviews}
    owner = pieces.owners(outcome)
    counts = Counter(
        owner.get(each.finding.path, "") for each in outcome.compared.published
    )
    for facts in outcome.survey.facts:
        name = facts.component.name
        review = reviews.get(name)
        if review is None:
            continue
        said = described.get(name, "") or review.sections.get("components", "")
        yield AuditComponent(
            name=name,
            kind=facts.component.kind,
            files=len(facts.component.paths),
            lines=facts.lines,
            languages=dict(facts.languages),
            uses=facts.uses,
            description=said,
            findings=counts[name],
            extent=_extent(review),
            reason=review.failure,
        )


def _extent(review: ComponentReview) -> Extent:
    if review.is_whole:
        return Extent.REUSED if review.is_reused else Extent.REVIEWED
    return Extent.PARTIAL if review.model else Extent.LEFT_OUT


def _counts(outcome: Outcome) -> AuditCounts:
    published = outcome.compared.published
    new = sum(each.is_new for each in published)
    fixed = len(outcome.compared.fixed)
    return AuditCounts(new=new, persisting=len(published) - new, fixed=fixed)


def _trend(ledger: AuditLedger) -> tuple[AuditTrend, ...]:
    return tuple(AuditTrend(**each.model_dump()) for each in ledger.trend)


def _notes(outcome: Outcome) -> tuple[str, ...]:
    said = [note for review in outcome.reviews for note in review.notes]
    if outcome.reply is not None:
        said += outcome.reply.notes
    stale = [each for each in outcome.compared.published if not each.is_rechecked]
    if stale:
        said.append(
            f"{len(stale)} of the findings are in files that were not read this time"
        )
    return tuple(dict.fromkeys((*outcome.notes, *said)))
