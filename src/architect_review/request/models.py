"""Which model a name means, what it costs and how much it takes.

The figures are in `models.json`, with the date they were read and how sure they are.
Each release checks them; nothing is looked up while a review runs, so the same name
means the same model and the same price until the next release. The configuration file
may name other prices (`prices`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Protocol

from architect_review.request.spending import ModelPrice

_DEFAULT = "sonnet"
_MILLION = 1_000_000
_UNBOUNDED = 1_000_000_000
_CACHE_WRITE = 1.25
_CACHE_WRITE_HOUR = 2.0
_CACHE_READ = 0.1
_NO_PINS: Mapping[str, str] = MappingProxyType({})


class Tokens(Protocol):
    """What one call used. `input_tokens` leaves out what the cache read or wrote."""

    @property
    def input_tokens(self) -> int: ...
    @property
    def output_tokens(self) -> int: ...
    @property
    def cache_read_tokens(self) -> int: ...
    @property
    def cache_write_tokens(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars per million tokens. A cache write is one that lives five minutes."""

    input: float
    output: float
    cache_write: float
    cache_read: float

    def in_batch(self) -> "Rates":
        """Half of each, where a cache write is one that lives an hour."""
        hour = self.cache_write * _CACHE_WRITE_HOUR / _CACHE_WRITE
        return Rates(self.input / 2, self.output / 2, hour / 2, self.cache_read / 2)


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs.

    Tier rule: a call whose prompt (input, cache reads and cache writes together) is
    longer than `long_prompt` tokens is charged at `long_rates` from its first token,
    output included. `long_prompt` is None for a model with one tier.
    """

    rates: Rates
    long_prompt: int | None = None
    long_rates: Rates | None = None

    def cost(self, tokens: Tokens) -> float:
        """US dollars for one call. A sum over calls may fall into the wrong tier."""
        prompt = (
            tokens.input_tokens + tokens.cache_read_tokens + tokens.cache_write_tokens
        )
        rates = self._for_prompt(prompt)
        return (
            tokens.input_tokens * rates.input
            + tokens.output_tokens * rates.output
            + tokens.cache_write_tokens * rates.cache_write
            + tokens.cache_read_tokens * rates.cache_read
        ) / _MILLION

    def worst_case(self, input_bound: int, max_tokens: int) -> float:
        """The most that one call can cost, in US dollars.

        All of at most `input_bound` prompt tokens are written to the cache, and all
        of `max_tokens` are written as output.
        """
        rates = self._for_prompt(input_bound)
        dearest = max(rates.input, rates.cache_write)
        return (input_bound * dearest + max_tokens * rates.output) / _MILLION

    def affordable_output(self, input_bound: int, usd: float) -> int:
        """The largest `max_tokens` whose worst case is at most `usd`; 0 if none is."""
        remaining = usd - self.worst_case(input_bound, 0)
        per_token = self._for_prompt(input_bound).output / _MILLION
        if not per_token:
            return _UNBOUNDED if remaining >= 0 else 0
        return max(0, int(remaining / per_token))

    def in_batch(self) -> "Price":
        """What it costs in a Message Batch (docs.claude.com, "Batch processing")."""
        long_rates = self.long_rates and self.long_rates.in_batch()
        return Price(self.rates.in_batch(), self.long_prompt, long_rates)

    def _for_prompt(self, tokens: int) -> Rates:
        if self.long_prompt is None or self.long_rates is None:
            return self.rates
        return self.long_rates if tokens > self.long_prompt else self.rates


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a model takes and gives, in tokens."""

    context_window: int
    max_output: int


@dataclass(frozen=True, slots=True)
class Prices:
    """What models cost in one run: `others` by full ID before the shipped table."""

    others: Mapping[str, Price] = field(default_factory=dict)

    @classmethod
    def stated(cls, rows: Mapping[str, ModelPrice]) -> "Prices":
        """The shipped prices with those that the configuration file states.

        An alias stands for the model that it means here, unless that one is stated
        too. A stated price has one tier.
        """
        ids = sorted(rows, key=lambda name: resolve(name) == name)
        return cls({resolve(name): _stated(rows[name]) for name in ids})

    def of(self, model: str) -> Price | None:
        """What `model` (a full ID) costs; None where no price is known."""
        return self.others.get(model) or price(model)


def _stated(row: ModelPrice) -> Price:
    write = row.input * _CACHE_WRITE if row.cache_write is None else row.cache_write
    read = row.input * _CACHE_READ if row.cache_read is None else row.cache_read
    return Price(Rates(row.input, row.output, write, read))


@dataclass(frozen=True, slots=True)
class _Catalogue:
    aliases: Mapping[str, str]
    prices: Mapping[str, Price]
    limits: Mapping[str, Limits]


def resolve(name: str, environ_pins: Mapping[str, str] = _NO_PINS) -> str:
    """The model ID to send for what a person or an agent file wrote.

    Nothing, `inherit` and `default` mean Sonnet. An alias follows a pin such as
    `ANTHROPIC_DEFAULT_SONNET_MODEL` in `environ_pins`, else the shipped table. The
    suffix `[1m]` is dropped: it asks for a context window that is standard now.
    Anything else is a full ID or a gateway's own name and stays as it is.
    """
    wanted = name.strip().removesuffix("[1m]").strip()
    alias = wanted.lower()
    if alias in ("", "inherit", "default"):
        alias = _DEFAULT
    aliases = _catalogue().aliases
    if alias not in aliases:
        return wanted
    pin = environ_pins.get(f"ANTHROPIC_DEFAULT_{alias.upper()}_MODEL", "")
    return pin.strip().removesuffix("[1m]").strip() or aliases[alias]


def price(model: str) -> Price | None:
    """What `model` (a full ID) costs; None where no price is known."""
    return _catalogue().prices.get(model)


def limits(model: str) -> Limits | None:
    """How much `model` (a full ID) takes and gives; None where that is not known."""
    return _catalogue().limits.get(model)


@cache
def _catalogue() -> _Catalogue:
    package = resources.files("architect_review.request")
    shipped = json.loads(package.joinpath("models.json").read_text(encoding="utf-8"))
    models: dict[str, dict[str, Any]] = shipped["models"]
    return _Catalogue(
        aliases=MappingProxyType(shipped["aliases"]),
        prices=MappingProxyType({name: _price(it) for name, it in models.items()}),
        limits=MappingProxyType(
            {
                name: Limits(it["context_window"], it["max_output"])
                for name, it in models.items()
            }
        ),
    )


def _price(entry: Mapping[str, Any]) -> Price:
    rates = Rates(**entry["rates"])
    if "long_prompt" not in entry:
        return Price(rates)
    long_prompt = entry["long_prompt"]
    return Price(rates, long_prompt["above_tokens"], Rates(**long_prompt["rates"]))
