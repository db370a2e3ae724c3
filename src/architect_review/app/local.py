"""Start as a local command."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from architect_review.adapters.local import LocalSource
from architect_review.adapters.terminal import ReportWriter, TerminalProgress
from architect_review.app.wiring import (
    preload,
    recording,
    reviewer,
    run,
    stopwatch,
)
from architect_review.guarding import GuardedSource
from architect_review.ports import Tools
from architect_review.publication.leaks import Guard
from architect_review.publication.plain import log_line
from architect_review.request.events import RangeReview
from architect_review.request.settings import Settings


@dataclass(frozen=True, slots=True)
class LocalOptions:
    """What the command line adds to the settings."""

    form: str
    output: Path | None
    files: Mapping[str, Path]
    """Policy files to take from the disk instead of the base, by their path."""
    record: Path | None = None
    """Folder to record the run in."""


def local(
    request: RangeReview,
    inputs: Mapping[str, str],
    options: LocalOptions,
    environ: Mapping[str, str],
    guard: Guard,
) -> int:
    """Review a range of commits and return the exit status. Raises ArchitectError."""
    settings = Settings.of(inputs)
    progress = TerminalProgress(sys.stderr)
    writer = ReportWriter(options.form, options.output, progress, guard)
    writer.claim()
    preload(request, settings)
    elapsed = stopwatch()

    def show(text: str) -> None:
        progress.done()
        sys.stdout.write(log_line(text))

    dry = show if settings.dry_run else None
    try:
        with recording(options.record, request, inputs, environ, guard) as bundle:
            tools = Tools(
                source=GuardedSource(LocalSource(request, options.files), guard),
                reviewer=reviewer(
                    elapsed, progress, bundle.call if bundle else None, guard
                ),
                publishers=(),
                recorders=() if settings.dry_run else (writer,),
                progress=progress,
                elapsed=elapsed,
                guard=guard,
            )
            heard = bundle.tools(tools) if bundle else tools
            status = run(request, inputs, environ, heard, dry)
    finally:
        progress.done()
    if bundle:
        print(bundle.outcome, file=sys.stderr)
    return status
