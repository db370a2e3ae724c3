"""How an audit would be done: its components, its parts, its likely cost."""

from collections.abc import Mapping
from math import ceil

from architect_review.audit.dividing import divide
from architect_review.audit_report.plan import (
    AuditPlan,
    Matrix,
    PlannedComponent,
    PlannedPart,
)
from architect_review.auditing.choosing import SYNTHESIS_SHARE, estimates
from architect_review.auditing.ground import Ground, read_ground
from architect_review.auditing.tools import AuditTools
from architect_review.prompt.affordable import SHARE
from architect_review.prompt.estimate import Estimate
from architect_review.request.audits import PARTS_LIMIT, AuditRequest

COMPONENTS_OF_A_PART = 25
"""More take one job longer than people wait."""


def plan(
    request: AuditRequest,
    inputs: Mapping[str, str],
    pins: Mapping[str, str],
    tools: AuditTools,
) -> AuditPlan:
    """Divide the work; nobody is asked. Raises ArchitectError."""
    ground = read_ground(request, inputs, pins, tools)
    components = ground.components
    costs = estimates(ground, components, tools.crew, tools.tools.progress)
    total = sum(costs.values(), Estimate())
    count = request.share.count or _fitting(ground, total)
    by_name = {each.name: each for each in components}
    parts = divide(components, count)
    return AuditPlan(
        repository=ground.whole.repository,
        scope=ground.scope,
        head=ground.whole.head_sha,
        usd=round(total.usd, 2),
        unpriced_tokens=total.unpriced_tokens,
        max_cost_usd=ground.policy.settings.max_cost_usd,
        max_tokens=ground.policy.settings.max_tokens,
        components=tuple(
            PlannedComponent(
                name=each.name,
                kind=each.kind,
                files=len(each.paths),
                bytes=each.size,
                usd=round(costs[each.name].usd, 4),
            )
            for each in components
        ),
        matrix=Matrix(
            include=tuple(
                PlannedPart(
                    part=f"{at}/{count}",
                    components=names,
                    files=sum(len(by_name[name].paths) for name in names),
                    usd=round(sum(costs[name].usd for name in names), 2),
                )
                for at, names in enumerate(parts, 1)
            )
        ),
    )


def _fitting(ground: Ground, total: Estimate) -> int:
    """As many parts as keep each within the budget and within a while."""
    most = ground.policy.settings.max_cost_usd * SHARE * SYNTHESIS_SHARE
    by_cost = ceil(total.usd / most)
    by_count = ceil(len(ground.components) / COMPONENTS_OF_A_PART)
    return min(PARTS_LIMIT, max(1, by_cost, by_count))
