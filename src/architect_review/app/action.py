"""Start as the GitHub Action."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from pydantic import SecretStr

from architect_review.adapters.actions import (
    SUMMARY,
    ActionsRecorder,
    Log,
    Runner,
    StepSummary,
    inputs_from,
    write_summary,
)
from architect_review.adapters.anthropic import Claude
from architect_review.adapters.cancellation import WatchedSource, on_cancel
from architect_review.adapters.certificates import trusted
from architect_review.app.guarded import keep_to, masks_of
from architect_review.app.wiring import (
    asks_model,
    pins,
    recording,
    review,
    reviewer,
    run,
    stopwatch,
)
from architect_review.commanding import command
from architect_review.conversing import converse
from architect_review.errors import AgentError, ArchitectError, SettingsError
from architect_review.following import closed, review_of_lead
from architect_review.guarding import GuardedSource, checked
from architect_review.ports import Tools
from architect_review.publication.leaks import Guard
from architect_review.publication.publication import Receipt
from architect_review.report.outputs import exit_status
from architect_review.report.report import Report
from architect_review.request.audits import AuditRequest
from architect_review.request.conversation import (
    Closed,
    Commanded,
    LeadReview,
    ThreadReply,
)
from architect_review.request.events import Ignored, PullRequestReview, parse
from architect_review.request.settings import Settings
from architect_review.vocabulary import Status

if TYPE_CHECKING:
    from architect_review.adapters.github import Client

T = TypeVar("T")
Talked = Commanded | ThreadReply | LeadReview | Closed
"""What people say, and what happens, on a pull request besides pushes."""

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
    guard: Guard


def action(environ: Mapping[str, str], guard: Guard) -> int:
    """Run as the GitHub Action and return the exit status.

    Raises ArchitectError for settings that cannot be used, after writing it down.
    """
    log = Log(sys.stdout)
    keep_to(log.line)
    runner = Runner.from_environ(environ)
    recorder = ActionsRecorder(runner, log, guard)
    start = _Start(environ, inputs_from(environ), runner, recorder, log, guard)
    # Masked before anything can fail and be printed.
    log.mask(map(SecretStr, masks_of(environ)))
    on_cancel(partial(_stopped, start))
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
    asked = parse(runner.event_name, runner.event(), settings)
    if isinstance(asked, Ignored):
        return _ended(start, Report.ended(Status.SKIPPED, asked.reason))
    if isinstance(asked, PullRequestReview):
        request = asked
        return _connected(
            start,
            request,
            settings,
            lambda tools: _run(start, request, settings, tools),
        )
    if isinstance(asked, AuditRequest):
        # An audit's parts are imported for audits alone.
        from architect_review.app.audit_action import audit_action

        inputs, log, guard = start.inputs, start.log, start.guard
        return audit_action(asked, settings, inputs, start.environ, runner, log, guard)
    if settings.dry_run:
        why = "a dry run: nothing is said on the pull request"
        return _ended(start, Report.ended(Status.SKIPPED, why))
    return exit_status(_talked(start, asked, settings))


def _talked(start: _Start, asked: Talked, settings: Settings) -> Report:
    """Answer people, with no model unless that is what they ask for."""
    from architect_review.adapters.github import PullRequestDesk, PullRequestSource

    inputs, log = start.inputs, start.log
    client = _client(start, settings)
    desk = PullRequestDesk(client, asked.repository, asked.number)
    elapsed = stopwatch()
    tools = Tools(
        source=GuardedSource(PullRequestSource(client, asked), start.guard),
        reviewer=reviewer(elapsed, log, guard=start.guard),
        publishers=(),
        recorders=(start.recorder,),
        progress=log,
        elapsed=elapsed,
        guard=start.guard,
    )

    def make(request: PullRequestReview) -> Report:
        return _connected(
            start,
            request,
            settings,
            lambda tools: review(request, inputs, start.environ, tools),
        )

    match asked:
        case Commanded():
            return command(asked, inputs, desk, tools, make)
        case ThreadReply():
            return converse(asked, inputs, pins(start.environ), desk, tools)
        case LeadReview():
            return review_of_lead(asked, inputs, desk, tools)
        case Closed():
            return closed(asked, inputs, desk, tools)


def _connected(
    start: _Start,
    request: PullRequestReview,
    settings: Settings,
    act: Callable[[Tools], T],
) -> T:
    """Do something with all that a review needs."""
    # PyGithub takes half a second to import: an ignored event does without it.
    from architect_review.adapters.github import (
        PullRequestPublisher,
        PullRequestSource,
    )

    if asks_model(request, settings):
        # Its import takes seconds of CPU: beside the download it costs less waiting.
        Claude.preload()
    runner, log = start.runner, start.log
    client = _client(start, settings)
    pulls = PullRequestSource(client, request)
    source = WatchedSource(GuardedSource(pulls, start.guard))
    elapsed = stopwatch()

    on_cancel(partial(_cancelled, start, settings, source, pulls.close))
    folder = runner.folder(settings.record) if settings.record else None
    with recording(folder, request, start.inputs, start.environ) as bundle:
        tools = Tools(
            source=source,
            reviewer=reviewer(
                elapsed, log, bundle.call if bundle else None, start.guard
            ),
            publishers=(
                StepSummary(runner.step_summary, start.guard),
                PullRequestPublisher(client),
            ),
            recorders=(start.recorder,),
            progress=log,
            elapsed=elapsed,
            guard=start.guard,
        )
        heard = bundle.tools(tools) if bundle else tools
        done = act(heard)
    if bundle:
        log.line(bundle.outcome)
    return done


def _client(start: _Start, settings: Settings) -> "Client":
    from architect_review.adapters.github import Client

    return Client(
        settings.token,
        start.runner.api_url,
        timeout=settings.github_timeout,
        ca_file=trusted(settings.ca_bundle),
        guard=start.guard,
    )


def _stopped(start: _Start, why: str) -> None:
    """Write down that the run was broken off."""
    start.recorder.record(Report.ended(Status.FAILED, why), None, Receipt())


def _cancelled(
    start: _Start,
    settings: Settings,
    source: WatchedSource,
    close: Callable[[], None],
    why: str,
) -> None:
    """Write down, and say on the pull request, that the run was broken off."""
    from architect_review.adapters.github import Client, PullRequestPublisher

    try:
        _stopped(start, why)
    finally:
        if source.change is not None and not settings.dry_run:
            url = start.runner.api_url
            quick = Client(
                settings.token,
                url,
                timeout=HURRIED_SECONDS,
                tries=1,
                ca_file=trusted(settings.ca_bundle),
                guard=start.guard,
            )
            PullRequestPublisher(quick).interrupt(source.change, why)
        close()


def _run(
    start: _Start, request: PullRequestReview, settings: Settings, tools: Tools
) -> int:
    def show(text: str) -> None:
        kept = start.guard.lines(text, SUMMARY)
        write_summary(start.runner.step_summary, kept)

    dry = show if settings.dry_run else None
    return run(request, start.inputs, start.environ, tools, dry)


def _ended(start: _Start, report: Report) -> int:
    report = checked(report, start.guard)
    start.recorder.record(report, None, Receipt())
    return exit_status(report)
