"""One request, over as many calls as it takes and as the budget allows."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from architect_review.adapters.anthropic import failure
from architect_review.adapters.anthropic.form import Form
from architect_review.adapters.anthropic.outcome import (
    Cut,
    Declined,
    Failed,
    Outcome,
    Whole,
)
from architect_review.adapters.anthropic.reading import UnreadableError, read_answer
from architect_review.errors import ModelError
from architect_review.prompt.answer import Answer
from architect_review.prompt.request import ModelRequest
from architect_review.request import models
from architect_review.review.reply import Reply, Usage

LEAST_OUTPUT = 4_000
"""Tokens. Below this a review does not fit, so the money would be wasted."""


class Budget:
    """What a run may still spend, in US dollars; no bound when `limit` is None."""

    def __init__(self, limit: float | None) -> None:
        self.limit = limit
        self._spent = 0.0

    def output(self, request: ModelRequest, price: models.Price | None) -> int:
        """How many tokens the model may write without a chance of passing the limit.

        Raises ModelError `cost-cap` when that is fewer than `LEAST_OUTPUT` and than
        what was asked for.
        """
        if self.limit is None or price is None:
            return request.max_tokens
        left = self.limit - self._spent
        output = min(
            request.max_tokens, price.affordable_output(request.input_bound, left)
        )
        if output < min(LEAST_OUTPUT, request.max_tokens):
            raise ModelError(
                "cost-cap",
                f"The next call could pass the limit of ${self.limit:.2f} for this run "
                f"(${self._spent:.2f} spent). Raise `max-cost-usd`, review fewer files "
                "or choose a cheaper model.",
            )
        return output

    def spend(self, usage: Usage) -> None:
        """Count what a call cost, as far as that is known."""
        self._spent += usage.cost_usd or 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every request of a run.

    `tries` bounds the calls in one form whose reply breaks off; `sleep` takes seconds.
    """

    budget: Budget
    left: Callable[[], float]
    tries: int
    sleep: Callable[[float], None]


class Exchange:
    """Asks until there is an answer or a reason why there is none."""

    def __init__(
        self,
        request: ModelRequest,
        form: Form,
        call: Callable[[dict[str, Any]], Outcome],
        terms: Terms,
    ) -> None:
        self.form = form
        """The form that the endpoint took last; worth starting with the next time."""
        self._request = request
        self._call = call
        self._terms = terms
        self._price = models.price(request.model)
        self._usage = Usage(cost_usd=None if self._price is None else 0.0)
        self._notes: list[str] = []
        self._broken = 0

    def reply(self) -> Reply:
        """The answer, or the failure in its place."""
        answer, reason = None, None
        if self._price is None:
            self._note(f"No price is known for {self._request.model}; not counted.")
            if self._terms.budget.limit is not None:
                self._note("`max-cost-usd` does not hold for a model without a price.")
        try:
            answer = self._answer()
        except ModelError as error:
            reason = error
        return Reply(
            paths=self._request.paths,
            answer=answer,
            failure=reason,
            usage=self._usage,
            model=self._request.model,
            notes=tuple(self._notes),
        )

    def _answer(self) -> Answer:
        while True:
            match self._ask():
                case Whole() as message:
                    if (answer := self._read(message)) is not None:
                        return answer
                case Cut(fault):
                    self._wait(fault)
                case Declined(said, reason):
                    self._simplify(said, reason)
                case Failed(reason):
                    raise reason

    def _ask(self) -> Outcome:
        if self._terms.left() <= 0:
            raise failure.out_of_time()
        outcome = self._call(self.form.parameters(self._request, self._max_tokens()))
        usage = outcome.usage
        cost = None if self._price is None else self._price.cost(usage)
        usage = replace(usage, cost_usd=cost)
        self._terms.budget.spend(usage)
        self._usage += usage
        return outcome

    def _max_tokens(self) -> int:
        affordable = self._terms.budget.output(self._request, self._price)
        if affordable < self._request.max_tokens:
            self._note(f"The answer was held to {affordable} tokens by `max-cost-usd`.")
        known = models.limits(self._request.model)
        return affordable if known is None else min(affordable, known.max_output)

    def _read(self, message: Whole) -> Answer | None:
        if message.stop_reason == "refusal":
            category = message.refusal or "no category given"
            raise ModelError("refused", f"The model declined this change: {category}")
        if message.stop_reason in ("max_tokens", "model_context_window_exceeded"):
            raise ModelError(
                "truncated",
                f"The answer did not fit ({message.stop_reason}). Review fewer files "
                "at once or allow a longer answer.",
            )
        try:
            return read_answer(message.text)
        except UnreadableError as error:
            self._plainer(str(error), message.stop_reason)
            return None

    def _plainer(self, reason: str, stop_reason: str) -> None:
        self._broken = 0
        if self.form.tool_turn and stop_reason == "tool_use":
            self.form = replace(self.form, tool_turn=False)
            self._note(
                "The endpoint let the model call a tool; the change was sent as text."
            )
        elif self.form.native_schema:
            self.form = replace(self.form, native_schema=False)
            self._note(
                f"The first reply was not as the schema asks ({reason}); the schema "
                "was written into the question."
            )
        else:
            raise ModelError(
                "invalid",
                f"The reply of {self._request.model} is not a review: {reason}. "
                "Choose a model that can write JSON to a schema.",
            )

    def _simplify(self, said: str, reason: ModelError) -> None:
        plainer = self.form.without(said)
        if plainer is None:
            raise reason
        self._broken = 0
        self.form, note = plainer
        self._note(note)

    def _wait(self, fault: str) -> None:
        self._broken += 1
        if self._broken >= self._terms.tries:
            raise ModelError("unavailable", f"{fault} Tried {self._broken} times.")
        self._note(f"Asked again: {fault}")
        # Jitter, so that requests that broke together do not return together.
        spread = 1 - 0.25 * random.random()  # noqa: S311
        pause = min(8, 0.5 * 2 ** (self._broken - 1)) * spread
        if self._terms.left() <= pause:
            raise failure.out_of_time()
        self._terms.sleep(pause)

    def _note(self, text: str) -> None:
        if text not in self._notes:
            self._notes.append(text)
