"""The stand-in holds the client to what it said, and to the rules of tools."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from standin.messages import Calls
from standin.model import Model
from standin.posting import (
    CACHED,
    OBJECT,
    TOOL,
    Body,
    a_body,
    asked,
    block,
    further,
    post,
    script,
    told,
)


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(lambda request: "done") as running:
        yield running


def changed(content: list[Body], at: int, **changes: Any) -> list[Body]:
    return [
        each | changes if index == at else each for index, each in enumerate(content)
    ]


THOUGHTFUL = Calls((("look", {"n": 1}), ("look", {"n": 2})), thinking="Hm.")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda turn: turn[1:], "`thinking` blocks"),
        (lambda turn: changed(turn, 0, thinking="Oh."), "`thinking` blocks"),
        (lambda turn: changed(turn, 0, signature="s"), "`thinking` blocks"),
        (lambda turn: changed(turn, 2, input={"n": 3}), "not what the model called"),
        (lambda turn: changed(turn, 1, name="other"), "not what the model called"),
    ],
)
def test_a_turn_that_the_client_changed_is_refused(
    change: Callable[[list[Body]], list[Body]], said: str
) -> None:
    with Model(script(THOUGHTFUL, "done")) as model:
        body = asked() | {"tools": [TOOL, TOOL | {"name": "other"}]}
        reply = post(model, body)
        altered = reply | {"content": change(reply["content"])}
        assert post(model, further(body, altered))["type"] == "error"
    assert len(model.problems) == 1
    assert said in model.problems[0]


def test_an_unchanged_turn_may_carry_a_breakpoint() -> None:
    with Model(script(THOUGHTFUL, "done")) as model:
        body = asked()
        reply = post(model, body)
        marked = reply | {"content": changed(reply["content"], 2, **CACHED)}
        assert post(model, further(body, marked))["stop_reason"] == "end_turn"
    assert model.problems == []


def test_a_thought_may_be_left_out_of_an_earlier_turn_but_not_changed() -> None:
    def asked_with(first: Callable[[list[Body]], list[Body]]) -> list[str]:
        with Model(script(THOUGHTFUL, THOUGHTFUL, "done")) as model:
            body = asked()
            second = further(body, post(model, body))
            third = further(second, post(model, second))
            earlier = third["messages"][1]
            earlier["content"] = first(earlier["content"])
            post(model, third)
        return model.problems

    assert asked_with(lambda turn: turn[1:]) == []
    assert len(asked_with(lambda turn: changed(turn, 0, thinking="Oh."))) == 1


def turn(*content: Body, results: bool = True) -> Body:
    """A request with that turn of the assistant, every call of it answered."""
    body = asked()
    answers = told({"content": content})
    body["messages"] += answers if results else answers[:1]
    return body


CALL = {"type": "tool_use", "id": "t1", "name": "look", "input": {}}
IMAGE = {"type": "image", "source": {"type": "url", "url": "https://example.com/"}}
STRICT = TOOL | {"strict": True}
LOOSE = {"type": "object", "properties": {"n": {"type": "object"}}}
OPTIONAL = {"properties": {f"field{n}": {"type": "string"} for n in range(13)}}


def result(content: Any, **extra: Any) -> Body:
    body = turn(CALL)
    body["messages"][2]["content"][0] |= {"content": content, **extra}
    return body


def offering(*tools: Body) -> Body:
    return a_body(tools=list(tools))


def named(count: int, tool: Body = STRICT) -> list[Body]:
    return [tool | {"name": f"look{n}"} for n in range(count)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (turn(CALL | {"name": "gone"}), "is not among the tools"),
        (turn(CALL | {"input": "{}"}), "valid dictionary"),
        (turn(CALL | {"id": "t.1"}), "tool_use.id"),
        (turn(CALL, CALL), "ids must be unique"),
        (turn(CALL, results=False), "prefill"),
        (result([IMAGE]), "is not a text block"),
        (result([block(" ")]), "non-empty"),
        (result(""), "non-empty"),
        (result("x", is_error="no"), "is_error"),
        (offering(TOOL | {"name": "read.file"}), "name: String should match"),
        (offering(TOOL | {"name": "x" * 129}), "name: String should match"),
        (offering(TOOL, TOOL), "names must be unique"),
        (offering(TOOL | {"returns": "text"}), "returns: Extra inputs"),
        (offering(TOOL | {"input_schema": {"type": "string"}}), "must be 'object'"),
        (offering(TOOL | {"input_schema": None}), "must be 'object'"),
        (offering(TOOL | {"input_schema": OBJECT | {"properties": []}}), "invalid"),
        (offering(TOOL | {"input_schema": OBJECT | {"required": ["n"]}}), "names no"),
        (offering(STRICT | {"input_schema": LOOSE}), "additionalProperties"),
        (offering(*named(21)), "too many strict tools"),
        (
            offering(*named(2, STRICT | {"input_schema": OBJECT | OPTIONAL})),
            "too many optional parameters (26)",
        ),
    ],
)
def test_tools_and_turns_that_break_a_rule_are_refused(
    model: Model, body: Body, said: str
) -> None:
    assert post(model, body)["error"]["type"] == "invalid_request_error"
    assert any(said in problem for problem in model.problems), model.problems


@pytest.mark.parametrize(
    "body",
    [
        offering(TOOL | {"input_schema": LOOSE}),
        offering(*named(20)),
        offering(*named(21, TOOL)),
        result([block("a"), block("b")]),
        result("x", is_error=True),
    ],
)
def test_tools_and_turns_within_the_rules_are_taken(model: Model, body: Body) -> None:
    assert post(model, body)["type"] == "message"
    assert model.problems == []


def test_a_request_of_more_than_32_megabytes_is_too_large(model: Model) -> None:
    messages = [{"role": "user", "content": "x" * 32_000_000}]
    reply = post(model, a_body(messages=messages))
    assert reply["error"]["type"] == "request_too_large"
    assert len(model.problems) == 1
