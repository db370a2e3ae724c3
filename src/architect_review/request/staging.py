"""A review divided over three jobs, of which each has as few powers as it needs."""

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from architect_review.request import fields
from architect_review.request.access import Scope, setting
from architect_review.request.auditing import Auditing

HANDOVER = "architect-handover"


class ReviewStage(StrEnum):
    """Which part of a review a job does.

    `collect` reads the pull request and hands over what there is to ask; `review` asks
    the model and hands over the answers; `publish` reads the pull request anew and
    makes of the answers what a review in one job would.
    """

    ALL = "all"
    COLLECT = "collect"
    REVIEW = "review"
    PUBLISH = "publish"


class Staging(Auditing):
    """Which part of a review this job does, and where the parts meet."""

    stage: Annotated[ReviewStage, BeforeValidator(fields.word)] = setting(
        ReviewStage.ALL,
        Scope.INPUT,
        "Which part of a review a job does, for a review in three jobs "
        "(docs/three-jobs.md): `collect` (reads; no model key), `review` (asks the "
        "model; no GitHub token), `publish` (writes; no model key), or `all`.",
    )
    handover: str = setting(
        HANDOVER,
        Scope.INPUT,
        "Folder in which `collect` leaves what there is to ask, and, in `answers` "
        "below it, `review` the answers: a name below `runner.temp`, to be carried "
        "from job to job as an artifact.",
        max_length=500,
    )

    @property
    def is_asked_elsewhere(self) -> bool:
        """Whether another job has the model's key, and asks."""
        return self.stage in (ReviewStage.COLLECT, ReviewStage.PUBLISH)
