"""What all ways of starting share.

An adapter is imported when a run has a use for it: a review without a model asks
nobody, and few are recorded.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from architect_review import pipeline
from architect_review.adapters.cancellation import prolong
from architect_review.adapters.certificates import trusted
from architect_review.errors import SettingsError
from architect_review.ports import Progress, Tools
from architect_review.preparation import prepare
from architect_review.publication.leaks import Guard
from architect_review.publication.preview import preview
from architect_review.publication.receipt import Receipt
from architect_review.report.outputs import exit_status
from architect_review.report.report import Report
from architect_review.report.withholding import checked
from architect_review.request.events import Request
from architect_review.request.models import Prices
from architect_review.request.settings import Settings
from architect_review.vocabulary import Status

if TYPE_CHECKING:
    from architect_review.adapters.anthropic import Claude
    from architect_review.adapters.anthropic.claude import OnCall
    from architect_review.adapters.bundle import Recording


def run(
    request: Request,
    inputs: Mapping[str, str],
    environ: Mapping[str, str],
    tools: Tools,
    show: Callable[[str], None] | None,
) -> int:
    """Run the pipeline and return the exit status; with `show`, as a dry run."""
    if show is None:
        return exit_status(review(request, inputs, environ, tools))
    ready = prepare(request, inputs, pins(environ), tools)
    dry = Report.ended(Status.SKIPPED, "a dry run: nothing was sent")
    report = ready if isinstance(ready, Report) else dry
    report = checked(report, tools.guard)
    for recorder in tools.recorders:
        recorder.record(report, None, Receipt())
    if not isinstance(ready, Report):
        show(preview(ready.plan, ready.policy))
    return 0


def review(
    request: Request,
    inputs: Mapping[str, str],
    environ: Mapping[str, str],
    tools: Tools,
) -> Report:
    """Run the pipeline and return what it did."""
    return pipeline.run(request, inputs, pins(environ), tools)


def pins(environ: Mapping[str, str]) -> dict[str, str]:
    """What the environment says the models' short names stand for."""
    return {
        name: value
        for name, value in environ.items()
        if name.startswith("ANTHROPIC_DEFAULT_")
    }


def asks_model(request: Request, settings: Settings) -> bool:
    """Whether a run will ask the model, as far as can be told before it starts."""
    has_endpoint = settings.has_endpoint and not settings.is_asked_elsewhere
    return has_endpoint and not request.without_model and not settings.dry_run


def preload(request: Request, settings: Settings) -> None:
    """Begin to import the model's SDK, in a thread, where it will be asked.

    That takes seconds of CPU: beside the download it costs less waiting.
    """
    if asks_model(request, settings):
        from architect_review.adapters.anthropic import Claude

        Claude.preload()


def recording(
    folder: Path | None,
    request: Request,
    inputs: Mapping[str, str],
    environ: Mapping[str, str],
    guard: Guard | None = None,
) -> "AbstractContextManager[Recording | None]":
    """What writes a run to a folder, if one is named. Raises SettingsError."""
    if folder is None:
        return nullcontext()
    settings = Settings.of(inputs)
    if settings.dry_run:
        raise SettingsError("a dry run says nothing that could be recorded")
    from architect_review.adapters.bundle import Recording

    token = SecretStr(environ.get("ANTHROPIC_AUTH_TOKEN", ""))
    credentials = (settings.github_token, settings.anthropic_api_key, token)
    return Recording(folder, request, inputs, pins(environ), credentials, guard)


def reviewer(
    elapsed: Callable[[], float],
    progress: Progress,
    on_call: "OnCall | None" = None,
    guard: Guard | None = None,
) -> "Callable[[Settings], Claude]":
    """How the reviewer is built once a run's settings are known."""

    def build(settings: Settings) -> "Claude":
        from architect_review.adapters.anthropic import Claude

        # Only now the configuration file's is known.
        prolong(settings.deadline_minutes, elapsed())
        deadline = settings.deadline_minutes * 60
        return Claude(
            api_key=settings.anthropic_api_key,
            base_url=settings.anthropic_base_url,
            deadline=lambda: deadline - elapsed(),
            max_cost_usd=settings.max_cost_usd,
            max_tokens=settings.max_tokens,
            prices=Prices.stated(settings.prices),
            progress=progress,
            on_call=on_call,
            ca_file=trusted(settings.ca_bundle),
            guard=guard,
        )

    return build


def stopwatch() -> Callable[[], float]:
    """Seconds since now."""
    start = time.monotonic()
    return lambda: time.monotonic() - start
