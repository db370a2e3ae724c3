"""The pieces of an audit's report, each from what the audit came to."""

from collections.abc import Iterator, Mapping, Sequence

from architect_review.audit.comparison import Compared
from architect_review.audit.outcome import Outcome
from architect_review.audit.survey import Facts, Technology
from architect_review.audit.synthesis import RawRisk, RawTechnology, Synthesis
from architect_review.audit_report.parts import (
    AuditDecision,
    AuditFinding,
    AuditFixed,
    AuditOperation,
    AuditRisk,
    AuditStep,
    AuditTechnology,
    Standing,
)
from architect_review.report.parts import (
    ReportEvidence,
    ReportPlace,
    ReportRule,
    ReportSignal,
)
from architect_review.signals import Signal
from architect_review.vocabulary import Fate

EVIDENCE_LIMIT = 30
"""Places of one signal that are reported, over all components."""
_STEPS = 40


def technologies(outcome: Outcome) -> Iterator[AuditTechnology]:
    """What the model judged, each with where it is declared; then what is declared."""
    declared = {each.name.lower(): each for each in outcome.survey.technologies}
    judged = outcome.synthesis.technology if outcome.synthesis else ()
    for each in judged:
        yield _technology(declared.pop(each.name.strip().lower(), None), each)
    for left in declared.values():
        yield _technology(left, None)


def _technology(
    declared: Technology | None, judged: RawTechnology | None
) -> AuditTechnology:
    return AuditTechnology(
        name=declared.name if declared else judged.name if judged else "",
        category=declared.category if declared else "",
        version=declared.version if declared else "",
        path=declared.path if declared else "",
        choice=judged.choice if judged else "",
        justification=judged.justification if judged else "",
        alternatives=judged.alternatives if judged else "",
    )


def _named(numbers: Sequence[int], names: Mapping[int, str]) -> tuple[str, ...]:
    """The names of published findings; a number of none is the model's mistake."""
    return tuple(dict.fromkeys(names[each] for each in numbers if each in names))


def roadmap(made: Synthesis, names: Mapping[int, str]) -> Iterator[AuditStep]:
    """The steps; one comes after earlier ones only."""
    for at, each in enumerate(made.roadmap[:_STEPS], 1):
        yield AuditStep(
            number=at,
            title=each.title,
            why=each.why,
            effort=each.effort,
            after=tuple(sorted({one for one in each.after if 0 < one < at})),
            findings=_named(each.findings, names),
        )


def risk(risk: RawRisk, names: Mapping[int, str]) -> AuditRisk:
    """A risk with the names of its findings."""
    return AuditRisk(
        title=risk.title,
        likelihood=risk.likelihood,
        impact=risk.impact,
        mitigation=risk.mitigation,
        findings=_named(risk.findings, names),
    )


def operations(made: Synthesis) -> Iterator[AuditOperation]:
    """The operational considerations."""
    for each in made.operations:
        yield AuditOperation(topic=each.topic, text=each.text)


def decisions(made: Synthesis) -> Iterator[AuditDecision]:
    """The decisions that no record explains."""
    for each in made.decisions:
        yield AuditDecision(
            title=each.title,
            context=each.context,
            decision=each.decision,
            options=each.options,
            consequences=each.consequences,
            paths=each.paths,
        )


def fixed(outcome: Outcome) -> Iterator[AuditFixed]:
    """What no longer stands."""
    for each in outcome.compared.fixed:
        yield AuditFixed(
            name=f"F{each.number}",
            title=each.title,
            severity=each.severity,
            path=each.path,
            reason=each.reason,
        )


def findings(outcome: Outcome) -> Iterator[AuditFinding]:
    """Every finding, with the component that it lies in."""
    owner = owners(outcome)
    for each in outcome.compared.findings:
        yield _finding(each, owner.get(each.finding.path, ""))


def _finding(compared: Compared, component: str) -> AuditFinding:
    finding = compared.finding
    anchor = finding.anchor
    is_said = compared.is_published
    witness, rule = finding.witness, finding.rule
    return AuditFinding(
        name=finding.name if is_said else "",
        fingerprint=finding.fingerprint,
        standing=Standing.NEW if compared.is_new else Standing.PERSISTING,
        component=component,
        title=finding.title,
        problem=finding.problem,
        scenario=finding.scenario,
        recommendation=finding.recommendation,
        example=finding.example,
        path=finding.path,
        start_line=anchor.start if anchor else None,
        end_line=anchor.end if anchor else None,
        quote=finding.quote,
        category=finding.category,
        severity=finding.severity,
        confidence=finding.confidence,
        agent=finding.agent,
        check=finding.check,
        check_reason=finding.check_reason,
        seen_at=ReportPlace.of(witness) if witness else None,
        rule=ReportRule.of(rule) if rule else None,
        withheld="" if finding.fate is not Fate.WITHHELD else finding.reason,
    )


def signals(facts: Sequence[Facts]) -> Iterator[ReportSignal]:
    """Each signal once, with its places in all components."""
    found: dict[str, list[Signal]] = {}
    for each in facts:
        for signal in each.signals:
            found.setdefault(signal.name, []).append(signal)
    for name, signals in found.items():
        places = [place for each in signals for place in each.evidence]
        first = signals[0]
        yield ReportSignal(
            name=name,
            meaning=first.meaning,
            weight=first.weight.value,
            category=first.category,
            evidence=tuple(map(ReportEvidence.of, places[:EVIDENCE_LIMIT])),
        )


def owners(outcome: Outcome) -> Mapping[str, str]:
    """The component's name by path."""
    return {
        path: facts.component.name
        for facts in outcome.survey.facts
        for path in facts.component.paths
    }
