"""All components' reviews: those that were kept, and those that are made now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count

from architect_review.audit.components import Component
from architect_review.audit.dividing import divide
from architect_review.audit.memory import AuditLedger
from architect_review.audit.results import ComponentReview
from architect_review.auditing.batching import Batch, batched
from architect_review.auditing.choosing import chosen, estimates, spending
from architect_review.auditing.ground import Ground
from architect_review.auditing.reviewing import kept, prepared, reviewed, unasked
from architect_review.auditing.tools import AuditTools
from architect_review.ports import Reviewer
from architect_review.preparation import Prepared
from architect_review.prompt.estimate import Estimate
from architect_review.request.audits import AuditRequest, Stage
from architect_review.request.settings import NO_MODEL_KEY

NO_PART = "no part has reviewed it"


@dataclass(frozen=True, slots=True)
class Reviews:
    """A review of every component that this run is about, in their order.

    `estimate` is what asking was likely to cost. `batch` is one that was sent and is
    not answered yet.
    """

    every: tuple[ComponentReview, ...]
    estimate: Estimate = field(default_factory=Estimate)
    batch: Batch = field(default_factory=Batch)


def review_all(
    request: AuditRequest,
    ground: Ground,
    before: AuditLedger,
    reviewer: Reviewer,
    tools: AuditTools,
) -> Reviews:
    """Review what was not reviewed before, as far as the budget and the part go."""
    own = _own(request, ground)
    found = {each.name: kept(ground, each, tools.store) for each in own}
    missing = [each for each in own if found[each.name] is None]
    work = _Work(ground, before, tools, reviewer, len(missing))
    if why := _without_model(request, ground):
        return _put_together(own, found, work.without(missing, why))
    costs = estimates(ground, missing, tools.crew, tools.tools.progress)
    taken, left = chosen(ground, missing, costs)
    asked = [costs[each.name] for each in taken]
    total = sum(asked, Estimate())
    if total.requests:
        told = spending(asked, ground.policy.settings, len(left))
        tools.tools.progress.step(told)
    batch = Batch()
    made: list[ComponentReview] = []
    if taken and ground.policy.settings.batch:
        batch = batched(ground, taken, before, tools)
        waiting = [each for each in taken if each.name in batch.waiting]
        made += work.without(waiting, batch.why)
        taken = tuple(each for each in taken if each.name not in batch.waiting)
    made += work.asked(taken, batch)
    dropped = [each for each in missing if each.name in left]
    made += work.without(dropped, next(iter(left.values()), ""))
    return replace(_put_together(own, found, made), estimate=total, batch=batch)


def _own(request: AuditRequest, ground: Ground) -> tuple[Component, ...]:
    """The components of this run's part, or all."""
    if request.stage is not Stage.PART:
        return ground.components
    share = request.share
    parts = divide(ground.components, share.count)
    if share.number > len(parts):
        # More parts were planned than there is work for: nothing is left to do.
        return ()
    names = set(parts[share.number - 1])
    return tuple(each for each in ground.components if each.name in names)


def _without_model(request: AuditRequest, ground: Ground) -> str:
    """Why no model is asked, "" when one is."""
    if request.stage is Stage.MERGE:
        return NO_PART
    if request.without_model:
        return request.without_model
    has_model = ground.policy.settings.has_model
    return "" if has_model else NO_MODEL_KEY


def _put_together(
    own: Sequence[Component],
    found: Mapping[str, ComponentReview | None],
    made: Sequence[ComponentReview],
) -> Reviews:
    by_name = {each.name: each for each in made}
    return Reviews(tuple(found[each.name] or by_name[each.name] for each in own))


class _Work:
    """Reviews under way, told one by one as they end."""

    def __init__(
        self,
        ground: Ground,
        before: AuditLedger,
        tools: AuditTools,
        reviewer: Reviewer,
        total: int,
    ) -> None:
        self._ground = ground
        self._before = before
        self._at = tools
        self._reviewer = reviewer
        self._total = total
        self._done = count(1)

    def asked(
        self, components: Sequence[Component], batch: Batch
    ) -> list[ComponentReview]:
        """Ask about each, several at a time."""
        return list(self._at.crew.each(partial(self._asked, batch), components))

    def without(
        self, components: Sequence[Component], why: str
    ) -> list[ComponentReview]:
        """What code finds in each."""
        return list(self._at.crew.each(partial(self._unasked, why), components))

    def _asked(self, batch: Batch, component: Component) -> ComponentReview:
        ready = batch.prepared.get(component.name) or self._prepared(component)
        answering = batch.answering(component.name, self._reviewer)
        tools = replace(self._at.tools, reviewer=lambda settings: answering)
        found = reviewed(self._ground, ready, tools, self._at.store)
        how = "reviewed" if found.is_whole else "partly reviewed"
        self._at.tools.progress.step(
            f"{how} {component.name} ({next(self._done)} of {self._total})"
        )
        return found

    def _prepared(self, component: Component) -> Prepared:
        ledger = self._before.as_ledger(set(component.paths))
        return prepared(self._ground, component, ledger)

    def _unasked(self, why: str, component: Component) -> ComponentReview:
        ledger = self._before.as_ledger(set(component.paths))
        ready = unasked(self._ground, component, ledger, why)
        return reviewed(self._ground, ready, self._at.tools, self._at.store)
