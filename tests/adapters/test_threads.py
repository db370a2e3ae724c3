"""Work in threads: bounded, in order, and never in the way of an interruption."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.adapters.threads import Threads
from architect_review.errors import ModelError


def test_results_come_in_the_order_of_the_items() -> None:
    def work(number: int) -> int:
        time.sleep(0.002 * (9 - number))
        return number * number

    assert Threads(3).each(work, range(9)) == [n * n for n in range(9)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.none() | st.integers(), max_size=12), st.integers(1, 5))
def test_every_item_is_worked_on_once(items: list[int | None], limit: int) -> None:
    assert Threads(limit).each(lambda item: item, items) == items


def test_no_more_run_at_the_same_time_than_the_limit_says() -> None:
    together = threading.Barrier(3)
    lock = threading.Lock()
    under_way = most = 0

    def work(_: int) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        together.wait(5)
        time.sleep(0.005)
        with lock:
            under_way -= 1

    Threads(3).each(work, range(9))

    assert most == 3


@pytest.mark.parametrize("error", [ModelError("rejected", "no"), LookupError("bug")])
def test_an_exception_is_raised_where_the_work_was_asked_for(error: Exception) -> None:
    def work(number: int) -> int:
        if number == 1:
            raise error
        return number

    with pytest.raises(type(error)) as raised:
        Threads(2).each(work, range(4))
    assert raised.value is error


def test_after_an_exception_nothing_is_started_and_what_runs_is_waited_for() -> None:
    started: list[int] = []
    ended: list[int] = []
    is_slow_one_there = threading.Event()

    def work(number: int) -> None:
        started.append(number)
        if number == 0:
            is_slow_one_there.wait(5)
            raise LookupError
        is_slow_one_there.set()
        time.sleep(0.1)
        ended.append(number)

    with pytest.raises(LookupError):
        Threads(2).each(work, range(9))
    assert sorted(started) == [0, 1]
    assert ended == [1]


def test_fewer_than_one_at_once_is_refused() -> None:
    with pytest.raises(ValueError, match="one thread"):
        Threads(0)


class StoppedError(Exception):
    """What a signal's handler would raise."""


def to_this_process() -> None:
    os.kill(os.getpid(), signal.SIGALRM)


def to_a_thread_that_goes_on() -> None:
    """As a signal that comes just before the main thread waits: it wakes nobody."""
    signal.pthread_kill(threading.get_ident(), signal.SIGALRM)


@pytest.mark.parametrize("send", [to_this_process, to_a_thread_that_goes_on])
def test_an_interruption_waits_for_nobody_and_nothing_further_is_started(
    send: Callable[[], None],
) -> None:
    started: list[int] = []
    stopped: list[float] = []
    let_go = threading.Event()

    def work(number: int) -> None:
        started.append(number)
        let_go.wait(60)

    def handler(*_: object) -> None:
        raise StoppedError

    def stop() -> None:
        while len(started) < 2:
            time.sleep(0.01)
        stopped.append(time.monotonic())
        send()

    before = signal.signal(signal.SIGALRM, handler)
    threading.Thread(target=stop).start()
    try:
        with pytest.raises(StoppedError):
            Threads(2).each(work, range(9))
        assert time.monotonic() - stopped[0] < 20
    finally:
        signal.signal(signal.SIGALRM, before)
        let_go.set()
    assert sorted(started) == [0, 1]


def test_a_process_ends_although_somebody_still_works() -> None:
    program = (
        "import os, signal, threading, time\n"
        "from architect_review.adapters.threads import Threads\n"
        "stop = lambda: os.kill(os.getpid(), signal.SIGINT)\n"
        "threading.Timer(0.2, stop).start()\n"
        "Threads(2).each(lambda _: time.sleep(60), range(4))\n"
    )
    begun = time.monotonic()
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, timeout=50, check=False
    )

    assert time.monotonic() - begun < 40
    assert b"KeyboardInterrupt" in found.stderr
