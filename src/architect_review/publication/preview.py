"""A dry run: everything that would be sent, its size and what it may cost."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from architect_review.evidence.lookups import TOOLS
from architect_review.prompt.answer import Answer
from architect_review.prompt.plan import Plan
from architect_review.prompt.request import ModelRequest
from architect_review.request.policy import Policy
from architect_review.templating import text

Request = ModelRequest[Answer]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request, its place in the order of sending, and its first call's worst case."""

    number: int
    request: Request
    usd: float | None


def preview(plan: Plan, policy: Policy) -> str:
    """The plan as Markdown, word for word; what several requests share once."""
    requests = plan.requests
    asked = [
        _Asked(number, each, _worst(each, policy))
        for number, each in enumerate(requests, 1)
    ]
    systems = {(each.agent, each.system): each for each in requests}
    parts: dict[str, list[_Asked]] = {}
    for each in asked:
        parts.setdefault(each.request.part, []).append(each)
    return text(
        "preview.md.j2",
        plan=plan,
        policy=policy,
        has_price=policy.prices.of(policy.model) is not None,
        speakers=list(systems.values()),
        parts=parts,
        tools=TOOLS if any(each.lookups for each in requests) else (),
        to_json=_to_json,
        schema=_schema(requests),
    )


def _worst(request: Request, policy: Policy) -> float | None:
    known = policy.prices.of(request.model)
    return known.worst_case(request.input_bound, request.max_tokens) if known else None


def _schema(requests: Sequence[Request]) -> str:
    return _to_json(requests[0].expected.schema()) if requests else ""


def _to_json(value: object) -> str:
    return json.dumps(value, indent=1)
