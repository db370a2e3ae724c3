"""The model looks things up before it answers: bounded and counted."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from adapters.asking_claude import (
    ANSWER,
    TOOLS_REFUSED,
    a_claude,
    a_request,
    failure,
    overview,
    unasked,
)
from architect_review.evidence.lookups import TOOLS, Found
from architect_review.review.reply import Reply
from standin.messages import Calls, Recorded
from standin.model import Model

ONE = Calls((("read_file", {"path": "a.py", "start": 1, "end": 9}),), thinking="Hm.")
TWO = Calls((("search", {"pattern": "x"}), ("list_files", {"glob": "*"})))


def look(name: str, arguments: Mapping[str, Any]) -> Found:
    """Tells what was asked for."""
    return Found(f"{name} {json.dumps(dict(arguments))}", "one line")


def asked(model: Model, lookups: int = 8, **changes: Any) -> Reply[Any]:
    request = a_request(lookups=lookups)
    return a_claude(model, **changes).review([request], look)[0]


def test_the_model_looks_up_what_it_asks_for_and_then_answers() -> None:
    def answer(request: Recorded) -> Any:
        return [ONE, TWO, ANSWER][request.turn]

    with Model(answer) as model:
        reply = asked(model)
    assert model.problems == []
    assert overview(reply) == ANSWER["overview"]
    assert [(each.tool, each.said) for each in reply.lookups] == [
        ("read_file", "one line"),
        ("search", "one line"),
        ("list_files", "one line"),
    ]
    assert reply.lookups[0].arguments == {"path": "a.py", "start": 1, "end": 9}
    last = model.requests[-1]
    assert [each.text for each in last.results][1:] == [
        'search {"pattern": "x"}',
        'list_files {"glob": "*"}',
    ]
    assert reply.usage.calls == 3
    assert last.tool_names[1:] == tuple(tool.name for tool in TOOLS)
    assert last.body["tool_choice"] == {"type": "auto"}


def test_each_turn_reads_the_turns_before_it_from_the_cache() -> None:
    def answer(request: Recorded) -> Any:
        return [ONE, TWO, ANSWER][request.turn]

    with Model(answer, least_cached=1) as model:
        reply = asked(model)
    used = reply.usage
    assert used.cache_read_tokens > used.cache_write_tokens > 0
    # Only the newest turn of results carries a breakpoint.
    for request in model.requests:
        marks = json.dumps(request.body["messages"]).count("cache_control")
        assert marks <= 2


def test_what_is_asked_for_beyond_the_limit_is_refused_and_the_run_goes_on() -> None:
    def answer(request: Recorded) -> Any:
        return ANSWER if any(each.is_error for each in request.results) else TWO

    with Model(answer) as model:
        reply = asked(model, lookups=3)
    assert overview(reply) == ANSWER["overview"]
    assert [each.is_refused for each in reply.lookups] == [False, False, False, True]
    assert reply.lookups[-1].said == "no look-ups were left"
    assert model.problems == []


def test_a_model_that_only_ever_looks_things_up_is_made_to_answer() -> None:
    def answer(request: Recorded) -> Any:
        return ONE if request.tool_names else ANSWER

    with Model(answer) as model:
        reply = asked(model, lookups=2)
    assert overview(reply) == ANSWER["overview"]
    assert model.requests[-1].body["tool_choice"] == {"type": "none"}
    assert len(model.requests) == 5
    assert model.problems == []


def test_nothing_is_offered_where_nothing_may_be_looked_up() -> None:
    with Model(lambda request: ANSWER) as model:
        (reply,) = a_claude(model).review([a_request()], unasked)
    assert overview(reply) == ANSWER["overview"]
    (request,) = model.requests
    assert request.tool_names == ()
    assert len(request.body["tools"]) == 1


def test_an_endpoint_without_tools_gets_the_change_alone() -> None:
    with Model(lambda request: ANSWER) as model:
        model.always(refuse_tools=TOOLS_REFUSED)
        reply = asked(model)
    assert overview(reply) == ANSWER["overview"]
    assert reply.notes == (
        "The endpoint refused the tool turn; the change was sent as plain text, and "
        "nothing could be looked up.",
    )


def test_the_made_up_tool_is_answered_and_looks_nothing_up() -> None:
    again = Calls((("get_pull_request", {"part": 1}),))

    def answer(request: Recorded) -> Any:
        return ANSWER if len(request.body["messages"]) > 4 else again

    with Model(answer) as model:
        (reply,) = a_claude(model).review([a_request(lookups=4)], unasked)
    assert overview(reply) == ANSWER["overview"]
    assert [each.said for each in reply.lookups] == ["all parts were given already"]


@pytest.mark.parametrize("at", [0, 1])
def test_a_turn_that_breaks_off_is_asked_for_again_with_what_was_looked_up(
    at: int,
) -> None:
    def answer(request: Recorded) -> Any:
        return [ONE, ANSWER][request.turn]

    with Model(answer) as model:
        for _ in range(at):
            model.next()
        model.next(drop_after=3)
        reply = asked(model)
    assert overview(reply) == ANSWER["overview"]
    assert len(model.requests) == 3
    assert len(reply.lookups) == 1
    assert model.problems == []


@pytest.mark.parametrize(
    "arguments", ['{"path": nope}', "{]", '{"path": "x"', '{"\ud83d', "[" * 5_000]
)
def test_a_call_whose_arguments_are_no_json_is_a_turn_that_broke_off(
    arguments: str,
) -> None:
    def answer(request: Recorded) -> Any:
        return [ONE, ANSWER][request.turn]

    with Model(answer) as model:
        model.next(arguments=arguments)
        reply = asked(model)
    assert overview(reply) == ANSWER["overview"]
    assert len(model.requests) == 3
    assert reply.notes[0].endswith("(arguments that are no JSON).")
    assert model.problems == []


def test_a_model_that_never_calls_in_json_is_unavailable_after_three_tries() -> None:
    with Model(lambda request: ONE) as model:
        model.always(arguments='{"path": nope}')
        reply = asked(model)
    assert failure(reply)[0] == "unavailable"
    assert len(model.requests) == 3


def test_every_turn_is_paid_for_before_it_is_sent() -> None:
    def answer(request: Recorded) -> Any:
        return ONE if request.tool_names else ANSWER

    with Model(answer) as model:
        reply = asked(model, lookups=50, max_cost_usd=0.36)
    assert reply.usage.cost_usd is not None
    assert reply.usage.cost_usd <= 0.36
