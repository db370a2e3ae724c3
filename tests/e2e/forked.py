"""Start the program in a process of its own without waiting for its imports.

A fork server has imported everything once; each run is a fork of it, with its own
environment, folder, signals and output, as fresh as a new interpreter but 20 times
quicker. `test_review.py` starts the installed command itself.
"""

import atexit
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from subprocess import TimeoutExpired

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "anthropic",
        "architect_review.adapters.anthropic.form",
        "architect_review.adapters.github",
        "architect_review.app.action",
        "architect_review.app.audit_action",
        "architect_review.app.audit_local",
        "architect_review.app.pull_request",
        "architect_review.app.staged",
        "architect_review.cli",
        "architect_review.signals.catalogue",
    ]
)

# Each start also asks how the children before it ended, and an end can be read once:
# a thread that reads it at the same moment gets 255 for whatever it was.
_ENDS = threading.Lock()


class Forked:
    """A run that was started; what of `subprocess.Popen` the tests use.

    `errors` takes standard error apart from the log.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        folder: Path,
        log: Path,
        arguments: Sequence[str] = ("action",),
        errors: Path | None = None,
    ) -> None:
        self._log, self._errors = log, errors
        for each in filter(None, (log, errors)):
            each.write_text("", encoding="utf-8")
        given = (dict(environ), str(folder), str(log), str(errors or log))
        self._process: ForkServerProcess = _CONTEXT.Process(
            target=_run, args=(list(arguments), *given)
        )
        with _ENDS:
            self._process.start()

    @property
    def returncode(self) -> int:
        """The exit status; negative: the signal that ended it."""
        with _ENDS:
            ended = self._process.exitcode
        assert ended is not None
        return ended

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def communicate(self, *, timeout: float) -> tuple[str, str]:
        """Wait for its end and return what it printed, errors apart if asked for."""
        if not wait([self._process.sentinel], timeout):
            self._process.kill()
            raise TimeoutExpired(["architect-review", "action"], timeout)
        errors = self._errors.read_text(encoding="utf-8") if self._errors else ""
        return self._log.read_text(encoding="utf-8"), errors


def _run(
    arguments: list[str], environ: dict[str, str], folder: str, log: str, errors: str
) -> None:
    for place, path in ((1, log), (2, errors)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND), place)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    tempfile.tempdir = None  # as found in an environment that is no more
    from architect_review.cli import main

    try:
        status = main(arguments)
    finally:
        atexit._run_exitfuncs()  # a fork ends without them
    sys.exit(status)
