"""Start as the GitHub Action: what was asked for, and who carries it out."""

import sys
from collections.abc import Mapping

from pydantic import SecretStr

from architect_review.adapters.actions import (
    ActionsRecorder,
    Log,
    Runner,
    inputs_from,
)
from architect_review.adapters.cancellation import limit, on_cancel
from architect_review.app.guarded import keep_to, masks_of
from architect_review.app.start import Start
from architect_review.errors import AgentError, ArchitectError, SettingsError
from architect_review.publication.leaks import Guard
from architect_review.report.report import Report
from architect_review.request.audits import AuditRequest
from architect_review.request.events import Ignored, parse
from architect_review.request.settings import Settings
from architect_review.request.staging import ReviewStage
from architect_review.vocabulary import Status


def action(environ: Mapping[str, str], guard: Guard) -> int:
    """Run as the GitHub Action and return the exit status.

    Raises ArchitectError for settings that cannot be used, after writing it down.
    """
    log = Log(sys.stdout)
    keep_to(log.line)
    runner = Runner.from_environ(environ)
    recorder = ActionsRecorder(runner, log, guard)
    start = Start(environ, inputs_from(environ), runner, recorder, log, guard)
    # Masked before anything can fail and be printed.
    log.mask(map(SecretStr, masks_of(environ)))
    guard.on_learning(lambda secret: log.mask((secret,)))
    on_cancel(start.failed)
    try:
        return _started(start)
    except (SettingsError, AgentError) as error:
        start.failed(str(error))
        raise
    except ArchitectError as error:
        report = Report.ended(Status.FAILED, str(error))
        fail_on = Settings.of(start.inputs).fail_on
        return start.ended(report.model_copy(update={"fail_on": fail_on}))


def _started(start: Start) -> int:
    settings = Settings.of(start.inputs)
    limit(settings.deadline_minutes)
    asked = parse(start.runner.event_name, start.runner.event(), settings)
    # What carries a request out is imported for that kind of request alone: most
    # events are ignored, and every comment on a pull request is an event.
    match asked:
        case Ignored():
            return start.skipped(asked.reason)
        case _ if settings.stage is not ReviewStage.ALL:
            from architect_review.app.staged import staged

            return staged(start, asked, settings)
        case AuditRequest():
            from architect_review.app.audit_action import audit_action

            return audit_action(
                asked,
                settings,
                start.inputs,
                start.environ,
                start.runner,
                start.log,
                start.guard,
            )
        case _:
            from architect_review.app.pull_request import pull_request

            return pull_request(start, asked, settings)
