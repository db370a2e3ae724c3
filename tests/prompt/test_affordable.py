"""A plan is made cheaper in declared steps until it is likely to fit."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.change.change import Change
from architect_review.change.diff import (
    Diff,
    FileChange,
    FileStatus,
    Hunk,
    Line,
    LineKind,
)
from architect_review.prompt.affordable import LEFT_OUT, affordable
from architect_review.prompt.plan import Plan
from architect_review.request.policy import Policy, load
from architect_review.signals import Signals
from architect_review.vocabulary import Depth, How
from builders import a_change

OWN = "prices: {my-model: {input: 2, output: 10}}"


def a_policy(file: str = "", **inputs: Any) -> Policy:
    texts = {".github/architect-review.yml": file}
    return load(
        {name.replace("_", "-"): str(value) for name, value in inputs.items()},
        lambda paths: {path: texts[path] for path in paths if path in texts},
        {},
    )


def a_change_of(parts: int, rows: int = 100) -> Change:
    """Each file fills most of a request."""
    lines = tuple(Line(LineKind.ADDED, "x" * 900, None, at + 1) for at in range(rows))
    hunk = Hunk(0, 0, 1, rows, "", lines)
    return a_change(
        diff=Diff(
            tuple(
                FileChange(f"app/f{at:02}.py", FileStatus.ADDED, None, (hunk,))
                for at in range(parts)
            )
        )
    )


def planned(parts: int, policy: Policy) -> Plan:
    return affordable(a_change_of(parts), Signals(), policy, {})


def test_a_plan_that_fits_is_left_alone() -> None:
    found = planned(3, a_policy(depth="deep", max_cost_usd=50))
    assert (found.steps, found.depth.depth) == ((), Depth.DEEP)
    assert len(found.requests) == 12


def test_passes_are_given_up_first() -> None:
    deep = planned(3, a_policy(depth="deep", max_cost_usd=50))
    bound = round(deep.estimate.usd * 0.6, 2)
    found = planned(3, a_policy(depth="deep", max_cost_usd=bound))
    assert found.depth.depth is Depth.STANDARD
    assert found.estimate.usd <= bound
    (step,) = found.steps
    assert step.startswith("The review is `standard` instead of `deep`: likely to cost")
    assert f"with ${bound:.2f} allowed (`max-cost-usd`)" in step
    assert not any(each.is_gap for each in found.coverage)


def test_then_a_smaller_model_verifies() -> None:
    quick = planned(3, a_policy(depth="quick", max_cost_usd=50))
    bound = quick.estimate.usd - 0.005
    found = planned(3, a_policy(depth="quick", max_cost_usd=bound))
    assert found.verifier.model == "claude-haiku-5-5"
    assert found.estimate.usd <= bound
    (step,) = found.steps
    assert step.startswith(
        "Findings are verified by claude-haiku-5-5 instead of claude-sonnet-5-5: "
    )


def test_then_the_least_risky_files_are_left_out_and_named() -> None:
    found = planned(12, a_policy(depth="deep", max_cost_usd=0.5))
    assert found.depth.depth is Depth.QUICK
    assert found.verifier.model == "claude-haiku-5-5"
    assert found.estimate.usd <= 0.5
    read = [each.path for each in found.coverage if each.how is How.READ]
    assert read == [f"app/f{at:02}.py" for at in range(len(found.requests))]
    assert 1 < len(read) < 12
    lost = [each for each in found.coverage if each.how is How.LEFT_OUT]
    assert {(each.reason, each.left_out, each.is_gap) for each in lost} == {
        (LEFT_OUT, 100, True)
    }
    assert found.steps[-1].startswith(
        f"{len(lost)} of the least risky files are not read, {100 * len(lost):,} "
        "changed lines in all: likely to cost"
    )
    assert LEFT_OUT in found.requests[0].shared


def test_one_part_is_planned_whatever_it_costs() -> None:
    found = planned(3, a_policy(max_cost_usd=0.001))
    assert len(found.requests) == 1
    assert found.estimate.usd > 0.001


def test_a_model_without_a_price_is_held_to_its_tokens() -> None:
    found = planned(12, a_policy(model="my-model", max_tokens=300_000))
    assert 0 < found.estimate.unpriced_tokens <= 300_000
    assert found.estimate.usd == 0
    assert "with 300,000 allowed (`max-tokens`)" in found.steps[-1]
    assert len(found.requests) < 12


def test_a_stated_price_makes_the_budget_hold() -> None:
    priced = planned(12, a_policy(OWN, model="my-model", max_cost_usd=0.5))
    assert priced.estimate.unpriced_tokens == 0
    assert 0 < priced.estimate.usd <= 0.5
    assert "`max-cost-usd`" in priced.steps[-1]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 8), st.floats(0.01, 3), st.sampled_from(["auto", "deep"]))
def test_whatever_the_budget_every_line_is_accounted_for(
    parts: int, usd: float, depth: str
) -> None:
    found = planned(parts, a_policy(max_cost_usd=usd, depth=depth))
    for each in found.coverage:
        assert each.sent + each.summarised + each.left_out == each.changed == 100
    assert found.estimate.usd <= usd or len({r.part for r in found.requests}) == 1
    assert sum(each.sent for each in found.coverage) == 100 * len(
        {path for request in found.requests for path in request.paths}
    )
