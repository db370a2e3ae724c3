"""Carry out as the GitHub Action what an event asks for on a pull request."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from architect_review.adapters.actions import SUMMARY, StepSummary, write_summary
from architect_review.adapters.cancellation import WatchedSource, on_cancel
from architect_review.adapters.certificates import trusted
from architect_review.adapters.github import (
    Client,
    PullRequestDesk,
    PullRequestPublisher,
    PullRequestSource,
)
from architect_review.app.start import Start
from architect_review.app.wiring import (
    pins,
    preload,
    recording,
    review,
    reviewer,
    run,
    stopwatch,
)
from architect_review.commanding import command
from architect_review.conversing import converse
from architect_review.following import closed, review_of_lead
from architect_review.guarding import GuardedSource
from architect_review.ports import Tools
from architect_review.report.outputs import exit_status
from architect_review.report.report import Report
from architect_review.request.conversation import (
    Closed,
    Commanded,
    LeadReview,
    ThreadReply,
)
from architect_review.request.events import PullRequestReview
from architect_review.request.settings import Settings
from architect_review.request.staging import ReviewStage

T = TypeVar("T")
Talked = Commanded | ThreadReply | LeadReview | Closed
"""What people say, and what happens, on a pull request besides pushes."""

HURRIED_SECONDS = 2
"""Longest wait for each of GitHub's last answers when a job is cancelled."""


def pull_request(
    start: Start, asked: PullRequestReview | Talked, settings: Settings
) -> int:
    """Review the pull request or answer on it, and return the exit status.

    Raises ArchitectError for what kept it from being done.
    """
    if isinstance(asked, PullRequestReview):
        request = asked
        return connected(
            start,
            request,
            settings,
            lambda tools: _run(start, request, settings, tools),
        )
    if settings.dry_run:
        return start.skipped("a dry run: nothing is said on the pull request")
    return exit_status(_talked(start, asked, settings))


def _talked(start: Start, asked: Talked, settings: Settings) -> Report:
    """Answer people, with no model unless that is what they ask for."""
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
        return connected(
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


def connected(
    start: Start,
    request: PullRequestReview,
    settings: Settings,
    act: Callable[[Tools], T],
) -> T:
    """Do something with all that a review needs."""
    preload(request, settings)
    runner, log = start.runner, start.log
    client = _client(start, settings)
    pulls = PullRequestSource(client, request)
    source = WatchedSource(GuardedSource(pulls, start.guard))
    elapsed = stopwatch()

    on_cancel(partial(_cancelled, start, settings, source, pulls.close))
    folder = runner.folder(settings.record) if settings.record else None
    with recording(folder, request, start.inputs, start.environ, start.guard) as bundle:
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
            settle=PullRequestDesk(client, request.repository, request.number).settle,
        )
        heard = bundle.tools(tools) if bundle else tools
        done = act(heard)
    if bundle:
        log.line(bundle.outcome)
    return done


def _client(start: Start, settings: Settings) -> Client:
    return Client(
        settings.token,
        start.runner.api_url,
        timeout=settings.github_timeout,
        ca_file=trusted(settings.ca_bundle),
        guard=start.guard,
    )


def _cancelled(
    start: Start,
    settings: Settings,
    source: WatchedSource,
    close: Callable[[], None],
    why: str,
) -> None:
    """Write down, and say on the pull request, that the run was broken off."""
    try:
        start.failed(why)
    finally:
        says = not settings.dry_run and settings.stage is not ReviewStage.COLLECT
        if source.change is not None and says:
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
    start: Start, request: PullRequestReview, settings: Settings, tools: Tools
) -> int:
    def show(text: str) -> None:
        kept = start.guard.lines(text, SUMMARY)
        write_summary(start.runner.step_summary, kept)

    dry = show if settings.dry_run else None
    return run(request, start.inputs, start.environ, tools, dry)
