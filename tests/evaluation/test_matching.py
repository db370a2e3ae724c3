"""Verdicts: written by people or by a judge, never guessed."""

import json
from typing import Any

import pytest

from architect_review.errors import ModelError, SettingsError
from architect_review.evaluation import judge
from architect_review.evaluation.judge import JUDGEMENT
from architect_review.evaluation.judged import CaseResult, Outcome, published
from architect_review.evaluation.matching import file_of, matched, parse, unjudged
from architect_review.report.report import Report
from architect_review.vocabulary import Status
from evaluation.sample import a_case, a_finding, a_golden

CASE = a_case(a_golden("g1"), a_golden("g2", "B"))
FINDINGS = [a_finding("aa"), a_finding("bb"), a_finding("cc")]


def test_a_verdict_is_found_by_fingerprint_or_by_exact_title() -> None:
    text = json.dumps(
        {"aa": "g1", "Title of bb": {"golden": "g2", "reason": "Same."}, "cc": ""}
    )

    found = matched(CASE, FINDINGS, parse(text, "one.json", CASE))

    assert [each.golden for each in found] == ["g1", "g2", ""]
    assert found[1].reason == "Same."


def test_a_finding_without_a_verdict_is_an_error_and_not_a_guess() -> None:
    verdicts = parse('{"aa": "g1", "bb": null}', "one.json", CASE)

    assert unjudged(CASE, FINDINGS, verdicts) == (FINDINGS[1], FINDINGS[2])
    with pytest.raises(SettingsError, match="no verdict for 'Title of bb'"):
        matched(CASE, FINDINGS, verdicts)


def test_what_is_to_be_filled_in_keeps_what_is_known() -> None:
    verdicts = parse('{"Title of aa": "g1"}', "one.json", CASE)

    written = json.loads(file_of(FINDINGS, verdicts))

    assert written["aa"] == {"golden": "g1", "title": "Title of aa", "reason": ""}
    assert written["bb"]["golden"] is None
    assert "Title of aa" not in written


def test_a_written_file_is_read_back_as_the_same_verdicts() -> None:
    verdicts = parse('{"aa": "g1", "bb": "", "cc": "g2"}', "one.json", CASE)

    again = parse(file_of(FINDINGS, verdicts), "one.json", CASE)

    assert matched(CASE, FINDINGS, again) == matched(CASE, FINDINGS, verdicts)


def test_where_there_is_no_known_defect_nobody_needs_to_judge() -> None:
    control = a_case(is_control=True)

    assert unjudged(control, FINDINGS, {}) == ()
    assert [each.golden for each in matched(control, FINDINGS, {})] == ["", "", ""]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"aa": "g7"}', "one.json at `aa`: 'g7' is no golden of this case"),
        ('{"aa": 7}', "one.json at `aa`"),
        ('{"aa": {"reason": "x"}}', "one.json at `aa.golden`"),
        ("[]", "one.json"),
        ("{", "one.json"),
    ],
)
def test_a_verdict_file_that_cannot_be_used_is_named(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(text, "one.json", CASE)

    assert said in str(caught.value)


def answer(*matches: dict[str, str]) -> Any:
    return JUDGEMENT.read(json.dumps({"matches": matches})).answer


def says(finding: str, golden: str) -> dict[str, str]:
    return {"finding": finding, "reason": "Because.", "golden": golden}


def test_the_judges_verdicts_are_kept_by_fingerprint() -> None:
    said = answer(says("F3", ""), says("F1", "g1"), says(" F2 ", "g2"))

    verdicts = judge.verdicts(CASE, FINDINGS, said)

    assert {key: each.golden for key, each in verdicts.items()} == {
        "aa": "g1", "bb": "g2", "cc": "",
    }  # fmt: skip
    assert verdicts["aa"].reason == "Because."


def test_a_judge_that_leaves_one_out_or_makes_one_up_has_not_judged() -> None:
    with pytest.raises(ModelError, match="said nothing of 'Title of bb'"):
        judge.verdicts(CASE, FINDINGS, answer(says("F1", "g1")))
    with pytest.raises(ModelError, match="unknown defect g9"):
        judge.verdicts(CASE, FINDINGS[:1], answer(says("F1", "g9")))


def test_the_judge_is_shown_defects_and_findings_and_looks_nothing_up() -> None:
    request = judge.request(CASE, FINDINGS, "m")

    start = request.question.index("{")
    material = json.loads(request.question[start : request.question.rindex("}") + 1])
    assert material["known_defects"][0] == {
        "id": "g1",
        "description": "It breaks.",
        "path": "app/pool.py",
        "lines": "3-4",
    }
    assert [each["finding"] for each in material["findings"]] == ["F1", "F2", "F3"]
    assert material["findings"][1]["title"] == "Title of bb"
    assert material["findings"][1]["lines"] == "3"
    # The tier would tell the judge which answer is wished for.
    assert "tier" not in request.question
    assert request.lookups == 0


def test_the_judges_prompt_is_frozen() -> None:
    """Another wording judges otherwise: raise JUDGE_VERSION with this digest."""
    assert judge.JUDGE_VERSION == 1
    assert (
        judge.digest()
        == "e2e3f0b44f29ac9b8ca4bffa1c9e031fc99266c8b75e50233e50dcd616422340"
    )


def test_only_what_was_said_is_published() -> None:
    report = Report.ended(Status.REVIEWED, "").model_copy(
        update={"findings": (FINDINGS[0], a_finding("dd", fate="withheld", name=""))}
    )

    assert published(report) == (FINDINGS[0],)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (Status.REVIEWED, Outcome.COMPLETE),
        (Status.SIGNALS_ONLY, Outcome.COMPLETE),
        (Status.PARTIAL, Outcome.PARTIAL),
        (Status.SKIPPED, Outcome.FAILED),
        (Status.FAILED, Outcome.FAILED),
    ],
)
def test_how_a_review_ended_is_how_its_case_counts(
    status: Status, outcome: Outcome
) -> None:
    verdicts = parse('{"aa": "g1"}', "one.json", CASE)
    report = Report.ended(status, "because")
    result = CaseResult.of(CASE, report, matched(CASE, FINDINGS[:1], verdicts))

    assert result.outcome is outcome
    assert bool(result.found) is (outcome is not Outcome.FAILED)
    if outcome is Outcome.FAILED:
        assert result.why == "because"
        assert result.is_right_on_major is False


def test_findings_that_got_no_verdict_fail_their_case() -> None:
    report = Report.ended(Status.REVIEWED, "").model_copy(
        update={"findings": tuple(FINDINGS), "seconds": 4.5}
    )

    result = CaseResult.unjudged(CASE, report, "the judge is down")

    assert result.outcome is Outcome.FAILED
    assert result.why == "the judge is down"
    assert result.findings == ()
    assert result.seconds == 4.5
