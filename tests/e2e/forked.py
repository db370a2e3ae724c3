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
from collections.abc import Mapping
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
        "architect_review.cli",
        "architect_review.signals.catalogue",
    ]
)


class Forked:
    """A run that was started; what of `subprocess.Popen` the tests use."""

    def __init__(self, environ: Mapping[str, str], folder: Path, log: Path) -> None:
        self._log = log
        log.touch()
        arguments = (dict(environ), str(folder), str(log))
        self._process: ForkServerProcess = _CONTEXT.Process(
            target=_action, args=arguments
        )
        self._process.start()

    @property
    def returncode(self) -> int:
        """The exit status; negative: the signal that ended it."""
        assert self._process.exitcode is not None
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def communicate(self, *, timeout: float) -> tuple[str, str]:
        """Wait for its end and return what it printed, all of it as output."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            self._process.kill()
            raise TimeoutExpired(["architect-review", "action"], timeout)
        return self._log.read_text(encoding="utf-8"), ""


def _action(environ: dict[str, str], folder: str, log: str) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    tempfile.tempdir = None  # as found in an environment that is no more
    from architect_review.cli import main

    try:
        status = main(["action"])
    finally:
        atexit._run_exitfuncs()  # a fork ends without them
    sys.exit(status)
