"""The action's outputs after an audit, under the names that a review has too."""

from collections.abc import Callable

from architect_review.audit_report.plan import AuditPlan
from architect_review.audit_report.report import AuditReport
from architect_review.vocabulary import How, Severity

Value = Callable[[AuditReport, str], str]

AUDIT_OUTPUTS: dict[str, tuple[str, Value]] = {
    "audit-folder": (
        "Folder of an audit's files on the runner: `report.md`, `report.html`, "
        "`report.json`, `report.sarif`, `baseline.json`, `adr/`. Otherwise empty.",
        lambda report, folder: folder,
    ),
    "audit-new": (
        "How many of an audit's findings were not there at the last audit.",
        lambda report, folder: str(report.counts.new),
    ),
    "audit-fixed": (
        "How many findings of the last audit no longer stand.",
        lambda report, folder: str(report.counts.fixed),
    ),
    "audit-head": (
        "The audited commit, for the other parts of the same audit.",
        lambda report, folder: report.head,
    ),
}
"""Outputs that only audits have: name, description, value."""
MATRIX = "matrix"
MATRIX_TEXT = (
    "With `audit-stage: plan`: the parts as JSON for `strategy.matrix`, each with a "
    "`part` for `audit-part`."
)


def audit_outputs(report: AuditReport, folder: str) -> dict[str, str]:
    """All values after an audit; `folder` is where its files lie, "" for nowhere."""
    read = sum(each.how is How.READ for each in report.files)
    usage = report.usage
    cost = "0.00" if usage is None else _dollars(usage.cost_usd)
    own = {name: value(report, folder) for name, (_, value) in AUDIT_OUTPUTS.items()}
    return {
        "status": report.status.value,
        "verdict": report.verdict.value,
        "findings": str(len(report.severities)),
        "critical": str(report.severities.count(Severity.CRITICAL)),
        "high": str(report.severities.count(Severity.HIGH)),
        "lead-notified": str(report.lead_notified).lower(),
        "review-url": report.record_url,
        "report": f"{folder}/report.json" if folder else "",
        "cost-usd": cost,
        "input-tokens": str(usage.input_tokens if usage else 0),
        "output-tokens": str(usage.output_tokens if usage else 0),
        "cache-read-tokens": str(usage.cache_read_tokens if usage else 0),
        "coverage": f"{read}/{len(report.files)}",
        **own,
    }


def plan_outputs(plan: AuditPlan) -> dict[str, str]:
    """The values after a plan."""
    return {
        "status": "reviewed",
        "verdict": "none",
        MATRIX: plan.matrix.model_dump_json(),
        "audit-head": plan.head,
    }


def _dollars(cost: float | None) -> str:
    return "unknown" if cost is None else f"{cost:.4f}"
