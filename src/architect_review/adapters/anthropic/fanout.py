"""The requests of a run: the first until it is being answered, then the others."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from architect_review.adapters.anthropic.exchange import Exchange
from architect_review.adapters.anthropic.form import Form
from architect_review.errors import ModelError
from architect_review.prompt.request import ModelRequest
from architect_review.review.reply import Reply, Usage

AT_ONCE = 6
"""Most requests under way at the same time."""
DIVISIONS = 3
"""How often a request that is too large is halved: at most eight parts."""

Begin = Callable[[ModelRequest, Form, Callable[[Form], None]], Exchange]
"""Prepares the exchange for a request; the last is called at its first event."""


class FanOut:
    """Sends requests that share their beginning.

    A cached beginning can be read once the first answer has begun, so the others
    wait for that. They start in the form in which it succeeded, and are not sent
    when the first failed in a way that holds for all.
    """

    def __init__(self, begin: Begin, requests: Sequence[ModelRequest]) -> None:
        self._begin = begin
        self._requests = requests
        self._replies: list[list[Reply]] = [[] for _ in requests]
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._answering = threading.Event()
        self._form = Form()
        self._final: ModelError | None = None

    def replies(self) -> list[Reply]:
        """The replies in the requests' order; several for one that was divided.

        The threads are daemons: whoever interrupts this waits for no model.
        """
        for index in range(1, len(self._requests)):
            self._waiting.put(index)
        threads = [threading.Thread(target=self._lead, daemon=True)]
        try:
            threads[0].start()
            self._answering.wait()
            for _ in range(min(AT_ONCE, len(self._requests)) - 1):
                threads.append(threading.Thread(target=self._work, daemon=True))
                threads[-1].start()
            for thread in threads:
                thread.join()
        finally:
            self._final = self._final or ModelError("unavailable", "interrupted")
        if not all(self._replies):
            raise RuntimeError("a request has no reply; its traceback stands above")
        return [reply for replies in self._replies for reply in replies]

    def _lead(self) -> None:
        try:
            self._replies[0] = self._ask(self._requests[0], DIVISIONS)
        finally:
            self._answering.set()
        self._work()

    def _work(self) -> None:
        while True:
            try:
                index = self._waiting.get_nowait()
            except queue.Empty:
                return
            self._replies[index] = self._ask(self._requests[index], DIVISIONS)

    def _ask(self, request: ModelRequest, divisions: int) -> list[Reply]:
        if self._final is not None:
            return [unsent(request, self._final)]
        form = self._form
        exchange = self._begin(request, form, self._first_event)
        reply = exchange.reply()
        if exchange.form != form:
            self._form = exchange.form
        if exchange.is_general or self._is_first_too_dear(reply):
            self._final = reply.failure
        halves = request.divided() if exchange.is_too_large and divisions else ()
        if not halves:
            return [reply]
        replies = [each for half in halves for each in self._ask(half, divisions - 1)]
        return [_after(reply, replies[0]), *replies[1:]]

    def _first_event(self, form: Form) -> None:
        if not self._answering.is_set():
            self._form = form
            self._answering.set()

    def _is_first_too_dear(self, reply: Reply) -> bool:
        is_first = not self._answering.is_set()
        return (
            is_first and reply.failure is not None and reply.failure.kind == "cost-cap"
        )


def _after(refused: Reply, reply: Reply) -> Reply:
    """The reply of a half, with what it cost to learn that the whole is too large."""
    note = (
        "A request was too large for the endpoint; its files were asked about in parts."
    )
    notes = dict.fromkeys((*refused.notes, note, *reply.notes))
    return replace(reply, usage=refused.usage + reply.usage, notes=tuple(notes))


def unsent(request: ModelRequest, reason: ModelError) -> Reply:
    """The reply to a request that nobody was asked."""
    return Reply(
        paths=request.paths,
        answer=None,
        failure=reason,
        usage=Usage(),
        model=request.model,
    )
