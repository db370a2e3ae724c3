"""What a request wants back: the schema of the answer, and how a text becomes one.

The schema goes with the request (`output_config.format`), so it is flat, has every
field required, no unions and no optional fields: the service compiles it to a grammar
with narrow limits (docs.claude.com, "Structured outputs"). It promises types, but not
every endpoint heeds it. What is wrong with one item of an answer costs that item and
is counted; it never costs the others.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from architect_review.encodable import encodable_data

T = TypeVar("T", bound=BaseModel)

# A text of braces alone would take hours otherwise.
_MOST_OBJECTS = 2_000
_MOST_BEGINNINGS = 20
_MOST_TAKEN = 20_000_000
"""Characters that may be read for nothing: of objects in objects that are not whole,
each is read to the end."""


class UnreadableError(ValueError):
    """The text holds no answer; the message says why, without quoting the text."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """An answer, and notes on what of it could not be read."""

    answer: T
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list in an answer: what it holds, and what people call one and many of it."""

    model: type[BaseModel]
    one: str
    many: str


@dataclass(frozen=True, slots=True)
class Expected(Generic[T]):
    """The form of an answer.

    `lists` are its lists by field, the one that matters first. `texts` are its fields
    of prose, `words` those with a fixed word, the default first: what they are taken
    for in an answer that broke off.
    """

    model: type[T]
    lists: Mapping[str, Items]
    texts: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema in the subset that the Messages API accepts."""
        full = self.model.model_json_schema()
        definitions = full.pop("$defs", {})
        schema: dict[str, Any] = _strict(full, definitions)
        return schema

    def read(self, text: str) -> Reading[T]:
        """The first JSON object in `text` that is an answer, whatever stands around it.

        Raises UnreadableError.
        """
        reason = "it holds no JSON object" if text.strip() else "it is empty"
        for candidate in _objects(text):
            try:
                return self._checked(candidate)
            except ValidationError as error:
                reason = _reason(error)
            except UnreadableError as error:
                reason = str(error)
        raise UnreadableError(reason)

    def salvage(self, text: str) -> Reading[T] | None:
        """What arrived whole of an answer that broke off; None when nothing did.

        A text or an item that is cut in the middle is left out.
        """
        main = next(iter(self.lists))
        for candidate in chain(_objects(text), _beginnings(text)):
            kept, notes = self._items(candidate)
            texts = {
                name: value if isinstance(value := candidate.get(name), str) else ""
                for name in self.texts
            }
            # A text beside items of which none can be read would look like none.
            has_text = any(map(str.strip, texts.values()))
            if not kept.get(main) and (candidate.get(main) or not has_text):
                continue
            whole = {name: kept.get(name, []) for name in self.lists} | texts
            for name, (default, *others) in self.words.items():
                word = str(candidate.get(name)).strip().lower()
                whole[name] = word if word in others else default
            return Reading(self.model.model_validate(whole), notes)
        return None

    def worth(self, reading: Reading[T]) -> int:
        """How many items of the list that matters a reading holds."""
        return len(getattr(reading.answer, next(iter(self.lists))))

    def salvaged(self, reading: Reading[T]) -> str:
        """A sentence on what was used of an answer that broke off."""
        count, items = self.worth(reading), next(iter(self.lists.values()))
        noun = items.one if count == 1 else items.many
        return f"{count} {noun} of an answer that broke off were used."

    def _checked(self, candidate: Mapping[str, Any]) -> Reading[T]:
        main = next(iter(self.lists))
        kept, notes = self._items(candidate)
        if candidate.get(main) and kept.get(main) == []:
            raise UnreadableError(
                f"its {self.lists[main].many} are none as asked for ({notes[0]})"
            )
        return Reading(self.model.model_validate({**candidate, **kept}), notes)

    def _items(
        self, candidate: Mapping[str, Any]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The readable items of every list, and a note for each list with others."""
        kept: dict[str, Any] = {}
        notes = []
        for name, items in self.lists.items():
            values = candidate.get(name)
            if not isinstance(values, list):
                continue
            found = [_item(items.model, value) for value in values]
            kept[name] = [item for item in found if item is not None]
            if lost := len(values) - len(kept[name]):
                noun = items.one if lost == 1 else items.many
                notes.append(f"{lost} {noun} of the reply could not be read.")
        return kept, tuple(notes)


def _strict(node: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_strict(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _strict(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions)
    kept = {
        key: _strict(value, definitions)
        for key, value in node.items()
        if key not in ("title", "description", "default", "properties")
    }
    if "properties" in node:
        kept["properties"] = {
            name: _strict(value, definitions)
            for name, value in node["properties"].items()
        }
        kept["required"] = list(node["properties"])
        kept["additionalProperties"] = False
    return kept


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    start = text.find("{")
    left = _MOST_TAKEN
    for _ in range(_MOST_OBJECTS):
        if start < 0 or left < 0:
            return
        try:
            raw, end = decoder.raw_decode(text, start)
            found = encodable_data(raw)
        except ValueError as error:
            left -= _taken(error, text) - start
            end = start + 1
        except RecursionError:
            return
        else:
            yield found
        start = text.find("{", end)


def _taken(error: ValueError, text: str) -> int:
    """How far the text was read. Of a string without an end the start is told."""
    if isinstance(error, json.JSONDecodeError) and "Unterminated" not in error.msg:
        return error.pos
    return len(text)


def _beginnings(text: str) -> Iterator[dict[str, Any]]:
    """Objects that the text breaks off in, without what is not whole in them."""
    start = text.find("{")
    for _ in range(_MOST_BEGINNINGS):
        if start < 0:
            return
        try:
            found = from_json(
                text[start:].encode("utf-8", "replace"), allow_partial=True
            )
        except ValueError:
            pass
        else:
            yield found
        start = text.find("{", start + 1)


def _item(model: type[BaseModel], value: Any) -> BaseModel | None:
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def _reason(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "answer"
    return f"{where}: {first['msg']} ({error.error_count()} such problems)"
