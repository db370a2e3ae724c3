"""Replies as the API writes them: whole, as a stream, and as an error."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from standin.messages import Behaviour, Recorded

Event = tuple[str, dict[str, Any]]

_ERROR_TYPES = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error",
    403: "permission_error", 404: "not_found_error", 413: "request_too_large",
    429: "rate_limit_error", 504: "timeout_error", 529: "overloaded_error",
}  # fmt: skip
_EMPTY: dict[str, dict[str, Any]] = {
    "text": {"text": ""}, "thinking": {"thinking": "", "signature": ""},
    "tool_use": {"input": {}},
}  # fmt: skip


def message(
    request: Recorded,
    content: list[dict[str, Any]],
    stop_reason: str,
    category: str | None,
    usage: Mapping[str, int],
) -> dict[str, Any]:
    """The whole message as a reply without streaming has it."""
    details = {"type": "refusal", "category": category, "explanation": "scripted"}
    return {
        "id": "msg_standin",
        "type": "message",
        "role": "assistant",
        "model": request.body["model"],
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "stop_details": details if stop_reason == "refusal" else None,
        "usage": usage,
    }  # fmt: skip


def events(whole: Mapping[str, Any]) -> Iterator[Event]:
    """The same message as the events of a stream."""
    begun = whole["usage"] | {"output_tokens": 1}
    start = {**whole, "content": [], "stop_reason": None, "stop_details": None}
    start["usage"] = begun
    yield "message_start", {"type": "message_start", "message": start}
    yield "ping", {"type": "ping"}
    for index, block in enumerate(whole["content"]):
        opened = block | _EMPTY[block["type"]]
        yield _indexed("content_block_start", index, content_block=opened)
        for delta in _deltas(block):
            yield _indexed("content_block_delta", index, delta=delta)
        yield _indexed("content_block_stop", index)
    delta = {
        key: whole[key] for key in ("stop_reason", "stop_sequence", "stop_details")
    }
    usage = {"output_tokens": whole["usage"]["output_tokens"]}
    yield "message_delta", {"type": "message_delta", "delta": delta, "usage": usage}
    yield "message_stop", {"type": "message_stop"}


def _deltas(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    match block["type"]:
        case "text":
            for piece in _pieces(block["text"]):
                yield {"type": "text_delta", "text": piece}
        case "thinking":
            for piece in _pieces(block["thinking"]):
                yield {"type": "thinking_delta", "thinking": piece}
            yield {"type": "signature_delta", "signature": block["signature"]}
        case "tool_use":
            # The API sends an empty piece first, and no other for an empty input.
            written = json.dumps(block["input"]) if block["input"] else ""
            for piece in ("", *_pieces(written)):
                yield {"type": "input_json_delta", "partial_json": piece}


def endless(whole: Mapping[str, Any], piece: str) -> Iterator[Event]:
    """A message that does not end."""
    yield from islice(events(whole), 3)
    while True:
        delta = {"type": "text_delta", "text": piece}
        yield _indexed("content_block_delta", 0, delta=delta)


def called_with(arguments: str, written: Iterator[Event]) -> Iterator[Event]:
    """The same events, but that each call has these arguments, JSON or not."""
    for name, data in written:
        delta = data.get("delta", {})
        if delta.get("type") != "input_json_delta":
            yield name, data
        elif not delta["partial_json"]:  # comes first, and once
            yield name, {**data, "delta": {**delta, "partial_json": arguments}}


def _indexed(name: str, index: int, **rest: Any) -> Event:
    return name, {"type": name, "index": index, **rest}


def _pieces(text: str) -> Iterator[str]:
    size = max(1, len(text) // 4)
    for at in range(0, len(text), size):
        yield text[at : at + size]


def error(status: int, text: str, script: Behaviour | None) -> dict[str, Any]:
    """An error in the API's shape."""
    kind = _ERROR_TYPES.get(status, "api_error" if status >= 500 else "error")
    detail: dict[str, Any] = {"type": kind, "message": text}
    if script is not None and script.details is not None:
        detail["details"] = dict(script.details)
    return {"type": "error", "error": detail, "request_id": "req_standin"}
