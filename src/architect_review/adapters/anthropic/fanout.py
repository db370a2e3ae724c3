"""The requests of a run: the first until it is being answered, then the others."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf
from typing import Any, Generic

from architect_review.adapters.anthropic.beginnings import Beginning, Beginnings
from architect_review.adapters.anthropic.exchange import Exchange
from architect_review.adapters.anthropic.form import Form
from architect_review.adapters.anthropic.slots import AT_ONCE
from architect_review.errors import ModelError
from architect_review.prompt.expected import T
from architect_review.prompt.request import ModelRequest
from architect_review.review.reply import Reply, Usage

DIVISIONS = 3
"""How often a request that is too large is halved: at most eight parts."""
PATIENCE_SECONDS = 60.0
"""How long another caller's first request with the same beginning is waited for."""
# A signal that comes when the main thread is about to wait only sets a flag: who waits
# without an end hears nothing of it (docs.python.org, signal).
_POLL_SECONDS = 0.5

Begin = Callable[[ModelRequest[T], Form, Callable[[Form], None]], Exchange[T]]
"""Prepares the exchange for a request; the last is called at its first event."""


class FanOut(Generic[T]):
    """Sends requests, of which those with the same system prompt share a beginning.

    A cached beginning can be read once the first answer has begun, so the others of
    its kind wait for that, also where another caller's request was the first. They
    start in the form in which it succeeded, and are not sent when the first failed in
    a way that holds for all.
    """

    def __init__(
        self,
        begin: Begin[T],
        requests: Sequence[ModelRequest[T]],
        beginnings: Beginnings,
    ) -> None:
        self._begin = begin
        self._requests = requests
        self._beginnings = beginnings
        self._replies: list[list[Reply[T]]] = [[] for _ in requests]
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._answering: dict[Beginning, threading.Event] = {}
        self._final: ModelError | None = None

    def replies(self) -> list[list[Reply[T]]]:
        """The replies to each request, in order; several to one that was divided.

        The threads are daemons: whoever interrupts this waits for no model.
        """
        leaders = self._leaders()
        threads = [
            threading.Thread(target=self._lead, args=(index,), daemon=True)
            for index in leaders
        ]
        try:
            for thread in threads:
                thread.start()
            self._wait({_beginning(self._requests[index]) for index in leaders})
            for _ in range(min(AT_ONCE, len(self._requests)) - len(leaders)):
                threads.append(threading.Thread(target=self._work, daemon=True))
                threads[-1].start()
            for thread in threads:
                while thread.is_alive():
                    thread.join(_POLL_SECONDS)
        finally:
            self._final = self._final or ModelError("unavailable", "interrupted")
            for index in leaders:
                self._begun(self._requests[index])
        if not all(self._replies):
            raise RuntimeError("a request has no reply; its traceback stands above")
        return self._replies

    def _leaders(self) -> list[int]:
        leaders = []
        for index, request in enumerate(self._requests):
            beginning, leads = _beginning(request), False
            if beginning not in self._answering:
                self._answering[beginning], leads = self._beginnings.join(beginning)
            if leads:
                leaders.append(index)
            else:
                self._waiting.put(index)
        return leaders

    def _wait(self, own: set[Beginning]) -> None:
        for beginning, event in self._answering.items():
            patience = inf if beginning in own else PATIENCE_SECONDS
            until = time.monotonic() + patience
            while not event.wait(_POLL_SECONDS) and time.monotonic() < until:
                pass

    def _begun(self, request: ModelRequest[T]) -> None:
        beginning = _beginning(request)
        self._beginnings.begun(beginning, self._answering[beginning])

    def _lead(self, index: int) -> None:
        try:
            self._replies[index] = self._ask(self._requests[index], DIVISIONS)
        finally:
            self._begun(self._requests[index])
        self._work()

    def _work(self) -> None:
        while True:
            try:
                index = self._waiting.get_nowait()
            except queue.Empty:
                return
            self._replies[index] = self._ask(self._requests[index], DIVISIONS)

    def _ask(self, request: ModelRequest[T], divisions: int) -> list[Reply[T]]:
        if self._final is not None:
            return [unsent(request, self._final)]
        form = self._beginnings.form
        answering = self._answering[_beginning(request)]

        def first_event(form: Form) -> None:
            if not answering.is_set():
                self._beginnings.form = form
                self._begun(request)

        exchange = self._begin(request, form, first_event)
        reply = exchange.reply()
        if exchange.form != form:
            self._beginnings.form = exchange.form
        failed = reply.failure
        is_too_dear = failed is not None and failed.kind == "cost-cap"
        if exchange.is_general or (is_too_dear and not answering.is_set()):
            self._final = failed
        halves = request.divided() if exchange.is_too_large and divisions else ()
        if not halves:
            return [reply]
        replies = [each for half in halves for each in self._ask(half, divisions - 1)]
        return [_after(reply, replies[0]), *replies[1:]]


def _beginning(request: ModelRequest[Any]) -> Beginning:
    return request.system, request.shared


def _after(refused: Reply[T], reply: Reply[T]) -> Reply[T]:
    """The reply of a half, with what it cost to learn that the whole is too large."""
    note = (
        "A request was too large for the endpoint; its files were asked about in parts."
    )
    notes = dict.fromkeys((*refused.notes, note, *reply.notes))
    return replace(reply, usage=refused.usage + reply.usage, notes=tuple(notes))


def unsent(request: ModelRequest[T], reason: ModelError) -> Reply[T]:
    """The reply to a request that nobody was asked."""
    return Reply(
        paths=request.paths,
        answer=None,
        failure=reason,
        usage=Usage(),
        model=request.model,
    )
