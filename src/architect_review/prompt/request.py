"""One question to the model, before any provider's words for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

OUTER_FRAME = ('{"diff": [\n', "\n]}")
INNER_FRAME = ("\n", "\n]}")
SEPARATOR = ",\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """A file's lines in one request, as JSON texts: all of its hunks or some.

    `opening` is the file's object up to the bracket that its hunks follow.
    """

    path: str
    opening: str
    hunks: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole object."""
        begin, end = INNER_FRAME
        return f"{self.opening}{begin}{SEPARATOR.join(self.hunks)}{end}"


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What is sent for one part of a change.

    `system` is the agent's definition and our policy. `shared` and `pieces` are the
    untrusted material as JSON texts: `shared` is the same, byte for byte, in every
    request of a run, so a provider can cache up to its end; there may be no pieces.
    `question` is our own request, after the material. `effort` is "" for the
    provider's default.
    """

    system: str
    shared: str
    pieces: tuple[Piece, ...]
    question: str
    schema: Mapping[str, Any]
    model: str
    effort: str = ""
    max_tokens: int = 32_000
    """Bound on what the model may write, thinking included."""

    @property
    def part(self) -> str:
        """This request's own lines of the diff as one JSON text; "" without pieces."""
        if not self.pieces:
            return ""
        begin, end = OUTER_FRAME
        return f"{begin}{SEPARATOR.join(each.text for each in self.pieces)}{end}"

    @property
    def paths(self) -> tuple[str, ...]:
        """The files whose lines are in this request."""
        return tuple(dict.fromkeys(each.path for each in self.pieces))

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

    def divided(self) -> tuple["ModelRequest", ...]:
        """Two requests for about half of the lines each; none for a single hunk.

        Files stay whole as long as there is more than one.
        """
        if len(self.pieces) > 1:
            cut = _middle([len(each.text) for each in self.pieces])
            halves = [self.pieces[:cut], self.pieces[cut:]]
        elif self.pieces and len(self.pieces[0].hunks) > 1:
            (piece,) = self.pieces
            cut = _middle([len(hunk) for hunk in piece.hunks])
            sides = (piece.hunks[:cut], piece.hunks[cut:])
            halves = [(replace(piece, hunks=side),) for side in sides]
        else:
            return ()
        return tuple(replace(self, pieces=half) for half in halves)


def _middle(sizes: list[int]) -> int:
    """Where to cut so that both sides are about equally large and none is empty."""
    half = sum(sizes) / 2
    cut = next(at for at, size in enumerate(accumulate(sizes), 1) if size >= half)
    return min(max(cut, 1), len(sizes) - 1)
