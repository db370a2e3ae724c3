"""An audit's report as GitHub's Markdown: all of it, or what a limit holds."""

from collections.abc import Sequence

from architect_review.audit_report.fitting import Filled, fit, whole
from architect_review.audit_report.report import AuditReport
from architect_review.audit_report.sections import sections
from architect_review.audit_report.wording import Wording
from architect_review.publication.markdown import Markdown
from architect_review.publication.rendering import PROSE_LIMIT

STEP_SUMMARY_LIMIT = 900_000
"""UTF-8 bytes of a step summary: GitHub uploads none above 1 MiB (docs.github.com,
"Workflow commands for GitHub Actions")."""
ISSUE_LIMIT = 60_000
"""UTF-8 bytes of an issue's body: below the 65,536 characters that GitHub names."""
WHOLE_PROSE_LIMIT = 40_000
"""Characters of one piece of prose in the whole report."""


def report_markdown(report: AuditReport) -> Markdown:
    """The whole report: head, six parts, questions, findings, signals, coverage."""
    words = Wording(report, WHOLE_PROSE_LIMIT)
    return whole(sections(report, words, folded=False))


def summary_markdown(
    report: AuditReport, limit: int = STEP_SUMMARY_LIMIT, rest: str = "report.md"
) -> Markdown:
    """The report for a step summary; as `fitted`."""
    return fitted(report, limit, rest)


def fitted(report: AuditReport, limit: int, rest: str) -> Markdown:
    """As much of the report as `limit` UTF-8 bytes hold, and what is left out.

    Kept first: the head, what is new, the gravest findings in a row each, a share of
    each of the six parts; then whole findings from the gravest on, and the details.
    A finding that does not fit is told in one line, and counted when that does not
    fit either. `rest` says where everything is: a path or a few words. Raises
    ValueError for a limit that the head alone exceeds; 20,000 is always enough.
    """
    words = Wording(report, PROSE_LIMIT)

    def left_out(filled: Sequence[Filled]) -> Markdown:
        return words.page(
            "_audit-left-out.md.j2",
            left_out=[each for each in filled if each.dropped],
            in_short=sum(each.in_short for each in filled),
            rest=rest,
        )

    return fit(sections(report, words, folded=True), limit, left_out)
