"""A plan as a step summary shows it."""

from typing import Any

from architect_review.audit.components import ComponentKind
from architect_review.audit_report.plan import (
    LISTED,
    AuditPlan,
    Matrix,
    PlannedComponent,
    PlannedPart,
    plan_markdown,
)
from oracles.markdown import images, links, live_mentions, raw_tags

HOSTILE = 'a|b`@octo <b> ![i](https://evil.example/?x)"#1'


def a_plan(
    parts: int = 1, names: tuple[str, ...] = ("shop",), **facts: Any
) -> AuditPlan:
    components = tuple(
        PlannedComponent(
            name=name, kind=ComponentKind.PACKAGE, files=2, bytes=9, usd=at / 100
        )
        for at, name in enumerate(names, 1)
    )
    include = tuple(
        PlannedPart(part=f"{at}/{parts}", components=names, files=2, usd=0.2)
        for at in range(1, parts + 1)
    )
    values = {
        "repository": "octo/project",
        "scope": "repository",
        "head": "1" * 40,
        "usd": 1.2,
        "unpriced_tokens": 0,
        "max_cost_usd": 5.0,
        "max_tokens": 3_000_000,
        "components": components,
        "matrix": Matrix(include=include),
    }
    return AuditPlan.model_validate({**values, **facts})


def test_a_dry_run_says_what_it_would_cost_and_what_is_allowed() -> None:
    shown = plan_markdown(a_plan(), is_dry_run=True)

    assert shown.startswith("# Dry run: nothing was sent\n")
    assert "1 component." in shown
    assert "$1.20. Never more than $5.00" in shown
    assert "| part |" not in shown
    assert "left out" not in shown


def test_what_one_run_cannot_take_is_said() -> None:
    alone, divided = (
        plan_markdown(a_plan(parts, usd=12.0), is_dry_run=True) for parts in (1, 3)
    )

    assert "the least risky components would be left out" in alone
    assert "left out" not in divided
    assert "| `3/3` | 1 | 2 | $0.20 |" in divided


def test_a_model_without_a_price_is_told_in_tokens() -> None:
    free = PlannedComponent(
        name="shop", kind=ComponentKind.PACKAGE, files=2, bytes=9, usd=0
    )
    plan = a_plan(usd=0.0, unpriced_tokens=12_345, components=(free,))

    shown = plan_markdown(plan, is_dry_run=False)

    assert "12,345 tokens" in shown
    assert "3,000,000 tokens (`max-tokens`)" in shown
    assert "| `shop` | package | 2 | not known |" in shown
    assert "$" not in shown


def test_many_components_are_listed_as_far_as_they_are_dear() -> None:
    names = tuple(f"shop/part_{at:03}" for at in range(LISTED + 5))

    shown = plan_markdown(a_plan(names=names), is_dry_run=False)

    assert shown.count("| package |") == LISTED
    assert f"`{names[-1]}`" in shown
    assert f"`{names[0]}`" not in shown
    assert "And 5 more" in shown


def test_no_name_of_the_repository_is_live_in_it() -> None:
    plan = a_plan(names=(HOSTILE,), scope=f"paths: {HOSTILE}")

    shown = plan_markdown(plan, is_dry_run=True)

    assert live_mentions(shown) == []
    assert images(shown) == []
    assert links(shown) == []
    assert raw_tags(shown) == []
