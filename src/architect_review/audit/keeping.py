"""Finished work as text, and back: what is kept is read like any untrusted file."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from architect_review.audit.results import ComponentReview
from architect_review.audit.synthesis import Synthesis

_FORM = 1
"""Raised when the kept form changes: what older versions have kept is made anew."""
T = TypeVar("T")
_REVIEW: TypeAdapter[ComponentReview] = TypeAdapter(ComponentReview)
_SYNTHESIS: TypeAdapter[Synthesis] = TypeAdapter(Synthesis)


def review_text(review: ComponentReview) -> str:
    """A component's review as JSON."""
    return _written(_REVIEW, review)


def review_from(text: str, key: str) -> ComponentReview | None:
    """The review that was kept under this key; None for anything else."""
    found = _read(_REVIEW, text)
    return found if found is not None and found.key == key else None


def synthesis_text(synthesis: Synthesis) -> str:
    """A synthesis as JSON."""
    return _written(_SYNTHESIS, synthesis)


def synthesis_from(text: str) -> Synthesis | None:
    """The synthesis that was kept; None for anything else."""
    return _read(_SYNTHESIS, text)


def _written(adapter: TypeAdapter[Any], value: Any) -> str:
    body = adapter.dump_json(value).decode("utf-8", "replace")
    return f"{_FORM}\n{body}\n"


def _read(adapter: TypeAdapter[T], text: str) -> T | None:
    form, _, body = text.partition("\n")
    if form != str(_FORM):
        return None
    try:
        return adapter.validate_json(body)
    except ValidationError:
        return None
