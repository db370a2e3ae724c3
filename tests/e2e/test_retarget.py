"""Another base is another change: what was said of the old one does not stand for it.

A pull request goes to `copy`, which holds a major change already, and then to `main`,
which does not: by its author's hand, or by GitHub's when the branch is merged.
"""

from typing import Any

import pytest

from architect_review.review.ledger import decode
from e2e.scene import BASE, HEAD, Run, Scene, a_finding, an_answer
from e2e.signing import GATE, approve, command, mark, push, reactions, status
from standin.github import Answer, Meanwhile
from standin.github.permissions import SIGNING

SMALL: dict[str, str | bytes | None] = {"docs/small.md": "# Small\n"}


@pytest.fixture
def stacked(scene: Scene) -> Scene:
    """Opened against a branch that holds the major change already."""
    scene.github.permit(SIGNING)
    for login in ("octocat", "mona", "ada"):
        scene.github.role(login, "write")
    scene.model.answer = lambda request: an_answer()
    base = scene.repository.commit({**BASE}, "Shop")
    scene.repository.branch("main", base)
    major = scene.repository.commit({**HEAD}, "Major", parents=[base])
    scene.repository.branch("copy", major)
    head = scene.repository.commit(SMALL, "Small", parents=[major])
    scene.github.pull(7, head_sha=head, title="Small", base="copy")
    return scene


def happens(scene: Scene, action: str, **more: str) -> Run:
    event = scene.github.event("pull_request", 7, action=action)
    run = scene.act("pull_request", event, **{**GATE, **more})
    assert run.code == 0, run.log
    return run


def retargeted(scene: Scene, base: str = "main", **more: str) -> Run:
    event = scene.github.edited_event(7, base=base)
    run = scene.act("pull_request", event, **{**GATE, **more})
    assert run.code == 0, run.log
    return run


def test_another_base_is_reviewed_and_the_status_is_that_of_the_new_change(
    stacked: Scene,
) -> None:
    first = happens(stacked, "opened")
    before = status(stacked)

    second = retargeted(stacked)

    assert first.outputs["major"] == "false"
    assert before is not None
    assert (before.state, before.description) == ("success", "not a major change")
    assert (second.outputs["status"], second.outputs["major"]) == (
        "reviewed",
        "true",
    )
    assert second.outputs["lead-notified"] == "true"
    assert mark(stacked) == "pending"


def test_while_the_new_base_is_reviewed_the_status_waits(stacked: Scene) -> None:
    happens(stacked, "opened")
    seen: list[str] = []

    def an_answer_later(request: object) -> dict[str, Any]:
        seen.append(mark(stacked))
        return an_answer()

    stacked.model.answer = an_answer_later
    retargeted(stacked)

    assert set(seen) == {"pending"}


def test_a_review_that_does_not_come_about_leaves_the_status_waiting(
    stacked: Scene,
) -> None:
    happens(stacked, "opened")
    event = stacked.github.edited_event(7, base="main")
    gone = Answer(500, {"message": "Server Error"})
    stacked.github.fault("POST", "/graphql$", gone, body="Standing", times=9)

    run = stacked.act("pull_request", event, **GATE)

    assert run.code == 1
    assert mark(stacked) == "pending"


@pytest.mark.parametrize("action", ["reopened", "ready_for_review"])
def test_a_base_that_changed_unseen_is_noticed_at_the_next_event(
    stacked: Scene, action: str
) -> None:
    """A workflow may not listen to edits, and a token's own merge starts none."""
    happens(stacked, "opened")
    stacked.github.retarget(7, "main")

    run = happens(stacked, action)

    assert run.outputs["major"] == "true"
    assert mark(stacked) == "pending"


def test_the_same_base_again_is_reviewed_already(stacked: Scene) -> None:
    happens(stacked, "opened")
    retargeted(stacked)
    asked = len(stacked.model.requests)

    run = happens(stacked, "reopened")

    assert "is reviewed already" in run.report["why"]
    assert len(stacked.model.requests) == asked


