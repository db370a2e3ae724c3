"""What came back from the model for one request."""

from dataclasses import dataclass

from architect_review.errors import ModelError
from architect_review.prompt.answer import Answer


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or more calls, and US dollars (None: no price is known)."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cost_usd: float | None = 0.0
    calls: int = 0

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
class Reply:
    """An answer, or the failure that stands in its place; what it cost either way.

    Both are set when an answer broke off: it holds what had arrived whole, its
    sections may be empty, and the run is partial for the reason in `failure`.
    """

    paths: tuple[str, ...]
    """The files whose lines were shown; a file may be divided over several replies."""
    answer: Answer | None
    failure: ModelError | None
    usage: Usage
    model: str
    notes: tuple[str, ...] = ()
    """What a reader should know of how it came about (schema sent as text, retries)."""
