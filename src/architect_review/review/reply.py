"""What came back from the model for one request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic

from architect_review.errors import ModelError
from architect_review.prompt.expected import T


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or more calls, and US dollars (None: no price is known)."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cost_usd: float | None = 0.0
    calls: int = 0

    @property
    def tokens(self) -> int:
        """All tokens, whatever they cost."""
        cached = self.cache_read_tokens + self.cache_write_tokens
        return self.input_tokens + self.output_tokens + cached

    def __add__(self, other: "Usage") -> "Usage":
        known = self.cost_usd is not None and other.cost_usd is not None
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cache_read_tokens + other.cache_read_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            (self.cost_usd or 0) + (other.cost_usd or 0) if known else None,
            self.calls + other.calls,
        )


@dataclass(frozen=True, slots=True)
class Looked:
    """One look-up that the model asked for, and what it was told.

    `said` is one line for readers ("12 lines", "no such file"); `is_refused` marks
    those that were not answered as asked.
    """

    tool: str
    arguments: Mapping[str, Any]
    said: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """An answer, or the failure that stands in its place; what it cost either way.

    Both are set when an answer broke off: it holds what had arrived whole, its
    sections may be empty, and the run is partial for the reason in `failure`.
    """

    paths: tuple[str, ...]
    """The files whose lines were shown; a file may be divided over several replies."""
    answer: T | None
    failure: ModelError | None
    usage: Usage
    model: str
    notes: tuple[str, ...] = ()
    """What a reader should know of how it came about (schema sent as text, retries)."""
    lookups: tuple[Looked, ...] = ()
    """What the model looked up before it answered, in order."""
    agent: str = ""
