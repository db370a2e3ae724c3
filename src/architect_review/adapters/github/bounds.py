"""Bounds for a library in C that asks nobody while it works: time and memory."""

import os
import resource
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue

_SIZE = Path("/proc/self/statm")
"""Pages of this process, the first number (proc_pid_statm(5)); Linux has it."""


def bounded(
    act: Callable[[], object],
    seconds: float,
    megabytes: float,
    expected: tuple[type[Exception], ...],
) -> None:
    """Do it in a thread of its own, within a time and with so much more memory.

    Raises TimeoutError, and of what it raises the `expected` and MemoryError. What runs
    out of time goes on in a daemon: its memory then stays bounded until the process
    ends.
    """
    done: Queue[Exception | None] = Queue()
    told: tuple[type[Exception], ...] = (*expected, MemoryError)

    def acted() -> None:
        try:
            act()
        except told as error:
            done.put(error)
        else:
            done.put(None)

    release = _grown_by(megabytes)
    threading.Thread(target=acted, daemon=True).start()
    try:
        error = done.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    release()
    if error is not None:
        raise error


def _grown_by(megabytes: float) -> Callable[[], None]:
    """Let this process grow by so much at most, until what is returned is called."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)

    def release() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))

    if _SIZE.exists():
        pages = int(_SIZE.read_text("ascii").split()[0])
        most = pages * os.sysconf("SC_PAGE_SIZE") + int(megabytes * 1e6)
        known = [each for each in (soft, hard) if each != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_AS, (min([most, *known]), hard))
    return release
