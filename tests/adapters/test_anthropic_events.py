"""Streams that are not quite the Messages API's, as gateways send them."""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from adapters.asking_claude import (
    ANSWER,
    KEY,
    a_claude,
    a_finding,
    a_request,
    ask,
    failure,
    overview,
    titles,
)
from architect_review.evidence.lookups import Found
from architect_review.review.reply import Reply
from standin.messages import EMPTY_ANSWER, Calls, Recorded
from standin.model import Model

Change = Callable[[int, Mapping[str, Any]], Any]
Path = tuple[str, ...]
GONE = "what is not there"
"""In place of a value: the field is not there."""


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(lambda request: ANSWER, key=KEY) as running:
        yield running


def put(value: object, *paths: Path) -> Change:
    """Another value for fields of events: the type of the event, then the names."""

    def change(number: int, data: Mapping[str, Any]) -> Any:
        changed: Any = copy.deepcopy(data)
        for kind, *names, last in paths:
            place = changed if changed["type"] == kind else {}
            for name in names:
                place = place.get(name, {})
            if last in place:
                place[last] = value
                if value is GONE:
                    del place[last]
        return changed

    return change


START_USAGE = ("message_start", "message", "usage")
START_CONTENT = ("message_start", "message", "content")
END_USAGE = ("message_delta", "usage")
BLOCK_TEXT = ("content_block_start", "content_block", "text")
THOUGHT = ("content_block_start", "content_block", "thinking")


@pytest.mark.parametrize("value", [GONE, None, "none"], ids=["gone", "null", "word"])
@pytest.mark.parametrize(
    "paths",
    [
        (START_USAGE,),
        (END_USAGE,),
        (START_USAGE, END_USAGE),
        (START_CONTENT,),
        (START_CONTENT[:-1],),
        (("message_start", "message", "id"), ("message_start", "message", "role")),
        (("message_delta", "delta", "stop_sequence"),),
        (("message_delta", "delta", "stop_details"),),
        (("content_block_stop", "index"),),
    ],
    ids=str,
)
def test_what_an_answer_can_do_without_may_be_missing(
    model: Model, paths: tuple[Path, ...], value: object
) -> None:
    model.always(change=put(value, *paths))
    reply = ask(model)
    assert overview(reply) == ANSWER["overview"]
    assert len(model.requests) == 1


@pytest.mark.parametrize("value", [GONE, None])
def test_a_block_may_begin_without_its_empty_text(model: Model, value: object) -> None:
    model.always(change=put(value, BLOCK_TEXT, THOUGHT))
    assert overview(ask(model)) == ANSWER["overview"]
    assert len(model.requests) == 1


def test_tokens_are_counted_where_only_the_end_tells_them(model: Model) -> None:
    plain = ask(model).usage
    model.next(change=put(GONE, START_USAGE))
    used = ask(model).usage
    assert used.output_tokens == plain.output_tokens > 0
    assert used.input_tokens == 0


@pytest.mark.parametrize("count", [-1, 1.5, "many", [], 10**400], ids=str)
def test_what_counts_no_tokens_is_not_counted(model: Model, count: object) -> None:
    tokens = ("input_tokens", "output_tokens", "cache_read_input_tokens")
    starts = [(*START_USAGE, name) for name in tokens]
    model.always(change=put(count, *starts, (*END_USAGE, "output_tokens")))
    reply = ask(model)
    assert overview(reply) == ANSWER["overview"]
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (0, 0)


# Events that no answer can be read from


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("content_block_start", "content_block"), GONE),
        (("content_block_delta", "index"), 5),
        (("content_block_delta", "index"), None),
        (("content_block_delta", "delta"), GONE),
        (("content_block_delta", "delta", "text"), None),
    ],
    ids=str,
)
def test_an_event_that_is_none_of_the_api_breaks_the_answer_off(
    model: Model, path: Path, value: object
) -> None:
    model.always(change=put(value, path))
    kind, detail = failure(ask(model))
    assert kind == "unavailable"
    assert "Tried 3 times" in detail
    assert model.url.removeprefix("http://") in detail


