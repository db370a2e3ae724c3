"""Which components a run asks about: the riskiest first, within the budget."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from architect_review.audit.components import Component, ComponentKind
from architect_review.audit.survey import Facts
from architect_review.auditing.ground import Ground
from architect_review.auditing.reviewing import estimated
from architect_review.auditing.tools import Crew
from architect_review.ports import Progress
from architect_review.prompt.affordable import LEFT_OUT, SHARE
from architect_review.prompt.estimate import Estimate
from architect_review.request.settings import Settings

SYNTHESIS_SHARE = 0.85
"""Part of the budget that components may take; the rest is for the synthesis."""
BATCH_RATE = 0.5
"""What a batch costs of what the same costs directly."""
_ORDER = list(ComponentKind)


def risk(facts: Facts) -> tuple[int, int, str]:
    """Sorts the components that are asked about first before the others."""
    has_major = any(signal.is_major for signal in facts.signals)
    weight = 0 if has_major else 1 if facts.signals else 2
    return weight, _ORDER.index(facts.component.kind), facts.component.name


def estimates(
    ground: Ground, components: Sequence[Component], crew: Crew, progress: Progress
) -> dict[str, Estimate]:
    """What the review of each component is likely to cost, by name.

    By a batch that is half, but for its worst case: what a batch could not answer is
    asked directly.
    """
    if not components:
        return {}
    progress.step(f"planning {len(components)} components")
    found = crew.each(lambda each: estimated(ground, each), components)
    rate = BATCH_RATE if ground.policy.settings.batch else 1.0
    return {
        each.name: replace(estimate, usd=estimate.usd * rate)
        for each, estimate in zip(components, found, strict=True)
    }


def chosen(
    ground: Ground, components: Sequence[Component], costs: Mapping[str, Estimate]
) -> tuple[tuple[Component, ...], dict[str, str]]:
    """The components to ask about, riskiest first; why the others are left out."""
    settings = ground.policy.settings
    ordered = sorted(components, key=lambda each: risk(ground.facts(each.name)))
    taken: list[Component] = []
    left: dict[str, str] = {}
    total = Estimate()
    for each in ordered:
        with_it = total + costs[each.name]
        is_dear = (
            with_it.usd > settings.max_cost_usd * SHARE * SYNTHESIS_SHARE
            or with_it.unpriced_tokens > settings.max_tokens * SHARE * SYNTHESIS_SHARE
        )
        # One is always asked about: the bound before each call then decides.
        if is_dear and total.requests:
            left[each.name] = LEFT_OUT
            continue
        taken.append(each)
        total = with_it
    return tuple(taken), left


def spending(asked: Sequence[Estimate], settings: Settings, left: int) -> str:
    """Say what asking will likely take; `left` components are not asked about.

    What needs no reader is not counted.
    """
    total = sum(asked, Estimate())
    count = sum(each.requests > 0 for each in asked)
    bounds = []
    if total.usd or not total.unpriced_tokens:
        bounds.append(f"${total.usd:.2f} of ${settings.max_cost_usd:.2f}")
    if total.unpriced_tokens:
        tokens = f"{total.unpriced_tokens:,} of {settings.max_tokens:,} tokens"
        bounds.append(tokens)
    of = f" of {count + left}" if left else ""
    noun = "component" if count + left == 1 else "components"
    return f"asking about {count}{of} {noun}, likely {' and '.join(bounds)} allowed"
