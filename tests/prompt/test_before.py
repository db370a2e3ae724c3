"""What earlier reviews and the repository itself leave for the model."""

import json

from architect_review.change.content import Seen
from architect_review.prompt import material
from architect_review.prompt.before import Before, KnownProblem
from architect_review.prompt.coverage import REVIEWED_BEFORE
from architect_review.prompt.plan import plan
from architect_review.request import policy
from architect_review.signals import Signals
from architect_review.vocabulary import How
from builders import DIFF, a_change, a_diff

CONFIG = ".github/architect-review.yml"
PUSHED = DIFF.replace("size %s", "size %d")
RULES = policy.load({}, lambda paths: {}, {})


def test_facts_of_the_repository_stand_with_its_rules() -> None:
    text = "facts:\n  - About 40 orders a day.\n  - Two developers.\n"
    rules = policy.load({}, lambda paths: {CONFIG: text} if CONFIG in paths else {}, {})

    told = json.loads(material.shared(a_change(), [], [], rules))

    assert told["facts"] == ["About 40 orders a day.", "Two developers."]
    assert "facts" not in json.loads(material.shared(a_change(), [], [], RULES))


def test_answers_are_told_as_facts_and_open_questions_as_asked() -> None:
    before = Before(answers=(("How many?", "forty"), ("Which database?", "")))

    told = json.loads(material.shared(a_change(), [], [], RULES, before))

    assert told["answers"] == [{"question": "How many?", "answer": "forty"}]
    assert told["asked_before"] == ["Which database?"]
    assert "open_findings" not in told


def test_the_first_review_is_told_nothing_of_earlier_ones() -> None:
    assert Before().told() == {}


def test_a_dismissed_finding_is_told_with_its_reason() -> None:
    dismissed = KnownProblem(4, "a.py", "T", "high", is_dismissed=True, dismissed="x")

    (told,) = Before(problems=(dismissed,)).told()["dismissed_findings"]

    assert (told["number"], told["why"]) == (4, "x")


def test_files_that_were_read_are_not_sent_and_hunks_that_were_say_so() -> None:
    seen = Seen.of(a_diff().files)

    found = plan(
        a_change(diff=a_diff(PUSHED)), Signals(), RULES, before=Before(seen=seen)
    )

    by_path = {each.path: each for each in found.coverage}
    assert by_path["old.py"].reason == REVIEWED_BEFORE
    assert by_path["old.py"].how is How.SUMMARISED
    assert not by_path["old.py"].is_gap
    (file,) = json.loads(found.requests[0].part)["diff"]
    assert [hunk.get("reviewed", False) for hunk in file["hunks"]] == [True, False]


def test_nothing_is_asked_when_everything_was_read() -> None:
    before = Before(seen=Seen.of(a_diff().files))

    assert plan(a_change(), Signals(), RULES, before=before).requests == ()
    assert plan(a_change(), Signals(), RULES).requests != ()
