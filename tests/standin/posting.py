"""Requests for the model's stand-in, written by hand."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from standin.messages import Recorded
from standin.model import Model

Body = dict[str, Any]
OBJECT = {"type": "object", "properties": {}, "additionalProperties": False}
TOOL = {"name": "look", "description": "Looks.", "input_schema": OBJECT}

CACHED: dict[str, Any] = {"cache_control": {"type": "ephemeral"}}


def a_body(**changes: Any) -> dict[str, Any]:
    """A small request; None leaves a field out."""
    body = {
        "model": "claude-sonnet-5-5",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": "Hello"}],
    }
    return {key: value for key, value in (body | changes).items() if value is not None}


def with_schema(answer_schema: dict[str, Any]) -> dict[str, Any]:
    """A request for an answer of that schema."""
    form = {"type": "json_schema", "schema": answer_schema}
    return a_body(output_config={"format": form})


def an_object(**changes: Any) -> dict[str, Any]:
    """The schema of an object."""
    return OBJECT | changes


def a_tool_turn(result_id: str = "t1", **changes: Any) -> dict[str, Any]:
    """A request with a call and the result that the client made up."""
    call = {"type": "tool_use", "id": "t1", "name": "look", "input": {}}
    result = {"type": "tool_result", "tool_use_id": result_id, "content": "seen"}
    return a_body(
        tools=[TOOL],
        messages=[
            {"role": "user", "content": "Look."},
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [result]},
            {"role": "user", "content": "Now write."},
        ],
        **changes,
    )


def text(*words: str, **extra: Any) -> dict[str, Any]:
    """A user's message of several blocks."""
    return {"role": "user", "content": [block(word, **extra) for word in words]}


def block(word: str, **extra: Any) -> dict[str, Any]:
    """One block of text."""
    return {"type": "text", "text": word, **extra}


def post(model: Model, body: dict[str, Any], path: str = "/v1/messages") -> Any:
    """The stand-in's reply to a request, or its error."""
    headers = {"content-type": "application/json", "anthropic-version": "2026-10-21"}
    request = urllib.request.Request(
        model.url + path, json.dumps(body).encode(), headers
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return json.load(error)


def script(*answers: Any) -> Callable[[Recorded], Any]:
    """Answers by the turn of the conversation."""
    return lambda request: answers[request.turn]


def asked(**changes: Any) -> Body:
    """A request that offers `TOOL`."""
    return a_body(tools=[TOOL], max_tokens=1000, **changes)


def told(reply: Mapping[str, Any], text: str = "seen", **extra: Any) -> list[Body]:
    """The turns that go on from a reply: itself, and a result for each call."""
    results = [
        {"type": "tool_result", "tool_use_id": each["id"], "content": text, **extra}
        for each in reply["content"]
        if each["type"] == "tool_use"
    ]
    return [
        {"role": "assistant", "content": reply["content"]},
        {"role": "user", "content": results},
    ]


def further(body: Body, reply: Mapping[str, Any], **extra: Any) -> Body:
    """The request that goes on from a reply."""
    return body | {"messages": [*body["messages"], *told(reply, **extra)]}
