"""The JSON report; its schema is published as `docs/report.schema.json`."""

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from architect_review.encodable import encodable
from architect_review.report import parts
from architect_review.report.part import Part
from architect_review.report.parts import (
    ReportEstimate,
    ReportFile,
    ReportFinding,
    ReportLookup,
    ReportOutcome,
    ReportQuestion,
    ReportReason,
    ReportSignal,
    ReportUsage,
)
from architect_review.request.settings import FailOn
from architect_review.vocabulary import Fate, Severity, Status, Verdict

if TYPE_CHECKING:
    from architect_review.change.change import Change
    from architect_review.publication.receipt import Receipt
    from architect_review.request.policy import Policy
    from architect_review.review.conclusion import Review
    from architect_review.review.ledger import Ledger


class Report(Part):
    """What one run did. Every field is always there."""

    version: Literal[1] = 1
    status: Status
    why: str = Field(description="Why the status is not `reviewed`; empty when it is")
    verdict: Verdict
    fail_on: tuple[FailOn, ...] = (FailOn.ERROR,)
    repository: str = ""
    pull_request: int | None = None
    title: str = ""
    base: str = ""
    head: str = ""
    agent: str = ""
    model: str = ""
    major: bool = False
    reasons: tuple[ReportReason, ...] = ()
    leads: tuple[str, ...] = ()
    lead_notified: bool = False
    findings: tuple[ReportFinding, ...] = ()
    known: tuple[Severity, ...] = Field(
        default=(),
        description="Severities carried over from an earlier run of the same head",
    )
    questions: tuple[ReportQuestion, ...] = ()
    sections: dict[str, str] = Field(default_factory=dict)
    signals: tuple[ReportSignal, ...] = ()
    gaps: dict[str, str] = Field(default_factory=dict)
    files: tuple[ReportFile, ...] = ()
    depth: str = Field(default="", description="How deeply, and why: `deep (as set)`")
    estimate: ReportEstimate | None = None
    lookups: tuple[ReportLookup, ...] = ()
    usage: ReportUsage | None = None
    seconds: float = 0
    review_url: str = ""
    summary_url: str = ""
    outcome: ReportOutcome | None = Field(
        default=None, description="Only when the pull request was closed"
    )
    notes: tuple[str, ...] = ()
    ready: bool = Field(
        default=False,
        description="With `stage: collect`, whether there is something to ask",
    )

    @property
    def is_partial(self) -> bool:
        """Whether something that was to be reviewed was not."""
        return self.status is Status.PARTIAL

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Severities of everything published."""
        said = [
            each.severity for each in self.findings if each.fate is not Fate.WITHHELD
        ]
        return (*said, *self.known)

    @classmethod
    def ended(cls, status: Status, why: str, **facts: Any) -> "Report":
        """A run that ended before there was anything to conclude."""
        return cls.model_validate(
            {"status": status, "why": why, "verdict": Verdict.NONE, **facts}
        )

    def failed(self, why: str) -> "Report":
        """The same run, failed after its conclusion: it could not be said."""
        return self.model_copy(update={"status": Status.FAILED, "why": encodable(why)})

    def outdated(self, why: str) -> "Report":
        """The same run, about what is no more: it judges nothing and fails nothing."""
        return self.model_copy(
            update={
                "status": Status.SKIPPED,
                "why": encodable(f"{why}; nothing was posted"),
                "verdict": Verdict.NONE,
                "fail_on": (),
            }
        )

    @classmethod
    def carried_over(
        cls, change: "Change", policy: "Policy", ledger: "Ledger", why: str
    ) -> "Report":
        """A run that had nothing to add to an earlier one of the same head.

        It ends as that one did: the latest run of a job decides a required check.
        """
        severities = {each.number: each.severity for each in ledger.findings}
        is_same = ledger.is_of(change.head_sha, change.base_ref)
        is_lacking = ledger.status in (Status.FAILED, Status.PARTIAL)
        return cls(
            status=(is_same and is_lacking and ledger.status) or Status.SKIPPED,
            why=why,
            verdict=ledger.verdict,
            fail_on=policy.settings.fail_on,
            repository=change.repository,
            pull_request=change.number,
            title=change.title,
            base=change.base_sha,
            head=change.head_sha,
            major=ledger.is_major,
            known=tuple(severities[n] for n in ledger.current if n in severities),
        )

    @classmethod
    def of(
        cls,
        change: "Change",
        policy: "Policy",
        review: "Review",
        receipt: "Receipt",
        seconds: float,
    ) -> "Report":
        """The report of a run that came to its end."""
        return cls(
            status=review.status,
            why=review.why,
            verdict=review.verdict,
            fail_on=policy.settings.fail_on,
            repository=change.repository,
            pull_request=change.number,
            title=change.title,
            base=change.base_sha,
            head=change.head_sha,
            agent=policy.agent.name,
            model=review.model,
            major=review.is_major,
            reasons=parts.reasons(review),
            leads=receipt.leads,
            lead_notified=receipt.lead_notified,
            findings=tuple(
                ReportFinding.of(each, receipt.refused) for each in review.findings
            ),
            questions=tuple(
                ReportQuestion(name=f"Q{q.number}", topic=q.topic, text=q.text)
                for q in review.questions
            ),
            sections=review.sections,
            signals=parts.signals(review),
            gaps={gap.detector: gap.reason for gap in review.signals.gaps},
            files=tuple(map(ReportFile.of, review.coverage)),
            depth=review.depth.told,
            estimate=ReportEstimate.of(review.estimate),
            lookups=tuple(map(ReportLookup.of, review.lookups)),
            usage=ReportUsage.of(review.usage),
            seconds=round(seconds, 1),
            review_url=receipt.review_url,
            summary_url=receipt.summary_url,
            notes=(*review.notes, *receipt.remarks),
        )
