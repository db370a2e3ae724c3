"""Every candidate is tried before it is said; a refutation needs a proof too."""

import json
from typing import Any

import pytest

from architect_review.change.diff import FileStatus
from architect_review.errors import ModelError
from architect_review.prompt.coverage import FileCoverage
from architect_review.review.candidates import Claim, candidates
from architect_review.review.finding import Finding
from architect_review.review.judge import Bar, judge
from architect_review.review.ledger import Ledger
from architect_review.review.reply import Reply, Usage
from architect_review.review.verification import (
    TOGETHER,
    VERDICTS,
    Sceptic,
    Verdicts,
    checked,
    doubtful,
    quoted,
    requests,
)
from architect_review.vocabulary import Category, Check, Fate, How, Severity
from builders import a_change, a_diff, a_finding

CHANGE = a_change()
READ = (
    FileCoverage("app/pool.py", FileStatus.MODIFIED, 4, 2, How.READ),
    FileCoverage("old.py", FileStatus.DELETED, 0, 2, How.READ),
)
SCEPTIC = Sceptic("claude-sonnet-5-5", 6, "high", "English")
HEAD = {"app/pool.py": "\n".join(f"line {n}" for n in range(1, 400))}
GUARD = "def stop(self):\n    self.thread.join()\n"


def some(*details: dict[str, Any]) -> tuple[Finding, ...]:
    claims = [Claim(a_finding(**each)) for each in details]
    return candidates(claims, a_diff(), READ, Severity.MEDIUM)


def a_reply(*verdicts: dict[str, Any], paths: tuple[str, ...] = ()) -> Reply[Verdicts]:
    whole = [
        {"why": "It joins itself.", "path": "", "quote": "", "same_as": 0}
        | {"verdict": "confirmed", "severity": "high", **each}
        for each in verdicts
    ]
    answer = Verdicts.model_validate({"verdicts": whole})
    return Reply(paths, answer, None, Usage(calls=1), "claude-sonnet-5-5")


def outcome(found: tuple[Finding, ...], *replies: Reply[Verdicts]) -> list[Finding]:
    texts = {"app/worker.py": GUARD}
    return list(checked(found, doubtful(found, frozenset()), replies, CHANGE, texts))


def published(found: list[Finding]) -> list[Finding]:
    return list(judge(found, Ledger(), Bar(Severity.MEDIUM, 5)))


def test_a_candidate_goes_out_with_its_hunk_a_wider_excerpt_and_no_confidence() -> None:
    (request,) = requests(
        some({}), CHANGE, HEAD, {"app/pool.py": ('{"x": 1}',)}, SCEPTIC
    )
    sent = json.loads(request.part)

    assert [each["path"] for each in sent["diff"]] == ["app/pool.py"]
    around, gathered = sent["evidence"]
    assert around["at"] == "app/pool.py:1-73"
    assert around["lines"][12] == "   13 line 13"
    assert gathered == {"x": 1}
    (candidate,) = sent["candidates"]
    assert candidate["number"] == 1
    assert candidate["scenario"]
    assert "confidence" not in candidate
    assert (request.expected, request.lookups) == (VERDICTS, 6)


def test_candidates_of_one_file_go_together_up_to_a_number() -> None:
    categories = list(Category)[: TOGETHER + 1]
    many = some(*({"category": each} for each in categories), a_removal())

    sent = requests(many, CHANGE, {}, {}, SCEPTIC)

    assert [len(each.candidates) for each in sent] == [TOGETHER, 1, 1]
    numbers = [json.loads(text)["number"] for each in sent for text in each.candidates]
    assert sorted(numbers) == list(range(1, TOGETHER + 3))


def a_removal() -> dict[str, Any]:
    return {"path": "old.py", "quote": "def forgotten():"}


def test_what_is_withheld_made_by_code_or_said_before_is_not_checked() -> None:
    mild, grave = some({"severity": "low"}), some({})
    by_code = candidates(
        [Claim(a_finding(), is_by_code=True)], a_diff(), READ, Severity.MEDIUM
    )

    assert doubtful((*mild, *by_code), frozenset()) == ()
    assert doubtful(grave, frozenset({grave[0].fingerprint})) == ()
    assert doubtful(grave, frozenset()) == grave


