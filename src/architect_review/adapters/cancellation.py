"""A cancelled job leaves a true status behind.

The runner sends SIGINT, 7.5 s later SIGTERM, 2.5 s later it kills (actions/runner,
ProcessInvoker.cs). As PID 1 of a container Python would ignore both.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import FrameType
from typing import Protocol

from architect_review.change.change import Change
from architect_review.change.snapshot import Snapshot


class _Source(Protocol):
    def fetch(self, policy_paths: Sequence[str]) -> Change: ...
    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]: ...
    def snapshot(self, sha: str) -> Snapshot: ...
    def role(self, login: str) -> str: ...


class WatchedSource:
    """A source that remembers what it read, for whoever has to say that it was lost."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self.change: Change | None = None

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        """Read the change and remember it."""
        self.change = self._source.fetch(policy_paths)
        return self.change

    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]:
        """Pass on."""
        return self._source.read(sha, paths)

    def snapshot(self, sha: str) -> Snapshot:
        """Pass on."""
        return self._source.snapshot(sha)

    def role(self, login: str) -> str:
        """Pass on."""
        return self._source.role(login)


def on_cancel(say: Callable[[str], None]) -> None:
    """Call `say` with the reason at the first SIGINT or SIGTERM, then exit with 1.

    At once and from the handler: other threads may be waiting for the model, and
    nothing that is under way can be finished in the seconds that are left.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        try:
            say(f"the run was cancelled ({signal.Signals(number).name})")
        finally:
            if (error := sys.exc_info())[0] is not None:
                sys.excepthook(*error)
            sys.stdout.flush()
            os._exit(1)

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
