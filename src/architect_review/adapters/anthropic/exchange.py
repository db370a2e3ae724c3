"""One request, over as many calls as it takes and as the budget allows."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic

from architect_review.adapters.anthropic import failure
from architect_review.adapters.anthropic.budget import Budget, Grant, most_output
from architect_review.adapters.anthropic.conversation import Conversation
from architect_review.adapters.anthropic.form import Form, material_tool
from architect_review.adapters.anthropic.gathered import Gathered
from architect_review.adapters.anthropic.outcome import (
    Cut,
    Declined,
    Failed,
    Outcome,
    TooLarge,
    Whole,
)
from architect_review.adapters.anthropic.slots import Slots
from architect_review.errors import ModelError
from architect_review.evidence.lookups import Look
from architect_review.prompt.expected import Reading, T, UnreadableError
from architect_review.prompt.request import ModelRequest
from architect_review.prompt.room import UNKNOWN_WINDOW
from architect_review.request import models
from architect_review.request.models import Prices
from architect_review.review.reply import Reply

ANSWER_BOUND = 12_000
"""Tokens that one answer to a look-up may take, at the worst."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every request of a run.

    `tries` bounds the calls in one form whose reply breaks off; `sleep` takes seconds;
    `look` answers what the model looks up; `prices` are those of all models. `slots`
    and `budget` are shared by all who use the endpoint.
    """

    budget: Budget
    left: Callable[[], float]
    tries: int
    sleep: Callable[[float], None]
    look: Look
    prices: Prices
    slots: Slots


Call = Callable[[dict[str, Any], Callable[[], None]], Outcome]
"""Sends the arguments of one call; the second is called at its first event."""


class Exchange(Generic[T]):
    """Asks until there is an answer or a reason why there is none.

    `begun` is told the form of a call when its first event has come.
    """

    def __init__(
        self,
        request: ModelRequest[T],
        form: Form,
        call: Call,
        terms: Terms,
        begun: Callable[[Form], None],
    ) -> None:
        self.form = form
        """The form that the endpoint took last; worth starting with the next time."""
        self.is_general = False
        """Whether other requests would end in the same failure."""
        self._request = request
        self._call = call
        self._terms = terms
        self._begun = begun
        self._price = terms.prices.of(request.model)
        self._gathered = Gathered(request, self._price)
        self._broken = 0
        self._conversation = Conversation(
            request.lookups, terms.look, material_tool(request)
        )

    @property
    def is_too_large(self) -> bool:
        """Whether a part of this request may pass where the whole did not."""
        return self._gathered.is_too_large

    def reply(self) -> Reply[T]:
        """The answer, or the failure with what had arrived of an answer."""
        reading, reason = None, None
        try:
            reading = self._answer()
        except ModelError as error:
            reason = error
        lookups = tuple(self._conversation.looked)
        return self._gathered.reply(reading, reason, lookups)

    def _answer(self) -> Reading[T]:
        while True:
            match self._ask():
                case Whole() as message:
                    if (reading := self._read(message)) is not None:
                        return reading
                case Cut(fault, _, text):
                    if (reading := self._gathered.arrived(text)) is not None:
                        return reading
                    self._wait(fault)
                case Declined(said, reason):
                    self._simplify(said, reason)
                case TooLarge(reason):
                    self._gathered.is_too_large = True
                    raise reason
                case Failed(reason, _, text, is_general):
                    self._gathered.keep(text)
                    self.is_general = is_general
                    raise reason

    def _ask(self) -> Outcome:
        if self._terms.left() <= 0:
            raise failure.out_of_time()
        # A call that waits for its turn holds no money that others could spend.
        with self._terms.slots.taken(self._terms.left):
            return self._paid()

    def _paid(self) -> Outcome:
        form = self.form
        grant = self._grant()
        cost, used = 0.0, None
        try:
            talk = self._conversation
            is_last = talk.is_last or self._is_full()
            parameters = form.parameters(
                self._request, grant.max_tokens, talk.turns, is_last=is_last
            )
            outcome = self._call(parameters, lambda: self._begun(form))
            used = outcome.usage.tokens
            cost = self._gathered.pay(outcome.usage)
        finally:
            self._terms.budget.settle(grant, cost, used)
        return outcome

    def _grant(self) -> Grant:
        wanted = most_output(self._request)
        bound = self._request.input_bound + self._conversation.bound
        grant = self._terms.budget.reserve(bound, wanted, self._price, self._terms.left)
        if (held := grant.max_tokens) < wanted:
            limit = "max-tokens" if self._price is None else "max-cost-usd"
            self._gathered.note(f"The answer was held to {held} tokens by `{limit}`.")
        return grant

    def _is_full(self) -> bool:
        """Whether the model's window may not take another look-up and the answer."""
        known = models.limits(self._request.model)
        window = known.context_window if known else UNKNOWN_WINDOW
        bound = self._request.input_bound + self._conversation.bound
        return bound + self._request.max_tokens + ANSWER_BOUND > window

    def _read(self, message: Whole) -> Reading[T] | None:
        if (reading := self._gathered.cut(message)) is not None:
            return reading
        if self._goes_on(message):
            self._conversation.answer(message)
            return None
        try:
            return self._request.expected.read(message.text)
        except UnreadableError as error:
            self._gathered.keep(message.text)
            self._plainer(str(error), message.stop_reason)
            return None

    def _goes_on(self, message: Whole) -> bool:
        offers = self.form.offers_lookups(self._request)
        return offers and bool(message.calls) and not self._conversation.is_last

    def _plainer(self, reason: str, stop_reason: str) -> None:
        self._broken = 0
        self._conversation.restart()
        if self.form.tool_turn and stop_reason == "tool_use":
            self.form = replace(self.form, tool_turn=False)
            self._gathered.note(
                "The endpoint let the model call a tool; the change was sent as text."
            )
        elif self.form.native_schema:
            self.form = replace(self.form, native_schema=False)
            self._gathered.note(
                f"The first reply was not as the schema asks ({reason}); the schema "
                "was written into the question."
            )
        else:
            raise failure.unreadable(self._request.model, reason)

    def _simplify(self, said: str, reason: ModelError) -> None:
        plainer = self.form.without(said, self._request)
        if plainer is None:
            raise reason
        self._broken = 0
        self._conversation.restart()
        self.form, note = plainer
        self._gathered.note(note)

    def _wait(self, fault: str) -> None:
        self._broken += 1
        if self._broken >= self._terms.tries:
            raise ModelError("unavailable", f"{fault} Tried {self._broken} times.")
        self._gathered.note(f"Asked again: {fault}")
        # Jitter, so that requests that broke together do not return together.
        spread = 1 - 0.25 * random.random()  # noqa: S311
        pause = min(8, 0.5 * 2 ** (self._broken - 1)) * spread
        if self._terms.left() <= pause:
            raise failure.out_of_time()
        self._terms.sleep(pause)
