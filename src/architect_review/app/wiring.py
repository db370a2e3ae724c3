"""What all ways of starting share."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from pydantic import SecretStr

from architect_review import pipeline
from architect_review.adapters.anthropic import Batches, Claude
from architect_review.adapters.anthropic.claude import OnCall
from architect_review.adapters.bundle import Recording
from architect_review.adapters.certificates import trusted
from architect_review.errors import SettingsError
from architect_review.guarding import checked
from architect_review.ports import Progress, Tools
from architect_review.preparation import prepare
from architect_review.publication.leaks import Guard
from architect_review.publication.preview import preview
from architect_review.publication.publication import Receipt
from architect_review.report.outputs import exit_status
from architect_review.report.report import Report
from architect_review.request.events import Request
from architect_review.request.models import Prices
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
    return settings.has_model and not request.without_model and not settings.dry_run


def recording(
    folder: Path | None,
    request: Request,
    inputs: Mapping[str, str],
    environ: Mapping[str, str],
) -> AbstractContextManager[Recording | None]:
    """What writes a run to a folder, if one is named. Raises SettingsError."""
    if folder is None:
        return nullcontext()
    settings = Settings.of(inputs)
    if settings.dry_run:
        raise SettingsError("a dry run says nothing that could be recorded")
    token = SecretStr(environ.get("ANTHROPIC_AUTH_TOKEN", ""))
    credentials = (settings.github_token, settings.anthropic_api_key, token)
    return Recording(folder, request, inputs, pins(environ), credentials)


def reviewer(
    elapsed: Callable[[], float],
    progress: Progress,
    on_call: OnCall | None = None,
    guard: Guard | None = None,
) -> Callable[[Settings], Claude]:
    """How the reviewer is built once a run's settings are known."""

    def build(settings: Settings) -> Claude:
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


class Asking:
    """How an audit asks: directly and by batches, with one budget for both."""

    def __init__(
        self,
        elapsed: Callable[[], float],
        progress: Progress,
        guard: Guard | None = None,
    ) -> None:
        self._elapsed = elapsed
        self._progress = progress
        self._guard = guard
        self._build = reviewer(elapsed, progress, guard=guard)
        self._claude: Claude | None = None

    def reviewer(self, settings: Settings) -> Claude:
        """The one reviewer of the run."""
        if self._claude is None:
            self._claude = self._build(settings)
        return self._claude

    def batches(self, settings: Settings) -> Batches:
        """The batches of the run."""
        deadline = settings.deadline_minutes * 60
        return Batches(
            api_key=settings.anthropic_api_key,
            base_url=settings.anthropic_base_url,
            deadline=lambda: deadline - self._elapsed(),
            budget=self.reviewer(settings).budget,
            prices=Prices.stated(settings.prices),
            progress=self._progress,
            ca_file=trusted(settings.ca_bundle),
            guard=self._guard,
        )


def stopwatch() -> Callable[[], float]:
    """Seconds since now."""
    start = time.monotonic()
    return lambda: time.monotonic() - start
