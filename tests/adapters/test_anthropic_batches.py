"""Batches through the real SDK: handed in, fetched in this process or in another."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.asking_claude import (
    ANSWER,
    KEY,
    QUICK,
    a_claude,
    a_finding,
    a_request,
    about,
    failure,
    overview,
    titles,
    unasked,
)
from architect_review.adapters.anthropic import Batches, Budget
from architect_review.adapters.anthropic import batches as adapter
from architect_review.errors import ModelError
from architect_review.prompt.request import ModelRequest
from architect_review.request.models import Price, Prices, Rates, price
from architect_review.request.spending import ModelPrice
from architect_review.review.reply import Reply
from standin.messages import Behaviour, Recorded
from standin.messages_batches import PATH, Fate
from standin.model import Model

Requests = Mapping[str, ModelRequest[Any]]
FINDINGS = ANSWER | {"findings": [a_finding("one"), a_finding("two")]}


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(lambda request: ANSWER, key=KEY) as running:
        yield running


def a_batches(model: Model | str, **changes: Any) -> Batches:
    """Batches whose pauses take no time."""
    settings: dict[str, Any] = {
        "api_key": SecretStr(KEY),
        "base_url": model if isinstance(model, str) else model.url,
        "deadline": lambda: 60.0,
        "budget": Budget(None),
        "progress": None,
        "sleep": lambda seconds: None,
    }
    return Batches(**(settings | changes))


def several(count: int = 3, **changes: Any) -> Requests:
    return {f"part-{n}": about(f"{n}.py", **changes) for n in range(count)}


def collected(
    batches: Batches, batch: str, requests: Requests, wait: float = 600
) -> Mapping[str, Reply[Any]]:
    found = batches.collect(batch, requests, wait)
    assert found is not None
    return found


def both(model: Model, requests: Requests, **changes: Any) -> list[Reply[Any]]:
    """Submit and collect in one go."""
    batches = a_batches(model, **changes)
    return list(collected(batches, batches.submit(requests), requests).values())


def fates(model: Model, **by_name: Fate) -> None:
    """What becomes of entries, by their names with `_` for `-`."""
    model.batches.fate = lambda name: by_name.get(name.replace("-", "_"), Fate())


def rejection(error: ModelError) -> str:
    assert KEY not in str(error)
    assert error.__cause__ is None
    assert error.kind == "rejected"
    return error.detail


# From one end to the other


def test_requests_are_handed_in_and_answered_in_one_go(model: Model) -> None:
    def answer(request: Recorded) -> dict[str, Any]:
        number = next(n for n in range(4) if f"{n}.py" in request.prompt)
        return ANSWER | {"overview": f"part {number}"}

    model.answer = answer
    requests = several(4)
    batches = a_batches(model)
    found = collected(batches, batches.submit(requests), requests)
    assert list(found) == list(requests)
    assert [overview(reply) for reply in found.values()] == [
        f"part {n}" for n in range(4)
    ]
    assert [reply.paths for reply in found.values()] == [(f"{n}.py",) for n in range(4)]
    assert {reply.usage.calls for reply in found.values()} == {1}
    assert all(reply.notes == () for reply in found.values())
    assert model.requests == []
    assert model.problems == []


def test_a_second_process_fetches_what_the_first_handed_in(model: Model) -> None:
    requests = several()
    batch = a_batches(model).submit(requests)
    found = collected(a_batches(model), batch, requests)
    assert [overview(reply) for reply in found.values()] == [ANSWER["overview"]] * 3


def test_a_request_is_written_as_a_live_one_without_its_look_ups(model: Model) -> None:
    request = a_request(lookups=9, effort="low", subject="repository")
    a_claude(model).review([a_request(effort="low", subject="repository")], unasked)
    a_batches(model).submit({"a": request})
    live, (sent,) = dict(model.requests[0].body), model.batches.requests
    assert live.pop("stream") is True
    written = json.dumps(live, sort_keys=True)
    mark = '"cache_control": {"type": "ephemeral"}, '
    assert json.dumps(sent.body, sort_keys=True) == written.replace(mark, "")


def test_what_requests_share_is_kept_for_an_hour_and_nothing_else_is(
    model: Model,
) -> None:
    alike = several(2, shared="x" * 9_000)
    requests = {**alike, "other": about("z.py", shared="y" * 9_000)}
    replies = both(model, requests)
    hour = {"type": "ephemeral", "ttl": "1h"}
    marks = [
        [
            block["cache_control"]
            for block in each.body["messages"][2]["content"]
            if "cache_control" in block
        ]
        for each in model.batches.requests
    ]
    assert marks == [[hour], [hour], []]
    first, second, other = (reply.usage for reply in replies)
    assert first.cache_write_tokens == second.cache_read_tokens > 3_000
    assert (other.cache_write_tokens, other.cache_read_tokens) == (0, 0)
    assert model.problems == []


def test_it_says_what_it_does(model: Model) -> None:
    texts: list[str] = []

    class Steps:
        def step(self, text: str) -> None:
            texts.append(text)

    model.batches.looks = 3
    requests = several(1)
    batches = a_batches(model, progress=Steps())
    batch = batches.submit(requests)
    collected(batches, batch, requests)
    assert texts == [
        "Submitting 1 request as a batch",
        f"Waiting for the batch {batch}",
    ]


@pytest.mark.parametrize("names", [(), ("a b",), ("",), ("a" * 65,), ("ok", "ä")])
def test_names_that_the_service_would_refuse_are_a_mistake_of_the_caller(
    names: tuple[str, ...],
) -> None:
    with pytest.raises(ValueError, match="no names for a batch"):
        a_batches("http://127.0.0.1:1").submit(dict.fromkeys(names, a_request()))


# Waiting


def test_a_batch_that_has_not_ended_is_collected_another_time(model: Model) -> None:
    model.batches.looks = None
    requests = several()
    batches = a_batches(model)
    batch = batches.submit(requests)
    assert batches.collect(batch, requests, 0) is None
    assert batches.collect(batch, requests, 300) is None
    model.batches.end(batch)
    assert len(collected(batches, batch, requests, 0)) == 3


def test_the_pauses_grow_up_to_a_minute_and_end_with_the_wait(model: Model) -> None:
    naps: list[float] = []
    model.batches.looks = None
    requests = several()
    batches = a_batches(model, deadline=lambda: math.inf, sleep=naps.append)
    assert batches.collect(batches.submit(requests), requests, 200) is None
    assert naps == [2, 4, 8, 16, 32, 60, 60, 18]
    looks = [each for each in model.batches.calls if each.startswith("GET")]
    assert len(looks) == len(naps) + 1


def test_the_run_ends_before_the_wait(model: Model) -> None:
    naps: list[float] = []
    model.batches.looks = None
    requests = several()
    left = iter([60.0] * 20 + [3.0] * 3 + [1.0] * 99)
    batches = a_batches(model, deadline=lambda: next(left), sleep=naps.append)
    assert batches.collect(batches.submit(requests), requests, math.inf) is None
    assert sum(naps) < 60


def test_nothing_is_asked_or_sent_after_the_deadline(model: Model) -> None:
    batches = a_batches(model, deadline=lambda: 0.0)
    assert batches.collect("msgbatch_1", several(), 60) is None
    with pytest.raises(ModelError, match="deadline"):
        batches.submit(several())
    assert model.batches.calls == []


def test_a_look_that_finds_nobody_is_repeated(model: Model) -> None:
    requests = several()
    batches = a_batches(model)
    batch = batches.submit(requests)
    for _ in range(3):
        model.batches.next(status=500, headers=QUICK)
    assert len(collected(batches, batch, requests)) == 3


def test_an_endpoint_that_stays_away_is_told_of(model: Model) -> None:
    batches = a_batches(model)
    batch = batches.submit(several())
    for _ in range(9):
        model.batches.next(status=500, headers=QUICK)
    with pytest.raises(ModelError, match="unavailable"):
        batches.collect(batch, several(), 600)


def test_results_that_break_off_are_read_again(model: Model) -> None:
    requests = several()
    batches = a_batches(model)
    batch = batches.submit(requests)
    model.batches.end(batch)
    assert batches.collect(batch, {}, 0) == {}
    model.batches.next()
    model.batches.next(drop_after=0)
    found = collected(batches, batch, requests)
    assert [overview(reply) for reply in found.values()] == [ANSWER["overview"]] * 3


def test_a_page_in_place_of_results_is_no_reason_to_submit_again(model: Model) -> None:
    requests = several()
    batches = a_batches(model)
    batch = batches.submit(requests)
    model.batches.next()
    for _ in range(3):
        model.batches.next(html=True)
    with pytest.raises(ModelError, match="not lost: collect it again"):
        batches.collect(batch, requests, 0)
    assert len(collected(batches, batch, requests)) == 3


def test_results_are_read_where_the_batch_was_handed_in(model: Model) -> None:
    with Model() as elsewhere:
        model.batches.results_at = elsewhere.url
        assert all(overview(reply) for reply in both(model, several()))
        assert elsewhere.batches.calls == []


# Entries


def test_entries_that_expired_are_told_apart_from_those_that_were_answered(
    model: Model,
) -> None:
    fates(model, part_1=Fate("expired"))
    first, second, third = both(model, several())
    kind, detail = failure(second)
    assert kind == "deadline"
    assert "the batch entry expired" in detail.lower()
    assert second.usage.cost_usd == 0
    assert [overview(first), overview(third)] == [ANSWER["overview"]] * 2


@pytest.mark.parametrize(
    ("fate", "kind", "said"),
    [
        (Fate("errored", error=("api_error", "oops")), "unavailable", "oops"),
        (Fate("errored", error=("overloaded_error", "busy")), "unavailable", "busy"),
        (
            Fate("errored", error=("invalid_request_error", "x: no")),
            "rejected",
            "x: no",
        ),
        (Fate("errored", error=("not_found_error", "m")), "rejected", "know the model"),
        (Fate("errored", error=("billing_error", "b")), "rejected", "payment"),
        (
            Fate("errored", error=("invalid_request_error", "prompt is too long")),
            "rejected",
            "too large",
        ),
        (Fate("canceled"), "unavailable", "batch entry was canceled"),
        (Fate("missing"), "unavailable", "batch entry is missing"),
        (Fate("unheard-of"), "invalid", "could not be read"),
    ],
)
def test_an_entry_without_an_answer_says_why_and_what_to_do(
    model: Model, fate: Fate, kind: str, said: str
) -> None:
    fates(model, part_0=fate)
    first, second = both(model, several(2))
    found, detail = failure(first)
    assert found == kind
    assert said in detail
    assert "batch entry" in detail
    assert first.paths == ("0.py",)
    assert overview(second)


def test_a_refusal_is_a_failure_although_the_entry_succeeded(model: Model) -> None:
    fates(model, part_0=Fate(behaviour=Behaviour(stop_reason="refusal")))
    kind, detail = failure(both(model, several(1))[0])
    assert kind == "refused"
    assert "cyber: scripted" in detail


@pytest.mark.parametrize("stop", ["max_tokens", "model_context_window_exceeded"])
def test_of_an_answer_that_was_cut_the_whole_findings_are_used(
    model: Model, stop: str
) -> None:
    model.answer = lambda request: FINDINGS
    fates(model, part_0=Fate(behaviour=Behaviour(stop_reason=stop, keep=0.6)))
    (reply,) = both(model, several(1))
    assert reply.failure is not None
    assert reply.failure.kind == "truncated"
    assert titles(reply) == ["one"]
    assert any("broke off" in note for note in reply.notes)
    assert reply.usage.output_tokens > 0


def test_an_answer_that_is_none_is_invalid(model: Model) -> None:
    fates(model, part_0=Fate(behaviour=Behaviour(ignore_schema=True)))
    first, second = both(model, several(2))
    assert failure(first)[0] == "invalid"
    assert overview(second)


def test_entries_of_others_are_passed_over_with_a_note(model: Model) -> None:
    message = {"type": "succeeded", "message": {"content": "?"}}
    model.batches.more = [
        json.dumps({"custom_id": "somebody-elses", "result": {"type": "expired"}}),
        json.dumps({"custom_id": "part-0", "result": message}),
        "no JSON at all",
        "[]",
        "",
    ]
    first, second = both(model, several(2))
    assert overview(first)
    assert first.notes == (
        "3 entries of the batch belong to no request that was asked.",
    )
    assert second.notes == ()


@pytest.mark.parametrize(
    "result",
    [
        {"type": "succeeded"},
        {"type": "succeeded", "message": None},
        {"type": "succeeded", "message": {"content": [{"text": "x"}]}},
        {
            "type": "succeeded",
            "message": {"content": [], "usage": {"input_tokens": -1}},
        },
        {"type": "errored", "error": "what"},
        {"type": 7},
        {},
    ],
)
def test_an_entry_that_is_not_as_the_api_writes_them_costs_only_itself(
    model: Model, result: dict[str, Any]
) -> None:
    fates(model, part_0=Fate("missing"))
    model.batches.more = [json.dumps({"custom_id": "part-0", "result": result})]
    first, second = both(model, several(2))
    assert failure(first)[0] == "invalid"
    assert overview(second)


def test_a_part_of_the_requests_can_be_collected(model: Model) -> None:
    requests = several()
    batches = a_batches(model)
    batch = batches.submit(requests)
    part = {"part-2": requests["part-2"]}
    found = collected(batches, batch, part)
    assert list(found) == ["part-2"]


# Canceling


def test_a_canceled_batch_keeps_what_was_answered_by_then(model: Model) -> None:
    model.batches.looks = None
    fates(model, part_0=Fate(is_early=True))
    requests = several(2)
    batches = a_batches(model)
    batch = batches.submit(requests)
    batches.cancel(batch)
    first, second = collected(batches, batch, requests).values()
    assert overview(first)
    assert failure(second)[0] == "unavailable"


def test_canceling_what_has_ended_is_told(model: Model) -> None:
    batches = a_batches(model)
    batch = batches.submit(several())
    model.batches.end(batch)
    with pytest.raises(ModelError, match="has ended already"):
        batches.cancel(batch)


# Money


def test_an_answer_costs_half_and_an_hour_in_the_cache_more(model: Model) -> None:
    known = price("claude-sonnet-5-5")
    assert known is not None
    first, second = both(model, several(2, shared="x" * 9_000))
    used = first.usage
    rates = known.rates
    assert used.cache_write_tokens > 0
    assert used.cost_usd == pytest.approx(
        (
            used.input_tokens * rates.input
            + used.cache_write_tokens * rates.input * 2
            + used.output_tokens * rates.output
        )
        / 2e6
    )
    assert second.usage.cache_read_tokens > 0
    assert (second.usage.cost_usd or 0) < (used.cost_usd or 0)


def test_the_price_of_long_prompts_is_halved_too() -> None:
    tiers = Price(Rates(2, 10, 2.5, 0.2), 200_000, Rates(4, 15, 5, 0.4))
    assert tiers.in_batch() == Price(
        Rates(1, 5, 2, 0.1), 200_000, Rates(2, 7.5, 4, 0.2)
    )


def worst(requests: Requests) -> float:
    """What a batch costs at most."""
    known = price("claude-sonnet-5-5")
    assert known is not None
    rates = known.in_batch()
    return sum(rates.worst_case(r.input_bound, r.max_tokens) for r in requests.values())


def test_a_batch_that_could_pass_the_cap_is_not_sent(model: Model) -> None:
    requests = several()
    batches = a_batches(model, budget=Budget(worst(requests) * 0.99))
    with pytest.raises(ModelError, match=r"The batch could cost .*`max-cost-usd`") as e:
        batches.submit(requests)
    assert e.value.kind == "cost-cap"
    assert model.batches.calls == []


def test_a_batch_that_cannot_pass_the_cap_is_sent_once(model: Model) -> None:
    requests = several()
    batches = a_batches(model, budget=Budget(worst(requests) * 1.01))
    batches.submit(requests)
    with pytest.raises(ModelError, match="cost-cap"):
        batches.submit(requests)
    assert len(model.batches.all) == 1


def test_what_a_batch_has_not_used_can_be_spent_once_it_is_collected(
    model: Model,
) -> None:
    requests = several()
    batches = a_batches(model, budget=Budget(worst(requests) * 1.5))
    for _ in range(2):
        collected(batches, batches.submit(requests), requests)
    assert len(model.batches.all) == 2


def test_live_calls_and_batches_go_by_one_budget(model: Model) -> None:
    requests = several()
    claude = a_claude(model, max_cost_usd=worst(requests) + 0.02)
    batches = a_batches(model, budget=claude.budget)
    batch = batches.submit(requests)
    (reply,) = claude.review([a_request()], unasked)
    assert failure(reply)[0] == "cost-cap"
    collected(batches, batch, requests)
    assert overview(claude.review([a_request()], unasked)[0])


def test_what_a_second_process_collects_counts_against_its_cap(model: Model) -> None:
    model.answer = lambda request: ANSWER | {"overview": "word " * 6_000}
    requests = several()
    batch = a_batches(model).submit(requests)
    claude = a_claude(model, max_cost_usd=0.2)
    batches = a_batches(model, budget=claude.budget)
    spent = 0.0
    for _ in range(2):
        found = collected(batches, batch, requests)
        spent = sum(reply.usage.cost_usd or 0 for reply in found.values())
    assert 0.1 < spent < 0.2
    # Collected twice and paid for once: as much is left as the note says.
    rest = price("claude-sonnet-5-5")
    assert rest is not None
    grant = claude.budget.reserve(100, 32_000, rest, lambda: 0.0)
    assert grant.max_tokens == rest.affordable_output(100, 0.2 - spent)


def test_a_refused_batch_costs_nothing(model: Model) -> None:
    requests = several()
    batches = a_batches(model, budget=Budget(worst(requests) * 1.01))
    model.batches.next(status=400)
    with pytest.raises(ModelError, match="rejected"):
        batches.submit(requests)
    assert batches.submit(requests)


def test_a_model_without_a_price_is_held_to_tokens(model: Model) -> None:
    requests = several(2, model="qwen3:30b")
    most = sum(r.input_bound + r.max_tokens for r in requests.values())
    batches = a_batches(model, budget=Budget(0.01, most - 1))
    with pytest.raises(ModelError, match=r"could use .* tokens.*`max-tokens`"):
        batches.submit(requests)
    replies = both(model, requests, budget=Budget(0.01, most))
    assert [reply.usage.cost_usd for reply in replies] == [None, None]
    assert all("No price is known" in reply.notes[0] for reply in replies)


def test_a_stated_price_is_halved_too(model: Model) -> None:
    prices = Prices.stated(
        {"qwen3:30b": ModelPrice.model_validate({"input": 1, "output": 2})}
    )
    (reply,) = both(model, several(1, model="qwen3:30b"), prices=prices)
    used = reply.usage
    assert used.cost_usd == pytest.approx(
        (used.input_tokens + 2 * used.output_tokens) / 2e6
    )


# Limits


@pytest.mark.parametrize("limit", ["MOST_REQUESTS", "MOST_BYTES"])
def test_more_than_a_batch_holds_is_not_sent(limit: str) -> None:
    assert (adapter.MOST_REQUESTS, adapter.MOST_BYTES) == (100_000, 256_000_000)
    one = about("a.py", shared="x" * 30_000_000)
    requests = (
        dict.fromkeys(map(str, range(100_001)), a_request())
        if limit == "MOST_REQUESTS"
        else {str(number): one for number in range(9)}
    )
    with pytest.raises(ModelError, match="at most 100,000 requests and 256 MB") as e:
        a_batches("http://127.0.0.1:1").submit(requests)
    assert rejection(e.value)


# Endpoints


@pytest.mark.parametrize("status", [404, 405, 501])
def test_an_endpoint_without_batches_says_to_leave_them_out(
    model: Model, status: int
) -> None:
    model.batches.next(status=status, message=f"no {KEY} here")
    with pytest.raises(ModelError) as e:
        a_batches(model).submit(several())
    assert "has no Message Batches: leave `batch` out" in rejection(e.value)
    assert len(model.batches.calls) == 1


def test_a_gateway_may_refuse_batches_in_other_words(model: Model) -> None:
    model.batches.next(status=400, message="unknown route")
    with pytest.raises(ModelError) as e:
        a_batches(model).submit(several())
    detail = rejection(e.value)
    assert "leave `batch` out" in detail
    assert "unknown route" in detail


def test_a_page_in_place_of_a_batch_is_no_batch(model: Model) -> None:
    model.batches.next(html=True)
    with pytest.raises(ModelError) as e:
        a_batches(model).submit(several())
    assert "leave `batch` out" in rejection(e.value)


def test_an_endpoint_without_batches_says_so_when_it_is_asked_for_one(
    model: Model,
) -> None:
    model.batches.are_known = False
    with pytest.raises(ModelError) as e:
        a_batches(model).collect("msgbatch_1", several(), 0)
    assert "has no Message Batches: leave `batch` out" in rejection(e.value)


@pytest.mark.parametrize("batch", ["msgbatch_none", "../models", "a b", "", "x" * 300])
def test_a_batch_that_nobody_knows_says_what_to_do(model: Model, batch: str) -> None:
    with pytest.raises(ModelError) as collecting:
        a_batches(model).collect(batch, several(), 60)
    with pytest.raises(ModelError) as canceling:
        a_batches(model).cancel(batch)
    for error in (collecting.value, canceling.value):
        assert "knows no batch" in rejection(error)
        assert "submit it again" in error.detail
    is_name = batch == "msgbatch_none"
    assert model.batches.calls == (
        [f"GET {PATH}/{batch}", f"POST {PATH}/{batch}/cancel"] if is_name else []
    )


def test_a_batch_of_another_key_is_unknown() -> None:
    with Model() as model:
        batch = a_batches(model, api_key=SecretStr("sk-ant-another-key")).submit(
            several()
        )
        with pytest.raises(ModelError) as e:
            a_batches(model).collect(batch, several(), 0)
    assert "Collect with the key and endpoint that submitted it" in rejection(e.value)


def test_results_that_are_no_longer_kept_are_told(model: Model) -> None:
    batches = a_batches(model)
    batch = batches.submit(several())
    model.batches.end(batch)
    model.batches.all[batch].archived_at = "2026-12-24T00:00:00Z"
    with pytest.raises(ModelError) as e:
        batches.collect(batch, several(), 0)
    assert "kept for 29 days" in rejection(e.value)


@pytest.mark.parametrize("key", ["sk-ant-…-öß", "sk-ant\nbroken-in-the-middle"])
def test_a_key_with_odd_characters_is_refused_before_anything_is_sent(
    model: Model, key: str
) -> None:
    with pytest.raises(ModelError) as e:
        a_batches(model, api_key=SecretStr(key)).submit(several())
    assert key not in str(e.value)
    assert "Copy it again" in rejection(e.value)
    assert model.batches.calls == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
@pytest.mark.parametrize("step", ["submit", "collect", "cancel"])
def test_the_key_stands_in_no_failure(model: Model, step: str, status: int) -> None:
    batches = a_batches(model)
    batch = batches.submit(several())
    steps: dict[str, Callable[[], object]] = {
        "submit": lambda: batches.submit(several()),
        "collect": lambda: batches.collect(batch, several(), 0),
        "cancel": lambda: batches.cancel(batch),
    }
    model.batches.next(status=status, message=f"the key {KEY} is wrong")
    with pytest.raises(ModelError) as e:
        steps[step]()
    assert "*** is wrong" in rejection(e.value)


# Sent once


@pytest.mark.parametrize("status", [429, 529])
def test_a_refusal_for_now_is_waited_for(model: Model, status: int) -> None:
    naps: list[float] = []
    for _ in range(2):
        model.batches.next(status=status, headers={"retry-after": "7"})
    assert a_batches(model, sleep=naps.append).submit(several())
    assert naps == [7, 7]
    assert len(model.batches.all) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "headers": {"retry-after": "3600"}},
        {"status": 429, "details": {"error_code": "enforced_spend_limit_reached"}},
    ],
)
def test_a_wait_that_is_no_use_is_not_waited(
    model: Model, fault: dict[str, Any]
) -> None:
    naps: list[float] = []
    model.batches.next(**fault)
    with pytest.raises(ModelError):
        a_batches(model, sleep=naps.append).submit(several())
    assert naps == []
    assert len(model.batches.calls) == 1


@pytest.mark.parametrize("fault", [{"status": 500}, {"drop_before": True}])
def test_a_batch_that_may_have_been_taken_is_not_sent_again_and_stays_counted(
    model: Model, fault: dict[str, Any]
) -> None:
    requests = several()
    batches = a_batches(model, budget=Budget(worst(requests) * 1.5))
    model.batches.next(**fault)
    with pytest.raises(ModelError, match="Whether the batch was taken is not known"):
        batches.submit(requests)
    assert len(model.batches.calls) == 1
    with pytest.raises(ModelError, match="cost-cap"):
        batches.submit(requests)


def test_an_endpoint_that_is_not_there_has_taken_nothing() -> None:
    with pytest.raises(ModelError, match="could not be reached") as e:
        a_batches("http://127.0.0.1:1").submit(several())
    assert "not known" not in e.value.detail
