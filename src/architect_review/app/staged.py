"""A review in three jobs: one reads GitHub, one asks the model, one publishes.

Each has the powers of its part alone; docs/three-jobs.md says what lies between them.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import SecretStr

from architect_review.adapters.bundle.answers import Answers, Writing
from architect_review.adapters.bundle.binding import Run
from architect_review.adapters.bundle.files import BundleError
from architect_review.adapters.bundle.given import given
from architect_review.adapters.bundle.handover import Handed, Handover
from architect_review.adapters.bundle.scrubbing import Scrubber
from architect_review.adapters.bundle.source import RecordingSource
from architect_review.app.start import Start
from architect_review.app.wiring import pins, preload, reviewer, run, stopwatch
from architect_review.errors import SettingsError
from architect_review.guarding import GuardedSource
from architect_review.inquiring import inquire
from architect_review.ports import Tools
from architect_review.preparation import Prepared, prepare
from architect_review.report.parts import ReportUsage
from architect_review.report.report import Report
from architect_review.request.events import Asked, PullRequestReview
from architect_review.request.settings import NO_MODEL_KEY, Settings
from architect_review.request.staging import ReviewStage
from architect_review.review.inquiry import Inquiry
from architect_review.vocabulary import Status


@dataclass(frozen=True, slots=True)
class _Job:
    """One of the three jobs. `folder` is where they meet."""

    start: Start
    request: PullRequestReview
    settings: Settings
    folder: Path
    run: Run

    @property
    def scrubber(self) -> Scrubber:
        """What takes the credentials of this job out of what it leaves."""
        token = SecretStr(self.start.environ.get("ANTHROPIC_AUTH_TOKEN", ""))
        settings = self.settings
        return Scrubber((settings.github_token, settings.anthropic_api_key, token))

    def prepared(self, tools: Tools) -> Prepared | Report:
        """What all three jobs know before the model is asked."""
        pinned = pins(self.start.environ)
        return prepare(self.request, self.start.inputs, pinned, tools)


def staged(start: Start, asked: Asked, settings: Settings) -> int:
    """Do this job's part of a review, and return the exit status.

    Raises ArchitectError for what kept it from being done.
    """
    if not isinstance(asked, PullRequestReview):
        return start.skipped(
            "only reviews of pull requests are divided over jobs: commands, answers "
            "in threads, sign-off and audits need a job without `stage`"
        )
    if settings.record:
        raise SettingsError("input: `record`: only a review in one job is recorded")
    run_id = start.environ.get("GITHUB_RUN_ID", "")
    if not run_id:
        raise SettingsError(f"GITHUB_RUN_ID is not set: `stage: {settings.stage}`")
    folder = start.runner.folder(settings.handover, "handover")
    own = Run(run_id, asked.repository, asked.number)
    job = _Job(start, asked, settings, folder, own)
    match settings.stage:
        case ReviewStage.COLLECT:
            return _collect(job)
        case ReviewStage.REVIEW:
            return _ask(job)
        case _:
            return _publish(job)


def _collect(job: _Job) -> int:
    """Read the pull request, and hand over what there is to ask."""
    # What knows GitHub is not imported by the job that has no token.
    from architect_review.app.pull_request import connected, pull_request

    start = job.start
    if job.settings.dry_run:
        return pull_request(start, job.request, job.settings)

    def act(tools: Tools) -> int:
        handover = Handover(job.folder, tools.source, job.scrubber)
        ready = job.prepared(replace(tools, source=handover.source))
        if isinstance(ready, Report):
            # The job that publishes comes to the same, and it decides what fails.
            return start.ended(ready.model_copy(update={"fail_on": ()}))
        count = len(ready.plan.requests)
        if ready.without_model or not count:
            why = ready.without_model or "no changed line needs a reader"
            return start.ended(_here(ready, f"there is nothing to ask ({why})"))
        left_out = handover.write(job.run, ready.change)
        lacks = f", {left_out:,} files were too many to go along" if left_out else ""
        told = f"{_counted(count)} handed over for the model{lacks}"
        report = _here(ready, told)
        return start.ended(report.model_copy(update={"ready": True}))

    return connected(start, job.request, job.settings, act)


def _ask(job: _Job) -> int:
    """Ask the model what was handed over, and write its answers down."""
    start, settings = job.start, job.settings
    if settings.dry_run:
        return start.skipped("a dry run: the model is not asked")
    preload(job.request, settings)
    handed = Handed(job.folder, job.run)
    writing = Writing(job.folder, handed.binding, job.scrubber)
    elapsed = stopwatch()
    build = reviewer(elapsed, start.log, guard=start.guard)
    tools = Tools(
        source=GuardedSource(handed.source, start.guard),
        reviewer=lambda found: writing.reviewer(build(found)),
        publishers=(),
        recorders=(),
        progress=start.log,
        elapsed=elapsed,
        guard=start.guard,
    )
    ready = job.prepared(tools)
    if isinstance(ready, Report):
        return start.ended(ready.model_copy(update={"fail_on": ()}))
    if ready.without_model:
        writing.end(is_unasked=not settings.has_endpoint)
        report = _here(ready, ready.without_model)
        return start.ended(report.model_copy(update={"status": Status.SIGNALS_ONLY}))
    inquiry = inquire(ready, tools)
    writing.end()
    return start.ended(_asked(ready, inquiry))


def _publish(job: _Job) -> int:
    """Review anew, with the answers of another job in the model's place."""
    from architect_review.app.pull_request import connected

    start, request = job.start, job.request
    if job.settings.dry_run:
        return start.skipped("a dry run: nothing is said on the pull request")
    try:
        found, why = given(job.folder, job.run), ""
    except BundleError as error:
        found, why = None, str(error)
    if found is not None and found.is_unasked and not request.without_model:
        request = replace(request, without_model=NO_MODEL_KEY)

    def act(tools: Tools) -> int:
        # Heard as the first job heard it, or the same questions would read otherwise.
        source = RecordingSource(tools.source, job.scrubber)
        answers = Answers(found, why, lambda: source.change["head_sha"], start.guard)
        heard = replace(tools, source=source, reviewer=lambda settings: answers)
        return run(request, start.inputs, start.environ, heard, None)

    return connected(start, request, job.settings, act)


def _asked(ready: Prepared, inquiry: Inquiry) -> Report:
    """What the job that asks has to say: nothing is judged here."""
    replies = list(inquiry.every)
    failures = [each.failure for each in replies if each.failure]
    report = _here(ready, f"{_counted(len(replies))} answered by the model")
    update = {
        "usage": ReportUsage.of(inquiry.usage),
        "model": next((each.model for each in replies), ""),
        "agent": ready.policy.agent.name,
    }
    if failures:
        has_answer = any(each.answer for each in replies)
        update["status"] = Status.PARTIAL if has_answer else Status.FAILED
        update["why"] = failures[0].detail
    return report.model_copy(update=update)


def _here(ready: Prepared, told: str) -> Report:
    """The end of a job that says nothing on the pull request, and fails nothing."""
    change = ready.change
    return Report.ended(
        Status.SKIPPED,
        f"{told}; what comes of it is said by the job with `stage: publish`",
        fail_on=(),
        repository=change.repository,
        pull_request=change.number,
        title=change.title,
        base=change.base_sha,
        head=change.head_sha,
    )


def _counted(count: int) -> str:
    return "1 request is" if count == 1 else f"{count} requests are"
