"""Several requests of one run: order, the shared cache, one purse, divided parts."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.asking_claude import (
    ANSWER,
    KEY,
    SCHEMA_REFUSED,
    TOOLS_REFUSED,
    a_claude,
    a_finding,
    a_piece,
    a_request,
    about,
    ask,
    failure,
    overview,
    seconds,
    titles,
    unasked,
)
from architect_review.adapters.anthropic.budget import Budget
from architect_review.adapters.anthropic.slots import AT_ONCE
from architect_review.errors import ModelError
from architect_review.request.models import Price, Prices, Rates, price
from architect_review.request.spending import ModelPrice
from standin.messages import Recorded
from standin.model import Model

MODEL = "claude-sonnet-5-5"


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(lambda request: ANSWER, key=KEY) as running:
        yield running


class Steps:
    """A Progress that remembers."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def step(self, text: str) -> None:
        self.texts.append(text)


def several(count: int, **changes: Any) -> list[Any]:
    return [about(f"{number}.py", **changes) for number in range(count)]


# The first, then the others


def test_replies_come_in_the_order_of_the_requests(model: Model) -> None:
    def answer(request: Recorded) -> dict[str, Any]:
        number = next(n for n in range(9) if f"{n}.py" in request.prompt)
        time.sleep(0.02 * (9 - number))
        return ANSWER | {"overview": f"part {number}"}

    model.answer = answer
    replies = a_claude(model).review(several(9), unasked)
    assert [overview(reply) for reply in replies] == [f"part {n}" for n in range(9)]
    assert [reply.paths for reply in replies] == [(f"{n}.py",) for n in range(9)]


def test_every_request_is_announced() -> None:
    steps = Steps()
    with Model(lambda request: ANSWER) as model:
        a_claude(model, progress=steps).review(
            [a_request(), about("b.py", "c.py")], unasked
        )
    assert steps.texts == [
        "Asking claude-sonnet-5-5 about 1 file",
        "Asking claude-sonnet-5-5 about 2 files",
    ]


def test_the_others_start_when_the_first_is_being_answered(model: Model) -> None:
    arrived = threading.Event()

    def answer(request: Recorded) -> dict[str, Any]:
        if "0.py" not in request.prompt:
            arrived.set()
        return ANSWER

    model.answer = answer
    model.next(hold=arrived)
    replies = a_claude(model, deadline=seconds(5)).review(several(3), unasked)
    assert arrived.is_set()
    assert all(overview(reply) for reply in replies)


def test_the_others_wait_until_the_first_is_being_answered(model: Model) -> None:
    waiting = threading.Event()

    def answer(request: Recorded) -> dict[str, Any]:
        if "0.py" in request.prompt:
            waiting.wait(0.2)
        else:
            waiting.set()
        return ANSWER

    model.answer = answer
    begun = time.monotonic()
    a_claude(model).review(several(3), unasked)
    assert time.monotonic() - begun >= 0.2
    assert "0.py" in model.requests[0].prompt


def test_each_system_prompt_has_its_own_first_request_and_all_firsts_go_at_once(
    model: Model,
) -> None:
    together = threading.Barrier(2)

    def answer(request: Recorded) -> dict[str, Any]:
        if "0.py" in request.prompt:
            together.wait(5)
        return ANSWER | {"overview": request.body["system"][0]["text"]}

    model.answer = answer
    agents = ("a backend architect", "a data architect")
    requests = [
        about(f"{number}.py", system=agent) for agent in agents for number in range(3)
    ]
    replies = a_claude(model).review(requests, unasked)
    assert [overview(reply) for reply in replies] == [
        agent for agent in agents for _ in range(3)
    ]


def test_the_form_that_was_taken_is_where_the_next_step_begins(model: Model) -> None:
    model.always(refuse_tools=TOOLS_REFUSED)
    claude = a_claude(model)
    for _ in range(2):
        claude.review([a_request()], unasked)
    assert ["tools" in request.body for request in model.requests] == [
        True, False, False,
    ]  # fmt: skip


