"""What the Messages API refuses from a request to a 5.5 model, as far as documented.

Source: Anthropic's API reference and "Structured outputs", read in November 2026.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from standin import messages_schema, messages_tools
from standin.messages_turns import blocks, calls, pairing

_TOP_LEVEL = {
    "cache_control", "container", "diagnostics", "inference_geo", "max_tokens",
    "messages", "metadata", "model", "output_config", "service_tier", "speed",
    "stop_sequences", "stream", "system", "thinking", "tool_choice", "tools",
}  # fmt: skip
_SAMPLING = {"temperature", "top_p", "top_k"}
_EFFORTS = {"low", "medium", "high", "xhigh", "max"}
_MAX_OUTPUT = 128_000
_MAX_BREAKPOINTS = 4


def problems(body: Mapping[str, Any]) -> list[str]:
    """Every rule that `body` breaks, in the API's manner of speaking; [] if none."""
    found = [
        *_top_level(body),
        *_messages(body.get("messages")),
        *pairing(body),
        *calls(body),
        *_texts(body),
        *messages_tools.problems(body),
        *_output(body),
    ]
    marks = [each["cache_control"] for each in _breakpoints(body)]
    if len(marks) > _MAX_BREAKPOINTS:
        found.append("A maximum of 4 blocks with cache_control may be provided.")
    return [*found, *_lifetimes(marks)]


def _lifetimes(marks: list[Any]) -> Iterator[str]:
    lives = [mark.get("ttl", "5m") for mark in marks]
    if any(mark.get("type") != "ephemeral" for mark in marks):
        yield "cache_control.type: Input should be 'ephemeral'"
    if set(lives) - {"5m", "1h"}:
        yield "cache_control.ttl: Input should be '5m' or '1h'"
    if lives != sorted(lives):
        yield "cache_control: a ttl='1h' block must not come after a ttl='5m' block"


def _top_level(body: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(body):
        if key in _SAMPLING:
            yield f"{key}: is not supported on this model"
        elif key not in _TOP_LEVEL:
            yield f"{key}: Extra inputs are not permitted"
    if not isinstance(body.get("model"), str) or not body["model"]:
        yield "model: Field required"
    limit = body.get("max_tokens")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        yield "max_tokens: must be greater than 0"
    elif limit > _MAX_OUTPUT:
        yield f"max_tokens: {limit} > {_MAX_OUTPUT}"
    thinking = body.get("thinking") or {}
    if thinking.get("type") in ("disabled", "enabled") or "budget_tokens" in thinking:
        yield f"thinking: {thinking.get('type')} is not supported on this model"


def _messages(messages: Any) -> Iterator[str]:
    if not isinstance(messages, list) or not messages:
        yield "messages: at least one message is required"
        return
    for index, message in enumerate(messages):
        if message.get("role") not in ("user", "assistant"):
            yield f"messages.{index}.role: Input should be 'user' or 'assistant'"
    if messages[0].get("role") != "user":
        yield "messages: first message must use the user role"
    if messages[-1].get("role") == "assistant":
        yield "messages: this model does not support assistant message prefill"


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    if "system" in body and not blocks(body["system"]):
        yield "system: must not be empty"
    sources = [("system", blocks(body.get("system")))]
    for index, message in enumerate(body.get("messages") or []):
        content = blocks(message.get("content"))
        sources.append((f"messages.{index}", content))
        if not content:
            yield f"messages.{index}: must have non-empty content"
        for block in content:
            if block.get("type") == "tool_result":
                sources.append(
                    (f"messages.{index}.tool_result", blocks(block.get("content")))
                )
    for where, content in sources:
        for block in content:
            if block.get("type") == "text" and not str(block.get("text", "")).strip():
                yield f"{where}: text content blocks must be non-empty"


def _breakpoints(node: Any) -> Iterator[Any]:
    if isinstance(node, Mapping):
        if "cache_control" in node:
            yield node
        for value in node.values():
            yield from _breakpoints(value)
    elif isinstance(node, list):
        for item in node:
            yield from _breakpoints(item)


def _output(body: Mapping[str, Any]) -> Iterator[str]:
    config = body.get("output_config") or {}
    for key in sorted(set(config) - {"effort", "format"}):
        yield f"output_config.{key}: Extra inputs are not permitted"
    if "effort" in config and config["effort"] not in _EFFORTS:
        yield f"output_config.effort: {config['effort']!r} is not a level"
    schemas = {
        f"tools.{number}.input_schema": tool["input_schema"]
        for number, tool in enumerate(body.get("tools") or [])
        if tool.get("strict") and isinstance(tool.get("input_schema"), Mapping)
    }
    if (wanted := config.get("format")) is not None:
        if wanted.get("type") == "json_schema" and isinstance(
            wanted.get("schema"), Mapping
        ):
            schemas["output_config.format.schema"] = wanted["schema"]
        else:
            yield "output_config.format: Input should be a json_schema"
    yield from messages_schema.problems(schemas)
