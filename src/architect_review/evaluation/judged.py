"""A case after its review, with what every published finding was found to describe."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from architect_review.evaluation.cases import Case, Golden, Major, Tier
from architect_review.report.parts import ReportFinding
from architect_review.report.report import Report
from architect_review.vocabulary import Fate, Severity, Status

_SAID = (Fate.INLINE, Fate.FILED, Fate.LISTED)


class Part(BaseModel):
    """A piece of the results; unknown keys of later versions are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Outcome(StrEnum):
    """How far a case came. A failed one has found nothing and is named."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


class JudgedFinding(Part):
    """A published finding; `golden` is the defect it describes, "" for none."""

    name: str
    fingerprint: str
    title: str
    path: str
    line: int | None
    severity: Severity
    golden: str
    reason: str = Field(description="Why, in the judge's words")


class KnownDefect(Part):
    """A golden, as far as figures need it."""

    id: str
    tier: Tier
    severity: Severity
    competency: str

    @classmethod
    def of(cls, golden: Golden) -> "KnownDefect":
        """A golden without its description."""
        return cls(
            id=golden.id,
            tier=golden.tier,
            severity=golden.severity,
            competency=golden.competency,
        )


class CaseResult(Part):
    """One case and what became of it."""

    id: str
    digest: str = Field(description="Differs when the case's file was changed")
    base: str = Field(description="Commit compared with; empty if it is not known")
    head: str = Field(description="Newest commit of the change; empty likewise")
    is_control: bool
    major_change: Major
    golden: tuple[KnownDefect, ...]
    outcome: Outcome
    why: str = Field(description="Why it is not complete; empty when it is")
    is_major: bool | None = Field(description="The review's verdict; null if failed")
    findings: tuple[JudgedFinding, ...]
    model: str
    cost_usd: float | None = Field(description="Null when no price is known")
    seconds: float

    @property
    def found(self) -> frozenset[str]:
        """The goldens that at least one finding describes."""
        return frozenset(each.golden for each in self.findings) - {""}

    @property
    def matched(self) -> int:
        """Findings that describe a golden, repeated ones included."""
        return sum(bool(each.golden) for each in self.findings)

    @property
    def duplicates(self) -> int:
        """Findings that describe what an earlier one describes already."""
        return self.matched - len(self.found)

    @property
    def is_right_on_major(self) -> bool | None:
        """Whether the verdict is the expected one; None where none is expected."""
        if self.major_change is Major.BORDERLINE:
            return None
        return self.is_major is (self.major_change is Major.TRUE)

    @classmethod
    def of(
        cls, case: Case, report: Report, findings: Sequence[JudgedFinding]
    ) -> "CaseResult":
        """The result of a review, whether or not it came to its end."""
        outcome, why = outcome_of(report)
        has_failed = outcome is Outcome.FAILED
        return cls(
            id=case.id,
            digest=case.digest,
            base=report.base,
            head=report.head,
            is_control=case.is_control,
            major_change=case.major_change,
            golden=tuple(map(KnownDefect.of, case.golden)),
            outcome=outcome,
            why=why,
            is_major=None if has_failed else report.major,
            findings=() if has_failed else tuple(findings),
            model=report.model,
            cost_usd=report.usage.cost_usd if report.usage else 0.0,
            seconds=report.seconds,
        )

    @classmethod
    def unjudged(cls, case: Case, report: Report, why: str) -> "CaseResult":
        """A case whose findings got no verdicts: failed, for this reason."""
        return cls.of(case, report.failed(why), ())


def published(report: Report) -> tuple[ReportFinding, ...]:
    """What a review said on the pull request, wherever it stands there."""
    return tuple(each for each in report.findings if each.fate in _SAID)


def outcome_of(report: Report) -> tuple[Outcome, str]:
    """How a review counts, and why when it is not complete."""
    if report.status in (Status.REVIEWED, Status.SIGNALS_ONLY):
        return Outcome.COMPLETE, ""
    if report.status is Status.PARTIAL:
        return Outcome.PARTIAL, report.why
    return Outcome.FAILED, report.why or report.status.value