def test_the_others_run_at_the_same_time_but_never_more_than_six(model: Model) -> None:
    together = threading.Barrier(AT_ONCE)
    lock = threading.Lock()
    under_way = 0
    most = 0

    def answer(request: Recorded) -> dict[str, Any]:
        nonlocal under_way, most
        if "/0.py" in request.prompt:
            return ANSWER
        with lock:
            under_way += 1
            most = max(most, under_way)
        together.wait(5)
        time.sleep(0.02)
        with lock:
            under_way -= 1
        return ANSWER

    model.answer = answer
    requests = [about(f"/{number}.py") for number in range(2 * AT_ONCE + 1)]
    replies = a_claude(model).review(requests, unasked)
    assert all(overview(reply) for reply in replies)
    assert most == AT_ONCE


def test_the_shared_beginning_is_paid_for_once(model: Model) -> None:
    shared = "x" * 9_000
    replies = a_claude(model).review(several(7, shared=shared), unasked)
    written = [reply.usage.cache_write_tokens for reply in replies]
    read = [reply.usage.cache_read_tokens for reply in replies]
    assert written[0] > 3_000
    assert written[1:] == [0] * 6
    assert read == [0] + [written[0]] * 6


def test_the_form_that_the_first_succeeded_in_is_used_by_all(model: Model) -> None:
    model.always(refuse_schema=SCHEMA_REFUSED)
    replies = a_claude(model).review(several(4), unasked)
    assert [reply.usage.calls for reply in replies] == [2, 1, 1, 1]


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_what_holds_for_all_is_learned_once(model: Model, status: int) -> None:
    model.always(status=status)
    first, *others = a_claude(model).review(several(4), unasked)
    assert failure(first)[0] == "rejected"
    assert all(other.failure is first.failure for other in others)
    assert sum(other.usage.calls for other in others) == 0
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [{"stop_reason": "refusal"}, {"status": 400}, {"stop_reason": "max_tokens"}],
)
def test_what_befell_the_first_alone_keeps_no_other_back(
    model: Model, fault: dict[str, Any]
) -> None:
    model.next(**fault)
    first, *others = a_claude(model).review(several(3), unasked)
    assert first.failure is not None
    assert [overview(other) for other in others] == [ANSWER["overview"]] * 2


def test_the_deadline_holds_for_all(model: Model) -> None:
    model.always(stall=True)
    begun = time.monotonic()
    replies = a_claude(model, deadline=seconds(2)).review(several(9), unasked)
    assert {failure(reply)[0] for reply in replies} == {"deadline"}
    assert time.monotonic() - begun < 20
    assert len(model.requests) == AT_ONCE


def test_no_requests_give_no_replies() -> None:
    assert a_claude("http://127.0.0.1:1").review([], unasked) == []


def test_one_claude_can_be_asked_again(model: Model) -> None:
    claude = a_claude(model)
    assert overview(claude.review([a_request()], unasked)[0])
    assert overview(claude.review([a_request()], unasked)[0])


class StoppedError(Exception):
    """What a signal's handler would raise."""


def to_this_process() -> None:
    os.kill(os.getpid(), signal.SIGALRM)


def to_a_thread_that_goes_on() -> None:
    """As a signal that comes just before the main thread waits: it wakes nobody."""
    signal.pthread_kill(threading.get_ident(), signal.SIGALRM)


@pytest.mark.parametrize("send", [to_this_process, to_a_thread_that_goes_on])
def test_an_interruption_waits_for_no_answer(
    model: Model, send: Callable[[], None]
) -> None:
    model.always(stall=True)
    stopped: list[float] = []

    def stop() -> None:
        while len(model.requests) < 3:
            time.sleep(0.01)
        stopped.append(time.monotonic())
        send()

    def handler(*_: object) -> None:
        raise StoppedError

    before = signal.signal(signal.SIGALRM, handler)
    threading.Thread(target=stop).start()
    try:
        with pytest.raises(StoppedError):
            a_claude(model).review(several(3), unasked)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - stopped[0] < 20


