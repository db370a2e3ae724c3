"""What the Messages API refuses from a request to a 5.5 model, as far as documented.

Source: Anthropic's API reference and "Structured outputs", read in November 2026.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_TOP_LEVEL = {
    "cache_control", "container", "diagnostics", "inference_geo", "max_tokens",
    "messages", "metadata", "model", "output_config", "service_tier", "speed",
    "stop_sequences", "stream", "system", "thinking", "tool_choice", "tools",
}  # fmt: skip
_SAMPLING = {"temperature", "top_p", "top_k"}
_KEYWORDS = {
    "$defs", "$ref", "additionalProperties", "anyOf", "const", "description", "enum",
    "format", "items", "minItems", "properties", "required", "title", "type",
}  # fmt: skip
_FORMATS = {
    "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4",
    "ipv6", "uuid",
}  # fmt: skip
_EFFORTS = {"low", "medium", "high", "xhigh", "max"}
_MAX_OUTPUT = 128_000
_MAX_BREAKPOINTS = 4
_MAX_OPTIONAL = 24
_MAX_UNIONS = 16


def problems(body: Mapping[str, Any]) -> list[str]:
    """Every rule that `body` breaks, in the API's manner of speaking; [] if none."""
    found = [
        *_top_level(body),
        *_messages(body.get("messages")),
        *_pairing(body),
        *_texts(body),
        *_tools(body),
        *_output(body),
    ]
    if len(list(_breakpoints(body))) > _MAX_BREAKPOINTS:
        found.append("A maximum of 4 blocks with cache_control may be provided.")
    return found


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


def blocks(content: Any) -> list[dict[str, Any]]:
    """A message's or a system prompt's content as blocks."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content or [])


def _turns(body: Mapping[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The messages with neighbours of one role joined, as the API joins them."""
    turns: list[tuple[str, list[dict[str, Any]]]] = []
    for message in body.get("messages") or []:
        content = blocks(message.get("content"))
        if turns and turns[-1][0] == message.get("role"):
            turns[-1][1].extend(content)
        else:
            turns.append((str(message.get("role")), list(content)))
    return turns


def _pairing(body: Mapping[str, Any]) -> Iterator[str]:
    turns = _turns(body)
    asked: list[str] = []
    for index, (_, content) in enumerate([*turns, ("user", [])]):
        results = [
            block.get("tool_use_id", "")
            for block in content
            if block.get("type") == "tool_result"
        ]
        if missing := set(asked) - set(results):
            yield (
                f"messages.{index}: `tool_use` ids were found without `tool_result` "
                f"blocks immediately after: {', '.join(sorted(missing))}"
            )
        if unknown := set(results) - set(asked):
            yield (
                f"messages.{index}: unexpected `tool_use_id` found in `tool_result` "
                f"blocks: {', '.join(sorted(unknown))}"
            )
        kinds = [block.get("type") for block in content]
        if "tool_result" in kinds[len(results) :]:
            yield f"messages.{index}: `tool_result` blocks must come first"
        asked = [block["id"] for block in content if block.get("type") == "tool_use"]
        if (asked or results) and not body.get("tools"):
            yield "tools: requests with `tool_use` blocks must define tools"


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


def _tools(body: Mapping[str, Any]) -> Iterator[str]:
    choice = body.get("tool_choice")
    if choice is not None and choice.get("type") not in ("auto", "none"):
        yield f"tool_choice: {choice.get('type')!r} is not supported on this model"
    if choice is not None and not body.get("tools"):
        yield "tool_choice: may only be specified while providing tools"
    for tool in body.get("tools") or []:
        if (tool.get("input_schema") or {}).get("type") != "object":
            yield "tools: input_schema.type must be 'object'"


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
    wanted = config.get("format")
    if wanted is None:
        return
    if wanted.get("type") != "json_schema" or not isinstance(
        wanted.get("schema"), Mapping
    ):
        yield "output_config.format: Input should be a json_schema"
        return
    yield from _schema(wanted["schema"])


def _schema(schema: Mapping[str, Any]) -> Iterator[str]:
    where = "output_config.format.schema"
    optional = unions = 0
    for node in _nodes(schema):
        for keyword in sorted(set(node) - _KEYWORDS):
            yield f"{where}: For this model, property '{keyword}' is not supported"
        if node.get("minItems", 0) > 1:
            yield f"{where}: minItems may be 0 or 1"
        if node.get("format", "uri") not in _FORMATS:
            yield f"{where}: format {node['format']!r} is not supported"
        if node.get("type") == "object" or "properties" in node:
            if node.get("additionalProperties") is not False:
                yield f"{where}: additionalProperties must be set to false"
            properties, required = node.get("properties", {}), node.get("required", [])
            optional += len(set(properties) - set(required))
            if unknown := set(required) - set(properties):
                yield f"{where}: required names no property: {sorted(unknown)}"
        unions += "anyOf" in node or isinstance(node.get("type"), list)
    if optional > _MAX_OPTIONAL:
        yield f"{where}: too many optional parameters ({optional} > {_MAX_OPTIONAL})"
    if unions > _MAX_UNIONS:
        yield f"{where}: too many parameters with union types ({unions})"


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    children: list[Any] = [
        *node.get("properties", {}).values(),
        *node.get("$defs", {}).values(),
        *_as_list(node.get("items")),
        *_as_list(node.get("anyOf")),
    ]
    for child in children:
        if isinstance(child, Mapping):
            yield from _nodes(child)


def _as_list(value: Any) -> Sequence[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
