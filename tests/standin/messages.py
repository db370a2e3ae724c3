"""Messages as the API writes them, what can go wrong with one, and its tokens."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from standin import messages_rules
from standin.messages_cache import tokens

Event = tuple[str, dict[str, Any]]

EMPTY_ANSWER: dict[str, Any] = {
    "findings": [], "overview": "", "components": "", "technology": "", "roadmap": "",
    "risks": "", "operations": "", "questions": [], "change_size": "none",
    "major_reasons": [],
}  # fmt: skip
_ERROR_TYPES = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error",
    403: "permission_error", 404: "not_found_error", 413: "request_too_large",
    429: "rate_limit_error", 504: "timeout_error", 529: "overloaded_error",
}  # fmt: skip


@dataclass(frozen=True)
class Behaviour:
    """How one request is met. The default is to answer it well."""

    status: int = 200
    """Answered as an API error unless 200, with `message`, `details`, `headers`."""
    message: str = "scripted"
    details: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    stop_reason: str = "end_turn"
    """`refusal` has no text but a `category`; a text that did not fit is cut."""
    category: str | None = "cyber"
    keep: float = 0.5
    """The share of the text that is left of one that did not fit."""
    most_tokens: int | None = None
    """Answer 400 to a longer prompt, as for a smaller context window."""
    drop_before: bool = False
    """Close the connection without a reply."""
    drop_after: int | None = None
    """Close the connection after that many events."""
    error_event: str = ""
    """Send this error inside the stream, after the first text."""
    silent_end: bool = False
    """End the stream in good order, without its last two events."""
    stall: bool = False
    """Send the first text, then nothing until the server stops."""
    pings: bool = False
    """Send the first text, then pings only until the server stops."""
    hold: threading.Event | None = None
    """Wait for this after the first event."""
    endless: str = ""
    """Send this text again and again until the client hangs up."""
    html: bool = False
    plain: bool = False
    """Answer in one piece of JSON although a stream was asked for."""
    bomb: bool = False
    """Answer with a few kilobytes that decompress to many megabytes."""
    fence: bool = False
    prose: str = ""
    """Written before the text."""
    ignore_schema: bool = False
    """Take `output_config.format` for nothing; heed a schema in the question."""
    refuse_schema: str = ""
    """Answer 400 with this message while `output_config` is sent."""
    refuse_tools: str = ""
    """Answer 400 with this message while tools are sent."""
    call_tool: bool = False
    """Call the tool instead of answering, while tools are sent."""


@dataclass(frozen=True)
class Recorded:
    """A request as it came. `prompt` is every text in it, system first."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    prompt: str


def recorded(
    path: str, headers: Mapping[str, str], body: Mapping[str, Any]
) -> Recorded:
    """A request with its texts joined."""
    lower = {name.lower(): value for name, value in headers.items()}
    texts = [block.get("text", "") for block in _text_blocks(body)]
    return Recorded(path, lower, body, "\n".join(texts))


def _text_blocks(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from messages_rules.blocks(body.get("system"))
    for message in body.get("messages") or []:
        for block in messages_rules.blocks(message.get("content")):
            if block.get("type") == "tool_result":
                yield from messages_rules.blocks(block.get("content"))
            else:
                yield block


def message(
    request: Recorded, script: Behaviour, text: str, usage: Mapping[str, int]
) -> dict[str, Any]:
    """The whole message as a reply without streaming has it."""
    stop_reason = script.stop_reason
    content: list[dict[str, Any]] = [{"type": "text", "text": text}] if text else []
    if script.call_tool and "tools" in request.body:
        name = request.body["tools"][0]["name"]
        content = [{"type": "tool_use", "id": "toolu_1", "name": name, "input": {}}]
        stop_reason = "tool_use"
    refused = stop_reason == "refusal"
    details = {
        "type": "refusal", "category": script.category, "explanation": "scripted"
    }  # fmt: skip
    return {
        "id": "msg_standin",
        "type": "message",
        "role": "assistant",
        "model": request.body["model"],
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "stop_details": details if refused else None,
        "usage": {**usage, "output_tokens": tokens(text)},
    }


def events(whole: Mapping[str, Any]) -> Iterator[Event]:
    """The same message as the events of a stream."""
    begun = whole["usage"] | {"output_tokens": 1}
    start = {**whole, "content": [], "stop_reason": None, "stop_details": None}
    start["usage"] = begun
    yield "message_start", {"type": "message_start", "message": start}
    yield "ping", {"type": "ping"}
    for index, block in enumerate(whole["content"]):
        opened = block | ({"text": ""} if block["type"] == "text" else {})
        yield _indexed("content_block_start", index, content_block=opened)
        for piece in _pieces(block.get("text", "")):
            delta = {"type": "text_delta", "text": piece}
            yield _indexed("content_block_delta", index, delta=delta)
        yield _indexed("content_block_stop", index)
    delta = {
        key: whole[key] for key in ("stop_reason", "stop_sequence", "stop_details")
    }
    usage = {"output_tokens": whole["usage"]["output_tokens"]}
    yield "message_delta", {"type": "message_delta", "delta": delta, "usage": usage}
    yield "message_stop", {"type": "message_stop"}


def endless(whole: Mapping[str, Any], piece: str) -> Iterator[Event]:
    """A message that does not end."""
    yield from islice(events(whole), 3)
    while True:
        delta = {"type": "text_delta", "text": piece}
        yield _indexed("content_block_delta", 0, delta=delta)


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
