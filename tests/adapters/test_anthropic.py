"""What Claude sends through the real SDK, and when: against a local Messages API."""

import json
import math
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.asking_claude import (
    ANSWER,
    KEY,
    SCHEMA_REFUSED,
    TOOLS_REFUSED,
    a_claude,
    a_request,
    about,
    ask,
    failure,
    overview,
    seconds,
    unasked,
)
from architect_review.prompt.answer import ANSWER as EXPECTED
from standin.model import Model


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(lambda request: ANSWER, key=KEY) as running:
        yield running


# What is sent


def test_an_answer_comes_back_with_its_paths_model_and_cost(model: Model) -> None:
    reply = ask(model, a_request(shared=json.dumps({"title": "x" * 9_000})))
    assert overview(reply) == ANSWER["overview"]
    assert (reply.paths, reply.model) == (("worker.py",), "claude-sonnet-5-5")
    assert reply.usage.calls == 1
    assert reply.usage.cost_usd == pytest.approx(
        (
            reply.usage.input_tokens * 2
            + reply.usage.cache_write_tokens * 2.5
            + reply.usage.output_tokens * 10
        )
        / 1e6
    )
    assert reply.usage.cache_write_tokens > 0
    assert reply.notes == ()
    assert model.problems == []


def test_the_untrusted_material_is_sent_as_results_of_a_tool(model: Model) -> None:
    ask(model)
    body = model.requests[0].body
    assert "untrusted" in body["tools"][0]["description"]
    assert body["tool_choice"] == {"type": "none"}
    opening, calls, results, question = body["messages"]
    assert opening == {"role": "user", "content": "Review the pull request."}
    assert [block["type"] for block in calls["content"]] == ["tool_use", "tool_use"]
    assert [block["content"][0]["text"] for block in results["content"]] == [
        a_request().shared,
        a_request().part,
    ]
    assert question["content"] == [{"type": "text", "text": "Now write the review."}]
    assert body["system"] == [{"type": "text", "text": a_request().system}]


def test_only_the_last_shared_block_is_a_cache_breakpoint(model: Model) -> None:
    ask(model)
    body = model.requests[0].body
    shared, part = body["messages"][2]["content"]
    assert shared["cache_control"] == {"type": "ephemeral"}
    assert "cache_control" not in part
    assert json.dumps(body).count("cache_control") == 1


def test_the_schema_is_sent_natively_and_nothing_that_the_models_refuse(
    model: Model,
) -> None:
    ask(model)
    body = model.requests[0].body
    assert body["output_config"] == {
        "format": {"type": "json_schema", "schema": EXPECTED.schema()}
    }
    assert set(body) == {
        "max_tokens", "messages", "model", "output_config", "stream", "system",
        "tool_choice", "tools",
    }  # fmt: skip
    assert body["stream"] is True
    assert body["max_tokens"] == 32_000


def test_an_effort_is_sent_when_it_is_set(model: Model) -> None:
    ask(model, a_request(effort="low"))
    assert model.requests[0].body["output_config"]["effort"] == "low"


@pytest.mark.parametrize("empty", [{"pieces": ()}, {"shared": ""}, {"system": ""}])
def test_empty_texts_are_left_out(model: Model, empty: Mapping[str, Any]) -> None:
    overview(ask(model, a_request(**empty)))
    assert model.problems == []


def test_without_material_there_is_no_tool_turn(model: Model) -> None:
    overview(ask(model, a_request(shared="", pieces=())))
    assert "tools" not in model.requests[0].body
    assert model.problems == []


def test_more_output_than_the_model_can_write_is_not_asked_for(model: Model) -> None:
    ask(model, a_request(max_tokens=500_000))
    assert model.requests[0].body["max_tokens"] == 128_000


# Credentials and addresses


def test_the_key_is_sent_as_a_bearer_token(model: Model) -> None:
    ask(model, api_key=SecretStr(f"{KEY}\n"))
    assert model.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_an_auth_token_is_used_when_there_is_no_key(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", KEY)
    assert overview(ask(model, api_key=None))
    assert overview(ask(model, api_key=SecretStr("")))


def test_a_server_without_keys_gets_a_placeholder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ANTHROPIC_AUTH_TOKEN", raising=False)
    with Model(lambda request: ANSWER) as local:
        assert overview(ask(local, api_key=None))
        assert local.requests[0].headers["authorization"] == "Bearer none"


def test_empty_variables_in_the_environment_do_no_harm(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "API_KEY", "AUTH_TOKEN", "BASE_URL", "CUSTOM_HEADERS", "PROFILE",
        "WORKSPACE_ID", "SERVICE_ACCOUNT_ID", "IDENTITY_TOKEN", "ORGANIZATION_ID",
        "FEDERATION_RULE_ID", "CONFIG_DIR", "OPEN_TELEMETRY", "LOG",
    ):  # fmt: skip
        monkeypatch.setenv(f"ANTHROPIC_{name}", "")
    assert overview(ask(model))
    assert model.problems == []


def test_other_credentials_in_the_environment_are_not_used(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "another")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "another")
    assert overview(ask(model))


def test_a_key_with_odd_characters_is_refused_before_anything_is_sent(
    model: Model,
) -> None:
    kind, detail = failure(ask(model, api_key=SecretStr("sk-ant-…-öß")))
    assert (kind, model.requests) == ("rejected", [])
    assert "Copy it again" in detail


@pytest.mark.parametrize("url", ["127.0.0.1:1", "ftp://host", "http://[", "http://a:b"])
def test_a_base_url_that_is_no_address_is_refused(url: str) -> None:
    kind, detail = failure(ask(url))
    assert kind == "rejected"
    assert "base URL" in detail


