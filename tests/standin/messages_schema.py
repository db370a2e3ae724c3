"""The JSON Schema that the Messages API can hold a model to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_KEYWORDS = {
    "$defs", "$ref", "additionalProperties", "anyOf", "const", "description", "enum",
    "format", "items", "minItems", "properties", "required", "title", "type",
}  # fmt: skip
_FORMATS = {
    "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4",
    "ipv6", "uuid",
}  # fmt: skip
_MAX_OPTIONAL = 24
_MAX_UNIONS = 16


def problems(schemas: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with the schemas of one request, by where they stand in it.

    Some limits hold for all of them together.
    """
    optional = unions = 0
    for where, schema in schemas.items():
        for node in _nodes(schema):
            yield from _node(where, node)
            properties, required = node.get("properties", {}), node.get("required", [])
            optional += len(set(properties) - set(required))
            unions += "anyOf" in node or isinstance(node.get("type"), list)
    if optional > _MAX_OPTIONAL:
        yield f"Schemas contain too many optional parameters ({optional})"
    if unions > _MAX_UNIONS:
        yield f"Schemas contain too many parameters with union types ({unions})"


def _node(where: str, node: Mapping[str, Any]) -> Iterator[str]:
    for keyword in sorted(set(node) - _KEYWORDS):
        yield f"{where}: For this model, property '{keyword}' is not supported"
    if node.get("minItems", 0) > 1:
        yield f"{where}: minItems may be 0 or 1"
    if node.get("format", "uri") not in _FORMATS:
        yield f"{where}: format {node['format']!r} is not supported"
    if node.get("type") == "object" or "properties" in node:
        if node.get("additionalProperties") is not False:
            yield f"{where}: additionalProperties must be set to false"
        unknown = set(node.get("required", [])) - set(node.get("properties", {}))
        if unknown:
            yield f"{where}: required names no property: {sorted(unknown)}"


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
