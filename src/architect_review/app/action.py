"""Start as the GitHub Action."""

import logging
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType

from pydantic import SecretStr

from architect_review.adapters.actions import (
    ActionsRecorder,
    Log,
    Runner,
    StepSummary,
    inputs_from,
    write_summary,
)
from architect_review.adapters.anthropic import Claude
from architect_review.adapters.cancellation import WatchedSource, on_cancel
from architect_review.app.wiring import (
    asks_model,
    recording,
    reviewer,
    run,
    stopwatch,
)
from architect_review.errors import AgentError, ArchitectError, SettingsError
from architect_review.ports import Tools
from architect_review.publication.publication import Receipt
from architect_review.report.outputs import exit_status
from architect_review.report.report import Report
from architect_review.request.commands import Misread
from architect_review.request.conversation import Commanded
from architect_review.request.events import (
    Asked,
    Ignored,
    PullRequestReview,
    as_review,
    parse,
)
from architect_review.request.settings import Settings
from architect_review.vocabulary import Status

HURRIED_SECONDS = 2
"""Longest wait for each of GitHub's last answers when a job is cancelled."""


@dataclass(frozen=True, slots=True)
class _Start:
    """What a run is started with."""

    environ: Mapping[str, str]
    inputs: Mapping[str, str]
    runner: Runner
    recorder: ActionsRecorder
    log: Log


def action(environ: Mapping[str, str]) -> int:
    """Run as the GitHub Action and return the exit status.

    Raises ArchitectError for settings that cannot be used, after writing it down.
    """
    log = Log(sys.stdout)
    _keep_to_the_log(log)
    runner = Runner.from_environ(environ)
    start = _Start(
        environ, inputs_from(environ), runner, ActionsRecorder(runner, log), log
    )
    # Masked before anything can fail and be printed.
    secrets = ("github-token", "anthropic-api-key")
    log.mask(SecretStr(start.inputs.get(name, "")) for name in secrets)
    try:
        return _started(start)
    except (SettingsError, AgentError) as error:
        _ended(start, Report.ended(Status.FAILED, str(error)))
        raise
    except ArchitectError as error:
        report = Report.ended(Status.FAILED, str(error))
        fail_on = Settings.of(start.inputs).fail_on
        return _ended(start, report.model_copy(update={"fail_on": fail_on}))


def _started(start: _Start) -> int:
    settings = Settings.of(start.inputs)
    runner = start.runner
    request = _supported(parse(runner.event_name, runner.event(), settings))
    if isinstance(request, Ignored):
        return _ended(start, Report.ended(Status.SKIPPED, request.reason))
    if asks_model(request, settings):
        # Its import takes seconds of CPU: beside the download it costs less waiting.
        Claude.preload()
    return _reviewed(start, request, settings)


def _supported(asked: Asked) -> PullRequestReview | Ignored:
    """What can be done already; the rest is ignored with a reason."""
    if isinstance(asked, PullRequestReview | Ignored):
        return asked
    if not isinstance(asked, Commanded):
        return Ignored(f"the request {type(asked).__name__} is not supported yet")
    if asked.asks_for_review:
        return as_review(asked)
    first = asked.commands[0]
    if isinstance(first, Misread):
        return Ignored(first.problem)
    return Ignored(f"`/architect {first.name.value}` is not supported yet")


def _reviewed(start: _Start, request: PullRequestReview, settings: Settings) -> int:
    # PyGithub takes half a second to import: an ignored event does without it.
    from architect_review.adapters.github import (
        Client,
        PullRequestPublisher,
        PullRequestSource,
    )

    runner, log = start.runner, start.log
    client = Client(settings.token, runner.api_url, timeout=settings.github_timeout)
    pulls = PullRequestSource(client, request)
    source = WatchedSource(pulls)
    elapsed = stopwatch()

    def cancelled(why: str) -> None:
        try:
            start.recorder.record(Report.ended(Status.FAILED, why), None, Receipt())
        finally:
            if source.change is not None and not settings.dry_run:
                quick = Client(
                    settings.token, runner.api_url, timeout=HURRIED_SECONDS, tries=1
                )
                PullRequestPublisher(quick).interrupt(source.change, why)
            pulls.close()

    on_cancel(cancelled)
    folder = runner.folder(settings.record) if settings.record else None
    with recording(folder, request, start.inputs, start.environ) as bundle:
        tools = Tools(
            source=source,
            reviewer=reviewer(elapsed, log, bundle.call if bundle else None),
            publishers=(
                StepSummary(runner.step_summary),
                PullRequestPublisher(client),
            ),
            recorders=(start.recorder,),
            progress=log,
            elapsed=elapsed,
        )
        heard = bundle.tools(tools) if bundle else tools
        status = _run(start, request, settings, heard)
    if bundle:
        log.line(bundle.outcome)
    return status


def _run(
    start: _Start, request: PullRequestReview, settings: Settings, tools: Tools
) -> int:
    def show(text: str) -> None:
        write_summary(start.runner.step_summary, text)

    dry = show if settings.dry_run else None
    return run(request, start.inputs, start.environ, tools, dry)


def _ended(start: _Start, report: Report) -> int:
    start.recorder.record(report, None, Receipt())
    return exit_status(report)


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
