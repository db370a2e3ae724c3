"""Settings that say who reviews what, how deeply, and what it may cost."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from architect_review.request import fields
from architect_review.request.access import Access, Scope, setting
from architect_review.vocabulary import Depth

_MOST_USD = 10_000


class Assignment(BaseModel):
    """Files that another agent reviews: a shipped one, or a definition at the base."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: Annotated[tuple[str, ...], BeforeValidator(fields.globs)] = Field(
        min_length=1
    )
    agent: str = Field(min_length=1, max_length=500)


class ModelPrice(BaseModel):
    """What a model costs, in US dollars per million tokens.

    Without them a cache write costs 1.25 times and a cache read 0.1 times as much as
    input (docs.claude.com, "Prompt caching", "Pricing").
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-"),
        populate_by_name=True,
        allow_inf_nan=False,
    )

    input: float = Field(ge=0, le=_MOST_USD)
    output: float = Field(ge=0, le=_MOST_USD)
    cache_write: float | None = Field(None, ge=0, le=_MOST_USD)
    cache_read: float | None = Field(None, ge=0, le=_MOST_USD)


class Spending(Access):
    """Which agents review, how deeply, and within which bounds."""

    agents: tuple[Assignment, ...] = setting(
        (),
        Scope.FILE,
        "Further agents: `paths` (globs) and the `agent` that reviews them, a shipped "
        "one or the path of a definition at the tip of the base branch. The first "
        "entry that fits a file counts; the others go to `agent`.",
        max_length=10,
    )
    depth: Annotated[Depth, BeforeValidator(fields.word)] = setting(
        Depth.AUTO,
        Scope.BOTH,
        "How deeply to review: `quick` (one pass, no look-ups), `standard` (one pass "
        "with look-ups), `deep` (four passes with more look-ups), or `auto`, by the "
        "signals and the size of the change. The chosen depth is printed.",
    )
    max_cost_usd: float = setting(
        2.0,
        Scope.BOTH,
        "Most that one run may spend on the model, in US dollars by the price table. "
        "A review that is likely to cost more is made cheaper first, and says how.",
        gt=0,
        le=1000,
    )
    max_tokens: int = setting(
        3_000_000,
        Scope.BOTH,
        "Most tokens, input and output, that one run may use of models without a "
        "known price; it holds in place of `max-cost-usd`.",
        gt=0,
        le=1_000_000_000,
    )
    prices: dict[str, ModelPrice] = setting(
        {},
        Scope.FILE,
        "Prices by full model ID, for gateways or where the shipped table is out of "
        "date: `{my-model: {input: 2, output: 10}}`, in US dollars per million "
        "tokens, with `cache-write` and `cache-read` if they are not 1.25 and 0.1 "
        "times `input`.",
        max_length=50,
    )