def test_another_title_says_nothing_and_asks_nobody(stacked: Scene) -> None:
    happens(stacked, "opened")
    asked, written = len(stacked.model.requests), len(stacked.github.writes)
    event = stacked.github.edited_event(7, title="Smaller")

    run = stacked.act("pull_request", event, **GATE)

    assert (run.code, run.outputs["status"]) == (0, "skipped")
    assert run.report["why"] == "nothing to review when a pull request is edited"
    assert len(stacked.model.requests) == asked
    assert len(stacked.github.writes) == written


@pytest.mark.parametrize("fail_on", ["high", "partial", "error"])
def test_another_title_makes_no_red_check_green(stacked: Scene, fail_on: str) -> None:
    """The latest run of a job is what a required check says of a head."""
    stacked.github.retarget(7, "main")
    stacked.model.answer = lambda request: an_answer(a_finding())
    event = stacked.github.event("pull_request", 7, action="opened")
    key = {"key": "sk-ant-wrong-0123456789abcdef"} if fail_on == "error" else {}
    cost = {"max_cost_usd": "0.001"} if fail_on == "partial" else {}
    first = stacked.act("pull_request", event, fail_on=fail_on, **GATE, **key, **cost)
    titled = stacked.github.edited_event(7, title="Smaller")

    second = stacked.act("pull_request", titled, fail_on=fail_on, **GATE)

    assert (first.code, second.code) == (1, 1)


def test_a_base_that_changes_during_a_review_ends_it_and_the_next_run_reviews(
    stacked: Scene,
) -> None:
    events: list[Any] = []
    stacked.github.fault(
        "POST",
        "/graphql$",
        Meanwhile(lambda: events.append(stacked.github.edited_event(7, base="main"))),
        body="Standing",
    )
    first = happens(stacked, "opened")

    second = stacked.act("pull_request", events[0], **GATE)

    assert "the base was changed to main meanwhile" in first.report["why"]
    assert second.outputs["major"] == "true"
    assert mark(stacked) == "pending"


def test_what_a_lead_approved_for_another_base_signs_nothing_off(
    stacked: Scene,
) -> None:
    """Who is a lead is said at the base: there it may have been anybody."""
    stacked.github.retarget(7, "main")
    happens(stacked, "opened", project_lead="mona")
    approve(stacked, "mona", project_lead="mona")
    there = mark(stacked)
    stacked.repository.branch("next", stacked.github.state.pulls[7].base_sha)

    retargeted(stacked, "next")
    here = mark(stacked)
    push(stacked, {"docs/more.md": "# More\n"})
    happens(stacked, "synchronize")
    later = mark(stacked)
    approve(stacked)

    assert (there, here, later, mark(stacked)) == (
        "success",
        "pending",
        "pending",
        "success",
    )


def test_an_approval_for_another_base_does_not_come_back_with_a_summary_that_was_edited(
    stacked: Scene,
) -> None:
    stacked.github.retarget(7, "main")
    happens(stacked, "opened", project_lead="mona")
    approve(stacked, "mona", project_lead="mona")
    stacked.repository.branch("next", stacked.github.state.pulls[7].base_sha)
    retargeted(stacked, "next")
    for each in stacked.github.comments(7):
        if ledger := decode(each.body):
            forged = ledger.model_copy(update={"rebased": ""})
            stacked.github.edit(each, "mona", forged.encoded())

    happens(stacked, "reopened")

    assert mark(stacked) == "pending"


def test_nobody_approves_before_the_new_base_is_reviewed(stacked: Scene) -> None:
    happens(stacked, "opened")
    stacked.github.retarget(7, "main")

    comment = approve(stacked)

    assert "confused" in reactions(comment)
    assert "is not reviewed yet" in stacked.github.comments(7)[-1].body


def test_a_review_by_command_of_the_new_base_says_what_is_major(
    stacked: Scene,
) -> None:
    happens(stacked, "opened")
    stacked.github.retarget(7, "main")

    command(stacked, "mona", "review")

    assert mark(stacked) == "pending"


def test_findings_of_the_new_base_join_those_known(stacked: Scene) -> None:
    happens(stacked, "opened")
    stacked.model.answer = lambda request: an_answer(a_finding())

    retargeted(stacked)

    [ledger] = filter(None, (decode(each.body) for each in stacked.github.comments(7)))
    assert (ledger.base, [each.number for each in ledger.findings]) == ("main", [1])
