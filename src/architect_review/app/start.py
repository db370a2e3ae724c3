"""What a run as the GitHub Action is started with, and how it ends early.

What is here is imported by every start: also by the most frequent, which does nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from architect_review.adapters.actions import ActionsRecorder, Log, Runner
from architect_review.publication.leaks import Guard
from architect_review.publication.receipt import Receipt
from architect_review.report.outputs import exit_status
from architect_review.report.report import Report
from architect_review.report.withholding import checked
from architect_review.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Start:
    """What a run is started with."""

    environ: Mapping[str, str]
    inputs: Mapping[str, str]
    runner: Runner
    recorder: ActionsRecorder
    log: Log
    guard: Guard

    def ended(self, report: Report) -> int:
        """Write down how the run ended and return its exit status."""
        report = checked(report, self.guard)
        self.recorder.record(report, None, Receipt())
        return exit_status(report)

    def skipped(self, why: str) -> int:
        """The same for a run that has nothing to do."""
        return self.ended(Report.ended(Status.SKIPPED, why))

    def failed(self, why: str) -> None:
        """Write down that the run could not be made, or was broken off."""
        self.ended(Report.ended(Status.FAILED, why))
