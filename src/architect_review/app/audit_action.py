"""Start an audit as the GitHub Action."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from architect_review.adapters.actions import (
    REPORT_FOLDER,
    SUMMARY,
    SUMMARY_LIMIT,
    Log,
    Runner,
    write_outputs,
    write_summary,
)
from architect_review.adapters.anthropic import Claude
from architect_review.adapters.audit_files import AuditFolder
from architect_review.adapters.cancellation import on_cancel
from architect_review.adapters.certificates import trusted
from architect_review.adapters.processes import spread
from architect_review.adapters.store import FolderStore, NoStore
from architect_review.adapters.threads import Threads
from architect_review.app.asking import Asking
from architect_review.app.audit_local import now
from architect_review.app.wiring import pins, stopwatch
from architect_review.audit.memory import AuditLedger
from architect_review.audit_report.markdown import summary_markdown
from architect_review.audit_report.outputs import audit_outputs, plan_outputs
from architect_review.audit_report.plan import AuditPlan, plan_markdown
from architect_review.audit_report.report import AuditReport
from architect_review.auditing.flow import audit
from architect_review.auditing.planning import plan
from architect_review.auditing.tools import AuditTools, Store
from architect_review.guarding import GuardedSource
from architect_review.ports import Tools
from architect_review.publication.leaks import Guard
from architect_review.report.outputs import exit_status
from architect_review.report.withholding import checked
from architect_review.request.auditing import AUDIT_FOLDER
from architect_review.request.audits import AuditRequest, Stage
from architect_review.request.settings import Settings
from architect_review.vocabulary import Status, Verdict


@dataclass(frozen=True, slots=True)
class AuditRecorder:
    """Writes an audit's end where the runner reads it: step summary, outputs, log."""

    runner: Runner
    log: Log
    folder: AuditFolder | None
    guard: Guard

    def record(self, report: AuditReport, ledger: AuditLedger | None) -> None:
        """Write the files first: the other places say where they are."""
        where = ""
        report = checked(report, self.guard)
        if self.folder is not None:
            self.folder.record(report, ledger)
            root = Path(self.runner.host_temp)
            inside = self.folder.folder.relative_to(self.runner.temp)
            where = str(root / inside)
        rest = f"the files in {where}" if where else "the JSON report"
        told = self.guard.lines(summary_markdown(report, SUMMARY_LIMIT, rest), SUMMARY)
        write_summary(self.runner.step_summary, told)
        values = self.guard.data(audit_outputs(report, where), "the outputs")
        write_outputs(self.runner.output, values)
        why = f": {report.why}" if report.why else ""
        if report.status is Status.FAILED:
            self.log.annotate("error", report.why, title="Architecture audit failed")
        elif report.status is Status.PARTIAL:
            self.log.annotate(
                "warning", report.why, title="Architecture audit is partial"
            )
        counts = report.counts
        self.log.line(
            f"{report.status.value}{why}; {counts.new} new, {counts.persisting} "
            f"persisting, {counts.fixed} fixed"
        )


def audit_action(
    request: AuditRequest,
    settings: Settings,
    inputs: Mapping[str, str],
    environ: Mapping[str, str],
    runner: Runner,
    log: Log,
    guard: Guard,
) -> int:
    """Audit as the action and return the exit status. Raises ArchitectError."""
    if settings.has_model and request.stage in (Stage.ALL, Stage.PART):
        Claude.preload()
    recorder = AuditRecorder(runner, log, _folder(runner, guard), guard)
    tools = _tools(request, settings, runner, log, recorder)
    if request.stage is Stage.PLAN or settings.dry_run:
        planned = plan(request, inputs, pins(environ), tools)
        return _planned(planned, recorder, is_dry_run=settings.dry_run)
    return exit_status(audit(request, inputs, pins(environ), tools))


def _tools(
    request: AuditRequest,
    settings: Settings,
    runner: Runner,
    log: Log,
    recorder: AuditRecorder,
) -> AuditTools:
    from architect_review.adapters.github import AuditIssue, Client, CommitSource

    client = Client(
        settings.token,
        runner.api_url,
        timeout=settings.github_timeout,
        ca_file=trusted(settings.ca_bundle),
        guard=recorder.guard,
    )
    source = CommitSource(client, request.repository, request.ref, request.since)

    def stopped(why: str) -> None:
        failed = AuditReport(status=Status.FAILED, why=why, verdict=Verdict.NONE)
        try:
            recorder.record(failed, None)
        finally:
            source.close()

    on_cancel(stopped)
    elapsed = stopwatch()
    guard = recorder.guard
    asked = Asking(elapsed, log, guard)
    heard = GuardedSource(source, guard)
    return AuditTools(
        tools=Tools(heard, asked.reviewer, (), (), log, elapsed, guard),
        store=_store(settings, runner),
        crew=Threads(),
        record=lambda scope, settings: AuditIssue(client, request.repository, scope),
        batches=asked.batches,
        forms=(recorder,),
        now=now,
        spread=spread,
        state_option="" if settings.audit_state else "the input `audit-state`",
    )


def _planned(planned: AuditPlan, at: AuditRecorder, *, is_dry_run: bool) -> int:
    """Say in the step summary, the outputs and the log what would be asked."""
    told = plan_markdown(planned, is_dry_run=is_dry_run)
    write_summary(at.runner.step_summary, at.guard.lines(told, SUMMARY))
    values = at.guard.data(plan_outputs(planned), "the outputs")
    write_outputs(at.runner.output, values)
    at.log.line(
        f"{len(planned.components)} components in {len(planned.matrix.include)} parts, "
        f"likely ${planned.usd:.2f}; nothing was asked"
    )
    return 0


def _folder(runner: Runner, guard: Guard) -> AuditFolder | None:
    if not runner.temp:
        return None
    folder = Path(runner.temp) / REPORT_FOLDER / AUDIT_FOLDER
    return AuditFolder(folder, runner.owner(), guard)


def _store(settings: Settings, runner: Runner) -> Store:
    if not settings.audit_state:
        return NoStore()
    folder = runner.folder(settings.audit_state, "audit-state")
    return FolderStore(folder, runner.owner())
