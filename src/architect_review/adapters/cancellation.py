"""A job that is cancelled, or does not come to its end, leaves a true status behind.

The runner sends SIGINT, 7.5 s later SIGTERM, 2.5 s later it kills (actions/runner,
ProcessInvoker.cs). As PID 1 of a container Python would ignore both.
"""

import faulthandler
import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import FrameType
from typing import TYPE_CHECKING, NoReturn, Protocol

if TYPE_CHECKING:
    from architect_review.change.change import Change
    from architect_review.change.snapshot import Snapshot


OVERTIME = 0.25
"""Part of a run's deadline that may pass after it: for what was found to be said."""
LEAST_OVERTIME_SECONDS = 60
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
LAST_SECONDS = 6.5
"""What a process that is to end has for its last words."""
TOO_LONG = "the run took longer than it may (`deadline-minutes`)"


class _Source(Protocol):
    def fetch(self, policy_paths: Sequence[str]) -> "Change": ...
    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]: ...
    def snapshot(self, sha: str) -> "Snapshot": ...
    def role(self, login: str) -> str: ...


class WatchedSource:
    """A source that remembers what it read, for whoever has to say that it was lost."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self.change: Change | None = None

    def fetch(self, policy_paths: Sequence[str]) -> "Change":
        """Read the change and remember it."""
        self.change = self._source.fetch(policy_paths)
        return self.change

    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]:
        """Pass on."""
        return self._source.read(sha, paths)

    def snapshot(self, sha: str) -> "Snapshot":
        """Pass on."""
        return self._source.snapshot(sha)

    def role(self, login: str) -> str:
        """Pass on."""
        return self._source.role(login)


def on_cancel(say: Callable[[str], None]) -> None:
    """Call `say` with the reason at the first SIGINT or SIGTERM, then exit with 1.

    The same when the time of `limit` has run out. At once and from the handler: other
    threads may be waiting for the model, and nothing that is under way can be finished
    in the seconds that are left.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        for each in _ENDS:
            signal.signal(each, signal.SIG_IGN)
        # From a thread that needs nothing of Python: whatever keeps us, we end in time.
        faulthandler.dump_traceback_later(LAST_SECONDS, exit=True, file=2)
        is_late = number == signal.SIGALRM
        name = signal.Signals(number).name
        try:
            say(TOO_LONG if is_late else f"the run was cancelled ({name})")
        finally:
            _leave()

    for each in _ENDS:
        signal.signal(each, stop)


def _leave() -> NoReturn:
    try:
        if (error := sys.exc_info())[0] is not None:
            sys.excepthook(*error)
        sys.stdout.flush()
    finally:
        os._exit(1)


def limit(deadline_minutes: float, elapsed: float = 0) -> None:
    """Break the run off, as `on_cancel` does, when it goes on long after its deadline.

    Whatever takes the time: what asks the model keeps to the deadline by itself.
    `elapsed` are the run's seconds until now.
    """
    deadline = deadline_minutes * 60
    most = deadline + max(LEAST_OVERTIME_SECONDS, deadline * OVERTIME)
    signal.setitimer(signal.ITIMER_REAL, max(1, most - elapsed))


def prolong(deadline_minutes: float, elapsed: float) -> None:
    """The same with another deadline, where there is a limit."""
    if signal.getitimer(signal.ITIMER_REAL)[0]:
        limit(deadline_minutes, elapsed)
