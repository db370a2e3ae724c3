"""The pieces of an audit's report."""

from enum import StrEnum

from pydantic import Field

from architect_review.audit.components import ComponentKind
from architect_review.audit.synthesis import Effort, Level
from architect_review.report.part import Part
from architect_review.report.parts import ReportPlace, ReportRule
from architect_review.vocabulary import Category, Check, Confidence, Severity


class Standing(StrEnum):
    """Whether a finding was there at the last audit."""

    NEW = "new"
    PERSISTING = "persisting"


class Extent(StrEnum):
    """How far a component was taken in."""

    REVIEWED = "reviewed"
    REUSED = "reused"
    PARTIAL = "partial"
    LEFT_OUT = "left out"


class AuditComponent(Part):
    """A component and what became of it."""

    name: str
    kind: ComponentKind
    files: int
    lines: int
    languages: dict[str, int] = Field(description="Lines by language, the most first")
    uses: tuple[str, ...] = Field(description="Components whose code it imports")
    description: str = Field(description="The model's; empty when it gave none")
    findings: int = Field(description="Published findings in its files")
    extent: Extent
    reason: str = Field(description="Why it is not wholly reviewed; empty when it is")


class AuditTechnology(Part):
    """A technology: declared by a file (`path`), judged by the model, or both."""

    name: str
    category: str
    version: str
    path: str
    choice: str
    justification: str
    alternatives: str


class AuditStep(Part):
    """A step of the roadmap. `number` counts from 1; `after` are earlier ones."""

    number: int
    title: str
    why: str
    effort: Effort
    after: tuple[int, ...]
    findings: tuple[str, ...] = Field(description="Names of the findings it settles")


class AuditRisk(Part):
    """A risk and its place in the matrix."""

    title: str
    likelihood: Level
    impact: Level
    mitigation: str
    findings: tuple[str, ...]


class AuditOperation(Part):
    """An operational consideration."""

    topic: str
    text: str


class AuditFinding(Part):
    """One finding. `name` is "F3", "" for withheld ones."""

    name: str
    fingerprint: str
    standing: Standing
    component: str
    title: str
    problem: str
    scenario: str
    recommendation: str
    example: str
    path: str
    start_line: int | None
    end_line: int | None
    quote: str
    category: Category
    severity: Severity
    confidence: Confidence
    agent: str
    check: Check
    check_reason: str
    seen_at: ReportPlace | None
    rule: ReportRule | None
    withheld: str = Field(description="Why it is not said; empty when it is")


class AuditFixed(Part):
    """A finding of an earlier audit that no longer stands."""

    name: str
    title: str
    severity: Severity
    path: str
    reason: str


class AuditCounts(Part):
    """How the published findings compare with the last audit's."""

    new: int = 0
    persisting: int = 0
    fixed: int = 0


class AuditTrend(Part):
    """One audit in the row of them."""

    date: str
    head: str
    critical: int
    high: int
    medium: int
    low: int
    fixed: int = 0

    @property
    def total(self) -> int:
        """All findings that were published then."""
        return self.critical + self.high + self.medium + self.low


class AuditDecision(Part):
    """A decision that no record explains; a draft of one is made from it."""

    title: str
    context: str
    decision: str
    options: tuple[str, ...]
    consequences: str
    paths: tuple[str, ...]
