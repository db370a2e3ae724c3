"""The look-ups of one request: what the model asked for, what it was told."""

import json
from collections.abc import Mapping
from typing import Any

from architect_review.adapters.anthropic import form
from architect_review.adapters.anthropic.outcome import Whole
from architect_review.evidence.lookups import Found, Look
from architect_review.review.reply import Looked

REFUSED_ROUNDS = 2
"""Turns that only ask for more than is allowed before no tool is offered any more."""
ARGUMENTS_LIMIT = 1_000
"""Characters of a look-up's arguments that are kept for the report."""

_SPENT = Found("No look-ups are left: answer now.", "no look-ups were left", True)
_GIVEN = Found(
    "All parts were given above: answer now or look something else up.",
    "all parts were given already",
    True,
)


class Conversation:
    """The turns between a request and its answer.

    `allowed` bounds the look-ups; what is asked for beyond them is refused, and after
    a few such turns no tool is offered any more. `material` is the tool whose made-up
    call has given the material.
    """

    def __init__(self, allowed: int, look: Look, material: str) -> None:
        self._left = allowed
        self._material = material
        self._look = look
        self._refused = 0
        self.turns: list[dict[str, Any]] = []
        """The messages that follow the request's own."""
        self.looked: list[Looked] = []
        """Every look-up so far, those of turns that were given up too."""

    @property
    def is_last(self) -> bool:
        """Whether the model has to answer without another look-up."""
        return self._refused >= REFUSED_ROUNDS

    @property
    def bound(self) -> int:
        """An upper bound on the tokens of the turns: UTF-8 bytes / 1.8."""
        size = len(json.dumps(self.turns, ensure_ascii=False).encode(errors="replace"))
        return int(size / 1.8) if self.turns else 0

    def restart(self) -> None:
        """Forget the turns, for a request that is written in another form."""
        self.turns.clear()

    def answer(self, message: Whole) -> None:
        """Look up what a message asks for. Its content goes back unchanged."""
        self._refused += not self._left
        answers = []
        for call in message.calls:
            found = self._found(call["name"], call["input"])
            answers.append((call["id"], found.text, found.is_refused))
        if self.turns:
            self.turns[-1] = form.settled(self.turns[-1])
        self.turns.append({"role": "assistant", "content": list(message.content)})
        self.turns.append(form.results(answers))

    def _found(self, name: str, arguments: Mapping[str, Any]) -> Found:
        if name == self._material:
            found = _GIVEN
        elif not self._left:
            found = _SPENT
        else:
            self._left -= 1
            found = self._look(name, arguments)
        kept = _short(arguments)
        self.looked.append(Looked(name, kept, found.said, found.is_refused))
        return found


def _short(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    written = json.dumps(arguments, default=str)
    if len(written) <= ARGUMENTS_LIMIT:
        return arguments
    return {"shortened": written[:ARGUMENTS_LIMIT]}
