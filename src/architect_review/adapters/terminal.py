"""A person's terminal: progress while it runs, the review at its end."""

import os
import sys
from pathlib import Path
from typing import TextIO

from architect_review.errors import PublishError
from architect_review.publication.leaks import Guard
from architect_review.publication.plain import (
    log_json,
    log_line,
    one_line,
    without_commands,
)
from architect_review.publication.publication import Publication
from architect_review.publication.receipt import Receipt
from architect_review.report.report import Report
from architect_review.templating import text

LINE_LIMIT = 1_000
"""Characters of a value that is one line: a path, a title."""


class TerminalProgress:
    """Progress on standard error: one changing line at a terminal, lines in a log."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()

    def step(self, text: str) -> None:
        """Show what is being done now."""
        if self._live:
            shown = one_line(text, LINE_LIMIT)
            print(f"\r\x1b[2K· {shown}…", end="", file=self._stream, flush=True)
        else:
            print(f"· {log_line(text)}", file=self._stream, flush=True)

    def done(self) -> None:
        """Clear the line that changes."""
        if self._live:
            print("\r\x1b[2K", end="", file=self._stream, flush=True)


class ReportWriter:
    """Recorder: the review as text, Markdown or JSON, printed or in a file."""

    def __init__(
        self,
        form: str,
        output: Path | None,
        progress: TerminalProgress,
        guard: Guard | None = None,
    ) -> None:
        self._guard = guard or Guard()
        self._form = form
        self._output = output
        self._progress = progress

    def claim(self) -> None:
        """Raises PublishError where the file could not be written, before it costs."""
        path = self._output
        if path is None:
            return
        if path.is_dir():
            raise PublishError(f"{path} is a folder: name a file")
        place = path if path.exists() else path.parent
        if not os.access(place, os.W_OK):
            why = "may not be written to" if place.exists() else "does not exist"
            raise PublishError(f"{path} cannot be written: {place} {why}")

    def record(
        self, report: Report, publication: Publication | None, receipt: Receipt
    ) -> None:
        """Write the report in the chosen form."""
        self._progress.done()
        if self._form == "json":
            body = log_json(report.model_dump_json(indent=2)) + "\n"
        elif self._form == "markdown" and publication is not None:
            body = without_commands(publication.long_form(receipt))
        else:
            body = shown(report)
        if self._output is not None:
            kept = self._guard.lines(body, "the output")
            try:
                self._output.write_text(kept, encoding="utf-8", errors="replace")
            except OSError as error:
                raise PublishError(
                    f"{self._output} cannot be written: {error}"
                ) from error
            print(f"written to {self._output}", file=sys.stderr)
        elif self._form == "text" and sys.stdout.isatty():
            coloured(body)
        else:
            sys.stdout.write(body)


def shown(report: Report) -> str:
    """A review as a terminal shows it; no value is a line of its own."""

    def line(value: str) -> str:
        return one_line(value, LINE_LIMIT)

    return log_line(text("report.txt.j2", report=report, line=line))


def coloured(body: str) -> None:
    """The text in colours. rich is imported here: a log does not need it."""
    from rich.console import Console

    styles = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}
    console = Console(highlight=False, markup=False, emoji=False)
    for line in body.split("\n"):
        style = next(
            (style for word, style in styles.items() if f" {word} · " in line[:20]), ""
        )
        if line and not line.startswith(" ") and line == line.upper():
            style = "bold"
        console.print(line, style=style, soft_wrap=True)
