"""What the Messages API refuses of the tools that a request offers."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_FIELDS = {
    "cache_control", "description", "input_examples", "input_schema", "name", "strict",
    "type",
}  # fmt: skip
_MAX_STRICT = 20


def problems(body: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the tools and the choice among them."""
    tools = body.get("tools") or []
    yield from _choice(body.get("tool_choice"), bool(tools))
    for number, tool in enumerate(tools):
        yield from _tool(tool, f"tools.{number}")
    for name, count in Counter(tool.get("name") for tool in tools).items():
        if count > 1:
            yield f"tools: Tool names must be unique: {name!r}"
    strict = sum(bool(tool.get("strict")) for tool in tools)
    if strict > _MAX_STRICT:
        yield f"tools: too many strict tools ({strict} > {_MAX_STRICT})"


def _choice(choice: Mapping[str, Any] | None, has_tools: bool) -> Iterator[str]:
    if choice is None:
        return
    if choice.get("type") not in ("auto", "none"):
        yield f"tool_choice: {choice.get('type')!r} is not supported on this model"
    if not has_tools:
        yield "tool_choice: may only be specified while providing tools"


def _tool(tool: Mapping[str, Any], where: str) -> Iterator[str]:
    for field in sorted(set(tool) - _FIELDS):
        yield f"{where}.{field}: Extra inputs are not permitted"
    if not _NAME.fullmatch(str(tool.get("name", ""))):
        yield f"{where}.name: String should match '^{_NAME.pattern}$'"
    schema = tool.get("input_schema")
    if not isinstance(schema, Mapping) or schema.get("type") != "object":
        yield f"{where}: input_schema.type must be 'object'"
        return
    properties, required = schema.get("properties", {}), schema.get("required", [])
    if not isinstance(properties, Mapping) or not all(
        isinstance(each, Mapping) for each in properties.values()
    ):
        yield f"{where}.input_schema.properties: JSON schema is invalid"
    elif unknown := set(required) - set(properties):
        yield f"{where}.input_schema.required: names no property: {sorted(unknown)}"
