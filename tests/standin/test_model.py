"""The stand-in refuses what the API refuses, and counts as it counts."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from architect_review.prompt.answer import ANSWER as EXPECTED
from standin import messages_rules
from standin.model import Model
from standin.posting import (
    CACHED,
    TOOL,
    a_body,
    a_tool_turn,
    an_object,
    block,
    post,
    text,
    with_schema,
)


@pytest.fixture
def model() -> Iterator[Model]:
    with Model() as running:
        yield running


OPTIONAL = {f"field{n}": {"type": "string"} for n in range(25)}
UNIONS = {
    f"field{n}": {"anyOf": [{"type": "string"}, {"type": "null"}]} for n in range(17)
}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (a_body(temperature=0), "temperature"),
        (a_body(top_p=0.5), "top_p"),
        (a_body(top_k=3), "top_k"),
        (a_body(max_tokens=None), "max_tokens"),
        (a_body(max_tokens=0), "max_tokens"),
        (a_body(seed=1), "seed: Extra inputs"),
        (a_body(messages=[]), "at least one message"),
        (a_body(messages=[{"role": "system", "content": "Hi"}]), "role"),
        (a_body(thinking={"type": "disabled"}), "thinking"),
        (a_body(thinking={"type": "enabled", "budget_tokens": 9}), "thinking"),
        (a_body(tools=[TOOL], tool_choice={"type": "any"}), "tool_choice"),
        (a_body(tools=[TOOL], tool_choice={"type": "tool"}), "tool_choice"),
        (a_body(tool_choice={"type": "none"}), "while providing tools"),
        (a_body(system=[]), "system"),
        (a_body(system=""), "system"),
        (a_body(messages=[text("")]), "non-empty"),
        (a_body(messages=[text("a", "b", "c", "d", "e", **CACHED)]), "maximum of 4"),
        (a_tool_turn("t2"), "without `tool_result`"),
        (a_tool_turn("t2"), "unexpected `tool_use_id`"),
        (a_tool_turn() | {"tools": []}, "must define tools"),
        (a_body(output_config={"effort": "huge"}), "effort"),
        (with_schema({"type": "object", "properties": {}}), "additionalProperties"),
        (with_schema(an_object(maximum=3)), "'maximum' is not supported"),
        (with_schema(an_object(required=["gone"])), "required names no property"),
        (with_schema(an_object(properties=OPTIONAL)), "optional"),
        (with_schema(an_object(properties=UNIONS)), "union"),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused(
    model: Model, body: dict[str, Any], said: str
) -> None:
    reply = post(model, body)
    assert reply["error"]["type"] == "invalid_request_error"
    assert any(said in problem for problem in model.problems)


def test_a_prefilled_answer_is_refused(model: Model) -> None:
    messages = [text("Hello"), {"role": "assistant", "content": "{"}]
    assert "prefill" in post(model, a_body(messages=messages))["error"]["message"]


def test_a_made_up_tool_turn_with_no_tool_to_choose_is_accepted(model: Model) -> None:
    assert post(model, a_tool_turn(tool_choice={"type": "none"}))["role"] == "assistant"
    assert model.problems == []


def test_the_schema_of_an_answer_keeps_every_rule_with_nothing_optional() -> None:
    assert messages_rules.problems(with_schema(EXPECTED.schema())) == []

    def optional(node: Any) -> set[str]:
        if isinstance(node, list):
            return set().union(*map(optional, node))
        if not isinstance(node, dict):
            return set()
        own = set(node.get("properties", {})) - set(node.get("required", []))
        return own.union(*map(optional, node.values()))

    assert optional(EXPECTED.schema()) == set()


def test_only_the_expected_key_is_let_in() -> None:
    with Model(key="right") as model:
        assert post(model, a_body())["error"]["type"] == "authentication_error"


def test_a_name_that_is_not_offered_is_not_found() -> None:
    with Model(models=("claude-opus-5-5",)) as model:
        assert post(model, a_body())["error"]["type"] == "not_found_error"


def test_a_prefix_is_read_from_the_cache_only_after_it_was_written(
    model: Model,
) -> None:
    def asked(first: str, second: str) -> dict[str, int]:
        content = [block(first, **CACHED), block(second)]
        messages = [{"role": "user", "content": content}]
        usage: dict[str, int] = post(model, a_body(messages=messages))["usage"]
        return usage

    first = asked("shared" * 512, "one")
    again = asked("shared" * 512, "two")
    other = asked("Shared" * 512, "one")
    assert first["cache_read_input_tokens"] == 0
    assert first["cache_creation_input_tokens"] > 0
    assert again["cache_read_input_tokens"] == first["cache_creation_input_tokens"]
    assert again["cache_creation_input_tokens"] == 0
    assert other["cache_read_input_tokens"] == 0


def test_the_prompt_of_a_request_is_every_text_in_it(model: Model) -> None:
    post(model, a_tool_turn(system="Be brief."))
    texts = ["Be brief.", "Look.", "", "seen", "Now write."]
    assert model.requests[0].prompt == "\n".join(texts)


def test_tokens_can_be_counted_and_models_listed(model: Model) -> None:
    counted = post(model, a_body(max_tokens=None), "/v1/messages/count_tokens")
    assert counted["input_tokens"] > 0
    with urllib.request.urlopen(f"{model.url}/v1/models?limit=5", timeout=5) as reply:
        assert json.load(reply)["data"][0]["id"] == "claude-sonnet-5-5"


def test_it_can_be_started_as_a_program(tmp_path: Path) -> None:
    answer = tmp_path / "answer.json"
    answer.write_text('{"overview": "from the file"}')
    command = [sys.executable, "-m", "standin.model", "--answer", str(answer)]
    process = subprocess.Popen(
        command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        url = f"http://127.0.0.1:{port}/v1/messages"
        headers = {"anthropic-version": "2026-10-21"}
        request = urllib.request.Request(url, json.dumps(a_body()).encode(), headers)
        with urllib.request.urlopen(request, timeout=5) as reply:
            content = json.load(reply)["content"]
        process.terminate()
    assert json.loads(content[0]["text"]) == {"overview": "from the file"}