# Money


def test_the_answer_is_shortened_to_what_is_affordable(model: Model) -> None:
    reply = ask(model, max_cost_usd=0.10)
    assert overview(reply)
    sent = model.requests[0].body["max_tokens"]
    assert 4_000 <= sent < 10_000
    assert f"held to {sent} tokens" in reply.notes[0]


def test_a_request_that_could_pass_the_cap_is_not_sent(model: Model) -> None:
    first, *others = a_claude(model, max_cost_usd=0.03).review(several(3), unasked)
    kind, detail = failure(first)
    assert kind == "cost-cap"
    assert "max-cost-usd" in detail
    assert all(other.failure is first.failure for other in others)
    assert (model.requests, first.usage.calls) == ([], 0)


def test_what_was_spent_counts_against_the_next_call(model: Model) -> None:
    model.answer = lambda request: ANSWER | {"overview": "long " * 2_000}
    replies = a_claude(model, max_cost_usd=0.07).review(several(3), unasked)
    assert replies[0].answer is not None
    assert [failure(reply)[0] for reply in replies[1:]] == ["cost-cap"] * 2
    assert len(model.requests) == 1


def test_requests_wait_for_money_that_calls_under_way_may_leave(model: Model) -> None:
    known = price(MODEL)
    assert known is not None
    request = about("0.py")
    one = known.worst_case(request.input_bound, request.max_tokens)
    replies = a_claude(model, max_cost_usd=1.5 * one).review(several(4), unasked)
    assert all(overview(reply) for reply in replies)
    assert {each.body["max_tokens"] for each in model.requests} == {32_000}


def test_no_run_costs_more_than_its_cap(model: Model) -> None:
    model.answer = lambda request: ANSWER | {"overview": "word " * 6_000}
    requests = several(9, max_tokens=12_000)
    replies = a_claude(model, max_cost_usd=0.4).review(requests, unasked)
    costs = [reply.usage.cost_usd or 0 for reply in replies]
    kinds = {reply.failure.kind for reply in replies if reply.failure}
    assert 0.2 < sum(costs) <= 0.4
    # The last one that was sent was held to what was left.
    assert kinds == {"truncated", "cost-cap"}


def test_a_model_without_a_price_has_no_cost_and_a_cap_in_tokens(model: Model) -> None:
    reply = ask(model, a_request(model="qwen3:30b"), max_cost_usd=0.01)
    assert overview(reply)
    assert reply.usage.cost_usd is None
    assert any("No price is known for qwen3:30b" in note for note in reply.notes)
    assert model.requests[0].body["max_tokens"] == 32_000


def test_calls_to_a_model_without_a_price_never_pass_the_cap_in_tokens(
    model: Model,
) -> None:
    requests = several(9, model="qwen3:30b", max_tokens=4_000)
    replies = a_claude(model, max_tokens=20_000).review(requests, unasked)
    assert sum(reply.usage.tokens for reply in replies) <= 20_000
    assert any(reply.answer for reply in replies)


def test_a_stated_price_holds_for_a_model_that_the_table_lacks(model: Model) -> None:
    prices = Prices.stated(
        {"qwen3:30b": ModelPrice.model_validate({"input": 1, "output": 2})}
    )
    reply = ask(model, a_request(model="qwen3:30b"), prices=prices)
    assert reply.usage.cost_usd == pytest.approx(
        (reply.usage.input_tokens + 2 * reply.usage.output_tokens) / 1e6
    )
    assert reply.notes == ()


RATES = st.floats(0.01, 100)
CALLS = st.tuples(st.integers(1, 400_000), st.integers(1, 64_000), st.floats(0, 1))


