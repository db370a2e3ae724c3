"""Comparisons: what is worse, what was gained and lost, and what cannot be compared."""

from typing import Any

import pytest

from architect_review.errors import SettingsError
from architect_review.evaluation.comparison import CaseChange, compare
from architect_review.evaluation.results import parse, prompts_digest
from architect_review.evaluation.table import difference, table
from evaluation.sample import a_result, results

GOLDEN: list[dict[str, Any]] = [
    {"id": "g1", "tier": "A", "severity": "high", "competency": "database"},
    {"id": "g2", "tier": "A", "severity": "low", "competency": "security"},
    {"id": "g3", "tier": "B", "severity": "low", "competency": "security"},
]
ONE = a_result("one", "g1", "", golden=GOLDEN)
CONTROL = a_result("control", is_control=True)
BEFORE = results(ONE, CONTROL)


def worse(**changes: object) -> list[str]:
    """The names of the figures that are worse when this changed about a case."""
    found = changes.pop("found", ("g1", ""))
    assert isinstance(found, tuple)
    tolerance = changes.pop("tolerance", 0.0)
    assert isinstance(tolerance, float)
    after = results(a_result("one", *found, golden=GOLDEN, **changes), CONTROL)
    comparison = compare(BEFORE, after, tolerance)
    assert comparison.is_worse is any(each.is_worse for each in comparison.figures)
    return [each.name for each in comparison.figures if each.is_worse]


def test_the_same_results_are_not_worse_and_have_no_differences() -> None:
    comparison = compare(BEFORE, BEFORE)

    assert not comparison.is_worse
    assert comparison.cases == ()
    assert {each.difference for each in comparison.figures} == {0}


def test_a_lost_defect_is_worse() -> None:
    assert worse(found=("g3", "")) == ["recall"]


def test_one_more_finding_without_a_defect_is_worse() -> None:
    assert worse(found=("g1", "", "")) == ["precision"]


def test_a_wrong_verdict_on_a_major_change_is_worse() -> None:
    assert worse(is_major=True) == ["major accuracy"]


def test_a_finding_on_a_control_is_worse() -> None:
    loud = a_result("control", "", is_control=True)

    comparison = compare(BEFORE, results(ONE, loud))

    assert [each.name for each in comparison.figures if each.is_worse] == [
        "precision", "findings a control",
    ]  # fmt: skip


def test_more_cost_and_time_is_told_and_is_not_worse() -> None:
    assert worse(cost_usd=9.0, seconds=99.0) == []


def test_what_is_within_the_tolerance_is_not_worse() -> None:
    assert worse(found=("g1", "", ""), tolerance=0.17) == []
    assert worse(found=("g1", "", ""), tolerance=0.16) == ["precision"]


def test_gains_and_losses_are_told_case_by_case_even_when_they_even_out() -> None:
    after = results(a_result("one", "g2", "", "", golden=GOLDEN), CONTROL)

    (change,) = compare(BEFORE, after, 1.0).cases

    assert change == CaseChange(
        id="one", gained=("g2",), lost=("g1",), unmatched=1, major="", failed=""
    )


def test_a_case_that_failed_is_worse_whatever_the_tolerance() -> None:
    failed = a_result("control", is_control=True, outcome="failed", why="down")

    comparison = compare(BEFORE, results(ONE, failed), 1.0)

    assert comparison.is_worse
    assert [(each.id, each.failed) for each in comparison.cases] == [
        ("control", "down")
    ]


def test_a_case_that_was_left_out_is_worse_and_named() -> None:
    comparison = compare(BEFORE, results(ONE))

    assert comparison.is_worse
    assert comparison.missing == ("control",)
    assert not compare(BEFORE.only(["one"]), results(ONE)).is_worse


def test_figures_are_compared_over_the_cases_that_both_have() -> None:
    more = a_result("two", golden=GOLDEN)

    comparison = compare(BEFORE, results(ONE, CONTROL, more))

    assert not comparison.is_worse
    assert comparison.added == ("two",)


@pytest.mark.parametrize("changed", [{"digest": "e"}, {"head": "i"}, {"base": "c"}])
def test_a_case_that_was_changed_in_between_is_not_compared(
    changed: dict[str, str],
) -> None:
    other = a_result("control", is_control=True, **changed)

    with pytest.raises(SettingsError, match="control was changed"):
        compare(BEFORE, results(ONE, other))


def test_results_without_a_common_case_are_not_compared() -> None:
    with pytest.raises(SettingsError, match="no case in common"):
        compare(BEFORE, results(a_result("two")))


def test_another_judge_is_told() -> None:
    after = results(ONE, CONTROL, by="model", model="m", version=1, prompt="x")

    assert "judged differently" in compare(BEFORE, after).notes[0]
    assert compare(BEFORE, results(CONTROL, ONE, by="nobody")).notes == ()


def test_stored_figures_are_made_again_from_the_cases() -> None:
    text = BEFORE.model_dump_json()
    assert '"precision":{"count":1,"of":2,"share":0.5}' in text
    forged = text.replace('"share":0.5', '"share":1.0')

    assert parse(forged, "results.json") == BEFORE


def test_results_that_cannot_be_read_are_named() -> None:
    with pytest.raises(SettingsError, match=r"results.json at `made_at`"):
        parse("{}", "results.json")


def test_the_prompts_digest_depends_on_the_agent() -> None:
    assert prompts_digest("Be strict.") == prompts_digest("Be strict.")
    assert prompts_digest("Be strict.") != prompts_digest("Be kind.")


def test_a_title_cannot_steer_the_terminal_or_the_runner() -> None:
    bad = a_result("one", "", golden=GOLDEN, why="\x1b[31m", outcome="partial")
    finding = bad.findings[0].model_copy(update={"title": "x\n::error::\x1b[2J"})
    shown = table(results(bad.model_copy(update={"findings": (finding,)}), CONTROL))

    assert "\x1b" not in shown
    assert "\n::error::" not in shown


def test_a_comparison_says_what_is_worse() -> None:
    after = results(a_result("one", golden=GOLDEN), CONTROL)

    shown = difference(compare(BEFORE, after))

    assert "recall                    0.500      0.000     -0.500  worse" in shown
    assert "one lost g1 -1 without a known defect" in shown
    assert shown.endswith("Worse than before.\n")
