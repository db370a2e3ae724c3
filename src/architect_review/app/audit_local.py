"""Start an audit as a local command."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from architect_review.adapters.anthropic import Claude
from architect_review.adapters.audit_files import AuditFolder
from architect_review.adapters.audit_terminal import AuditWriter
from architect_review.adapters.local import LocalAudit
from architect_review.adapters.processes import spread
from architect_review.adapters.store import FolderStore, NoStore
from architect_review.adapters.terminal import TerminalProgress
from architect_review.adapters.threads import Threads
from architect_review.app.asking import Asking
from architect_review.app.audit_arguments import AuditOptions
from architect_review.app.wiring import pins, stopwatch
from architect_review.audit.memory import AuditLedger, from_json
from architect_review.auditing.flow import audit
from architect_review.auditing.planning import plan
from architect_review.auditing.tools import AuditForms, AuditTools
from architect_review.errors import SettingsError
from architect_review.guarding import GuardedSource
from architect_review.ports import Tools
from architect_review.publication.leaks import Guard
from architect_review.publication.plain import log_json
from architect_review.report.outputs import exit_status
from architect_review.request.audits import Stage
from architect_review.request.settings import Settings


def audit_local(options: AuditOptions, environ: Mapping[str, str], guard: Guard) -> int:
    """Audit a local repository and return the exit status. Raises ArchitectError."""
    settings = Settings.of(options.inputs)
    request = options.request
    stage = request.stage
    asks = stage in (Stage.ALL, Stage.PART) and not request.without_model
    if settings.has_model and asks:
        Claude.preload()
    progress = TerminalProgress(sys.stderr)
    elapsed = stopwatch()
    source = LocalAudit(request, options.files)
    if source.folder:
        request = replace(request, paths=(source.folder,))
    folder = AuditFolder(options.output, guard=guard)
    writer = AuditWriter(options.form, progress, folder.written)
    forms: tuple[AuditForms, ...] = (writer,)
    if stage in (Stage.ALL, Stage.MERGE):
        folder.claim()
        forms = (folder, writer)
    asked = Asking(elapsed, progress, guard)
    heard = GuardedSource(source, guard)
    tools = AuditTools(
        tools=Tools(heard, asked.reviewer, (), (), progress, elapsed, guard),
        store=FolderStore(options.state) if options.state else NoStore(),
        crew=Threads(),
        record=lambda scope, settings: None,
        batches=asked.batches,
        forms=forms,
        now=now,
        known=_baseline(options.baseline),
        spread=spread,
        state_option="" if options.state else "--state DIR",
    )
    try:
        if stage is Stage.PLAN:
            planned = plan(request, options.inputs, pins(environ), tools)
            progress.done()
            sys.stdout.write(log_json(planned.model_dump_json(indent=2)) + "\n")
            return 0
        return exit_status(audit(request, options.inputs, pins(environ), tools))
    finally:
        progress.done()


def now() -> str:
    """The time, as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _baseline(path: Path | None) -> AuditLedger | None:
    if path is None:
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the baseline {path} cannot be read: {error}") from error
    return from_json(text, str(path))
