"""What a run may use: dollars where a price is known, tokens where none is."""

import threading
import time

import pytest

from architect_review.adapters.anthropic.budget import LEAST_OUTPUT, Budget, Grant
from architect_review.errors import ModelError
from architect_review.request.models import Price, Rates

PRICE = Price(Rates(2.0, 10.0, 2.5, 0.1))
FREE = Price(Rates(0.0, 0.0, 0.0, 0.0))


def a_minute() -> float:
    return 60.0


def no_time() -> float:
    return 0.0


def test_a_model_without_a_price_is_held_to_tokens() -> None:
    budget = Budget(2.0, 100_000)
    grant = budget.reserve(30_000, 32_000, None, a_minute)
    assert grant == Grant(32_000, tokens=62_000, is_held=True)
    budget.settle(grant, 0.0, 40_000)
    # 60,000 are left, of which the input may take 30,000.
    assert budget.reserve(30_000, 32_000, None, a_minute).max_tokens == 30_000


def test_what_nobody_can_tell_counts_as_used() -> None:
    budget = Budget(None, 70_000)
    budget.settle(budget.reserve(30_000, 32_000, None, a_minute), 0.0)
    with pytest.raises(ModelError, match=r"limit of 70,000 tokens .*\(62,000 used\)"):
        budget.reserve(30_000, 32_000, None, a_minute)


def test_the_refusal_says_what_to_do() -> None:
    with pytest.raises(
        ModelError, match=r"Raise `max-tokens`.* or state .*`prices`"
    ) as e:
        Budget(2.0, 30_000).reserve(30_000, 32_000, None, a_minute)
    assert e.value.kind == "cost-cap"


def test_dollars_and_tokens_are_two_accounts() -> None:
    budget = Budget(0.5, 70_000)
    budget.settle(budget.reserve(30_000, 32_000, None, a_minute), 0.0, 60_000)
    assert budget.reserve(30_000, 32_000, PRICE, a_minute).max_tokens == 32_000
    with pytest.raises(ModelError, match="max-tokens"):
        budget.reserve(30_000, 32_000, None, a_minute)


def test_without_a_limit_on_tokens_none_are_set_aside() -> None:
    assert Budget(2.0).reserve(10**9, 32_000, None, a_minute) == Grant(32_000)


def test_a_model_that_costs_nothing_is_never_refused() -> None:
    budget = Budget(0.01, 1)
    for _ in range(3):
        grant = budget.reserve(10**6, 32_000, FREE, no_time)
        assert grant.max_tokens == 32_000
        budget.settle(grant, 0.0)


def test_calls_at_the_same_time_never_pass_the_limit_together() -> None:
    budget = Budget(None, 200_000)
    used: list[int] = []
    held: list[int] = []
    lock = threading.Lock()

    def call() -> None:
        try:
            grant = budget.reserve(20_000, 32_000, None, a_minute)
        except ModelError:
            return
        with lock:
            held.append(grant.tokens)
            assert sum(held) + sum(used) <= 200_000
        time.sleep(0.01)
        with lock:
            held.remove(grant.tokens)
            used.append(20_000 + grant.max_tokens // 2)
            budget.settle(grant, 0.0, used[-1])

    threads = [threading.Thread(target=call) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 5 <= len(used) < 12
    assert 200_000 - sum(used) < 20_000 + 32_000 + LEAST_OUTPUT
