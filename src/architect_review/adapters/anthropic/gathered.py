"""What is made of the answers to one request, whole or broken off."""

from dataclasses import replace
from typing import Generic

from architect_review.adapters.anthropic.outcome import Whole
from architect_review.errors import ModelError
from architect_review.prompt.expected import Reading, T, UnreadableError
from architect_review.prompt.request import ModelRequest
from architect_review.request.models import Price
from architect_review.review.reply import Looked, Reply, Usage


class Gathered(Generic[T]):
    """What was heard, noted and paid for one request so far.

    `price` is that of its model, None where none is known.
    """

    def __init__(self, request: ModelRequest[T], price: Price | None) -> None:
        self.is_too_large = False
        """Whether a part of this request may pass where the whole did not."""
        self._request = request
        self._price = price
        self._usage = Usage(cost_usd=None if price is None else 0.0)
        self._notes: list[str] = []
        self._partial: Reading[T] | None = None
        if price is None:
            self.note(
                f"No price is known for {request.model}: `max-tokens` bounds "
                "this run in place of `max-cost-usd`. Its price can be stated in "
                "`prices`."
            )

    def note(self, text: str) -> None:
        """Tell readers of the reply, once."""
        if text not in self._notes:
            self._notes.append(text)

    def pay(self, usage: Usage) -> float:
        """Count what one call used. Returns US dollars, 0 where no price is known."""
        cost = None if self._price is None else self._price.cost(usage)
        self._usage += replace(usage, cost_usd=cost)
        return cost or 0.0

    def keep(self, text: str) -> None:
        """Remember the most that was readable of answers that broke off."""
        found = self._request.expected.salvage(text)
        if found is None:
            return
        worth = self._request.expected.worth
        if self._partial is None or worth(found) >= worth(self._partial):
            self._partial = found

    def arrived(self, text: str) -> Reading[T] | None:
        """The answer, if only what should have followed it is missing."""
        try:
            return self._request.expected.read(text)
        except UnreadableError:
            self.keep(text)
            return None

    def cut(self, message: Whole) -> Reading[T] | None:
        """The answer of a message that had no room to end; None for one that had.

        Raises ModelError `refused`, or `truncated` when less than an answer came.
        """
        if message.stop_reason == "refusal":
            category = message.refusal or "no category given"
            raise ModelError("refused", f"The model declined this change: {category}")
        if message.stop_reason not in ("max_tokens", "model_context_window_exceeded"):
            return None
        if (reading := self.arrived(message.text)) is not None:
            return reading
        is_full = message.stop_reason == "model_context_window_exceeded"
        self.is_too_large = is_full and self._partial is None
        raise ModelError(
            "truncated",
            f"The answer did not fit ({message.stop_reason}). Review fewer files "
            "at once or allow a longer answer.",
        )

    def reply(
        self,
        reading: Reading[T] | None,
        reason: ModelError | None,
        lookups: tuple[Looked, ...] = (),
    ) -> Reply[T]:
        """The answer, or the failure with what had arrived of an answer."""
        if reason is not None:
            # What precedes a refusal is not meant to be used.
            reading = None if reason.kind == "refused" else self._partial
        for note in reading.notes if reading else ():
            self.note(note)
        if reading and reason:
            self.note(self._request.expected.salvaged(reading))
        return Reply(
            paths=self._request.paths,
            answer=reading.answer if reading else None,
            failure=reason,
            usage=self._usage,
            model=self._request.model,
            notes=tuple(self._notes),
            lookups=lookups,
            agent=self._request.agent,
        )
