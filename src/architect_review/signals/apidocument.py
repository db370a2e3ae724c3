"""What an OpenAPI 3 or Swagger 2 document promises: operations and their data.

Sources: the OpenAPI Specification 3.0 and 3.1, Swagger 2.0. References are followed
within the document; what lies behind others is unknown and says nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from architect_review.signals.jsontext import json_document
from architect_review.signals.reading import (
    UnreadableError,
    Yaml,
    checked,
    yaml_documents,
)

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
VISITS_LIMIT = 50_000
"""Schemas of one document, each counted wherever it is used."""
DEPTH_LIMIT = 12
"""Schemas within schemas; what lies deeper is unknown."""
_IS_API = re.compile(
    r"^(?:openapi|swagger)[ \t]*:|[\"'](?:openapi|swagger)[\"'][ \t]*:", re.M
)


@dataclass(frozen=True, slots=True)
class Field:
    """A value inside a request or response.

    `name` is its component and its path within that; without a component, the path
    with a dot before it. `types` and
    `choices` are empty where the document does not limit them. `is_open` where not
    all of what is inside is known.
    """

    name: str
    line: int
    types: frozenset[str] = frozenset()
    choices: frozenset[str] = frozenset()
    is_required: bool = False
    is_open: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether it belongs to a component, which others may use too."""
        return self.name[:1] not in ("", ".", "[")


@dataclass(frozen=True, slots=True)
class Operation:
    """A method of a path. Fields are by where they stand: `a/b`, items as `a/*`.

    `responses` are those of success, and `lines` where each begins.
    """

    method: str
    path: str
    line: int
    parameters: Mapping[str, Field] = field(default_factory=dict)
    request: Mapping[str, Field] = field(default_factory=dict)
    responses: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


def operations(path: str, text: str) -> Mapping[str, Operation]:
    """The operations of a document by method and path; none for other files.

    Names of path parameters do not count. Raises UnreadableError.
    """
    if not _IS_API.search(text):
        return {}
    if path.endswith(".json"):
        document = json_document(text)
    else:
        document = next(iter(yaml_documents(checked(text))), Yaml(1))
    if not (document.at("openapi") or document.at("swagger")):
        return {}
    reader = _Reader(document)
    found: dict[str, Operation] = {}
    for each in reader.operations():
        key = f"{each.method} {re.sub(r'{[^{}/]*}', '{}', each.path)}"
        found.setdefault(key, each)
    return found


@dataclass(frozen=True, slots=True)
class _Visit:
    """A schema where it is used; `within` are the references that led to it."""

    schema: Yaml
    place: str
    name: str
    is_required: bool
    within: tuple[str, ...]


