"""One Claude for several callers at the same time: an audit's components."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.asking_claude import (
    ANSWER,
    KEY,
    SCHEMA_REFUSED,
    a_claude,
    about,
    failure,
    overview,
    seconds,
    unasked,
)
from architect_review.adapters.anthropic.access import Access
from architect_review.adapters.anthropic.beginnings import Beginnings
from architect_review.adapters.anthropic.slots import AT_ONCE, Slots
from architect_review.adapters.threads import Threads
from architect_review.errors import ModelError
from architect_review.publication.leaks import Guard
from architect_review.request.models import price
from architect_review.review.reply import Reply
from standin.messages import Recorded
from standin.model import Model

Replies = list[Reply[Any]]


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(lambda request: ANSWER, key=KEY) as running:
        yield running


def component(number: int, **changes: Any) -> Any:
    """A request with a beginning of its own."""
    return about(f"part{number}.py", shared=f"component {number}", **changes)


def callers(count: int, work: Callable[[int], Replies]) -> list[Replies]:
    """What each of so many callers gets."""
    return Threads(count).each(work, range(count))


# Calls


def test_every_caller_gets_its_own_replies_in_order(model: Model) -> None:
    def answer(request: Recorded) -> dict[str, Any]:
        return ANSWER | {"overview": request.shared}

    model.answer = answer
    claude = a_claude(model)
    found = callers(
        5,
        lambda caller: claude.review(
            [component(caller), component(10 + caller)], unasked
        ),
    )
    assert [[overview(reply) for reply in replies] for replies in found] == [
        [f"component {caller}", f"component {10 + caller}"] for caller in range(5)
    ]
    assert model.problems == []


def test_at_most_six_are_under_way_over_all_callers(model: Model) -> None:
    together = threading.Barrier(AT_ONCE)

    def answer(request: Recorded) -> dict[str, Any]:
        together.wait(10)
        time.sleep(0.02)
        return ANSWER

    model.answer = answer
    claude = a_claude(model)
    found = callers(
        4,
        lambda caller: claude.review(
            [component(10 * caller + each) for each in range(3)], unasked
        ),
    )
    assert all(overview(reply) for replies in found for reply in replies)
    assert model.most_at_once == AT_ONCE


def test_a_caller_whose_work_is_done_ends_nobody_elses(model: Model) -> None:
    first_is_done = threading.Event()

    def answer(request: Recorded) -> dict[str, Any]:
        if "part1.py" in request.prompt:
            first_is_done.wait(10)
        return ANSWER

    model.answer = answer
    claude = a_claude(model)

    def work(caller: int) -> Replies:
        replies = claude.review([component(caller)], unasked)
        if caller == 0:
            first_is_done.set()
        return replies

    assert [overview(reply) for (reply,) in callers(2, work)] == [
        ANSWER["overview"]
    ] * 2


class StoppedError(Exception):
    """What a signal's handler would raise."""


def test_an_interrupted_caller_ends_nobody_elses_calls(model: Model) -> None:
    interrupted = threading.Event()

    def answer(request: Recorded) -> dict[str, Any]:
        if "part1.py" in request.prompt:
            interrupted.wait(10)
        return ANSWER

    def handler(*_: object) -> None:
        raise StoppedError

    model.answer = answer
    model.next(stall=True)
    claude = a_claude(model)
    other: list[Replies] = []
    thread = threading.Thread(
        target=lambda: other.append(claude.review([component(1)], unasked))
    )

    def start(*_: object) -> None:
        while not model.requests:
            time.sleep(0.01)
        thread.start()
        while len(model.requests) < 2:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGALRM)

    starter = threading.Thread(target=start)
    before = signal.signal(signal.SIGALRM, handler)
    starter.start()
    try:
        with pytest.raises(StoppedError):
            claude.review([component(0)], unasked)
    finally:
        signal.signal(signal.SIGALRM, before)
        interrupted.set()
    starter.join(10)
    thread.join(10)
    assert overview(other[0][0])


def test_the_connection_is_built_once_whoever_asks_first() -> None:
    access = Access(SecretStr(KEY), "http://127.0.0.1:1", seconds(60), Guard().learn)
    found = Threads(4).each(lambda _: access.connection(), range(8))
    assert len({id(connection) for connection in found}) == 1


def test_lines_of_progress_come_whole_and_one_for_each_request(model: Model) -> None:
    lock = threading.Lock()
    texts: list[str] = []

    class Steps:
        def step(self, text: str) -> None:
            assert lock.acquire(blocking=False), "two lines at the same time"
            texts.append(text)
            time.sleep(0.002)
            lock.release()

    claude = a_claude(model, progress=Steps())
    callers(4, lambda caller: claude.review([component(caller)] * 3, unasked))
    assert texts == ["Asking claude-sonnet-5-5 about 1 file"] * 12


def test_the_form_that_one_caller_learned_is_where_others_begin(model: Model) -> None:
    model.always(refuse_schema=SCHEMA_REFUSED)
    claude = a_claude(model)
    learned = threading.Event()

    def work(caller: int) -> Replies:
        if caller:
            learned.wait(10)
        replies = claude.review([component(caller)], unasked)
        learned.set()
        return replies

    assert [replies[0].usage.calls for replies in callers(3, work)] == [2, 1, 1]


