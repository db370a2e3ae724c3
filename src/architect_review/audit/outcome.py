"""Everything that one audit came to, before it is told."""

from dataclasses import dataclass

from architect_review.audit.comparison import Comparison
from architect_review.audit.results import ComponentReview
from architect_review.audit.survey import Survey
from architect_review.audit.synthesis import Synthesis
from architect_review.change.change import Change
from architect_review.prompt.estimate import Estimate
from architect_review.request.policy import Policy
from architect_review.review.questions import Question
from architect_review.review.reply import Reply, Usage
from architect_review.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Outcome:
    """The audit's parts. `why` explains every status but `reviewed`.

    `synthesis` is None where there is none; `reply` is what brought it in this run,
    None where it was kept or nobody was asked. `date` is now (UTC, ISO 8601).
    """

    change: Change
    policy: Policy
    scope: str
    survey: Survey
    reviews: tuple[ComponentReview, ...]
    compared: Comparison
    questions: tuple[Question, ...]
    synthesis: Synthesis | None
    reply: Reply[Synthesis] | None
    status: Status
    why: str
    estimate: Estimate
    date: str
    notes: tuple[str, ...] = ()

    @property
    def usage(self) -> Usage:
        """What was spent in this run; what was kept has cost nothing now."""
        spent = [each.usage for each in self.reviews if not each.is_reused]
        if self.reply is not None:
            spent.append(self.reply.usage)
        return sum(spent, Usage())


def concluded(
    reviews: tuple[ComponentReview, ...],
    survey: Survey,
    without_model: str,
    lacks: str,
) -> tuple[Status, str]:
    """How the audit ended, and why it is not `reviewed`.

    `lacks` says why there is no synthesis, "" when there is one.
    """
    if without_model:
        return Status.SIGNALS_ONLY, without_model
    missing = [each for each in reviews if not each.is_whole]
    # Of components without a line to read, nobody was asked.
    has_answer = any(each.is_whole and each.model for each in reviews)
    failed = [each for each in missing if each.status is Status.FAILED]
    if failed and len(failed) == len(missing) and not has_answer:
        return Status.FAILED, failed[0].failure
    if missing:
        names = ", ".join(each.name for each in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        return Status.PARTIAL, (
            f"{len(missing)} of {len(reviews)} components are not wholly reviewed: "
            f"{names}{more} ({missing[0].failure})"
        )
    if lacks:
        return Status.PARTIAL, f"the parts were not put together: {lacks}"
    gaps = [gap for facts in survey.facts for gap in facts.gaps]
    if gaps:
        return Status.PARTIAL, f"{gaps[0].detector}: {gaps[0].reason}"
    return Status.REVIEWED, ""
