"""Requests that are answered within a day, at half the price."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from architect_review.adapters.anthropic import batch_failure, failure
from architect_review.adapters.anthropic.access import Access
from architect_review.adapters.anthropic.budget import Budget, most_output
from architect_review.adapters.anthropic.entries import Entry
from architect_review.adapters.anthropic.form import Cached, Form
from architect_review.adapters.anthropic.gathered import Gathered
from architect_review.adapters.anthropic.outcome import Failed, Whole
from architect_review.encodable import encodable_data
from architect_review.errors import ModelError
from architect_review.guarding import SENT, answered
from architect_review.ports import Progress
from architect_review.prompt.expected import Reading, T, UnreadableError
from architect_review.prompt.request import ModelRequest
from architect_review.publication.leaks import Guard
from architect_review.request.models import Price, Prices
from architect_review.review.reply import Reply, Usage

if TYPE_CHECKING:
    from architect_review.adapters.anthropic.batch_endpoint import BatchEndpoint

MOST_REQUESTS = 100_000
MOST_BYTES = 256_000_000
"""Of one batch (docs.claude.com, "Batch processing")."""

_CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 60.0


class Batches:
    """Hands requests in together and fetches the answers, in one process or in two.

    The arguments are those of `Claude`; `budget` may be a Claude's own, so that one
    limit holds for both. `tries` are those of reading what breaks off.
    """

    def __init__(
        self,
        *,
        api_key: SecretStr | None,
        base_url: str,
        deadline: Callable[[], float],
        budget: Budget,
        prices: Prices | None = None,
        progress: Progress | None,
        tries: int = 3,
        sleep: Callable[[float], None] = time.sleep,
        ca_file: str = "",
        guard: Guard | None = None,
    ) -> None:
        self._guard = guard or Guard()
        self._access = Access(api_key, base_url, deadline, self._guard.learn, ca_file)
        self._left, self._budget, self._progress = deadline, budget, progress
        self._prices = prices or Prices()
        self._tries, self._sleep = tries, sleep
        # What the budget counts as spent: dollars, and tokens without a price.
        self._counted: dict[tuple[str, str], tuple[float, int]] = {}

    def submit(self, requests: Mapping[str, ModelRequest[T]]) -> str:
        """Hand in requests by their names, without look-ups. Returns the batch's id.

        A name has 1 to 64 of the characters a-z, A-Z, 0-9, `_` and `-`; there has to be
        one (ValueError). What all may cost at the worst counts as spent from now on,
        until they are collected. Raises ModelError: `cost-cap` when that is more than
        is left, before anything is sent; `rejected`, `unavailable`, `deadline`.
        """
        if not requests or not all(map(_CUSTOM_ID.fullmatch, requests)):
            raise ValueError(f"no names for a batch's requests: {sorted(requests)[:3]}")
        if len(requests) > MOST_REQUESTS:
            raise batch_failure.too_large(len(requests))
        endpoint = self._endpoint()
        entries = [
            {
                "custom_id": name,
                "params": encodable_data(
                    self._guard.sent(
                        form.parameters(request, most_output(request)), SENT
                    )
                ),
            }
            for name, request, form in _with_forms(requests)
        ]
        size = sum(map(_size, entries))
        if size > MOST_BYTES:
            raise batch_failure.too_large(len(entries), size)
        if self._left() <= 0:
            raise failure.out_of_time()
        worst = {name: self._worst(request) for name, request in requests.items()}
        usd, tokens = _sums(worst.values())
        self._budget.commit(usd, tokens)
        self._say(f"Submitting {_counted(len(entries))} as a batch")
        try:
            batch = endpoint.create(entries, self._sleep, self._left)
        except batch_failure.PerhapsTakenError:
            raise
        except ModelError:
            self._budget.correct(-usd, -tokens)
            raise
        self._counted |= {(batch, name): each for name, each in worst.items()}
        return batch

    def collect(
        self, batch: str, requests: Mapping[str, ModelRequest[T]], wait: float
    ) -> Mapping[str, Reply[T]] | None:
        """A Reply to every request, in their order; None while the batch has not ended.

        It is looked for with growing pauses for at most `wait` seconds. `requests` are
        those that were submitted or some of them; the failure of one is in its Reply.
        Raises ModelError when the batch is unknown or cannot be read; what it holds
        stays there for 29 days.
        """
        endpoint = self._endpoint()
        if not self._is_ended(endpoint, batch, wait):
            return None
        found = self._read(endpoint, batch, requests)
        self._count(batch, found)
        return {name: answered(each, self._guard) for name, each in found.items()}

    def cancel(self, batch: str) -> None:
        """End a batch; what is answered by then can be collected. Raises ModelError."""
        self._endpoint().cancel(batch)

    def _endpoint(self) -> "BatchEndpoint":
        connection = self._access.connection()
        if not connection.has_batches:
            raise batch_failure.without_batches(connection.host)
        # As late as the connection: it imports the SDK too.
        from architect_review.adapters.anthropic.batch_endpoint import BatchEndpoint

        return BatchEndpoint(connection)

    def _say(self, text: str) -> None:
        if self._progress is not None:
            self._progress.step(text)

    def _price(self, request: ModelRequest[Any]) -> Price | None:
        price = self._prices.of(request.model)
        return price and price.in_batch()

    def _worst(self, request: ModelRequest[Any]) -> tuple[float, int]:
        price, output = self._price(request), most_output(request)
        if price is None:
            return 0.0, request.input_bound + output
        return price.worst_case(request.input_bound, output), 0

    def _count(self, batch: str, replies: Mapping[str, Reply[T]]) -> None:
        """Put what was used in the place of what the budget has counted so far."""
        before = [self._counted.get((batch, name), (0.0, 0)) for name in replies]
        used = {(batch, name): _used(reply.usage) for name, reply in replies.items()}
        self._counted |= used
        (usd, tokens), (less_usd, less) = _sums(used.values()), _sums(before)
        self._budget.correct(usd - less_usd, tokens - less)

    def _is_ended(self, endpoint: "BatchEndpoint", batch: str, wait: float) -> bool:
        waited, pause, failed = 0.0, _FIRST_PAUSE, 0
        while self._left() > 0:
            try:
                if endpoint.is_ended(batch):
                    return True
                failed = 0
            except ModelError as error:
                failed += 1
                if error.kind != "unavailable" or failed >= self._tries:
                    raise
            if not waited:
                self._say(f"Waiting for the batch {batch}")
            nap = min(pause, wait - waited)
            if nap <= 0 or self._left() <= nap:
                return False
            self._sleep(nap)
            waited += nap
            pause = min(2 * pause, _LONGEST_PAUSE)
        return False

    def _read(
        self,
        endpoint: "BatchEndpoint",
        batch: str,
        requests: Mapping[str, ModelRequest[T]],
    ) -> dict[str, Reply[T]]:
        tried = 1
        while True:
            try:
                return self._replies(endpoint, batch, requests)
            except ModelError as error:
                if error.kind != "unavailable" or tried >= self._tries:
                    raise
            self._sleep(_FIRST_PAUSE)
            tried += 1

    def _replies(
        self,
        endpoint: "BatchEndpoint",
        batch: str,
        requests: Mapping[str, ModelRequest[T]],
    ) -> dict[str, Reply[T]]:
        found: dict[str, Reply[T]] = {}
        read = strange = 0
        for line in filter(bytes.strip, endpoint.results(batch)):
            entry = Entry.read(line)
            read += entry is not None
            if entry is None or entry.custom_id not in requests:
                strange += 1
            elif entry.custom_id not in found:
                request = requests[entry.custom_id]
                outcome = entry.outcome(endpoint.host, request.model)
                found[entry.custom_id] = self._reply(request, outcome)
        if requests and not read:
            # Another's page, say: to submit all again would be paid for twice.
            raise batch_failure.broken(endpoint.host, "it holds no entry")
        missing = Failed(batch_failure.missing(), Usage())
        replies = {
            name: found.get(name) or self._reply(request, missing)
            for name, request in requests.items()
        }
        if strange and replies:
            name, first = next(iter(replies.items()))
            noun = "entry" if strange == 1 else "entries"
            note = f"{strange} {noun} of the batch belong to no request that was asked."
            replies[name] = replace(first, notes=(*first.notes, note))
        return replies

    def _reply(self, request: ModelRequest[T], outcome: Whole | Failed) -> Reply[T]:
        gathered = Gathered(request, self._price(request))
        gathered.pay(outcome.usage)
        if isinstance(outcome, Failed):
            gathered.keep(outcome.text)
            return gathered.reply(None, outcome.failure)
        try:
            return gathered.reply(_reading(request, gathered, outcome), None)
        except ModelError as error:
            return gathered.reply(None, error)


def _reading(
    request: ModelRequest[T], gathered: Gathered[T], message: Whole
) -> Reading[T]:
    if (reading := gathered.cut(message)) is not None:
        return reading
    try:
        return request.expected.read(message.text)
    except UnreadableError as error:
        gathered.keep(message.text)
        raise failure.unreadable(request.model, str(error)) from None


def _with_forms(
    requests: Mapping[str, ModelRequest[T]],
) -> Iterator[tuple[str, ModelRequest[T], Form]]:
    """The requests by name, each with how it is written.

    To write to the cache costs more than to read once: what no other request of the
    batch begins with is not marked. Nobody answers look-ups.
    """
    shared = Counter(map(_beginning, requests.values()))
    for name, request in requests.items():
        is_shared = shared[_beginning(request)] > 1
        form = Form(cached=Cached.HOUR if is_shared else Cached.NOT)
        yield name, replace(request, lookups=0), form


def _beginning(request: ModelRequest[Any]) -> tuple[str, str, str]:
    return request.model, request.system, request.shared


def _size(entry: Mapping[str, Any]) -> int:
    return len(json.dumps(entry, ensure_ascii=False).encode(errors="replace"))


def _used(usage: Usage) -> tuple[float, int]:
    return (0.0, usage.tokens) if usage.cost_usd is None else (usage.cost_usd, 0)


def _sums(counts: Iterable[tuple[float, int]]) -> tuple[float, int]:
    found = list(counts)
    return sum(usd for usd, _ in found), sum(tokens for _, tokens in found)


def _counted(count: int) -> str:
    return f"{count} request" if count == 1 else f"{count} requests"
