"""Several pieces of work at the same time, each in a thread."""

import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Generic, TypeVar

# A signal that comes when the main thread is about to wait only sets a flag: who waits
# without an end hears nothing of it (docs.python.org, signal).
_POLL_SECONDS = 0.5

In = TypeVar("In")
Out = TypeVar("Out")


class Threads:
    """At most `limit` pieces of work at the same time.

    The threads are daemons: whoever interrupts the caller, or ends the process from a
    signal's handler, waits for nobody.
    """

    def __init__(self, limit: int = 4) -> None:
        if limit < 1:
            raise ValueError("nothing is done by fewer than one thread")
        self._limit = limit

    def each(self, work: Callable[[In], Out], items: Sequence[In]) -> list[Out]:
        """What `work` returns for every item, in order.

        When one raises, no further one is started; its exception, the first in time,
        is raised here once those under way have ended.
        """
        return _Shift(work, items).results(self._limit)


class _Carried:
    """Takes what is raised over to the caller's thread, where it is raised again."""

    def __init__(self, raised: list[BaseException]) -> None:
        self._raised = raised

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is not None:
            self._raised.append(error)
        return True


class _Shift(Generic[In, Out]):
    """One list of items that is worked on."""

    def __init__(self, work: Callable[[In], Out], items: Sequence[In]) -> None:
        self._work = work
        self._items = items
        self._next = iter(range(len(items)))
        self._lock = threading.Lock()
        self._found: dict[int, Out] = {}
        self._raised: list[BaseException] = []
        self._is_over = False

    def results(self, limit: int) -> list[Out]:
        threads = [
            threading.Thread(target=self._run, daemon=True)
            for _ in range(min(limit, len(self._items)))
        ]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                while thread.is_alive():
                    thread.join(_POLL_SECONDS)
        finally:
            self._is_over = True
        if self._raised:
            raise self._raised[0]
        return [self._found[index] for index in range(len(self._items))]

    def _run(self) -> None:
        while (index := self._taken()) is not None:
            with _Carried(self._raised):
                self._found[index] = self._work(self._items[index])

    def _taken(self) -> int | None:
        with self._lock:
            if self._is_over or self._raised:
                return None
            return next(self._next, None)
