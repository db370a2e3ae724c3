"""Model names, prices and limits."""

import json
from datetime import date
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.request import models
from architect_review.review.reply import Usage

SONNET = "claude-sonnet-5-5"
HAIKU = "claude-haiku-5-5"

counts = st.integers(min_value=0, max_value=1_000_000)


def usage(read: int = 0, written: int = 0, plain: int = 0, output: int = 0) -> Usage:
    return Usage(
        input_tokens=plain,
        output_tokens=output,
        cache_read_tokens=read,
        cache_write_tokens=written,
    )


def price(model: str) -> models.Price:
    found = models.price(model)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sonnet", SONNET),
        ("Sonnet ", SONNET),
        ("opus", "claude-opus-5-5"),
        ("haiku", HAIKU),
        ("fable", "claude-fable-5-2"),
        ("best", "claude-fable-5-2"),
        ("sonnet[1m]", SONNET),
        ("", SONNET),
        ("inherit", SONNET),
        ("default", SONNET),
    ],
)
def test_an_alias_becomes_a_full_id(name: str, expected: str) -> None:
    assert models.resolve(name) == expected


@pytest.mark.parametrize("name", ["claude-opus-4-8", "Qwen3:30b", "team/claude-large"])
def test_full_ids_and_the_names_of_gateways_stay_as_they_are(name: str) -> None:
    assert models.resolve(name) == name


def test_the_suffix_for_a_large_context_is_dropped_from_any_name() -> None:
    assert models.resolve("claude-opus-4-8[1m]") == "claude-opus-4-8"


def test_a_pin_in_the_environment_wins_over_the_table() -> None:
    pins = {"ANTHROPIC_DEFAULT_SONNET_MODEL": "eu.claude-sonnet[1m]"}
    assert models.resolve("sonnet", pins) == "eu.claude-sonnet"
    assert models.resolve("inherit", pins) == "eu.claude-sonnet"
    assert models.resolve("opus", pins) == "claude-opus-5-5"
    assert models.resolve(SONNET, pins) == SONNET


def test_an_empty_pin_is_no_pin() -> None:
    assert models.resolve("haiku", {"ANTHROPIC_DEFAULT_HAIKU_MODEL": " "}) == HAIKU


@given(st.text())
def test_resolving_twice_changes_nothing_more(name: str) -> None:
    once = models.resolve(name)
    if "[1m]" not in once:
        assert models.resolve(once) == once


def test_a_model_that_is_not_in_the_table_has_no_price_and_no_limits() -> None:
    assert models.price("qwen3:30b") is None
    assert models.limits("qwen3:30b") is None


def test_the_limits_of_a_known_model_are_given_in_tokens() -> None:
    assert models.limits(SONNET) == models.Limits(1_000_000, 128_000)


def test_a_review_of_60k_in_and_8k_out_costs_20_cents_on_sonnet() -> None:
    assert price(SONNET).cost(usage(plain=60_000, output=8_000)) == pytest.approx(0.20)


def test_cache_writes_and_reads_have_their_own_rates() -> None:
    assert price(SONNET).cost(usage(written=20_000)) == pytest.approx(0.05)
    assert price(SONNET).cost(usage(read=20_000)) == pytest.approx(0.002)


def test_haiku_charges_the_whole_request_at_the_higher_tier_past_100k_tokens() -> None:
    below = price(HAIKU).cost(usage(plain=100_000, output=1_000))
    above = price(HAIKU).cost(usage(plain=100_001, output=1_000))
    assert below == pytest.approx(0.0105)
    assert above == pytest.approx(0.0525, rel=1e-4)


def test_cached_tokens_count_towards_the_tier() -> None:
    cached = price(HAIKU).cost(usage(read=60_000, written=41_000))
    assert cached == pytest.approx((60_000 * 0.05 + 41_000 * 0.625) / 1e6)


@given(st.sampled_from([SONNET, HAIKU]), counts, counts, counts, counts)
def test_no_call_costs_more_than_its_worst_case(
    model: str, read: int, written: int, plain: int, output: int
) -> None:
    cost = price(model).cost(usage(read, written, plain, output))
    assert cost <= price(model).worst_case(read + written + plain, output) + 1e-9


@given(st.sampled_from([SONNET, HAIKU]), counts, st.floats(0, 20))
def test_the_affordable_output_is_affordable(
    model: str, bound: int, usd: float
) -> None:
    output = price(model).affordable_output(bound, usd)
    if output:
        assert price(model).worst_case(bound, output) <= usd + 1e-9
    assert price(model).worst_case(bound, output + 2) > usd


def test_every_alias_has_a_price_and_every_price_says_how_sure_it_is() -> None:
    text = resources.files(models.__package__).joinpath("models.json").read_text()
    shipped = json.loads(text)
    assert date.fromisoformat(shipped["read_on"]) <= date.today()
    assert "source" in shipped
    assert all(models.price(name) for name in shipped["aliases"].values())
    assert all(entry["certainty"] for entry in shipped["models"].values())
