"""What a plan is likely to cost, before the first call.

Tokens are bytes / 3, which is near the middle for code (the bound that is reserved
before each call is bytes / 1.8). The cached beginning is written once for each agent
and read by the other requests; so is a part that several passes share. Whatever the
estimate says, every call's worst case is set aside before it is sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from architect_review.prompt.request import ModelRequest
from architect_review.prompt.room import LOOKUP_TOKENS
from architect_review.request.models import Prices

_BYTES = 3
OUTPUT_TOKENS = {
    "low": 3_000,
    "medium": 5_000,
    "high": 8_000,
    "xhigh": 12_000,
    "max": 16_000,
}
"""Tokens that an answer takes by effort, thinking included; a guess to be corrected by
what runs report."""
_OUTPUT = 6_000
_VERIFIED = 3
"""The verification of findings takes a third of what finding them takes."""
_LOOKED = 1_500
"""Tokens of an answer to a look-up, usually."""
_USED = 4
"""One of so many look-ups that a request may make is made, usually."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Who checks the findings: the model, look-ups a request, effort ("": default)."""

    model: str = ""
    lookups: int = 0
    effort: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens and US dollars of a plan, verification included.

    `usd` is likely, `worst_usd` what every call of every request can cost together
    when each uses all that it may; both leave out models without a price, whose
    likely tokens are `unpriced_tokens`. `requests` are those known now: how many
    verify findings depends on the answers.
    """

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    worst_usd: float = 0.0
    unpriced_tokens: int = 0

    def __add__(self, other: "Estimate") -> "Estimate":
        return Estimate(
            self.requests + other.requests,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.usd + other.usd,
            self.worst_usd + other.worst_usd,
            self.unpriced_tokens + other.unpriced_tokens,
        )


@dataclass(frozen=True, slots=True)
class _Call:
    """Likely tokens of one call, by how they are charged."""

    input_tokens: int
    output_tokens: int
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0


def estimate(
    requests: Sequence[ModelRequest[Any]], verifier: Verifier, prices: Prices
) -> Estimate:
    """The likely cost of `requests`, in the order in which they are sent."""
    total = Estimate()
    begun: set[tuple[str, ...]] = set()
    seen: set[tuple[object, ...]] = set()
    for request in requests:
        beginning = (request.model, request.system)
        part = (*beginning, tuple(map(id, request.pieces)))
        is_first = part not in seen
        calls = _calls(request, beginning not in begun, is_first)
        begun.add(beginning)
        seen.add(part)
        total += _priced(request.model, calls, prices, 1)
        total += Estimate(worst_usd=_worst(request, prices))
        if is_first and verifier.model:
            total += _verification(request, calls, verifier, prices)
    return total


def _calls(
    request: ModelRequest[Any], opens: bool, is_first: bool
) -> tuple[_Call, ...]:
    """The call that asks, and those that follow its look-ups."""
    beginning = _tokens(request.system, request.shared)
    part = _tokens(request.part)
    question = _tokens(request.question)
    is_kept = request.is_repeated or request.lookups
    read = (0 if opens else beginning) + (0 if is_first else part)
    written = (beginning if opens else 0) + (part if is_first and is_kept else 0)
    plain = question + (part if is_first and not is_kept else 0)
    output = OUTPUT_TOKENS.get(request.effort, _OUTPUT)
    before = beginning + part + question
    rounds = request.lookups // _USED
    looks = tuple(_Call(0, 0, before + at * _LOOKED, _LOOKED) for at in range(rounds))
    return (_Call(plain, output, read, written), *looks)


def _tokens(*texts: str) -> int:
    return sum(len(text.encode()) for text in texts) // _BYTES


def _priced(
    model: str, calls: Iterable[_Call], prices: Prices, requests: int
) -> Estimate:
    price = prices.of(model)
    asked = answered = 0
    usd = 0.0
    for call in calls:
        asked += call.input_tokens + call.cache_read_tokens + call.cache_write_tokens
        answered += call.output_tokens
        usd += price.cost(call) if price else 0.0
    return Estimate(
        requests, asked, answered, usd, 0.0, 0 if price else asked + answered
    )


def _verification(
    request: ModelRequest[Any],
    calls: Iterable[_Call],
    verifier: Verifier,
    prices: Prices,
) -> Estimate:
    """A third of the request that it follows, charged as the verifier's model."""
    shares = [
        _Call(
            each.input_tokens // _VERIFIED,
            each.output_tokens // _VERIFIED,
            each.cache_read_tokens // _VERIFIED,
            each.cache_write_tokens // _VERIFIED,
        )
        for each in calls
    ]
    price = prices.of(verifier.model)
    bound = request.input_bound // _VERIFIED
    worst = price.worst_case(bound, request.max_tokens) if price else 0.0
    return _priced(verifier.model, shares, prices, 0) + Estimate(worst_usd=worst)


def _worst(request: ModelRequest[Any], prices: Prices) -> float:
    price = prices.of(request.model)
    if price is None:
        return 0.0
    return sum(
        price.worst_case(request.input_bound + at * LOOKUP_TOKENS, request.max_tokens)
        for at in range(request.lookups + 1)
    )
