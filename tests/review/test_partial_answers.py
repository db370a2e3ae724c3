"""An answer that broke off is used, and the run says that it is partial."""

from typing import Any

from architect_review.change.diff import parse
from architect_review.errors import ModelError
from architect_review.prompt.answer import Answer
from architect_review.prompt.plan import plan
from architect_review.request.policy import load
from architect_review.review.conclusion import Review, conclude, read_files
from architect_review.review.ledger import Ledger
from architect_review.review.reply import Reply, Usage
from architect_review.signals import Signals
from architect_review.vocabulary import Fate, How, Status, Verdict
from builders import DIFF, a_change, a_finding, an_inquiry

POLICY = load({}, lambda paths: {}, {})
CUT = ModelError("truncated", "The answer did not fit (max_tokens).")
NONE = ModelError("unavailable", "Nobody there.")
POOL, OLD = ("app/pool.py",), ("old.py",)


def an_answer(*findings: Any) -> Answer:
    texts = ("overview", "components", "technology", "roadmap", "risks", "operations")
    return Answer.model_validate(
        dict.fromkeys(texts, "")
        | {"findings": findings, "questions": (), "change_size": "none"}
        | {"major_reasons": ()}
    )


def a_reply(
    paths: tuple[str, ...], failure: ModelError | None, *findings: Any
) -> Reply[Any]:
    answer = None if failure is NONE else an_answer(*findings)
    return Reply(paths, answer, failure, Usage(calls=1), "claude-sonnet-5-5")


def concluded(*replies: Reply[Any]) -> Review:
    change = a_change(diff=parse(DIFF))
    planned = plan(change, Signals(), POLICY)
    inquiry = an_inquiry(*replies, change=change, coverage=planned.coverage)
    return conclude(change, Signals(), planned, inquiry, POLICY, Ledger())


def test_the_findings_of_an_answer_that_broke_off_are_published() -> None:
    review = concluded(a_reply((*POOL, *OLD), CUT, a_finding()))
    assert [each.fate for each in review.findings] == [Fate.INLINE]
    assert review.status is Status.PARTIAL
    assert review.why == "an answer is not whole: The answer did not fit (max_tokens)."
    assert read_files(review.coverage) == (2, 2)


def test_an_answer_that_broke_off_before_a_finding_is_not_clean() -> None:
    review = concluded(a_reply((*POOL, *OLD), CUT))
    assert (review.status, review.verdict) == (Status.PARTIAL, Verdict.NONE)


def test_a_file_that_nobody_answered_about_is_left_out() -> None:
    review = concluded(a_reply(POOL, None, a_finding()), a_reply(OLD, NONE))
    how = {each.path: each.how for each in review.coverage}
    assert how == {"app/pool.py": How.READ, "old.py": How.LEFT_OUT}
    assert review.why == "1 of 2 files were not read"


def test_a_file_answered_about_in_part_counts_as_read_and_as_a_gap() -> None:
    review = concluded(a_reply((*POOL, *OLD), None, a_finding()), a_reply(POOL, NONE))
    pool = next(each for each in review.coverage if each.path == "app/pool.py")
    assert (pool.how, pool.is_gap) == (How.READ, True)
    assert pool.reason == "read in part: the model gave no answer (unavailable)"
    assert [each.fate for each in review.findings] == [Fate.INLINE]
    assert review.why == "1 of 2 files were not read in full"
    assert read_files(review.coverage) == (2, 2)


def test_a_run_without_any_answer_has_failed() -> None:
    review = concluded(a_reply(POOL, NONE), a_reply(OLD, NONE))
    assert (review.status, review.why) == (Status.FAILED, "Nobody there.")
