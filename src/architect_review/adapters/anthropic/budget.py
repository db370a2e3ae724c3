"""Money: what a run may still spend, asked before each call and told after it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from architect_review.adapters.anthropic import failure
from architect_review.errors import ModelError
from architect_review.request.models import Price

LEAST_OUTPUT = 4_000
"""Tokens. Below this a review does not fit, so the money would be wasted."""

_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave for one call: how many tokens the model may write, dollars set aside."""

    max_tokens: int
    usd: float = 0.0


class Budget:
    """What all calls of a run may cost, in US dollars; no bound when `limit` is None.

    The worst case of every call under way is set aside, so calls at the same time
    cannot pass the limit together.
    """

    def __init__(self, limit: float | None) -> None:
        self.limit = limit
        self._spent = 0.0
        self._reserved = 0.0
        self._under_way = 0
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
        if self.limit is None or price is None:
            return Grant(max_tokens)
        least = min(LEAST_OUTPUT, max_tokens)
        with self._changed:
            while True:
                rest = self.limit - self._spent
                if price.affordable_output(input_bound, rest) < least:
                    raise self._too_dear()
                output = price.affordable_output(input_bound, rest - self._reserved)
                if output >= max_tokens or not self._under_way:
                    break
                if left() <= 0:
                    raise failure.out_of_time()
                self._changed.wait(min(left(), _POLL_SECONDS))
            granted = min(output, max_tokens)
            usd = price.worst_case(input_bound, granted)
            self._reserved += usd
            self._under_way += 1
            return Grant(granted, usd)

    def settle(self, grant: Grant, usd: float) -> None:
        """Put what the call has cost in the place of what was set aside for it."""
        with self._changed:
            self._spent += usd
            if grant.usd:
                self._under_way -= 1
                # Sums of fractions drift; nothing is set aside when no call runs.
                self._reserved = self._reserved - grant.usd if self._under_way else 0.0
            self._changed.notify_all()

    def _too_dear(self) -> ModelError:
        return ModelError(
            "cost-cap",
            f"The next call could pass the limit of ${self.limit:.2f} for this run "
            f"(${self._spent:.2f} spent). Raise `max-cost-usd`, review fewer files "
            "or choose a cheaper model.",
        )
