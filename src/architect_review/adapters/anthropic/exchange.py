"""One request, over as many calls as it takes and as the budget allows."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic

from architect_review.adapters.anthropic import failure
from architect_review.adapters.anthropic.budget import Budget, Grant
from architect_review.adapters.anthropic.conversation import Conversation
from architect_review.adapters.anthropic.form import Form
from architect_review.adapters.anthropic.outcome import (
    Cut,
    Declined,
    Failed,
    Outcome,
    TooLarge,
    Whole,
)
from architect_review.errors import ModelError
from architect_review.evidence.lookups import Look
from architect_review.prompt.expected import Reading, T, UnreadableError
from architect_review.prompt.request import ModelRequest
from architect_review.prompt.room import UNKNOWN_WINDOW
from architect_review.request import models
from architect_review.request.models import Prices
from architect_review.review.reply import Reply, Usage

ANSWER_BOUND = 12_000
"""Tokens that one answer to a look-up may take, at the worst."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every request of a run.

    `tries` bounds the calls in one form whose reply breaks off; `sleep` takes seconds;
    `look` answers what the model looks up; `prices` are those of all models.
    """

    budget: Budget
    left: Callable[[], float]
    tries: int
    sleep: Callable[[float], None]
    look: Look
    prices: Prices


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
        self.is_too_large = False
        """Whether a part of this request may pass where the whole did not."""
        self._request = request
        self._call = call
        self._terms = terms
        self._begun = begun
        self._price = terms.prices.of(request.model)
        self._usage = Usage(cost_usd=None if self._price is None else 0.0)
        self._notes: list[str] = []
        self._broken = 0
        self._partial: Reading[T] | None = None
        self._conversation = Conversation(request.lookups, terms.look)

    def reply(self) -> Reply[T]:
        """The answer, or the failure with what had arrived of an answer."""
        reading, reason = None, None
        if self._price is None:
            self._note(
                f"No price is known for {self._request.model}: `max-tokens` bounds "
                "this run in place of `max-cost-usd`. Its price can be stated in "
                "`prices`."
            )
        try:
            reading = self._answer()
        except ModelError as error:
            reason = error
            # What precedes a refusal is not meant to be used.
            reading = None if error.kind == "refused" else self._partial
        for note in reading.notes if reading else ():
            self._note(note)
        if reading and reason:
            self._note(self._request.expected.salvaged(reading))
        return Reply(
            paths=self._request.paths,
            answer=reading.answer if reading else None,
            failure=reason,
            usage=self._usage,
            model=self._request.model,
            notes=tuple(self._notes),
            lookups=tuple(self._conversation.looked),
            agent=self._request.agent,
        )

    def _answer(self) -> Reading[T]:
        while True:
            match self._ask():
                case Whole() as message:
                    if (reading := self._read(message)) is not None:
                        return reading
                case Cut(fault, _, text):
                    if (reading := self._arrived(text)) is not None:
                        return reading
                    self._wait(fault)
                case Declined(said, reason):
                    self._simplify(said, reason)
                case TooLarge(reason):
                    self.is_too_large = True
                    raise reason
                case Failed(reason, _, text, is_general):
                    self._keep(text)
                    self.is_general = is_general
                    raise reason

    def _ask(self) -> Outcome:
        if self._terms.left() <= 0:
            raise failure.out_of_time()
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
            if self._price is not None:
                cost = self._price.cost(outcome.usage)
        finally:
            self._terms.budget.settle(grant, cost, used)
        known = None if self._price is None else cost
        self._usage += replace(outcome.usage, cost_usd=known)
        return outcome

    def _grant(self) -> Grant:
        known = models.limits(self._request.model)
        wanted = self._request.max_tokens
        wanted = wanted if known is None else min(wanted, known.max_output)
        bound = self._request.input_bound + self._conversation.bound
        grant = self._terms.budget.reserve(bound, wanted, self._price, self._terms.left)
        if (held := grant.max_tokens) < wanted:
            limit = "max-tokens" if self._price is None else "max-cost-usd"
            self._note(f"The answer was held to {held} tokens by `{limit}`.")
        return grant

    def _is_full(self) -> bool:
        """Whether the model's window may not take another look-up and the answer."""
        known = models.limits(self._request.model)
        window = known.context_window if known else UNKNOWN_WINDOW
        bound = self._request.input_bound + self._conversation.bound
        return bound + self._request.max_tokens + ANSWER_BOUND > window

    def _read(self, message: Whole) -> Reading[T] | None:
        if message.stop_reason == "refusal":
            category = message.refusal or "no category given"
            raise ModelError("refused", f"The model declined this change: {category}")
        if message.stop_reason in ("max_tokens", "model_context_window_exceeded"):
            if (reading := self._arrived(message.text)) is not None:
                return reading
            is_full = message.stop_reason == "model_context_window_exceeded"
            self.is_too_large = is_full and self._partial is None
            raise ModelError(
                "truncated",
                f"The answer did not fit ({message.stop_reason}). Review fewer files "
                "at once or allow a longer answer.",
            )
        if self._goes_on(message):
            self._conversation.answer(message)
            return None
        try:
            return self._request.expected.read(message.text)
        except UnreadableError as error:
            self._keep(message.text)
            self._plainer(str(error), message.stop_reason)
            return None

    def _goes_on(self, message: Whole) -> bool:
        offers = self.form.offers_lookups(self._request)
        return offers and bool(message.calls) and not self._conversation.is_last

    def _arrived(self, text: str) -> Reading[T] | None:
        """The answer, if only what should have followed it is missing."""
        try:
            return self._request.expected.read(text)
        except UnreadableError:
            self._keep(text)
            return None

    def _keep(self, text: str) -> None:
        """Remember the most that was readable of answers that broke off."""
        found = self._request.expected.salvage(text)
        if found is None:
            return
        worth = self._request.expected.worth
        if self._partial is None or worth(found) >= worth(self._partial):
            self._partial = found

    def _plainer(self, reason: str, stop_reason: str) -> None:
        self._broken = 0
        self._conversation.restart()
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
        plainer = self.form.without(said, self._request)
        if plainer is None:
            raise reason
        self._broken = 0
        self._conversation.restart()
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