# Plainer forms


def test_an_endpoint_that_refuses_the_schema_gets_it_in_the_question(
    model: Model,
) -> None:
    model.next(refuse_schema=SCHEMA_REFUSED)
    reply = ask(model)
    assert overview(reply)
    second = model.requests[1]
    assert "output_config" not in second.body
    assert json.dumps(EXPECTED.schema(), sort_keys=True) in second.prompt
    assert "tools" in second.body
    assert reply.notes == (
        "The endpoint refused the schema; it was written into the question.",
    )


def test_an_endpoint_that_ignores_the_schema_gets_it_in_the_question(
    model: Model,
) -> None:
    model.always(ignore_schema=True)
    reply = ask(model)
    assert overview(reply)
    assert reply.usage.calls == 2
    assert "not as the schema asks" in reply.notes[0]


def test_an_endpoint_that_refuses_tools_gets_the_material_as_plain_text(
    model: Model,
) -> None:
    model.next(refuse_tools=TOOLS_REFUSED)
    reply = ask(model)
    assert overview(reply)
    body = model.requests[1].body
    assert "tools" not in body
    (message,) = body["messages"]
    opening, shared, part, question = message["content"]
    assert "untrusted" in opening["text"]
    assert shared == {
        "type": "text",
        "text": a_request().shared,
        "cache_control": {"type": "ephemeral"},
    }
    assert part["text"] == a_request().part
    assert question["text"] == "Now write the review."
    assert "refused the tool turn" in reply.notes[0]


def test_an_endpoint_may_refuse_tools_and_schema(model: Model) -> None:
    model.always(refuse_tools=TOOLS_REFUSED, refuse_schema=SCHEMA_REFUSED)
    reply = ask(model)
    assert overview(reply)
    assert len(reply.notes) == 2
    assert reply.usage.calls == 3


def test_a_model_that_calls_the_tool_gets_the_material_as_plain_text(
    model: Model,
) -> None:
    model.always(call_tool=True)
    reply = ask(model)
    assert overview(reply)
    assert "tools" not in model.requests[1].body


def test_the_form_that_an_endpoint_took_is_used_for_the_next_request(
    model: Model,
) -> None:
    model.always(refuse_schema=SCHEMA_REFUSED)
    replies = a_claude(model).review([a_request(), about("b.py")], unasked)
    assert [reply.usage.calls for reply in replies] == [2, 1]
    assert [reply.paths for reply in replies] == [("worker.py",), ("b.py",)]


@pytest.mark.parametrize("text", ["", "I cannot.", "{}", '{"findings": 3}', "[1, 2]"])
def test_a_reply_that_is_never_an_answer_is_invalid(text: str) -> None:
    with Model(lambda request: text) as model:
        reply = ask(model)
        assert failure(reply)[0] == "invalid"
        assert reply.usage.calls == len(model.requests) == 2


@pytest.mark.parametrize(
    "wrapping", [{"fence": True}, {"prose": "Here {as asked} is an empty {}: "}]
)
def test_fences_and_prose_around_the_answer_are_tolerated(
    model: Model, wrapping: Mapping[str, Any]
) -> None:
    model.next(**wrapping)
    reply = ask(model)
    assert overview(reply)
    assert reply.usage.calls == 1


# Time


@pytest.mark.parametrize("silence", [{"stall": True}, {"pings": True}])
def test_the_deadline_ends_a_reply_that_does_not_end(
    model: Model, silence: Mapping[str, Any]
) -> None:
    model.always(**silence)
    begun = time.monotonic()
    reply = ask(model, deadline=seconds(1.5))
    assert failure(reply)[0] == "deadline"
    assert time.monotonic() - begun < 20
    assert reply.usage.input_tokens > 0
    assert len(model.requests) == 1


def test_the_deadline_holds_when_events_keep_coming(model: Model) -> None:
    model.always(endless="word ")
    reply = ask(model, deadline=seconds(1.5))
    assert failure(reply)[0] == "deadline"
    assert reply.usage.output_tokens > 0
    assert len(model.requests) == 1


def test_a_wait_longer_than_the_run_is_not_waited_for(model: Model) -> None:
    model.always(status=429, headers={"retry-after": "3600"})
    kind, detail = failure(ask(model))
    assert kind == "unavailable"
    assert "429" in detail
    assert len(model.requests) == 1


def test_a_pause_longer_than_the_run_is_not_slept(model: Model) -> None:
    pauses: list[float] = []
    model.always(drop_after=2)
    reply = ask(model, deadline=lambda: 0.2, sleep=pauses.append)
    assert failure(reply)[0] == "deadline"
    assert pauses == []


def test_nothing_is_sent_after_the_deadline(model: Model) -> None:
    replies = a_claude(model, deadline=lambda: 0.0).review(
        [a_request(), a_request()], unasked
    )
    assert [failure(reply)[0] for reply in replies] == ["deadline", "deadline"]
    assert model.requests == []


def test_a_run_may_have_no_deadline(model: Model) -> None:
    assert overview(ask(model, deadline=lambda: math.inf))


# Start-up


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", "False"),
        (
            "Claude.preload(); [t.join() for t in threading.enumerate() if t.daemon];",
            "True",
        ),
    ],
)
def test_the_sdk_is_imported_late_or_in_the_background(
    code: str, expected: str
) -> None:
    program = (
        "import sys, threading; from architect_review.adapters.anthropic import Claude;"
        f"{code} print('anthropic' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == expected
