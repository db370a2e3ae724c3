"""A run's own credentials kept out of what it reports."""

from typing import Any, TypeVar

from pydantic import BaseModel

from architect_review.publication.leaks import Guard
from architect_review.vocabulary import Status, Verdict

REPORT = "the report"

Reported = TypeVar("Reported", bound=BaseModel)


def checked(report: Reported, guard: Guard) -> Reported:
    """A report of either kind without credentials.

    Where anything was withheld in the run it is partial and says so.
    """
    if guard.holds(report.model_dump_json()):
        data = guard.data(report.model_dump(mode="json"), REPORT)
        report = type(report).model_validate(data)
    if not guard.why:
        return report
    status, why = getattr(report, "status", None), str(getattr(report, "why", ""))
    if guard.why not in why:
        why = "; ".join(filter(None, (why, guard.why)))
    update: dict[str, Any] = {"why": why}
    if status in (Status.REVIEWED, Status.SIGNALS_ONLY):
        update["status"] = Status.PARTIAL
        if getattr(report, "verdict", None) is Verdict.CLEAN:
            update["verdict"] = Verdict.NONE
    return report.model_copy(update=update)
