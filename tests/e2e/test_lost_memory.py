"""The summary is deleted or edited: what was said keeps its meaning all the same."""

from typing import Any

from architect_review.review.ledger import Ledger, decode
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
