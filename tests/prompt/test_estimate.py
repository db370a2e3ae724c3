"""The likely cost of a plan, from figures that can be checked by hand."""

import dataclasses
from typing import Any

import pytest

from architect_review.prompt.answer import ANSWER
from architect_review.prompt.estimate import Verifier, estimate
from architect_review.prompt.request import ModelRequest, Piece
from architect_review.request.models import Price, Prices, Rates

PRICES = Prices({"m": Price(Rates(10.0, 100.0, 12.5, 1.0))})
NOBODY = Verifier()


def a_request(path: str = "a.py", **details: Any) -> ModelRequest[Any]:
    """A request of 3,000 shared tokens, about 10,000 of its own, 100 of question."""
    piece = Piece(path, '{"hunks": [', ("x" * 30_000,))
    request = ModelRequest(
        "s" * 3_000, "h" * 6_000, (piece,), "q" * 300, ANSWER, "m", effort="low"
    )
    return dataclasses.replace(request, **details)


def test_the_beginning_is_written_once_and_read_by_the_others() -> None:
    one = estimate([a_request()], NOBODY, PRICES)
    two = estimate([a_request(), a_request("b.py")], NOBODY, PRICES)
    own = a_request().part
    tokens = len(own) // 3
    first = (3_000 * 12.5 + (tokens + 100) * 10 + 3_000 * 100) / 1e6
    second = (3_000 * 1 + (tokens + 100) * 10 + 3_000 * 100) / 1e6
    assert one.usd == pytest.approx(first)
    assert two.usd == pytest.approx(first + second)
    assert (two.requests, two.output_tokens) == (2, 6_000)
    assert two.input_tokens == 2 * (3_000 + tokens + 100)


def test_another_agent_writes_its_own_beginning() -> None:
    same = estimate([a_request(), a_request("b.py")], NOBODY, PRICES)
    other = estimate([a_request(), a_request("b.py", system="t" * 3_000)], NOBODY,
                     PRICES)  # fmt: skip
    assert other.usd - same.usd == pytest.approx(3_000 * 11.5 / 1e6)


def test_further_passes_read_the_part_that_the_first_wrote() -> None:
    request = a_request(is_repeated=True)
    tokens = len(request.part) // 3
    one = estimate([request], NOBODY, PRICES)
    two = estimate([request, dataclasses.replace(request, question="")], NOBODY, PRICES)
    assert two.usd - one.usd == pytest.approx(
        ((3_000 + tokens) * 1 + 3_000 * 100) / 1e6
    )


def test_look_ups_read_everything_again_and_are_never_free() -> None:
    without = estimate([a_request()], NOBODY, PRICES)
    some = estimate([a_request(lookups=12)], NOBODY, PRICES)
    more = estimate([a_request(lookups=24)], NOBODY, PRICES)
    assert without.usd < some.usd < more.usd
    assert without.worst_usd < some.worst_usd < more.worst_usd


def test_verification_is_a_third_at_the_price_of_its_model() -> None:
    prices = Prices({**PRICES.others, "v": Price(Rates(1.0, 10.0, 1.25, 0.1))})
    request = a_request()
    alone = estimate([request], NOBODY, prices)
    same = estimate([request], Verifier("m"), prices)
    cheap = estimate([request], Verifier("v"), prices)
    assert same.usd == pytest.approx(alone.usd * 4 / 3, rel=0.001)
    assert cheap.usd == pytest.approx(alone.usd * 31 / 30, rel=0.001)
    assert same.worst_usd > cheap.worst_usd > alone.worst_usd


def test_the_likely_cost_is_below_the_worst() -> None:
    requests = [a_request(str(at), lookups=12, is_repeated=True) for at in range(5)]
    found = estimate(requests, Verifier("m"), PRICES)
    assert found.usd < found.worst_usd


def test_tokens_without_a_price_are_counted_apart() -> None:
    requests = [a_request(), a_request("b.py", model="unheard-of")]
    found = estimate(requests, NOBODY, PRICES)
    alone = estimate(requests[:1], NOBODY, PRICES)
    assert found.usd == alone.usd
    assert found.unpriced_tokens == 3_000 + len(requests[1].part) // 3 + 100 + 3_000