# Money and time


def test_all_callers_have_one_budget(model: Model) -> None:
    model.answer = lambda request: ANSWER | {"overview": "word " * 6_000}
    claude = a_claude(model, max_cost_usd=0.4)
    found = callers(
        3,
        lambda caller: claude.review(
            [component(10 * caller + n, max_tokens=12_000) for n in range(3)], unasked
        ),
    )
    replies = [reply for each in found for reply in each]
    assert 0.2 < sum(reply.usage.cost_usd or 0 for reply in replies) <= 0.4
    kinds = {reply.failure.kind for reply in replies if reply.failure}
    assert kinds <= {"truncated", "cost-cap"}
    assert "cost-cap" in kinds


def test_a_call_that_waits_for_its_turn_holds_no_money(model: Model) -> None:
    known = price("claude-sonnet-5-5")
    assert known is not None
    one = known.worst_case(component(0).input_bound, 32_000)
    held = threading.Event()
    arrived = threading.Semaphore(0)

    def answer(request: Recorded) -> dict[str, Any]:
        arrived.release()
        held.wait(10)
        return ANSWER

    model.answer = answer
    # Six are paid for in the worst case, and something is left.
    claude = a_claude(model, max_cost_usd=(AT_ONCE + 0.5) * one)
    found: list[list[Replies]] = []
    thread = threading.Thread(
        target=lambda: found.append(
            callers(9, lambda caller: claude.review([component(caller)], unasked))
        )
    )
    thread.start()
    for _ in range(AT_ONCE):
        assert arrived.acquire(timeout=10)
    time.sleep(0.05)
    assert claude.budget.reserve(100, 4_000, known, seconds(1)).max_tokens == 4_000
    held.set()
    thread.join(20)
    assert not thread.is_alive()


def test_waiting_for_a_turn_ends_with_the_run(model: Model) -> None:
    model.always(stall=True)
    begun = time.monotonic()
    claude = a_claude(model, deadline=seconds(1.5))
    found = callers(9, lambda caller: claude.review([component(caller)], unasked))
    assert {failure(reply)[0] for (reply,) in found} == {"deadline"}
    assert time.monotonic() - begun < 20
    assert len(model.requests) == AT_ONCE


def test_a_turn_is_given_back_by_a_call_that_fails() -> None:
    slots = Slots(1)

    def fail() -> None:
        with slots.taken(seconds(1)):
            raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            fail()
    with slots.taken(seconds(1)), pytest.raises(ModelError, match="deadline"):
        slots.taken(seconds(0.05)).__enter__()


# The cached beginning


def test_callers_with_one_beginning_share_who_goes_first(model: Model) -> None:
    begun = threading.Event()

    def answer(request: Recorded) -> dict[str, Any]:
        if not begun.is_set():
            time.sleep(0.3)
            begun.set()
        return ANSWER

    model.answer = answer
    claude = a_claude(model)
    shared = "x" * 9_000
    found = callers(
        4,
        lambda caller: claude.review([about(f"{caller}.py", shared=shared)], unasked),
    )
    used = [reply.usage for (reply,) in found]
    assert sorted(each.cache_write_tokens > 0 for each in used) == [False] * 3 + [True]
    assert sorted(each.cache_read_tokens > 0 for each in used) == [False] + [True] * 3


def test_others_go_when_the_one_who_went_first_has_failed(model: Model) -> None:
    model.next(status=400)
    claude = a_claude(model)
    found = callers(
        3, lambda caller: claude.review([about(f"{caller}.py", shared="one")], unasked)
    )
    kinds = sorted(reply.failure is None for (reply,) in found)
    assert kinds == [False, True, True]


def test_a_beginning_is_led_by_one_and_again_once_it_has_begun() -> None:
    beginnings = Beginnings()
    event, leads = beginnings.join(("system", "shared"))
    assert leads
    assert beginnings.join(("system", "shared")) == (event, False)
    assert beginnings.join(("system", "other"))[1]
    beginnings.begun(("system", "shared"), event)
    assert event.is_set()
    assert beginnings.join(("system", "shared"))[1]


# What it is about


def test_a_repository_is_called_one_wherever_a_pull_request_would_be(
    model: Model,
) -> None:
    request = component(0, subject="repository")
    assert overview(a_claude(model).review([request], unasked)[0])
    body = model.requests[0].body
    assert body["tools"][0]["name"] == "get_repository"
    assert "the repository under review" in body["tools"][0]["description"]
    assert body["messages"][0]["content"] == "Review the repository."
    assert body["messages"][1]["content"][0]["name"] == "get_repository"
    assert "pull" not in str(body["messages"]) + str(body["tools"])
    assert model.requests[0].shared == "component 0"
    assert model.problems == []


def test_a_repository_as_plain_text_is_called_one_too(model: Model) -> None:
    model.always(refuse_tools="tools: none here")
    request = component(0, subject="repository")
    assert overview(a_claude(model).review([request], unasked)[0])
    opening = model.requests[-1].body["messages"][0]["content"][0]["text"]
    assert opening.startswith("Below is the repository under review, as JSON.")
