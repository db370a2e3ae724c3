"""How much of a diff one request takes, from the limits of the model."""

from collections.abc import Iterable
from dataclasses import dataclass

from architect_review.request import models
from architect_review.request.models import Prices

BYTES_PER_TOKEN = 1.8
"""Fewest bytes that make a token of code; see `ModelRequest.input_bound`."""
USUAL_BYTES = 108_000
"""Diff and evidence that a request is filled to: 60,000 tokens at the most, which a
model still reads with attention."""
MOST_BYTES = 360_000
"""Diff of a request whose one hunk is larger than that; larger ones are left out."""
LEAST_BYTES = 36_000
"""Diff that a request has room for, however large what comes before it is."""
LOOKUP_TOKENS = 4_000
"""Tokens kept free for each look-up that a request may make; few answers have more."""
UNKNOWN_WINDOW = 200_000
"""Tokens that a model without an entry in the table is taken to read."""
MANIFEST_BYTES = 120_000
"""Bytes of the list of all changed files: some 1,700 by name."""
_MANIFEST_SHARE = 5
_USED = 4


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of diff and evidence: what a request is filled to, and the most."""

    usual: int = USUAL_BYTES
    most: int = MOST_BYTES


def room(
    model: str, prices: Prices, around: int, max_tokens: int, lookups: int
) -> Room:
    """The room of one request.

    `around` are the bytes of everything else in it. A model whose longer prompts
    cost more is kept below that length, unless nothing would fit.
    """
    known = models.limits(model)
    window = _window(model)
    output = min(max_tokens, known.max_output) if known else max_tokens
    before = int(around / BYTES_PER_TOKEN)
    free = int((window - output - before - lookups * LOOKUP_TOKENS) * BYTES_PER_TOKEN)
    most = max(LEAST_BYTES, min(free, MOST_BYTES))
    usual = min(USUAL_BYTES, most)
    price = prices.of(model)
    if price and price.long_prompt:
        # What is usual counts here: going over costs more, and fails nothing.
        looked = lookups * LOOKUP_TOKENS // _USED
        cheap = int((price.long_prompt - before - looked) * BYTES_PER_TOKEN)
        usual = min(usual, cheap) if cheap >= LEAST_BYTES else usual
    return Room(usual, most)


def manifest_bytes(speakers: Iterable[str], prices: Prices) -> int:
    """The most that the list of all changed files may take in every request.

    A fifth of what the narrowest of the models that speak reads at its first price.
    """
    narrowest = min(min(_window(each), _cheap(each, prices)) for each in speakers)
    return min(MANIFEST_BYTES, int(narrowest * BYTES_PER_TOKEN) // _MANIFEST_SHARE)


def _window(model: str) -> int:
    known = models.limits(model)
    return known.context_window if known else UNKNOWN_WINDOW


def _cheap(model: str, prices: Prices) -> int:
    price = prices.of(model)
    return price.long_prompt if price and price.long_prompt else _window(model)
