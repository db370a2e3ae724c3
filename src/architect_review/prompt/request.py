"""One question to the model, before any provider's words for it."""

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Generic

from architect_review.prompt.expected import Expected, T

LIST_FRAME = ("[\n", "\n]")
INNER_FRAME = ("\n", "\n]}")
SEPARATOR = ",\n"
MAX_TOKENS = 32_000
"""Tokens that an answer may have, thinking included."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file's lines in one request, as JSON texts: all of its hunks or some.

    `opening` is the file's object up to the bracket that its hunks follow. `evidence`
    are JSON texts of what stands around and elsewhere, gathered by code; they go with
    the file wherever it goes.
    """

    path: str
    opening: str
    hunks: tuple[str, ...]
    evidence: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole object."""
        begin, end = INNER_FRAME
        return f"{self.opening}{begin}{SEPARATOR.join(self.hunks)}{end}"


@dataclass(frozen=True, slots=True)
class ModelRequest(Generic[T]):
    """What is sent for one part of a change.

    `system` is the agent's definition and our policy. `shared` and `pieces` are the
    untrusted material as JSON texts: `shared` is the same, byte for byte, in every
    request of a run, so a provider can cache up to its end; there may be no pieces.
    `question` is our own request, after the material. `effort` is "" for the
    provider's default. `lookups` bounds what the model may look up in the repository
    before it answers (0: nothing). `agent` is the name of who speaks. `is_repeated`
    says that further requests carry the same part, so that it is worth caching too.
    `candidates` are JSON texts of claims that earlier answers made, to be worked on.
    `subject` is what the material is called in the request's own words: `repository`
    for an audit. It is our own word, never one that somebody else wrote.
    """

    system: str
    shared: str
    pieces: tuple[Piece, ...]
    question: str
    expected: Expected[T]
    model: str
    effort: str = ""
    lookups: int = 0
    agent: str = ""
    is_repeated: bool = False
    candidates: tuple[str, ...] = ()
    max_tokens: int = MAX_TOKENS
    """Bound on what the model may write, thinking included."""
    subject: str = "pull request"

    @property
    def part(self) -> str:
        """This request's own lines of the diff as one JSON text; "" without pieces."""
        evidence = [text for each in self.pieces for text in each.evidence]
        lists = {
            "diff": [each.text for each in self.pieces],
            "evidence": list(dict.fromkeys(evidence)),
            "candidates": self.candidates,
        }
        begin, end = LIST_FRAME
        written = [
            f'"{name}": {begin}{SEPARATOR.join(texts)}{end}'
            for name, texts in lists.items()
            if texts
        ]
        return f"{{{SEPARATOR.join(written)}}}" if written else ""

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

    def divided(self) -> tuple["ModelRequest[T]", ...]:
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
