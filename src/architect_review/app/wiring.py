"""What both ways of starting share."""

import time
from collections.abc import Callable, Mapping

from architect_review import pipeline
from architect_review.adapters.anthropic import Claude
from architect_review.pipeline import Tools
from architect_review.ports import Progress, Reviewer
from architect_review.publication.preview import preview
from architect_review.publication.publication import Receipt
from architect_review.report.outputs import exit_status
from architect_review.report.report import Report
from architect_review.request.events import Request
from architect_review.request.settings import Settings
from architect_review.vocabulary import Status


def run(
    request: Request,
    inputs: Mapping[str, str],
    environ: Mapping[str, str],
    tools: Tools,
    show: Callable[[str], None] | None,
) -> int:
    """Run the pipeline and return the exit status; with `show`, as a dry run."""
    pins = {
        name: value
        for name, value in environ.items()
        if name.startswith("ANTHROPIC_DEFAULT_")
    }
    if show is None:
        return exit_status(pipeline.run(request, inputs, pins, tools))
    ready = pipeline.prepare(request, inputs, pins, tools)
    dry = Report.ended(Status.SKIPPED, "a dry run: nothing was sent")
    report = ready if isinstance(ready, Report) else dry
    for recorder in tools.recorders:
        recorder.record(report, None, Receipt())
    if not isinstance(ready, Report):
        show(preview(ready.plan, ready.policy))
    return 0


def asks_model(request: Request, settings: Settings) -> bool:
    """Whether a run will ask the model, as far as can be told before it starts."""
    return settings.has_model and not request.without_model and not settings.dry_run


def reviewer(
    elapsed: Callable[[], float], progress: Progress
) -> Callable[[Settings], Reviewer]:
    """How the reviewer is built once a run's settings are known."""

    def build(settings: Settings) -> Reviewer:
        deadline = settings.deadline_minutes * 60
        return Claude(
            api_key=settings.anthropic_api_key,
            base_url=settings.anthropic_base_url,
            deadline=lambda: deadline - elapsed(),
            max_cost_usd=settings.max_cost_usd,
            progress=progress,
        )

    return build


def stopwatch() -> Callable[[], float]:
    """Seconds since now."""
    start = time.monotonic()
    return lambda: time.monotonic() - start
