"""What a job's token is allowed, and what of a run there is without it.

The table of docs/permissions.md is made from these rows, and each is a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

REVIEW = {"contents": "read", "pull_requests": "write"}
GATED = REVIEW | {"statuses": "write"}
RESOLVING = REVIEW | {"contents": "write"}
AUDIT = {"contents": "read", "issues": "write"}
GATE = {"lead_gate": "true"}


@dataclass(frozen=True)
class Row:
    """A job with one permission less; `line` is what the run asks for, "" nothing.

    `ends` is the run's status, `works` what of it there is all the same. Where
    `is_private` is False the row holds for public repositories, which anybody reads.
    """

    job: str
    has: Mapping[str, str]
    lacks: str
    ends: str
    works: str
    line: str = ""
    is_private: bool = True
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def left(self) -> dict[str, str]:
        """The permissions that the token still has."""
        name, _, level = self.lacks.partition(": ")
        weaker = {"write": "read", "read": "none"}[level] if level else ""
        lost = {name.replace("-", "_"): weaker} if level else {}
        return {**self.has, **lost}


ALL = "nothing"
"""What a token lacks that has all."""
LINE = "permissions: {contents: read, pull-requests: write}"
SUMMARY_ONLY = "the review, in the step summary and the outputs; nothing is posted"

REVIEWS = (
    Row("a review", REVIEW, ALL, "reviewed", "all but resolving threads"),
    Row("a review", RESOLVING, ALL, "reviewed", "all, threads are resolved too"),
    Row("a review", RESOLVING, "contents: write", "reviewed",
        "all; the thread of what was fixed is answered, not resolved"),
    Row("a review", REVIEW, "contents: read", "failed", "nothing is read or posted",
        "contents: read"),
    Row("a review", REVIEW, "contents: read", "reviewed", "all",
        is_private=False),
    Row("a review", REVIEW, "pull-requests: write", "reviewed", SUMMARY_ONLY, LINE),
    Row("a review", REVIEW, "pull-requests: write", "reviewed", SUMMARY_ONLY, LINE,
        is_private=False),
    Row("a review", REVIEW | {"pull_requests": "read"}, "pull-requests: read",
        "failed", "nothing is read or posted", LINE),
    Row("a review with `lead-gate`", GATED, ALL, "reviewed",
        "all, the status is set too", inputs=GATE),
    Row("a review with `lead-gate`", GATED, "statuses: write", "reviewed",
        "all but the status", "statuses: write", inputs=GATE),
    Row("a review with `lead-gate`", GATED | {"statuses": "read"}, "statuses: read",
        "reviewed", "all but the status", "statuses: write", inputs=GATE),
)  # fmt: skip
READING = {"contents": "read", "pull_requests": "read"}
ASKING = {"contents": "none", "pull_requests": "none"}
HANDED = "what there is to ask is handed over"
COLLECT, ASK, PUBLISH = (
    f"a review in three jobs, `stage: {each}`"
    for each in ("collect", "review", "publish")
)
STAGES = (
    Row(COLLECT, READING, ALL, "skipped", HANDED),
    Row(COLLECT, READING, "contents: read", "failed", "nothing is read or handed over",
        "contents: read"),
    Row(COLLECT, READING, "pull-requests: read", "failed",
        "nothing is read or handed over", LINE),
    Row(ASK, ASKING, ALL, "skipped", "all; it has no use for a token"),
    Row(PUBLISH, REVIEW, ALL, "reviewed", "as a review in one job"),
    Row(PUBLISH, REVIEW, "pull-requests: write", "reviewed", SUMMARY_ONLY, LINE),
    Row(PUBLISH, REVIEW, "contents: read", "failed", "nothing is read or posted",
        "contents: read"),
)  # fmt: skip
AUDIT_LINE = "permissions: {contents: read, issues: write}"
AUDITS = (
    Row("an audit", AUDIT, ALL, "reviewed", "the report, and the issue that keeps it"),
    Row("an audit", AUDIT, "issues: write", "failed",
        "the report's files and the step summary; no issue", AUDIT_LINE),
    Row("an audit", AUDIT | {"issues": "read"}, "issues: read", "failed",
        "nothing", AUDIT_LINE),
    Row("an audit", AUDIT, "contents: read", "failed", "nothing is read",
        "contents: read"),
)  # fmt: skip
