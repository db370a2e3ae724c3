"""An audit's report: what every form of it is made from.

Its schema is published as `docs/audit-report.schema.json`.
"""

from typing import Literal

from pydantic import Field

from architect_review.audit.components import ComponentKind
from architect_review.audit_report.parts import (
    AuditComponent,
    AuditCounts,
    AuditDecision,
    AuditFinding,
    AuditFixed,
    AuditOperation,
    AuditRisk,
    AuditStep,
    AuditTechnology,
    AuditTrend,
    Standing,
)
from architect_review.report.part import Part
from architect_review.report.parts import (
    ReportEstimate,
    ReportFile,
    ReportQuestion,
    ReportSignal,
    ReportUsage,
)
from architect_review.request.settings import FailOn
from architect_review.vocabulary import Category, Severity, Status, Verdict

__all__ = ["AuditReport", "ComponentKind", "Standing"]


class AuditReport(Part):
    """What one audit found. Every field is always there.

    Prose (`overview`, `description`, `justification`, `why`, `mitigation`, `text`, …)
    is the model's Markdown and untrusted; everything else that is text may come from
    the repository and is untrusted too.
    """

    version: Literal[1] = 1
    kind: Literal["audit"] = "audit"
    status: Status
    why: str = Field(description="Why the status is not `reviewed`; empty when it is")
    verdict: Verdict
    fail_on: tuple[FailOn, ...] = (FailOn.ERROR,)
    repository: str = ""
    web_url: str = Field(
        default="", description="The repository on the web; empty for a local one"
    )
    scope: str = Field(
        default="repository",
        description="`repository`, `paths: a, b` or `range: since..ref`",
    )
    ref: str = ""
    head: str = Field(default="", description="The audited commit, in full")
    base: str = Field(
        default="", description="What it is compared with; empty for everything"
    )
    date: str = Field(default="", description="When it was made (UTC, ISO 8601)")
    agent: str = ""
    model: str = ""
    depth: str = ""
    focus: tuple[Category, ...] = ()
    overview: str = ""
    components: tuple[AuditComponent, ...] = ()
    technologies: tuple[AuditTechnology, ...] = ()
    roadmap: tuple[AuditStep, ...] = ()
    risks: tuple[AuditRisk, ...] = ()
    operations: tuple[AuditOperation, ...] = ()
    questions: tuple[ReportQuestion, ...] = ()
    findings: tuple[AuditFinding, ...] = Field(
        default=(), description="The gravest first; withheld ones last, with a reason"
    )
    known: tuple[Severity, ...] = Field(
        default=(),
        description="Severities carried over from the last audit, of the same content",
    )
    known_status: Status | None = Field(
        default=None, description="How the audit ended that is carried over"
    )
    fixed: tuple[AuditFixed, ...] = ()
    counts: AuditCounts = AuditCounts()
    trend: tuple[AuditTrend, ...] = Field(
        default=(), description="This audit and those before it, oldest first"
    )
    decisions: tuple[AuditDecision, ...] = ()
    signals: tuple[ReportSignal, ...] = ()
    gaps: dict[str, str] = Field(default_factory=dict)
    files: tuple[ReportFile, ...] = ()
    estimate: ReportEstimate | None = None
    usage: ReportUsage | None = None
    seconds: float = 0
    record_url: str = Field(default="", description="Address of the living record")
    leads: tuple[str, ...] = ()
    lead_notified: bool = False
    notes: tuple[str, ...] = ()

    @property
    def published(self) -> tuple[AuditFinding, ...]:
        """The findings that are said; the others are withheld."""
        return tuple(each for each in self.findings if not each.withheld)

    @property
    def is_partial(self) -> bool:
        """Whether something was not reviewed, now or by the audit that stands."""
        return Status.PARTIAL in (self.status, self.known_status)

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Severities of everything that stands."""
        return (*(each.severity for each in self.published), *self.known)
