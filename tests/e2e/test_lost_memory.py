"""The summary is deleted or edited: what was said keeps its meaning all the same."""

from typing import Any

import pytest

from architect_review.review.ledger import (
    KnownFinding,
    KnownQuestion,
    Ledger,
    decode,
)
from architect_review.vocabulary import Severity
from e2e import signing
from e2e.scene import Run, Scene, a_finding, an_answer
from standin.github.state import IssueComment

KNOWN = a_finding()
LISTED = a_finding(
    quote="    return None",
    title="A failed order looks placed",
    category="architecture",
)
GRAVE = a_finding(
    path="shop/pay.py",
    quote="    return run(order, shell=True)",
    line=2,
    title="An order is run as a command",
    category="security",
    severity="critical",
)
PAY = "def pay(order):\n    return run(order, shell=True)\n"
TRAFFIC = {"topic": "traffic", "question": "How many orders a day?"}
LOSS = {"topic": "traffic", "question": "May a payment be lost?"}


def summary(scene: Scene) -> IssueComment:
    return next(c for c in scene.github.comments(7) if decode(c.body) is not None)


def memory(scene: Scene) -> Ledger:
    found = decode(summary(scene).body)
    assert found is not None
    return found


def review(scene: Scene, answer: dict[str, Any], **inputs: str) -> Run:
    scene.model.answer = lambda request: answer
    event = scene.github.event("pull_request", 7, action="synchronize")
    return scene.act("pull_request", event, **inputs)


def names(run: Run) -> dict[str, str]:
    return {each["title"]: each["name"] for each in run.report["findings"]}


def test_an_old_dismissal_settles_nothing_that_is_found_after_the_summary_was_deleted(
    scene: Scene,
) -> None:
    scene.open()
    scene.github.role("mona", "write")
    review(scene, an_answer(KNOWN, LISTED), max_comments="1")
    signing.command(scene, "mona", "dismiss F2 it is meant so")
    scene.github.delete(summary(scene))
    signing.push(scene, {"shop/pay.py": PAY})

    run = review(scene, an_answer(KNOWN, GRAVE), max_comments="1")
    signing.push(scene, signing.SAME_REASONS)
    review(scene, an_answer())

    assert names(run)[GRAVE["title"]] == "F3"
    states = {each.title: each.state.value for each in memory(scene).findings}
    assert states[GRAVE["title"]] == "open"


def test_an_old_answer_answers_nothing_that_is_asked_after_the_summary_was_deleted(
    scene: Scene,
) -> None:
    scene.open()
    scene.github.role("mona", "write")
    review(scene, an_answer(questions=[TRAFFIC]))
    signing.command(scene, "mona", "answer Q1 About forty.")
    scene.github.delete(summary(scene))
    signing.push(scene, {"shop/pay.py": PAY})

    review(scene, an_answer(questions=[LOSS]))
    signing.push(scene, signing.SAME_REASONS)
    review(scene, an_answer())

    asked = {each.text: (each.number, each.answer) for each in memory(scene).questions}
    assert asked == {LOSS["question"]: (2, "")}


def bugs(scene: Scene, count: int) -> dict[str, Any]:
    """Push one more file with a defect; what a model finds in all of them."""
    path, text = f"shop/n{count}.py", f"def f(x):\n    return run(x, {count})\n"
    signing.push(scene, {path: text})
    return an_answer(
        KNOWN,
        *(
            a_finding(
                path=f"shop/n{n}.py",
                quote=f"    return run(x, {n})",
                line=2,
                title=f"Bug {n}",
                category="security",
            )
            for n in range(1, count + 1)
        ),
        questions=[{"topic": "traffic", "question": f"How often is {path} run?"}],
    )


def said(scene: Scene) -> list[str]:
    """The titles of the findings' own comments."""
    return sorted(
        each.body.split("**")[1] for each in scene.github.inline(7) if each.root is None
    )


def assert_nothing_is_said_twice(scene: Scene, numbers: list[str]) -> None:
    """Over two more pushes: the names that new findings get."""
    for count, number in enumerate(numbers, 1):
        run = review(scene, bugs(scene, count))
        assert names(run)[f"Bug {count}"] == number
        assert decode(summary(scene).body) is not None
    titles = said(scene)
    assert len(titles) == len(set(titles)) == len(numbers) + 1


def test_a_number_that_somebody_wrote_into_a_findings_comment_counts_for_nothing(
    scene: Scene,
) -> None:
    scene.open()
    review(scene, an_answer(KNOWN))
    [root] = scene.github.inline(7)
    marker, _, rest = root.body.partition("\n")
    foreign = "<!-- architect-review:finding v1 0123456789abcdef F99999 high -->"
    assert marker != foreign
    scene.github.edit(root, "mona", f"{foreign}\n{rest}")

    assert_nothing_is_said_twice(scene, ["F2", "F3"])


FORGED: dict[str, dict[str, Any]] = {
    "numbered": {"numbered": 99_999},
    "asked": {"asked": 99_999},
    "rounds": {"rounds": 99_999},
    "a finding": {
        "findings": (
            KnownFinding(number=99_999, fingerprint="c" * 16, severity=Severity.LOW),
        )
    },
    "a question": {
        "questions": (KnownQuestion(number=99_999, fingerprint="c" * 16, event=5),)
    },
}


@pytest.mark.parametrize("what", FORGED)
def test_numbers_that_somebody_wrote_into_the_summary_leave_room_for_others(
    scene: Scene, what: str
) -> None:
    scene.open()
    review(scene, an_answer(KNOWN))
    forged = memory(scene).model_copy(update=FORGED[what]).encoded()
    scene.github.edit(summary(scene), "mona", f"{forged}\n\n### Review")

    assert_nothing_is_said_twice(scene, ["F2", "F3"])