@settings(max_examples=40, deadline=None)
@given(
    limit=st.floats(0.001, 20),
    calls=st.lists(CALLS, min_size=1, max_size=12),
    rates=st.tuples(RATES, RATES),
)
def test_calls_at_the_same_time_never_pass_the_limit_together(
    limit: float, calls: list[tuple[int, int, float]], rates: tuple[float, float]
) -> None:
    paid = Price(Rates(rates[0], rates[1], rates[0] * 1.25, rates[0] * 0.1))
    budget = Budget(limit)
    lock = threading.Lock()
    under_way: dict[int, float] = {}
    spent = 0.0
    highest = 0.0
    refused: list[str] = []

    def call(number: int, input_bound: int, most: int, share: float) -> None:
        nonlocal spent, highest
        try:
            grant = budget.reserve(input_bound, most, paid, lambda: 60.0)
        except ModelError as error:
            refused.append(error.kind)
            return
        assert 0 < grant.max_tokens <= most
        with lock:
            under_way[number] = paid.worst_case(input_bound, grant.max_tokens)
            highest = max(highest, spent + sum(under_way.values()))
        cost = under_way[number] * share
        with lock:
            del under_way[number]
            spent += cost
        budget.settle(grant, cost)

    threads = [
        threading.Thread(target=call, args=(number, *each))
        for number, each in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    assert set(refused) <= {"cost-cap"}
    assert highest <= limit * (1 + 1e-9)
    assert spent <= limit * (1 + 1e-9)


def test_waiting_for_money_ends_with_the_run() -> None:
    known = price(MODEL)
    budget = Budget(0.35)
    budget.reserve(1_000, 32_000, known, seconds(1))
    with pytest.raises(ModelError, match="deadline"):
        budget.reserve(1_000, 32_000, known, seconds(0.1))


# Requests that are too large


def test_a_request_that_is_too_large_is_asked_in_parts(model: Model) -> None:
    model.answer = lambda request: (
        ANSWER
        | {
            "findings": [
                a_finding(path) for path in "abcd" if f"{path}.py" in request.prompt
            ]
        }
    )
    pieces = tuple(a_piece(f"{name}.py", size=9_000) for name in "abcd")
    model.always(most_tokens=8_000)
    replies = a_claude(model).review([a_request(pieces=pieces), about("z.py")], unasked)
    assert [reply.paths for reply in replies] == [
        ("a.py", "b.py"), ("c.py", "d.py"), ("z.py",),
    ]  # fmt: skip
    assert [titles(reply) for reply in replies] == [["a", "b"], ["c", "d"], []]
    assert [reply.usage.calls for reply in replies] == [2, 1, 1]
    assert "asked about in parts" in replies[0].notes[0]


def test_one_large_file_is_divided_between_its_hunks(model: Model) -> None:
    model.always(most_tokens=8_000)
    request = a_request(pieces=(a_piece("a.py", hunks=4, size=9_000),))
    first, second = a_claude(model).review([request], unasked)
    assert (first.paths, second.paths) == (("a.py",), ("a.py",))
    assert overview(first)
    assert overview(second)


@pytest.mark.parametrize("fault", [{"status": 413}, {"most_tokens": 9}])
def test_what_is_too_large_in_any_part_is_given_up(
    model: Model, fault: dict[str, Any]
) -> None:
    model.always(**fault)
    pieces = tuple(a_piece(f"{number}.py") for number in range(64))
    replies = a_claude(model).review([a_request(pieces=pieces)], unasked)
    assert len(replies) == 8
    assert len(model.requests) == 15
    assert sorted(path for reply in replies for path in reply.paths) == sorted(
        f"{number}.py" for number in range(64)
    )
    for reply in replies:
        kind, detail = failure(reply)
        assert kind == "rejected"
        assert "too large" in detail


def test_a_context_filled_by_the_question_is_a_reason_to_divide(model: Model) -> None:
    model.next(stop_reason="model_context_window_exceeded", keep=0)
    replies = a_claude(model).review([about("a.py", "b.py")], unasked)
    assert [overview(reply) for reply in replies] == [ANSWER["overview"]] * 2
