"""Computing spread over processes, where it is worth their start."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

from architect_review.adapters.collector import collect_rarely

In = TypeVar("In")
Out = TypeVar("Out")

PROCESSES_LIMIT = 4
AHEAD = 2
"""Pieces of work that each process may have waiting: each is held in memory."""


def spread(call: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out]:
    """Call a function for each item in another process; the results in order.

    Like `map` on a machine with one processor. The function and what it takes and
    gives have to be picklable. Processes are started anew and not forked, since this
    one has threads.
    """
    count = min(PROCESSES_LIMIT, len(os.sched_getaffinity(0)))
    if count < 2:
        yield from map(call, items)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, context, initializer=collect_rarely) as pool:
        waiting: deque[Future[Out]] = deque()
        for item in items:
            waiting.append(pool.submit(call, item))
            if len(waiting) > AHEAD * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