def test_a_refuted_candidate_is_withheld_with_the_reason_and_the_place() -> None:
    refuted = {
        "number": 1, "verdict": "refuted", "why": "`stop` joins.",
        "path": "app/worker.py", "quote": "self.thread.join()",
    }  # fmt: skip

    (finding,) = published(outcome(some({}), a_reply(refuted)))

    assert quoted([a_reply(refuted)]) == ("app/worker.py",)
    assert finding.fate is Fate.WITHHELD
    assert finding.check is Check.REFUTED
    assert finding.reason == "refuted: `stop` joins. (app/worker.py:2)"


def test_a_refutation_may_quote_the_change_itself() -> None:
    refuted = {
        "number": 1, "verdict": "refuted", "path": "app/pool.py",
        "quote": "            worker.join(timeout=5)",
    }  # fmt: skip

    (finding,) = outcome(some({}), a_reply(refuted))

    assert finding.check is Check.REFUTED


@pytest.mark.parametrize("quote", ["", "self.thread.explode()", "x"])
def test_a_refutation_without_a_line_that_exists_refutes_nothing(quote: str) -> None:
    refuted = {
        "number": 1, "verdict": "refuted", "path": "app/worker.py", "quote": quote
    }  # fmt: skip

    (finding,) = published(outcome(some({}), a_reply(refuted)))

    assert finding.check is Check.UNPROVEN
    assert finding.fate is Fate.LISTED
    assert "was not found" in finding.reason


def test_an_unproven_candidate_stands_in_the_summary_only() -> None:
    unproven = {"number": 1, "verdict": "Unproven", "why": "Who calls it?"}

    (finding,) = published(outcome(some({}), a_reply(unproven)))

    assert finding.fate is Fate.LISTED
    assert finding.reason == "not proven: Who calls it?"


def test_a_confirmed_candidate_keeps_its_place() -> None:
    (finding,) = published(outcome(some({}), a_reply({"number": "1"})))

    assert (finding.fate, finding.check) == (Fate.INLINE, Check.CONFIRMED)


@pytest.mark.parametrize(
    ("said", "kept"), [("medium", "medium"), ("high", "high"), ("critical", "high")]
)
def test_a_check_lowers_a_severity_and_never_raises_it(said: str, kept: str) -> None:
    (finding,) = outcome(some({}), a_reply({"number": 1, "severity": said}))

    assert finding.severity.value == kept


def test_a_severity_lowered_below_the_bar_withholds_the_finding() -> None:
    lowered = outcome(some({}), a_reply({"number": 1, "severity": "low"}))

    assert published(lowered)[0].fate is Fate.WITHHELD


def test_two_wordings_of_one_problem_are_said_once() -> None:
    two = some({"title": "one"}, {"title": "other", "category": "security"})

    first, second = outcome(two, a_reply({"number": 1}, {"number": 2, "same_as": 1}))

    assert first.fate is Fate.INLINE
    assert second.fate is Fate.WITHHELD
    assert first.title in second.reason


def test_a_check_that_fails_leaves_its_findings_where_they_are_and_says_so() -> None:
    failed: Reply[Verdicts] = Reply(
        ("app/pool.py",), None, ModelError("unavailable", "Nobody there."), Usage(), "m"
    )

    (finding,) = published(outcome(some({}), failed))

    assert finding.fate is Fate.INLINE
    assert finding.check is Check.UNVERIFIED
    assert finding.check_reason == "Nobody there."


def test_a_candidate_that_the_check_leaves_out_is_unverified() -> None:
    (finding,) = outcome(some({}), a_reply({"number": 2}))

    assert finding.check is Check.UNVERIFIED
    assert finding.check_reason == "the check left it out"


def test_a_check_of_one_file_says_nothing_about_another_files_candidates() -> None:
    pool, old = some({}, a_removal())
    refuted = {
        "verdict": "refuted", "path": "app/worker.py", "quote": "self.thread.join()"
    }  # fmt: skip
    both = ({"number": 1, **refuted}, {"number": 2, **refuted})

    found = outcome((pool, old), a_reply(*both, paths=("app/pool.py",)))

    assert [each.check for each in found] == [Check.REFUTED, Check.UNVERIFIED]
