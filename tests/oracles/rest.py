"""GitHub's REST interface as its own OpenAPI description has it."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

Schema = Mapping[str, Any]

_DESCRIPTION = Path(__file__).with_name("github-rest.json")
_LABELS = "/repos/{owner}/{repo}/issues/{issue_number}/labels"
_ROOT = "urn:github"
_WITH_SLASHES = {"path", "basehead", "ref"}


class Oracle:
    """Says what is wrong with a request or a response, in lists of sentences."""

    def __init__(self, description: Path = _DESCRIPTION) -> None:
        self._spec = _softened(json.loads(description.read_text("utf-8")))
        _accept_bare_labels(self._spec)
        _accept_lost_lines(self._spec)
        self._registry: Registry[Any] = Registry().with_resource(
            _ROOT, DRAFT202012.create_resource(self._spec)
        )
        # Fixed segments win over parameters: /issues/comments/1 is no issue number.
        self._routes = sorted(
            (path.count("{"), path, re.compile(_pattern(path)))
            for path in self._spec["paths"]
        )
        self._validators: dict[tuple[str, ...], Any] = {}

    def operation(self, method: str, path: str) -> tuple[str, Schema]:
        """Return the path template and the description of an operation.

        Raises `LookupError` for an operation that the cut description lacks.
        """
        bare = path.partition("?")[0]
        for _, template, pattern in self._routes:
            operations = self._spec["paths"][template]
            if method.lower() in operations and pattern.fullmatch(bare):
                return template, operations[method.lower()]
        raise LookupError(f"no such operation: {method} {path}")

    def request(self, method: str, path: str, body: object) -> list[str]:
        """Return what is wrong with a request body; None stands for no body.

        Keys that GitHub does not know are reported too.
        """
        template, operation = self.operation(method, path)
        described = operation.get("requestBody")
        if described is None:
            return [] if body is None else ["operation takes no body"]
        described = self._resolved(described)
        if body is None:
            return ["a body is required"] if described.get("required") else []
        schema = described["content"]["application/json"]["schema"]
        validator = self._validator((method, template), schema, OAS30WriteValidator)
        unknown = self._unknown_keys(body, schema, "")
        return _problems(validator, body) + [f"unknown key: {key}" for key in unknown]

    def response(self, method: str, path: str, status: int, body: object) -> list[str]:
        """Return what is wrong with a response, an undocumented status included."""
        template, operation = self.operation(method, path)
        described = operation["responses"].get(str(status))
        if described is None:
            documented = ", ".join(sorted(operation["responses"]))
            return [f"status {status} is not documented; documented: {documented}"]
        content = self._resolved(described).get("content", {}).get("application/json")
        if content is None:
            return []
        key = (method, template, str(status))
        validator = self._validator(key, content["schema"], OAS30ReadValidator)
        return _problems(validator, body)

    def _validator(self, key: tuple[str, ...], schema: Schema, kind: Any) -> Any:
        if key not in self._validators:
            absolute = _absolute(schema)
            self._validators[key] = kind(absolute, registry=self._registry)
        return self._validators[key]

    def _resolved(self, node: Schema) -> Schema:
        while "$ref" in node:
            target: Any = self._spec
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def _unknown_keys(self, body: object, schema: Schema, where: str) -> Iterator[str]:
        schema = self._resolved(schema)
        if isinstance(body, dict) and "properties" in schema:
            for key, value in body.items():
                if key not in schema["properties"]:
                    yield where + key
                    continue
                inner = schema["properties"][key]
                yield from self._unknown_keys(value, inner, f"{where}{key}.")
        elif isinstance(body, list) and "items" in schema:
            for index, value in enumerate(body):
                yield from self._unknown_keys(
                    value, schema["items"], f"{where}{index}."
                )


@cache
def oracle() -> Oracle:
    """Return the oracle over the carried description, built once."""
    return Oracle()


def _pattern(template: str) -> str:
    return re.sub(
        r"\\\{(\w+)\\\}",
        lambda found: ".*" if found[1] in _WITH_SLASHES else "[^/]+",
        re.escape(template),
    )


def _problems(validator: Any, body: object) -> list[str]:
    return [
        f"{'/'.join(map(str, error.absolute_path)) or '(body)'}: {error.message[:200]}"
        for error in validator.iter_errors(body)
    ]


def _softened(node: Any) -> Any:
    """Repair where the description is stricter than the service it describes.

    Nullable enums lack null (a check run's conclusion), alternatives under oneOf
    overlap (contents), and nullable beside them has no effect (a commit's author).
    """
    if isinstance(node, list):
        return [_softened(item) for item in node]
    if not isinstance(node, dict):
        return node
    soft = {key: _softened(value) for key, value in node.items()}
    choices = soft.get("enum")
    if soft.get("nullable") is True and isinstance(choices, list):
        soft["enum"] = [*(choice for choice in choices if choice is not None), None]
    if isinstance(soft.get("oneOf"), list):
        soft["anyOf"] = soft.pop("oneOf")
        soft.pop("discriminator", None)
    if soft.get("nullable") is True and isinstance(soft.get("anyOf"), list):
        soft["anyOf"] = [*soft["anyOf"], {"enum": [None]}]
    return soft


def _accept_bare_labels(spec: Any) -> None:
    """Let labels be posted as a bare array, which GitHub documents in prose only."""
    body = spec["paths"][_LABELS]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    schema["anyOf"].append({"type": "array", "items": {"type": "string"}})


def _accept_lost_lines(spec: Any) -> None:
    """Let an outdated comment have no line: the service answers null there."""
    comment = spec["components"]["schemas"]["pull-request-review-comment"]
    for name in ("line", "position", "start_line"):
        comment["properties"][name]["nullable"] = True


def _absolute(node: Any) -> Any:
    if isinstance(node, list):
        return [_absolute(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: f"{_ROOT}{value}"
        if key == "$ref" and isinstance(value, str) and value.startswith("#")
        else _absolute(value)
        for key, value in node.items()
    }