@pytest.mark.parametrize("data", ["a word", 7, None, [], ["a word"], {}])
def test_events_that_are_no_events_break_the_answer_off(
    model: Model, data: object
) -> None:
    model.always(change=lambda number, event: data)
    assert failure(ask(model))[0] == "unavailable"
    assert len(model.requests) == 3


def test_one_such_answer_is_asked_for_again(model: Model) -> None:
    model.next(change=put(5, ("content_block_delta", "index")))
    reply = ask(model)
    assert overview(reply) == ANSWER["overview"]
    assert "Asked again: " in " ".join(reply.notes)


def test_what_came_before_such_an_event_is_used() -> None:
    findings = [a_finding(f"finding {number}") for number in range(8)]
    with Model(lambda request: EMPTY_ANSWER | {"findings": findings}) as model:
        model.always(
            change=lambda number, data: [] if number == 5 else data,
        )
        reply = ask(model)
    assert reply.failure is not None
    assert titles(reply)[:1] == ["finding 0"]


@pytest.mark.parametrize("error", [None, "no", {}, {"type": []}, {"type": {}}])
def test_an_error_in_no_known_shape_ends_the_request(
    model: Model, error: object
) -> None:
    def change(number: int, data: Mapping[str, Any]) -> Any:
        return {**data, "error": error} if data["type"] == "error" else data

    model.always(error_event="overloaded_error", change=change)
    assert failure(ask(model))[0] in ("unavailable", "rejected")


# Look-ups


ONE = Calls((("search", {"pattern": "x"}),), thinking="Hm.")


def looked_up(change: Change, first: Calls = ONE) -> tuple[Reply[Any], Model]:
    """A review whose first turn looks something up, through this gateway."""

    def answer(request: Recorded) -> Any:
        return ANSWER if request.turn or not request.tool_names else first

    with Model(answer) as model:
        model.next(change=change)
        request = a_request(lookups=4)
        (reply,) = a_claude(model).review([request], lambda *_: Found("x", "one line"))
    return reply, model


@pytest.mark.parametrize("value", [GONE, None, "", 7])
@pytest.mark.parametrize("name", ["id", "name"])
def test_a_call_without_id_or_name_is_no_look_up(name: str, value: object) -> None:
    path = ("content_block_start", "content_block", name)
    reply, model = looked_up(put(value, path))
    assert overview(reply) == ANSWER["overview"]
    assert reply.lookups == ()
    assert "let the model call a tool" in " ".join(reply.notes)
    assert model.problems == []


@pytest.mark.parametrize(
    "written",
    [
        *('"x"', "[1, 2]", "null", '{"pattern": NaN}', '{"pattern": 1e999}'),
    ],
)
def test_arguments_that_no_request_can_say_again_are_none(written: str) -> None:
    def change(number: int, data: Mapping[str, Any]) -> Any:
        delta = data.get("delta", {})
        if not delta.get("partial_json"):
            return data
        piece = written if delta["partial_json"].startswith("{") else " "
        return {**data, "delta": {**delta, "partial_json": piece}}

    reply, model = looked_up(change)
    assert [dict(each.arguments) for each in reply.lookups] == [{}]
    sent = model.requests[1].body["messages"][-2]["content"][-1]
    assert sent["input"] == {}


@pytest.mark.parametrize(
    ("pieces", "kept"),
    [(("so ", "\ud83d"), "so \ufffd"), (("\ud83d", "\ude00"), "\U0001f600")],
    ids=["half", "cut in two"],
)
def test_a_surrogate_beside_a_look_up_is_sent_back_as_a_character(
    pieces: tuple[str, str], kept: str
) -> None:
    left = list(pieces)

    def change(number: int, data: Mapping[str, Any]) -> Any:
        if data.get("delta", {}).get("type") != "text_delta":
            return data
        return {**data, "delta": {"type": "text_delta", "text": left.pop(0)}}

    reply, model = looked_up(change, Calls(ONE.calls, text="ab"))
    assert overview(reply) == ANSWER["overview"]
    sent = model.requests[-1].body["messages"][-2]["content"]
    assert sent[0] == {"type": "text", "text": kept}
    assert model.problems == []
