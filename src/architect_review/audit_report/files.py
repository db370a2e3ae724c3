"""Every form of an audit's report, as the files of one folder."""

from collections.abc import Mapping

from architect_review.audit_report.adr import drafts
from architect_review.audit_report.html import html
from architect_review.audit_report.markdown import report_markdown
from architect_review.audit_report.report import AuditReport
from architect_review.audit_report.sarif import sarif, written


def forms(report: AuditReport) -> Mapping[str, str]:
    """What to write, by path in the folder: the report in each form, and the drafts."""
    return {
        "report.json": report.model_dump_json(indent=2) + "\n",
        "report.md": report_markdown(report),
        "report.html": html(report),
        "report.sarif": written(sarif(report)),
        **{f"adr/{name}": draft for name, draft in drafts(report).items()},
    }
