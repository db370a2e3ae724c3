"""Wiring: which adapters a run uses. The only module that knows them all."""

import logging
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from pydantic import SecretStr

from architect_review import pipeline
from architect_review.adapters.actions import (
    ActionsRecorder,
    Log,
    Runner,
    StepSummary,
    write_summary,
)
from architect_review.adapters.anthropic import Claude
from architect_review.adapters.local import LocalSource
from architect_review.adapters.terminal import ReportWriter, TerminalProgress
from architect_review.errors import AgentError, ArchitectError, SettingsError
from architect_review.pipeline import Tools
from architect_review.ports import Progress, Reviewer
from architect_review.publication.preview import preview
from architect_review.publication.publication import Receipt
from architect_review.report.outputs import exit_status
from architect_review.report.report import Report
from architect_review.request.events import (
    Ignored,
    PullRequestReview,
    RangeReview,
    Request,
    parse,
)
from architect_review.request.settings import Settings, inputs_from
from architect_review.vocabulary import Status


@dataclass(frozen=True, slots=True)
class LocalOptions:
    """What the command line adds to the settings."""

    form: str
    output: Path | None
    files: Mapping[str, Path]
    """Policy files to take from the disk instead of the base, by their path."""


def action(environ: Mapping[str, str]) -> int:
    """Run as the GitHub Action and return the exit status.

    Raises ArchitectError for settings that cannot be used, after writing it down.
    """
    log = Log(sys.stdout)
    _keep_to_the_log(log)
    runner = Runner.from_environ(environ)
    recorder = ActionsRecorder(runner, log)
    inputs = inputs_from(environ)
    # Masked before anything can fail and be printed.
    log.mask(
        SecretStr(inputs.get(n, "")) for n in ("github-token", "anthropic-api-key")
    )
    try:
        settings = Settings.of(inputs)
        request = parse(runner.event_name, runner.event(), settings)
        if isinstance(request, Ignored):
            report = Report.ended(Status.SKIPPED, request.reason)
            recorder.record(report, None, Receipt())
            return 0
        return _pull_request(request, inputs, settings, runner, recorder, log, environ)
    except (SettingsError, AgentError) as error:
        recorder.record(Report.ended(Status.FAILED, str(error)), None, Receipt())
        raise
    except ArchitectError as error:
        report = Report.ended(Status.FAILED, str(error))
        report = report.model_copy(update={"fail_on": Settings.of(inputs).fail_on})
        recorder.record(report, None, Receipt())
        return exit_status(report)


def _pull_request(
    request: PullRequestReview,
    inputs: Mapping[str, str],
    settings: Settings,
    runner: Runner,
    recorder: ActionsRecorder,
    log: Log,
    environ: Mapping[str, str],
) -> int:
    if settings.has_model and not request.without_model and not settings.dry_run:
        # Its import takes seconds of CPU: beside the download it costs less waiting.
        Claude.preload()
    # PyGithub takes half a second to import: an ignored event does without it.
    from architect_review.adapters.github import (
        Client,
        PullRequestPublisher,
        PullRequestSource,
    )

    client = Client(settings.token, runner.api_url)
    elapsed = _stopwatch()
    tools = Tools(
        source=PullRequestSource(client, request),
        reviewer=_reviewer(elapsed, log),
        publishers=(StepSummary(runner.step_summary), PullRequestPublisher(client)),
        recorders=(recorder,),
        progress=log,
        elapsed=elapsed,
    )

    def show(text: str) -> None:
        write_summary(runner.step_summary, text)

    return _run(request, inputs, environ, tools, show if settings.dry_run else None)


def local(
    request: RangeReview,
    inputs: Mapping[str, str],
    options: LocalOptions,
    environ: Mapping[str, str],
) -> int:
    """Review a range of commits and return the exit status. Raises ArchitectError."""
    settings = Settings.of(inputs)
    if settings.has_model and not request.without_model and not settings.dry_run:
        Claude.preload()
    progress = TerminalProgress(sys.stderr)
    elapsed = _stopwatch()
    tools = Tools(
        source=LocalSource(request, options.files),
        reviewer=_reviewer(elapsed, progress),
        publishers=(),
        recorders=()
        if settings.dry_run
        else (ReportWriter(options.form, options.output, progress),),
        progress=progress,
        elapsed=elapsed,
    )

    def show(text: str) -> None:
        progress.done()
        sys.stdout.write(text)

    try:
        return _run(request, inputs, environ, tools, show if settings.dry_run else None)
    finally:
        progress.done()


def _run(
    request: Request,
    inputs: Mapping[str, str],
    environ: Mapping[str, str],
    tools: Tools,
    show: Callable[[str], None] | None,
) -> int:
    pins = {
        name: value
        for name, value in environ.items()
        if name.startswith("ANTHROPIC_DEFAULT_")
    }
    if show is None:
        return exit_status(pipeline.run(request, inputs, pins, tools))
    ready = pipeline.prepare(request, inputs, pins, tools)
    report = (
        ready
        if isinstance(ready, Report)
        else Report.ended(Status.SKIPPED, "a dry run: nothing was sent")
    )
    for recorder in tools.recorders:
        recorder.record(report, None, Receipt())
    if not isinstance(ready, Report):
        show(preview(ready.plan, ready.policy))
    return 0


def _reviewer(
    elapsed: Callable[[], float], progress: Progress
) -> Callable[[Settings], Reviewer]:
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


def _stopwatch() -> Callable[[], float]:
    start = time.monotonic()
    return lambda: time.monotonic() - start


class _LogHandler(logging.Handler):
    """Libraries' warnings in the log, as lines that cannot be commands."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record."""
        self._log.line(self.format(record))


def _keep_to_the_log(log: Log) -> None:
    """Route what libraries and crashes print through the log's escaping."""

    def crash(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        for line in traceback.format_exception(kind, error, trace):
            log.line(line.rstrip("\n"))

    logging.basicConfig(handlers=[_LogHandler(log)], force=True)
    logging.captureWarnings(True)
    sys.excepthook = crash
