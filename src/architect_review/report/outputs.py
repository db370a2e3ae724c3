"""The action's outputs and its exit status, from the report."""

from collections.abc import Callable, Sequence
from typing import Protocol

from architect_review.report.report import Report
from architect_review.request.settings import FailOn
from architect_review.vocabulary import How, Severity, Status


def _cost(report: Report) -> str:
    if report.usage is None:
        return "0.00"
    cost = report.usage.cost_usd
    return "unknown" if cost is None else f"{cost:.4f}"


def _coverage(report: Report) -> str:
    read = sum(each.how is How.READ for each in report.files)
    return f"{read}/{len(report.files)}"


def _tokens(kind: str) -> Callable[[Report, str], str]:
    return lambda report, path: str(getattr(report.usage, kind, 0))


def _addressed(report: Report) -> str:
    found = report.outcome
    return f"{found.fixed + found.dismissed}/{found.published}" if found else ""


OUTPUTS: dict[str, tuple[str, Callable[[Report, str], str]]] = {
    "status": (
        "How the run ended: `reviewed`, `partial`, `signals-only`, `skipped` or "
        "`failed`.",
        lambda report, path: report.status.value,
    ),
    "verdict": (
        "`clean`, `findings`, `blocking` (one at or above a severity in `fail-on`), or "
        "`none` when nothing can be said.",
        lambda report, path: report.verdict.value,
    ),
    "findings": (
        "How many findings were published.",
        lambda report, path: str(len(report.severities)),
    ),
    "critical": (
        "How many of them are critical.",
        lambda report, path: str(report.severities.count(Severity.CRITICAL)),
    ),
    "high": (
        "How many of them are high.",
        lambda report, path: str(report.severities.count(Severity.HIGH)),
    ),
    "major": (
        "`true` when this is a major architectural change.",
        lambda report, path: str(report.major).lower(),
    ),
    "major-reasons": (
        "Why it is a major change, one reason a line.",
        lambda report, path: "\n".join(
            " ".join(each.text.split()) for each in report.reasons
        ),
    ),
    "lead-notified": (
        "`true` when this run mentioned the project lead.",
        lambda report, path: str(report.lead_notified).lower(),
    ),
    "review-url": (
        "Address of the review on the pull request, else of the summary comment.",
        lambda report, path: report.review_url or report.summary_url,
    ),
    "report": (
        "Path of the JSON report on the runner.",
        lambda report, path: path,
    ),
    "cost-usd": (
        "US dollars spent on the model by the price table, or `unknown`.",
        lambda report, path: _cost(report),
    ),
    "input-tokens": (
        "Tokens that were sent, without those that the provider's cache held or took.",
        _tokens("input_tokens"),
    ),
    "output-tokens": (
        "Tokens that the model wrote, thinking included.",
        _tokens("output_tokens"),
    ),
    "cache-read-tokens": (
        "Tokens that were read from the provider's cache.",
        _tokens("cache_read_tokens"),
    ),
    "coverage": (
        "Files read line by line, of all changed files: `10/125`.",
        lambda report, path: _coverage(report),
    ),
    "addressed": (
        "When the pull request was closed: findings that were fixed, or dismissed with "
        "a reason, of all that were published: `3/4`. Otherwise empty.",
        lambda report, path: _addressed(report),
    ),
    "ready": (
        "With `stage: collect`, `true` when the job with `stage: review` has something "
        "to ask; otherwise `false`.",
        lambda report, path: str(report.ready).lower(),
    ),
}
"""Name, description and value of each output: the one list of them."""


def outputs(report: Report, path: str) -> dict[str, str]:
    """The outputs' values; `path` is where the JSON report lies, "" for nowhere."""
    return {name: value(report, path) for name, (_, value) in OUTPUTS.items()}


class Ending(Protocol):
    """What decides over the exit status: a report's."""

    @property
    def status(self) -> Status:
        """How the run ended."""
        ...

    @property
    def is_partial(self) -> bool:
        """Whether something that was to be reviewed was not."""
        ...

    @property
    def severities(self) -> Sequence[Severity]:
        """Severities of everything published."""
        ...

    @property
    def fail_on(self) -> Sequence[FailOn]:
        """What fails the run."""
        ...


def exit_status(report: Ending) -> int:
    """0, or 1 when the run ended in a way that its `fail_on` names."""
    worst = min((each.rank for each in report.severities), default=99)
    tripped = {
        FailOn.ERROR: report.status is Status.FAILED,
        FailOn.PARTIAL: report.is_partial,
        FailOn.MAJOR: isinstance(report, Report) and report.major,
        FailOn.CRITICAL: worst <= Severity.CRITICAL.rank,
        FailOn.HIGH: worst <= Severity.HIGH.rank,
    }
    return int(any(tripped[each] for each in report.fail_on))
