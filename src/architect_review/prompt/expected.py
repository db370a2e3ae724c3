"""From the text of a message to a checked answer, or to what arrived of one.

The schema promises types, but not every endpoint heeds it. What is wrong with one
finding costs that finding and is counted; it never costs the others.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from architect_review.prompt.answer import (
    SECTIONS,
    Answer,
    RawFinding,
    RawQuestion,
    RawReason,
)

_ITEMS: Mapping[str, tuple[type[BaseModel], str, str]] = {
    "findings": (RawFinding, "finding", "findings"),
    "questions": (RawQuestion, "question", "questions"),
    "major_reasons": (RawReason, "reason", "reasons"),
}
# A text of braces alone would take hours otherwise.
_MOST_OBJECTS = 2_000
_MOST_BEGINNINGS = 20
_MOST_LINES = 10_000_000


class UnreadableError(ValueError):
    """The text holds no answer; the message says why, without quoting the text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, and notes on what of it could not be read."""

    answer: Answer
    notes: tuple[str, ...] = ()


def read_answer(text: str) -> Reading:
    """The first JSON object in `text` that is an answer; prose and fences are skipped.

    Raises UnreadableError.
    """
    reason = "it holds no JSON object" if text.strip() else "it is empty"
    for candidate in _objects(text):
        try:
            return _checked(candidate)
        except ValidationError as error:
            reason = _reason(error)
        except UnreadableError as error:
            reason = str(error)
    raise UnreadableError(reason)


def salvage(text: str) -> Reading | None:
    """What arrived whole of an answer that broke off; None when nothing did.

    A text, finding or question that is cut in the middle is left out.
    """
    for candidate in chain(_objects(text), _beginnings(text)):
        kept, notes = _items(candidate)
        sections = {
            name: value if isinstance(value := candidate.get(name), str) else ""
            for name in SECTIONS
        }
        # A text beside findings of which none can be read would look like a clean one.
        has_text = any(map(str.strip, sections.values()))
        if not kept.get("findings") and (candidate.get("findings") or not has_text):
            continue
        whole = {name: kept.get(name, []) for name in _ITEMS} | sections
        size = str(candidate.get("change_size")).strip().lower()
        size = size if size in ("minor", "major") else "none"
        answer = Answer.model_validate({**whole, "change_size": size})
        return Reading(answer, notes)
    return None


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    start = text.find("{")
    for _ in range(_MOST_OBJECTS):
        if start < 0:
            return
        try:
            found, end = decoder.raw_decode(text, start)
        except ValueError:
            end = start + 1
        except RecursionError:
            return
        else:
            yield found
        start = text.find("{", end)


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


def _checked(candidate: Mapping[str, Any]) -> Reading:
    kept, notes = _items(candidate)
    if candidate.get("findings") and kept.get("findings") == []:
        raise UnreadableError(f"its findings are none as asked for ({notes[0]})")
    return Reading(Answer.model_validate({**candidate, **kept}), notes)


def _items(
    candidate: Mapping[str, Any],
) -> tuple[dict[str, list[BaseModel]], tuple[str, ...]]:
    """The readable items of every list, and a note for each list with others."""
    kept: dict[str, list[BaseModel]] = {}
    notes = []
    for name, (model, one, many) in _ITEMS.items():
        values = candidate.get(name)
        if not isinstance(values, list):
            continue
        items = [item for value in values if (item := _item(model, value)) is not None]
        kept[name] = items
        if lost := len(values) - len(items):
            noun = one if lost == 1 else many
            notes.append(f"{lost} {noun} of the reply could not be read.")
    return kept, tuple(notes)


def _item(model: type[BaseModel], value: Any) -> BaseModel | None:
    if model is RawFinding and isinstance(value, dict):
        value = {**value, "line": _line(value.get("line"))}
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def _line(value: Any) -> int:
    """A line's number in whatever way it is written; 0, "unknown", for anything else.

    The quote finds the place; the number only decides between equal ones.
    """
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    return int(number) if 0 < number < _MOST_LINES else 0


def _reason(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "answer"
    return f"{where}: {first['msg']} ({error.error_count()} such problems)"
