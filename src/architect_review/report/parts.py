"""The pieces of the JSON report.

What they are made from is imported for its types alone: a run that ends early has a
report too, and nothing to make pieces from.
"""

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from architect_review.report.part import Part
from architect_review.vocabulary import (
    Category,
    Check,
    Confidence,
    Fate,
    How,
    Severity,
    Topic,
)

if TYPE_CHECKING:
    from architect_review.prompt.coverage import FileCoverage
    from architect_review.prompt.estimate import Estimate
    from architect_review.review.conclusion import Review
    from architect_review.review.finding import Finding, Witness
    from architect_review.review.reply import Looked, Usage
    from architect_review.review.rules import Cited
    from architect_review.signals import Evidence


class ReportPlace(Part):
    """A line outside the change."""

    path: str
    line: int
    quote: str

    @classmethod
    def of(cls, witness: "Witness") -> "ReportPlace":
        """A place as reported."""
        return cls(path=witness.path, line=witness.line, quote=witness.quote)


class ReportRule(Part):
    """A guideline or decision of the project, quoted."""

    path: str
    title: str
    line: int
    quote: str

    @classmethod
    def of(cls, rule: "Cited") -> "ReportRule":
        """A rule as reported."""
        return cls(path=rule.path, title=rule.title, line=rule.line, quote=rule.quote)


class ReportLookup(Part):
    """Something that the model looked up before it answered."""

    tool: str
    arguments: dict[str, Any]
    said: str
    is_refused: bool

    @classmethod
    def of(cls, looked: "Looked") -> "ReportLookup":
        """A look-up as reported."""
        return cls(
            tool=looked.tool,
            arguments=dict(looked.arguments),
            said=looked.said,
            is_refused=looked.is_refused,
        )


class ReportFinding(Part):
    """One finding with its fate. `name` is "" for withheld ones."""

    name: str
    fingerprint: str
    title: str
    problem: str
    scenario: str
    recommendation: str
    suggestion: str
    example: str
    path: str
    quote: str
    side: str = Field(description="RIGHT or LEFT; empty without an anchor")
    start_line: int | None
    end_line: int | None
    category: Category
    severity: Severity
    confidence: Confidence
    fate: Fate
    reason: str = Field(description="Why it is not inline; empty when it is")
    agent: str = Field(description="Who speaks; empty for a program")
    check: Check
    check_reason: str = Field(description="What the check found, or why there is none")
    seen_at: ReportPlace | None = Field(description="A place outside the change")
    rule: ReportRule | None = Field(description="The project's own rule that it breaks")

    @classmethod
    def of(cls, finding: "Finding", refused: frozenset[str]) -> "ReportFinding":
        """A finding as reported; `refused` ones went to the summary after all."""
        anchor = finding.anchor
        turned_away = finding.fingerprint in refused
        return cls(
            name=finding.name if finding.number else "",
            fingerprint=finding.fingerprint,
            title=finding.title,
            problem=finding.problem,
            scenario=finding.scenario,
            recommendation=finding.recommendation,
            suggestion=finding.suggestion,
            example=finding.example,
            path=finding.path,
            quote=finding.quote,
            side=anchor.side.value if anchor else "",
            start_line=anchor.start if anchor else None,
            end_line=anchor.end if anchor else None,
            category=finding.category,
            severity=finding.severity,
            confidence=finding.confidence,
            fate=Fate.LISTED if turned_away else finding.fate,
            reason="its comment was not accepted" if turned_away else finding.reason,
            agent=finding.agent,
            check=finding.check,
            check_reason=finding.check_reason,
            seen_at=ReportPlace.of(finding.witness) if finding.witness else None,
            rule=ReportRule.of(finding.rule) if finding.rule else None,
        )


class ReportReason(Part):
    """Why the change is major; `told` when the lead heard it in this run."""

    key: str
    text: str
    path: str
    line: int | None
    source: Literal["signal", "model"]
    is_new: bool


class ReportOutcome(Part):
    """What became of a closed pull request's findings."""

    published: int
    fixed: int
    dismissed: int = Field(description="Dismissed with a reason")
    ignored: int = Field(description="Still open when it was merged")
    is_merged: bool


class ReportQuestion(Part):
    """A question to the author."""

    name: str
    topic: Topic
    text: str


class ReportEvidence(Part):
    """One place that shows a signal."""

    path: str
    line: int | None
    is_removed: bool
    fact: str

    @classmethod
    def of(cls, place: "Evidence") -> "ReportEvidence":
        """A place as reported."""
        return cls(
            path=place.path,
            line=place.start,
            is_removed=place.is_removed,
            fact=place.fact,
        )


class ReportSignal(Part):
    """A fact found without the model."""

    name: str
    meaning: str
    weight: str
    category: Category
    evidence: tuple[ReportEvidence, ...]


class ReportFile(Part):
    """What became of one changed file."""

    path: str
    status: str
    additions: int
    deletions: int
    sent: int = Field(description="Changed lines that the model was shown")
    summarised: int = Field(description="Changed lines that it was told of")
    left_out: int = Field(description="Changed lines that it was not shown")
    how: How
    reason: str

    @classmethod
    def of(cls, each: "FileCoverage") -> "ReportFile":
        """A file's coverage as reported."""
        return cls(
            path=each.path,
            status=each.status.value,
            additions=each.additions,
            deletions=each.deletions,
            sent=each.sent,
            summarised=each.summarised,
            left_out=each.left_out,
            how=each.how,
            reason=each.reason,
        )


class ReportUsage(Part):
    """Tokens and money; `cost_usd` is null when the model has no known price."""

    calls: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cost_usd: float | None

    @classmethod
    def of(cls, usage: "Usage") -> "ReportUsage":
        """A run's usage as reported."""
        return cls(
            calls=usage.calls,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cache_read_tokens=usage.cache_read_tokens,
            cache_write_tokens=usage.cache_write_tokens,
            cost_usd=usage.cost_usd,
        )


class ReportEstimate(Part):
    """What the review was likely to cost before the first call, checks included."""

    requests: int
    input_tokens: int
    output_tokens: int
    usd: float
    worst_usd: float

    @classmethod
    def of(cls, estimate: "Estimate") -> "ReportEstimate":
        """An estimate as reported."""
        return cls(
            requests=estimate.requests,
            input_tokens=estimate.input_tokens,
            output_tokens=estimate.output_tokens,
            usd=round(estimate.usd, 4),
            worst_usd=round(estimate.worst_usd, 4),
        )


def reasons(review: "Review") -> tuple[ReportReason, ...]:
    """Why the change is major, as reported."""
    new = {each.key for each in review.new_reasons}
    return tuple(
        ReportReason(
            key=each.key,
            text=each.text,
            path=each.path,
            line=each.line,
            source="model" if each.by_model else "signal",
            is_new=each.key in new,
        )
        for each in review.reasons
    )


def signals(review: "Review") -> tuple[ReportSignal, ...]:
    """The signals, as reported."""
    return tuple(
        ReportSignal(
            name=each.name,
            meaning=each.meaning,
            weight=each.weight.value,
            category=each.category,
            evidence=tuple(map(ReportEvidence.of, each.evidence)),
        )
        for each in review.signals.found
    )
