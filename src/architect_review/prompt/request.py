"""One question to the model, before any provider's words for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What is sent for one part of a change.

    `system` is the agent's definition and our policy. `shared` and `part` are the
    untrusted material as JSON texts: `shared` is the same, byte for byte, in every
    request of a run, so a provider can cache up to its end; `part` may be empty.
    `question` is our own request, after the material. `paths` are the files whose
    lines are in this request. `effort` is "" for the provider's default.
    """

    system: str
    shared: str
    part: str
    question: str
    schema: Mapping[str, Any]
    paths: tuple[str, ...]
    model: str
    effort: str = ""
    max_tokens: int = 32_000
    """Bound on what the model may write, thinking included."""

    @property
    def input_bound(self) -> int:
        """An upper bound on the input's tokens: UTF-8 bytes / 1.8.

        2.46 characters a token was the worst twentieth of code diffs with the older
        tokenizer; current ones make up to 1.36 times as many tokens.
        """
        size = sum(
            len(text.encode())
            for text in (self.system, self.shared, self.part, self.question)
        )
        return int((size + 2_500) / 1.8)
