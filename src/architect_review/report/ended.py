"""What the step summary says of a run that ended without a review."""

from architect_review.publication.sentence import sentence
from architect_review.report.report import Report

WHY_LIMIT = 500
"""Characters of the reason, as of any sentence."""


def ended(report: Report) -> str:
    """A heading and the reason; of a closed pull request also what became of it all."""
    why = sentence(report.why, limit=WHY_LIMIT, links=lambda href: False)
    told = f"## Architect review · {report.status.value}\n\n{why}\n"
    if report.outcome is None or not report.outcome.published:
        return told
    # Most runs end above: the template engine is a tenth of what they would cost.
    from architect_review.publication.rendering import render

    return told + render(
        "outcome.md.j2", links=lambda href: False, outcome=report.outcome
    )
