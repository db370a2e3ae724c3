"""A dry run: everything that would be sent, its size and what it may cost."""

import json

from architect_review.prompt.plan import Plan
from architect_review.request.models import price
from architect_review.request.policy import Policy
from architect_review.templating import text


def preview(plan: Plan, policy: Policy) -> str:
    """The requests as Markdown, word for word."""
    known = price(policy.model)
    worst = [
        known.worst_case(each.input_bound, each.max_tokens) if known else None
        for each in plan.requests
    ]
    return text(
        "preview.md.j2",
        requests=plan.requests,
        coverage=plan.coverage,
        policy=policy,
        worst=worst,
        schema=json.dumps(plan.requests[0].schema, indent=1) if plan.requests else "",
    )
