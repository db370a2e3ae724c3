"""The stand-in calls tools, and a script sees what came of it."""

from collections.abc import Iterator
from typing import Any

import anthropic
import pytest

from standin.messages import Calls, Recorded
from standin.model import Model
from standin.posting import (
    CACHED,
    OBJECT,
    TOOL,
    Body,
    a_body,
    a_tool_turn,
    asked,
    block,
    further,
    post,
    script,
)

LOOK = Calls((("look", {"path": "a.py", "lines": [1, 2]}),))


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(script(LOOK, LOOK, "done")) as running:
        yield running


def test_the_sdk_reads_a_streamed_call_and_can_hand_it_back() -> None:
    asks = {"path": 'a "b".py', "lines": [1, 2], "who": "Zoë"}
    calls = (("look", asks), ("look", dict[str, Any]()))
    answer = Calls(calls, text="I look.", thinking="Who calls it?")
    with (
        Model(script(answer, "done")) as model,
        anthropic.Anthropic(api_key="k", base_url=model.url) as client,
    ):
        body = asked()
        with client.messages.stream(**body) as stream:
            message = stream.get_final_message()
        kinds = [each.type for each in message.content]
        found = [(b.name, b.input) for b in message.content if b.type == "tool_use"]
        ids = [each.id for each in message.content if each.type == "tool_use"]
        body["messages"] += [
            {"role": "assistant", "content": message.content},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": each, "content": "seen"}
                for each in ids
            ]},
        ]  # fmt: skip
        with client.messages.stream(**body) as stream:
            last = stream.get_final_message()
    assert message.stop_reason == "tool_use"
    assert kinds == ["thinking", "text", "tool_use", "tool_use"]
    thought, text = message.content[:2]
    assert thought.type == "thinking"
    assert thought.thinking == "Who calls it?"
    assert thought.signature
    assert text.type == "text"
    assert text.text == "I look."
    assert found == list(calls)
    assert ids == list(dict.fromkeys(ids))
    assert last.stop_reason == "end_turn"
    assert model.problems == []


def test_a_stream_and_a_whole_reply_say_the_same(model: Model) -> None:
    whole = post(model, asked())
    with (
        anthropic.Anthropic(api_key="k", base_url=model.url) as client,
        client.messages.stream(**asked()) as stream,
    ):
        streamed = stream.get_final_message()
    assert whole["content"][0]["input"] == streamed.content[0].to_dict()["input"]
    assert whole["usage"]["output_tokens"] == streamed.usage.output_tokens


def test_a_hidden_thought_has_a_signature_only() -> None:
    with Model(script(Calls((("look", {}),), thinking=""))) as model:
        thought = post(model, asked())["content"][0]
    assert thought["thinking"] == ""
    assert thought["signature"]


def test_no_two_calls_have_the_same_id(model: Model) -> None:
    ids = [post(model, asked())["content"][0]["id"] for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(each.startswith("toolu_standin_") for each in ids)


def test_calls_that_do_not_fit_are_cut(model: Model) -> None:
    reply = post(model, asked() | {"max_tokens": 5})
    assert reply["stop_reason"] == "max_tokens"
    assert reply["content"][-1]["input"] == {}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (a_body(), r"calls \['look'\], offered: \(\)"),
        (asked(tool_choice={"type": "none"}), r"calls \['look'\], offered: \(\)"),
        (asked() | {"tools": [TOOL | {"name": "other"}]}, "offered: .'other',."),
    ],
)
def test_a_script_that_calls_what_it_was_not_offered_fails_its_test(
    body: Body, said: str
) -> None:
    with pytest.raises(AssertionError, match=said), Model(script(LOOK)) as model:
        assert post(model, body)["type"] == "error"
    assert len(model.problems) == 1


def test_an_assertion_that_fails_in_a_script_fails_its_test() -> None:
    def answer(request: Recorded) -> str:
        raise AssertionError("no such prompt")

    with pytest.raises(AssertionError, match="no such prompt"), Model(answer) as model:
        post(model, a_body())


def test_a_script_with_no_answer_left_fails_its_test() -> None:
    with pytest.raises(AssertionError, match="out of range"), Model(script()) as model:
        post(model, a_body())


def test_a_test_that_fails_by_itself_says_why() -> None:
    def fail() -> None:
        with Model(script()) as model:
            post(model, a_body())
            raise ValueError("its own")

    with pytest.raises(ValueError, match="its own"):
        fail()


def test_a_script_sees_what_was_looked_up_and_how_often(model: Model) -> None:
    made_up = a_tool_turn()
    material, pull = [block("the change")], TOOL | {"name": "get_pull_request"}
    made_up["messages"][1]["content"][0]["name"] = "get_pull_request"
    made_up["messages"][2]["content"][0]["content"] = material
    body = made_up | {"tools": [pull, TOOL], "max_tokens": 1000}
    second = further(body, post(model, body), text="seven")
    third = further(second, post(model, second), text="gone", is_error=True)
    assert post(model, third)["content"][0]["text"] == "done"
    assert [request.turn for request in model.requests] == [0, 1, 2]
    arguments = LOOK.calls[0][1]
    assert model.requests[0].results == []
    assert model.requests[2].results == [
        ("look", arguments, "seven", False),
        ("look", arguments, "gone", True),
    ]
    assert {request.shared for request in model.requests} == {"the change"}
    assert model.problems == []


def test_the_first_marked_text_of_a_plain_request_is_the_shared_part(
    model: Model,
) -> None:
    model.answer = script("done")
    content = [block("Below"), block("the change", **CACHED), block("a part")]
    post(model, a_body(messages=[{"role": "user", "content": content}]))
    assert model.requests[0].shared == "the change"


def test_a_script_sees_which_answer_is_wanted_however_it_is_asked(
    model: Model,
) -> None:
    model.answer = script("done")
    schema = OBJECT | {"properties": {"verdict": {"type": "string"}}}
    form = {"type": "json_schema", "schema": schema}
    told = 'Match this JSON Schema:\n{"properties": {"folded": {}}}'
    post(model, a_body(output_config={"format": form}))
    post(model, a_body(messages=[{"role": "user", "content": told}]))
    post(model, a_body())
    names = [request.schema_names for request in model.requests]
    assert names == [("verdict",), ("folded",), ()]


def test_an_endpoint_with_few_tools_names_them_in_its_refusal(model: Model) -> None:
    model.answer = script("done")
    model.always(most_lookups=1)
    pull = TOOL | {"name": "get_pull_request"}
    assert post(model, asked() | {"tools": [pull, TOOL]})["type"] == "message"
    refused = post(model, asked() | {"tools": [TOOL, TOOL | {"name": "other"}]})
    assert "tools" in refused["error"]["message"]
    assert model.problems == []
