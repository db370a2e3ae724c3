"""A person's terminal at the end of an audit."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from architect_review.adapters.terminal import TerminalProgress, coloured
from architect_review.audit.memory import AuditLedger
from architect_review.audit_report.markdown import report_markdown
from architect_review.audit_report.report import AuditReport
from architect_review.audit_report.text import report_text
from architect_review.publication.plain import log_json, without_commands


class AuditWriter:
    """Recorder: an audit as text, Markdown or JSON, printed.

    `written` gives the files that it was written to before.
    """

    def __init__(
        self,
        form: str,
        progress: TerminalProgress,
        written: Callable[[], Sequence[Path]],
    ) -> None:
        self._form = form
        self._progress = progress
        self._written = written

    def record(self, report: AuditReport, ledger: AuditLedger | None) -> None:
        """Print the report in the chosen form."""
        self._progress.done()
        if self._form == "json":
            body = log_json(report.model_dump_json(indent=2)) + "\n"
        elif self._form == "markdown":
            body = without_commands(report_markdown(report))
        else:
            body = report_text(report, [str(each) for each in self._written()])
        if self._form == "text" and sys.stdout.isatty():
            coloured(body)
        else:
            sys.stdout.write(body)
