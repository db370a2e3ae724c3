"""What ends a run from outside, played in processes of their own."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from architect_review.adapters.cancellation import TOO_LONG, limit, on_cancel, prolong


def ended(
    act: Callable[[], None], file: Path, then: Callable[[], None] = lambda: None
) -> tuple[int, str]:
    """Exit status of a process that acts, and what it said when it was ended.

    `then` is what it does after it has said so.
    """
    file.touch()
    child = os.fork()
    if not child:

        def say(why: str) -> None:
            file.write_text(why)
            then()

        on_cancel(say)
        act()
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status, file.read_text()


def test_a_run_that_does_not_end_is_broken_off(tmp_path: Path) -> None:
    def act() -> None:
        # All of its time and the overtime are over, but for a second.
        limit(15, elapsed=10_000)
        time.sleep(30)

    assert ended(act, tmp_path / "why") == (1, TOO_LONG)


def test_the_deadline_of_a_configuration_file_counts_from_the_beginning(
    tmp_path: Path,
) -> None:
    def act() -> None:
        limit(15)
        prolong(20, elapsed=10_000)
        time.sleep(30)

    assert ended(act, tmp_path / "why") == (1, TOO_LONG)


def test_a_process_that_is_kept_from_ending_ends_all_the_same(tmp_path: Path) -> None:
    def stuck() -> None:
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()

    def broken() -> None:
        sys.stdout.close()
        raise RuntimeError("no word more")

    def act() -> None:
        os.kill(os.getpid(), signal.SIGINT)

    said = "the run was cancelled (SIGINT)"
    for kept in (stuck, broken):
        assert ended(act, tmp_path / "why", kept) == (1, said)


def test_where_nothing_limits_a_run_nothing_prolongs_it(tmp_path: Path) -> None:
    def act() -> None:
        prolong(15, elapsed=10_000)
        time.sleep(1.5)

    assert ended(act, tmp_path / "why") == (0, "")


def test_a_limit_leaves_time_to_say_what_was_found(tmp_path: Path) -> None:
    def act() -> None:
        limit(20, elapsed=60)
        left = signal.getitimer(signal.ITIMER_REAL)[0]
        os._exit(0 if 23 * 60 < left <= 24 * 60 else 2)

    assert ended(act, tmp_path / "why") == (0, "")
