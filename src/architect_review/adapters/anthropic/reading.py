"""From the text of a message to a checked answer."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from architect_review.prompt.answer import Answer


class UnreadableError(ValueError):
    """The text holds no answer; the message says why, without quoting the text."""


def read_answer(text: str) -> Answer:
    """The first JSON object in `text` that is an answer; prose and fences are skipped.

    Raises UnreadableError.
    """
    reason = "it holds no JSON object" if text.strip() else "it is empty"
    for candidate in _objects(text):
        try:
            return Answer.model_validate(candidate)
        except ValidationError as error:
            reason = _reason(error)
    raise UnreadableError(reason)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            found, end = decoder.raw_decode(text, start)
        except ValueError:
            end = start + 1
        except RecursionError:
            return
        else:
            yield found
        start = text.find("{", end)


def _reason(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "answer"
    return f"{where}: {first['msg']} ({error.error_count()} such problems)"
