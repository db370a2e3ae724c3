"""An audit's report for a terminal."""

from collections.abc import Sequence

from architect_review.audit_report.parts import Extent
from architect_review.audit_report.report import AuditReport
from architect_review.prompt.answer import SECTIONS
from architect_review.publication.plain import log_line, one_line
from architect_review.templating import text
from architect_review.vocabulary import How, Severity

TOP_FINDINGS = 10
LISTED = 8
"""Lines of each list; how many there are beyond is said."""


def report_text(report: AuditReport, written: Sequence[str] = ()) -> str:
    """The audit on a few screens; `written` are the files that have the rest.

    Nothing of it can steer a terminal or a runner, and no value is a line of its own.
    """
    unfinished = (Extent.PARTIAL, Extent.LEFT_OUT)
    told = text(
        "audit.txt.j2",
        report=report,
        severities={each: report.severities.count(each) for each in Severity},
        read=sum(each.how is How.READ for each in report.files),
        unread=[each for each in report.files if each.how is not How.READ],
        unfinished=[each for each in report.components if each.extent in unfinished],
        withheld=len(report.findings) - len(report.published),
        headings=[each.upper() for each in SECTIONS.values()],
        top=TOP_FINDINGS,
        listed=LISTED,
        written=written,
        line=one_line,
    )
    return log_line(told)