class _Reader:
    """Reads one document and counts what it visits."""

    def __init__(self, document: Yaml) -> None:
        self._document = document
        self._visits = 0

    def operations(self) -> Iterator[Operation]:
        for path, item in self._document.at("paths").entries.items():
            item = self._resolved(item)[0]
            for method in METHODS:
                if method in item.entries:
                    yield self._operation(path, method, item)

    def _operation(self, path: str, method: str, item: Yaml) -> Operation:
        value = item.at(method)
        given = [
            (self._resolved(each)[0], each.line)
            for each in (*item.at("parameters").items, *value.at("parameters").items)
        ]
        body = self._resolved(value.at("requestBody"))[0]
        request = self._content(body)
        for each, _ in given:
            if each.at("in").text == "body":
                request = self._fields(each.at("schema"))
        responses, lines = {}, {}
        for code, response in value.at("responses").entries.items():
            if code.startswith("2"):
                found = self._resolved(response)[0]
                responses[code] = self._content(found)
                lines[code] = response.line
        parameters = dict(self._parameters(given))
        return Operation(
            method.upper(), path, value.line, parameters, request, responses, lines
        )

    def _parameters(self, given: list[tuple[Yaml, int]]) -> Iterator[tuple[str, Field]]:
        for each, line in given:
            place, own = each.at("in").text, each.at("name").text
            if place in ("query", "header", "cookie", "formData") and own:
                schema = self._resolved(each.at("schema"))[0]
                schema = schema if schema else each
                yield (
                    f"{place} {own}",
                    Field(
                        f".{own}",
                        line,
                        _types(schema),
                        _choices(schema),
                        _is(each, "required") and "default" not in schema.entries,
                    ),
                )

    def _content(self, value: Yaml) -> dict[str, Field]:
        """The fields of all media types together; of Swagger 2, of the schema."""
        found = self._fields(value.at("schema"))
        for media in value.at("content").entries.values():
            for place, each in self._fields(media.at("schema")).items():
                found.setdefault(place, each)
        return found

    def _fields(self, schema: Yaml) -> dict[str, Field]:
        found: dict[str, Field] = {}
        if schema:
            self._visit(_Visit(schema, "", "", False, ()), found)
        return found

    def _visit(self, at: "_Visit", found: dict[str, Field]) -> None:
        self._visits += 1
        if self._visits > VISITS_LIMIT:
            raise UnreadableError(
                f"an API description that stands for over {VISITS_LIMIT:,} schemas"
            )
        schema, reference = self._resolved(at.schema)
        parts, is_open = self._parts(schema, _last(reference) or at.name)
        if len(at.within) >= DEPTH_LIMIT or (reference and reference in at.within):
            parts, is_open = [], True
        own = [part for _, part in parts]
        found[at.place] = Field(
            _last(reference) or at.name,
            at.schema.line,
            frozenset[str]().union(*map(_types, own)),
            frozenset[str]().union(*map(_choices, own)),
            at.is_required and not any(map(_is_exempt, own)),
            is_open,
        )
        required = {each.text for part in own for each in part.at("required").items}
        inner = (*at.within, reference)
        for name, part in parts:
            for key, value in part.at("properties").entries.items():
                place, below = f"{at.place}/{key}", f"{name}.{key}"
                self._visit(_Visit(value, place, below, key in required, inner), found)
            if items := part.at("items"):
                place, below = f"{at.place}/*", f"{name}[]"
                self._visit(_Visit(items, place, below, False, inner), found)

    def _parts(self, schema: Yaml, name: str) -> tuple[list[tuple[str, Yaml]], bool]:
        """A schema and those that hold with it, by name; whether there is more to it.

        Of alternatives only the one beside `null` is looked at.
        """
        parts: list[tuple[str, Yaml]] = []
        waiting, is_open = [(name, schema)], False
        while waiting and len(parts) < DEPTH_LIMIT:
            own, each = waiting.pop()
            each, reference = self._resolved(each)
            own = _last(reference) or own
            parts.append((own, each))
            is_open |= bool(each.at("$ref"))
            waiting += [(own, other) for other in each.at("allOf").items]
            for word in ("anyOf", "oneOf"):
                others = [
                    (own, other)
                    for other in each.at(word).items
                    if other.at("type").text != "null"
                ]
                is_open |= len(others) > 1
                waiting += others if len(others) == 1 else []
        return parts, is_open or bool(waiting)

    def _resolved(self, value: Yaml) -> tuple[Yaml, str]:
        """What a local reference stands for, and the last reference followed."""
        followed = ""
        for _ in range(DEPTH_LIMIT):
            target = value.at("$ref").text
            if not target.startswith("#/"):
                break
            keys = [
                key.replace("~1", "/").replace("~0", "~")
                for key in target[2:].split("/")
            ]
            if not (found := self._document.at(*keys)):
                break
            value, followed = found, target
        return value, followed


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]


def _types(schema: Yaml) -> frozenset[str]:
    given = schema.at("type")
    names = {given.text, *(each.text for each in given.items)} - {"", "null"}
    return frozenset(names)


def _choices(schema: Yaml) -> frozenset[str]:
    return frozenset(each.text for each in schema.at("enum").items)


def _is(value: Yaml, word: str) -> bool:
    return value.at(word).text.lower() == "true"


def _is_exempt(schema: Yaml) -> bool:
    """Whether a required property need not be sent: servers fill it in."""
    return _is(schema, "readOnly") or "default" in schema.entries
