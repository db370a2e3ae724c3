"""Cases: what is read of their files, and what is said of one that cannot be used."""

import json

import pytest

from architect_review.errors import SettingsError
from architect_review.evaluation.cases import Major, Tier, parse
from architect_review.vocabulary import Severity
from evaluation.sample import a_case, a_case_text, a_golden


def test_a_case_is_read_and_keys_it_does_not_know_are_passed_over() -> None:
    written = a_golden(evidence=["fix 1"], locations=[{"path": "x"}])
    text = a_case_text(written, diffstat={}, split="dev")

    case = parse(text, "cases/one.json")

    assert case.pr_title == "Change it"
    assert case.major_change is Major.FALSE
    (golden,) = case.golden
    assert (golden.tier, golden.severity) == (Tier.A, Severity.HIGH)
    assert (golden.path, golden.start_line, golden.end_line) == ("app/pool.py", 3, 4)


@pytest.mark.parametrize("written", [True, "true", "True"])
def test_major_change_may_be_a_word_or_a_truth_value(written: object) -> None:
    assert a_case(major_change=written).major_change is Major.TRUE


def test_without_commits_the_refs_of_the_repository_are_compared() -> None:
    case = a_case()

    assert (case.base, case.head) == ("refs/heads/main", "refs/pull/1/head")
    assert a_case(base_sha="a" * 40).base == "a" * 40


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "one.json: "),
        ("[]", "one.json: "),
        (a_case_text(major_change="perhaps"), "one.json at `major_change`"),
        (a_case_text(base_sha="main"), "one.json at `base_sha`"),
        (a_case_text(a_golden(tier="C")), "one.json at `golden.0.tier`"),
        (a_case_text(a_golden(severity="bad")), "one.json at `golden.0.severity`"),
        (a_case_text(a_golden(), a_golden()), "two of `golden` have the id g1"),
        (a_case_text(a_golden(), is_control=True), "a control has no `golden`"),
        (a_case_text(id="../up"), "one.json at `id`"),
        (a_case_text(id="other"), "call it other.json"),
    ],
)
def test_a_case_that_cannot_be_used_is_named_with_its_field(
    text: str, said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(text, "one.json")

    assert said in str(caught.value)


def test_the_digest_tells_cases_apart_that_cannot_be_compared() -> None:
    case = a_case(a_golden())

    assert case.digest == a_case(a_golden(description="Put otherwise.")).digest
    assert case.digest != a_case(a_golden(tier="B")).digest
    assert case.digest != a_case(a_golden(), pr_title="Change that").digest
    assert case.digest != a_case(a_golden(), major_change="true").digest


def test_a_required_field_that_is_absent_is_named() -> None:
    whole = json.loads(a_case_text())
    for field in ("id", "pr_title", "major_change"):
        text = json.dumps({key: value for key, value in whole.items() if key != field})
        with pytest.raises(SettingsError, match=f"one.json at `{field}`"):
            parse(text, "one.json")
