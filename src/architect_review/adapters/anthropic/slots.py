"""How many calls are under way at the same time, over all who use one endpoint."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from architect_review.adapters.anthropic import failure

AT_ONCE = 6
"""Most calls under way at the same time."""

_POLL_SECONDS = 0.5


class Slots:
    """A place for each call that may be under way."""

    def __init__(self, count: int = AT_ONCE) -> None:
        self._free = threading.Semaphore(count)

    @contextmanager
    def taken(self, left: Callable[[], float]) -> Iterator[None]:
        """Wait for a place and keep it for the time of the block.

        Raises ModelError `deadline` when no seconds are `left` to wait.
        """
        while not self._free.acquire(timeout=max(0.0, min(left(), _POLL_SECONDS))):
            if left() <= 0:
                raise failure.out_of_time()
        try:
            if left() <= 0:
                raise failure.out_of_time()
            yield
        finally:
            self._free.release()
