"""Start as the replay of a recorded run: offline, and without the model's SDK."""

import difflib
import sys
from pathlib import Path

from architect_review import pipeline
from architect_review.adapters.bundle import Replaying
from architect_review.adapters.terminal import ReportWriter, TerminalProgress
from architect_review.publication.plain import log_line


def replay(folder: Path, form: str, *, is_check: bool) -> int:
    """Run what a bundle holds, and print it or compare it with what was said then.

    Returns the exit status: 1 when the comparison finds a difference, which is
    printed, else 0. Raises BundleError.
    """
    bundle = Replaying(folder)
    manifest = bundle.manifest
    pipeline.run(bundle.request, bundle.inputs, manifest.pins, bundle.tools())
    if is_check:
        return _compared(*bundle.outcome())
    ReportWriter(form, None, TerminalProgress(sys.stderr)).record(*bundle.whole())
    return 0


def _compared(before: bytes, now: bytes) -> int:
    if before == now:
        print("the same, byte for byte")
        return 0
    rows = difflib.unified_diff(
        _lines(before), _lines(now), "recorded", "replayed", lineterm=""
    )
    for row in rows:
        print(log_line(row))
    return 1


def _lines(said: bytes) -> list[str]:
    """JSON in which the lines of a text are lines, for people to read."""
    return said.decode(errors="replace").replace("\\n", "\n").split("\n")
