"""What a run may still use, asked before each call and told after it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from architect_review.adapters.anthropic import failure
from architect_review.errors import ModelError
from architect_review.prompt.request import ModelRequest
from architect_review.request import models
from architect_review.request.models import Price, Rates

LEAST_OUTPUT = 4_000
"""Tokens. Below this a review does not fit, so the money would be wasted."""

_POLL_SECONDS = 0.5
_MILLION = 1_000_000.0
# Where no price is known, a token is what is paid with.
_TOKENS = Price(Rates(_MILLION, _MILLION, _MILLION, _MILLION))


def most_output(request: ModelRequest[Any]) -> int:
    """Tokens that a request asks for: no more than its model can write."""
    known = models.limits(request.model)
    wanted = request.max_tokens
    return wanted if known is None else min(wanted, known.max_output)


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave for one call: how many tokens the model may write, what was set aside.

    `usd` are dollars; `tokens` stand in their place for a model without a price.
    `is_held` says that a limit holds for the call, also one that costs nothing.
    """

    max_tokens: int
    usd: float = 0.0
    tokens: int = 0
    is_held: bool = False


@dataclass(slots=True)
class _Account:
    """One bound: what is spent of it, and what calls under way may still spend."""

    limit: float
    spent: float = 0.0
    reserved: float = 0.0
    under_way: int = 0


class Budget:
    """What all calls of a run may use; no bound where a limit is None.

    `limit` is in US dollars and holds for calls to models with a price; `tokens`
    bounds input and output together of the others. The worst case of every call
    under way is set aside, so calls at the same time cannot pass a limit together.
    """

    def __init__(self, limit: float | None, tokens: int | None = None) -> None:
        self.limit = limit
        self.tokens = tokens
        self._usd = _Account(limit or 0.0)
        self._unpriced = _Account(tokens or 0)
        self._changed = threading.Condition()

    def reserve(
        self,
        input_bound: int,
        max_tokens: int,
        price: Price | None,
        left: Callable[[], float],
    ) -> Grant:
        """Set the worst case of a call aside; every grant has to be settled.

        Waits while calls under way may leave more. The output is shortened when the
        call is the only one and would not fit otherwise. Raises ModelError
        `cost-cap` when fewer than `LEAST_OUTPUT` tokens can be paid for, `deadline`
        when the run has no time `left` (seconds) to wait.
        """
        if (self.tokens if price is None else self.limit) is None:
            return Grant(max_tokens)
        rate = price or _TOKENS
        account = self._unpriced if price is None else self._usd
        least = min(LEAST_OUTPUT, max_tokens)
        with self._changed:
            while True:
                rest = account.limit - account.spent
                if rate.affordable_output(input_bound, rest) < least:
                    raise self._too_dear(is_priced=price is not None)
                output = rate.affordable_output(input_bound, rest - account.reserved)
                if output >= max_tokens or not account.under_way:
                    break
                if left() <= 0:
                    raise failure.out_of_time()
                self._changed.wait(min(left(), _POLL_SECONDS))
            granted = min(output, max_tokens)
            worst = rate.worst_case(input_bound, granted)
            account.reserved += worst
            account.under_way += 1
        if price is None:
            return Grant(granted, tokens=round(worst), is_held=True)
        return Grant(granted, worst, is_held=True)

    def settle(self, grant: Grant, usd: float, tokens: int | None = None) -> None:
        """Put what the call has used in the place of what was set aside for it.

        `tokens` are all that a call without a price used, read from the cache or
        not; None when nobody knows: then it is taken to have used all it might.
        """
        with self._changed:
            self._usd.spent += usd
            if grant.tokens:
                self._unpriced.spent += grant.tokens if tokens is None else tokens
                _release(self._unpriced, grant.tokens)
            elif grant.is_held:
                _release(self._usd, grant.usd)
            self._changed.notify_all()

    def commit(self, usd: float, tokens: int) -> None:
        """Count what a batch may use at the worst as spent, before it is sent.

        `usd` are those of models with a price, `tokens` those of the others. Raises
        ModelError `cost-cap` when it is more than is left beside calls under way.
        """
        with self._changed:
            rest = self._usd.limit - self._usd.spent - self._usd.reserved
            if usd and self.limit is not None and usd > rest:
                raise ModelError(
                    "cost-cap",
                    f"The batch could cost ${usd:.2f}, and of the limit of "
                    f"${self.limit:.2f} for this run ${max(rest, 0):.2f} are left. "
                    "Raise `max-cost-usd`, review fewer files or choose a cheaper "
                    "model.",
                )
            rest = self._unpriced.limit - self._unpriced.spent - self._unpriced.reserved
            if tokens and self.tokens is not None and tokens > rest:
                raise ModelError(
                    "cost-cap",
                    f"The batch could use {tokens:,} tokens, and of the limit of "
                    f"{self.tokens:,} for this run {max(rest, 0):,.0f} are left. Raise "
                    "`max-tokens`, review fewer files, or state the model's price in "
                    "`prices`.",
                )
            self.correct(usd, tokens)

    def correct(self, usd: float, tokens: int) -> None:
        """Add to what is spent; less than nothing where less was used than counted."""
        with self._changed:
            self._usd.spent += usd
            self._unpriced.spent += tokens
            self._changed.notify_all()

    def _too_dear(self, *, is_priced: bool) -> ModelError:
        if not is_priced:
            return ModelError(
                "cost-cap",
                f"The next call could pass the limit of {self.tokens:,} tokens for "
                f"this run ({self._unpriced.spent:,.0f} used). Raise `max-tokens`, "
                "review fewer files, or state the model's price in `prices`.",
            )
        return ModelError(
            "cost-cap",
            f"The next call could pass the limit of ${self.limit:.2f} for this run "
            f"(${self._usd.spent:.2f} spent). Raise `max-cost-usd`, review fewer files "
            "or choose a cheaper model.",
        )


def _release(account: _Account, amount: float) -> None:
    account.under_way -= 1
    # Sums of fractions drift; nothing is set aside when no call runs.
    account.reserved = account.reserved - amount if account.under_way else 0.0
