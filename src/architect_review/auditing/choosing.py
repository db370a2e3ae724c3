"""Which components a run asks about: the riskiest first, within the budget."""

from collections.abc import Mapping, Sequence

from architect_review.audit.components import Component, ComponentKind
from architect_review.audit.survey import Facts
from architect_review.auditing.ground import Ground
from architect_review.auditing.reviewing import estimated
from architect_review.auditing.tools import Crew
from architect_review.ports import Progress
from architect_review.prompt.affordable import LEFT_OUT, SHARE
from architect_review.prompt.estimate import Estimate

SYNTHESIS_SHARE = 0.85
"""Part of the budget that components may take; the rest is for the synthesis."""
_ORDER = list(ComponentKind)


def risk(facts: Facts) -> tuple[int, int, str]:
    """Sorts the components that are asked about first before the others."""
    has_major = any(signal.is_major for signal in facts.signals)
    weight = 0 if has_major else 1 if facts.signals else 2
    return weight, _ORDER.index(facts.component.kind), facts.component.name


def estimates(
    ground: Ground, components: Sequence[Component], crew: Crew, progress: Progress
) -> dict[str, Estimate]:
    """What the review of each component is likely to cost, by name."""
    if not components:
        return {}
    progress.step(f"planning {len(components)} components")
    found = crew.each(lambda each: estimated(ground, each), components)
    return {
        each.name: estimate for each, estimate in zip(components, found, strict=True)
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
    factor = 0.5 if settings.batch else 1.0
    for each in ordered:
        with_it = total + costs[each.name]
        is_dear = (
            with_it.usd * factor > settings.max_cost_usd * SHARE * SYNTHESIS_SHARE
            or with_it.unpriced_tokens > settings.max_tokens * SHARE * SYNTHESIS_SHARE
        )
        # One is always asked about: the bound before each call then decides.
        if is_dear and total.requests:
            left[each.name] = LEFT_OUT
            continue
        taken.append(each)
        total = with_it
    return tuple(taken), left
