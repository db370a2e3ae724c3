"""Ask by a batch: half the price, and an answer within hours.

A batch that is not answered when the run ends is kept by its name, in the state folder
and in the record, and collected by the next run. What it could not answer is asked
directly.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from architect_review.audit.components import Component
from architect_review.audit.memory import AuditLedger
from architect_review.auditing.ground import Ground
from architect_review.auditing.reviewing import prepared
from architect_review.auditing.tools import AuditTools
from architect_review.errors import ModelError
from architect_review.evidence.lookups import Look
from architect_review.ports import Reviewer
from architect_review.preparation import Prepared
from architect_review.prompt.answer import Answer
from architect_review.prompt.expected import T
from architect_review.prompt.request import ModelRequest
from architect_review.review.reply import Reply, Usage

NOWHERE = (
    "a batch (`batch`) that is not answered when the run ends is paid for, and nothing "
    "would remember it: give {option}"
)
STORED = "batch"
"""The key under which the state folder keeps the pending batch."""
LEAST_WAIT = 1.0
_KEY_LENGTH = 16
_PASSING = ("unavailable", "deadline")
"""Failures that pass: what was answered stays to be collected for 29 days."""
_RESERVED = 0.25
"""Part of the run's time that is kept for what follows the batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of this audit. `waiting` are the components it has not answered yet.

    `id` and `keys` are what the next run needs to collect it; "" and none when there
    is nothing to collect. `why` says what is awaited. `prepared` has by name what the
    components were asked about with: it need not be made again.
    """

    id: str = ""
    keys: tuple[str, ...] = ()
    waiting: frozenset[str] = frozenset()
    why: str = ""
    replies: Mapping[str, Sequence[Reply[Answer]]] = field(default_factory=dict)
    prepared: Mapping[str, Prepared] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def answering(self, name: str, direct: Reviewer) -> Reviewer:
        """The reviewer of a component: the batch's answers first, if it has some."""
        replies = self.replies.get(name)
        return direct if replies is None else _Answered(replies, direct)


class _Answered:
    """Gives what a batch has answered to the first requests, and asks the rest."""

    def __init__(self, replies: Sequence[Reply[Answer]], direct: Reviewer) -> None:
        self._replies: Sequence[Reply[Any]] = replies
        self._direct = direct
        self._is_given = False

    def review(
        self, requests: Sequence[ModelRequest[T]], look: Look
    ) -> Sequence[Reply[T]]:
        """The batch's replies; those that failed are asked directly."""
        if self._is_given or len(requests) != len(self._replies):
            return self._direct.review(requests, look)
        self._is_given = True
        pairs = list(zip(requests, self._replies, strict=True))
        answered = [reply for _, reply in pairs if reply.answer is not None]
        failed = [each for each in pairs if each[1].answer is None]
        if not failed:
            return answered
        again = self._direct.review([request for request, _ in failed], look)
        # What the batch took for them is paid for too.
        spent = sum((reply.usage for _, reply in failed), Usage())
        first = replace(again[0], usage=spent + again[0].usage)
        return [*answered, first, *again[1:]]


def batched(
    ground: Ground,
    components: Sequence[Component],
    before: AuditLedger,
    tools: AuditTools,
) -> Batch:
    """Collect the pending batch, or send one, and wait for it as long as there is time.

    Components that a pending batch does not know are left to be asked directly. Raises
    ModelError when the endpoint takes no batches.
    """
    ready = {
        each.name: prepared(ground, each, before.as_ledger(set(each.paths)))
        for each in components
    }
    asked = {name: _requests(ground, name, each) for name, each in ready.items()}
    batch = _sent(ground, asked, before, tools) if any(asked.values()) else Batch()
    return replace(batch, prepared=ready)


def _sent(
    ground: Ground,
    asked: Mapping[str, Mapping[str, ModelRequest[Answer]]],
    before: AuditLedger,
    tools: AuditTools,
) -> Batch:
    """The batch of all these requests, by component: collected, or to be collected."""
    every = {name: one for own in asked.values() for name, one in own.items()}
    batches = tools.batches(ground.policy.settings)
    pending = _pending(before, tools)
    if not set(pending.keys) & set(every):
        # It was about other content: its answers are worth nothing now.
        pending = Batch(batches.submit(every), tuple(every))
        _keep(pending, tools)
    known = {name: one for name, one in every.items() if name in pending.keys}
    why = "is not answered yet"
    try:
        found = batches.collect(pending.id, known, _wait(ground, tools))
    except ModelError as error:
        if error.kind not in _PASSING:
            _keep(Batch(), tools)
            note = f"the batch {pending.id} was given up: {error.detail}"
            return Batch(notes=(note,))
        found = None
        if error.kind != "deadline":
            why = f"could not be collected ({error.detail})"
    if found is None:
        return Batch(
            pending.id,
            pending.keys,
            frozenset(name for name, own in asked.items() if set(own) & set(known)),
            f"the batch {pending.id} {why}; the next run collects it",
        )
    _keep(Batch(), tools)
    return Batch(replies=_by_component(asked, found))


def _by_component(
    asked: Mapping[str, Mapping[str, ModelRequest[Answer]]],
    found: Mapping[str, Reply[Answer]],
) -> dict[str, list[Reply[Answer]]]:
    """The replies of each component that has all of them, in its requests' order."""
    return {
        name: [found[one] for one in own]
        for name, own in asked.items()
        if own and set(own) <= set(found)
    }


def _requests(
    ground: Ground, name: str, ready: Prepared
) -> dict[str, ModelRequest[Answer]]:
    """The component's requests, by names that are the same in the next run."""
    key = ground.keys[name][:_KEY_LENGTH]
    return {f"{key}-{at}": one for at, one in enumerate(ready.plan.requests)}


def _pending(before: AuditLedger, tools: AuditTools) -> Batch:
    """The batch that was sent and not collected, by the state folder or the record."""
    try:
        kept = json.loads(tools.store.load(STORED) or "{}")
        return Batch(str(kept["id"]), tuple(map(str, kept["keys"])))
    except (ValueError, KeyError, TypeError, RecursionError):
        return Batch(before.batch, before.batch_keys)


def _keep(batch: Batch, tools: AuditTools) -> None:
    told = {"id": batch.id, "keys": list(batch.keys)} if batch.id else {}
    tools.store.save(STORED, json.dumps(told))


def _wait(ground: Ground, tools: AuditTools) -> float:
    """Seconds to wait for the batch."""
    left = ground.policy.settings.deadline_minutes * 60 - tools.tools.elapsed()
    return max(LEAST_WAIT, left * (1 - _RESERVED))
