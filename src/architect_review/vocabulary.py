"""The closed sets of words that every station shares."""

from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the worst; larger is milder."""
        return list(Severity).index(self)

    def at_least(self, other: "Severity") -> bool:
        """Whether this is as bad as `other` or worse."""
        return self.rank <= other.rank

    def lowered(self) -> "Severity":
        """The next milder severity; `low` stays `low`."""
        return list(Severity)[min(self.rank + 1, len(Severity) - 1)]


class Confidence(StrEnum):
    """How sure the reviewer is that a finding is real."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Category(StrEnum):
    """The architect agent's competencies and its "always consider" points."""

    ARCHITECTURE = "architecture"
    DATABASE = "database"
    SCHEDULING = "scheduling"
    DEPLOYMENT = "deployment"
    ERROR_HANDLING = "error-handling"
    OBSERVABILITY = "observability"
    CONFIGURATION = "configuration"
    SECURITY = "security"
    CI_CD = "ci-cd"
    PERFORMANCE = "performance"
    MAINTAINABILITY = "maintainability"
    TESTING = "testing"
    DOCUMENTATION = "documentation"
    COST = "cost"


class Topic(StrEnum):
    """What the agent asks about when it is unsure of the requirements."""

    TRAFFIC = "traffic"
    DATA_VOLUME = "data-volume"
    TEAM = "team"
    BUDGET = "budget"
    STACK = "stack"
    COMPLIANCE = "compliance"


class Status(StrEnum):
    """How a run ended."""

    REVIEWED = "reviewed"
    PARTIAL = "partial"
    SIGNALS_ONLY = "signals-only"
    SKIPPED = "skipped"
    FAILED = "failed"


class Verdict(StrEnum):
    """What the findings amount to; `none` when nothing was reviewed."""

    CLEAN = "clean"
    FINDINGS = "findings"
    BLOCKING = "blocking"
    NONE = "none"


class Depth(StrEnum):
    """How much a review does; `auto` lets the change's risk decide."""

    AUTO = "auto"
    QUICK = "quick"
    STANDARD = "standard"
    DEEP = "deep"


class How(StrEnum):
    """How far a file was taken in."""

    READ = "read"
    SUMMARISED = "summarised"
    LEFT_OUT = "left out"


class Fate(StrEnum):
    """Where a finding ends: on its lines, on its file, in the summary, or withheld."""

    INLINE = "inline"
    FILED = "filed"
    LISTED = "listed"
    WITHHELD = "withheld"


class Check(StrEnum):
    """What came of the attempt to refute a finding.

    `unchecked`: nobody tried, since it is not said or code itself found it.
    `unverified`: the attempt failed.
    """

    UNCHECKED = "unchecked"
    CONFIRMED = "confirmed"
    UNPROVEN = "unproven"
    REFUTED = "refuted"
    UNVERIFIED = "unverified"
