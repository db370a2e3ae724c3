"""How an audit's work divides, for a matrix of jobs."""

from typing import Literal

from architect_review.audit.components import ComponentKind
from architect_review.publication.markdown import Markdown
from architect_review.publication.rendering import render
from architect_review.report.part import Part

LISTED = 200
"""Components that a step summary lists."""


class PlannedComponent(Part):
    """A component and what asking about it is likely to cost, in US dollars."""

    name: str
    kind: ComponentKind
    files: int
    bytes: int
    usd: float


class PlannedPart(Part):
    """One job: `part` is what it is started with, such as `3/12`."""

    part: str
    components: tuple[str, ...]
    files: int
    usd: float


class Matrix(Part):
    """What `strategy.matrix` of a workflow takes."""

    include: tuple[PlannedPart, ...]


class AuditPlan(Part):
    """The whole plan. `head` is the commit that every part has to audit.

    `usd` is what all parts are likely to cost but for models without a price, whose
    likely tokens are `unpriced_tokens`; `max_cost_usd` and `max_tokens` bound one run.
    """

    version: Literal[1] = 1
    repository: str
    scope: str
    head: str
    usd: float
    unpriced_tokens: int
    max_cost_usd: float
    max_tokens: int
    components: tuple[PlannedComponent, ...]
    matrix: Matrix


def plan_markdown(plan: AuditPlan, *, is_dry_run: bool) -> Markdown:
    """The plan for a step summary, the dearest components first."""
    parts = plan.matrix.include
    ordered = sorted(plan.components, key=lambda each: (-each.usd, each.name))
    over = plan.usd > plan.max_cost_usd or plan.unpriced_tokens > plan.max_tokens
    return render(
        "audit-plan.md.j2",
        links=lambda url: False,
        plan=plan,
        parts=parts,
        components=ordered[:LISTED],
        more=max(0, len(ordered) - LISTED),
        is_dry_run=is_dry_run,
        is_too_much=over and len(parts) < 2,
    )
