"""The stand-in derives what the cache has from the requests alone.

A token is three bytes of a block's JSON, so that a block can be made to any length.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from standin.messages import Answer, Calls
from standin.messages_cache import Cache
from standin.model import Model
from standin.posting import CACHED, OBJECT, TOOL, a_body, block, post

SHARED = 2_000
LOOKED = 100
TOOL_TOKENS = 42
"""126 bytes of JSON."""
CALL_TOKENS = 24
"""72 bytes of JSON with an empty input and an id of one digit."""


@pytest.fixture
def model() -> Iterator[Model]:
    calls = Calls((("look", {}),))
    answers: list[Answer] = [calls, calls, "done"]
    with Model(lambda request: answers[request.turn]) as running:
        yield running
    assert running.problems == []


def sized(tokens: int, letter: str = "x", **extra: Any) -> dict[str, Any]:
    """A block of text with that many tokens."""
    empty = len(json.dumps(block("")))
    return block(letter * (3 * tokens - empty), **extra)


def looked(call_id: str, **extra: Any) -> dict[str, Any]:
    """The result of a look-up, of `LOOKED` tokens."""
    result = {"type": "tool_result", "tool_use_id": call_id, "content": [block("")]}
    empty = len(json.dumps(result))
    return result | {"content": [block("x" * (3 * LOOKED - empty))]} | extra


def asked(*content: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return a_body(messages=[{"role": "user", "content": list(content)}], **changes)


def usage(reply: dict[str, Any]) -> tuple[int, int, int]:
    """Tokens read from the cache, written to it, and the rest."""
    found = reply["usage"]
    return (
        found["cache_read_input_tokens"],
        found["cache_creation_input_tokens"],
        found["input_tokens"],
    )


def a_format(name: str) -> dict[str, Any]:
    schema = OBJECT | {"properties": {name: {"type": "string"}}}
    return {"format": {"type": "json_schema", "schema": schema}}


def test_three_parts_with_one_shared_beginning_pay_for_it_once(model: Model) -> None:
    model.answer = lambda request: "done"
    parts = [
        asked(sized(SHARED, **CACHED), sized(300, letter), system=[sized(50)])
        for letter in "abc"
    ]
    assert [usage(post(model, part)) for part in parts] == [
        (0, 2_050, 300),
        (2_050, 0, 300),
        (2_050, 0, 300),
    ]


def test_each_turn_of_a_loop_reads_what_the_turn_before_wrote(model: Model) -> None:
    assert len(json.dumps(TOOL)) // 3 == TOOL_TOKENS
    opening = asked(sized(SHARED, **CACHED), sized(10), tools=[TOOL])
    first = post(model, opening)
    assert usage(first) == (0, TOOL_TOKENS + SHARED, 10)
    start = TOOL_TOKENS + SHARED

    def further(*turns: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
        told: list[dict[str, Any]] = [*opening["messages"]]
        for number, (reply, mark) in enumerate(turns):
            call = reply["content"][0]
            assert len(json.dumps(call)) // 3 == CALL_TOKENS, number
            told.append({"role": "assistant", "content": [call]})
            told.append({"role": "user", "content": [looked(call["id"], **mark)]})
        return opening | {"messages": told}

    second = post(model, further((first, CACHED)))
    assert usage(second) == (start, 10 + CALL_TOKENS + LOOKED, 0)
    third = post(model, further((first, {}), (second, CACHED)))
    assert usage(third) == (
        start + 10 + CALL_TOKENS + LOOKED,
        CALL_TOKENS + LOOKED,
        0,
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"output_config": a_format("review")}, {"output_config": a_format("merge")}),
        ({"output_config": {"effort": "high"}}, {"output_config": {"effort": "low"}}),
        ({"tool_choice": {"type": "auto"}}, {"tool_choice": {"type": "none"}}),
        ({"tool_choice": {"type": "auto"}}, {}),
        ({}, {"tools": [TOOL | {"description": "Looks on."}]}),
        ({"system": "Be brief."}, {"system": "Be short."}),
        ({}, {"model": "claude-opus-5-5"}),
    ],
)
def test_what_differs_before_the_breakpoint_or_beside_the_prompt_drops_the_cache(
    model: Model, first: dict[str, Any], second: dict[str, Any]
) -> None:
    model.answer = lambda request: "done"
    content = [sized(SHARED, **CACHED), sized(10)]
    before, other, same = (
        usage(post(model, asked(*content, **({"tools": [TOOL]} | changes))))
        for changes in (first, second, first)
    )
    assert before[0] == other[0] == 0
    assert before[1] == same[0] > SHARED
    assert other[1] > SHARED
    assert same[1:] == (0, 10)


def test_a_breakpoint_on_a_result_inside_or_outside_is_the_same() -> None:
    cache = Cache()
    call = {"type": "tool_use", "id": "t1", "name": "look", "input": {}}

    def body(inner: dict[str, Any], outer: dict[str, Any]) -> dict[str, Any]:
        result = {"type": "tool_result", "tool_use_id": "t1"}
        told = [result | {"content": [sized(SHARED, **inner)]} | outer]
        return a_body(
            messages=[
                {"role": "user", "content": "Look."},
                {"role": "assistant", "content": [call]},
                {"role": "user", "content": told},
            ]
        )

    cache.remember(body({}, CACHED))
    read = cache.usage(body(CACHED, {}))["cache_read_input_tokens"]
    assert read == cache.length(body({}, {}))


@pytest.mark.parametrize(("blocks", "read"), [(19, SHARED), (20, 0)])
def test_a_breakpoint_looks_back_at_twenty_blocks_with_its_own(
    model: Model, blocks: int, read: int
) -> None:
    model.answer = lambda request: "done"
    post(model, asked(sized(SHARED, **CACHED)))
    later = [sized(10) for _ in range(blocks)]
    later[-1] |= CACHED
    found = usage(post(model, asked(sized(SHARED), *later)))
    assert found == (read, SHARED + 10 * blocks - read, 0)


def test_nothing_is_kept_without_a_breakpoint(model: Model) -> None:
    model.answer = lambda request: "done"
    for _ in range(2):
        assert usage(post(model, asked(sized(SHARED)))) == (0, 0, SHARED)


@pytest.mark.parametrize(("tokens", "kept"), [(1_024, 1_024), (1_023, 0)])
def test_less_than_the_least_length_is_not_kept(
    model: Model, tokens: int, kept: int
) -> None:
    model.answer = lambda request: "done"
    body = asked(sized(tokens, **CACHED))
    assert usage(post(model, body)) == (0, kept, tokens - kept)
    assert usage(post(model, body)) == (kept, 0, tokens - kept)


def test_the_least_length_can_be_set() -> None:
    with Model(least_cached=100) as model:
        assert usage(post(model, asked(sized(100, **CACHED)))) == (0, 100, 0)
        assert usage(post(model, asked(sized(99, "y", **CACHED)))) == (0, 0, 99)
