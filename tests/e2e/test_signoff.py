"""A major change waits for its lead in the commit status."""

from collections.abc import Mapping
from typing import Any

import pytest

from architect_review.review.ledger import Ledger, decode
from architect_review.vocabulary import Status
from e2e.scene import BASE, HEAD, Scene, an_answer
from e2e.signing import (
    CONTEXT,
    NEW_REASON,
    SAME_REASONS,
    SMALL,
    approve,
    by_review,
    command,
    head_of,
    mark,
    push,
    reactions,
    review,
    set_up,
    status,
)
from standin.github import Answer
from standin.github.permissions import FORK, PERMISSIONS, SIGNING


@pytest.fixture
def signed(scene: Scene) -> Scene:
    """A major change that waits for `octocat`; `mona` and the author may write."""
    return set_up(scene)


def test_a_major_change_waits_and_its_lead_gets_the_words(signed: Scene) -> None:
    run = review(signed)

    found = status(signed)
    assert found is not None
    assert found.state == "pending"
    line = f"/architect approve {head_of(signed)}"
    assert line in (found.description or "")
    told = [each.body for each in signed.github.comments(7) if "lead v1" in each.body]
    assert f"`{line}`" in told[0]
    assert run.outputs["status"] == "reviewed"
    assert len(signed.github.statuses(head_of(signed))) == 1


def test_a_small_change_is_signed_off_at_once(signed: Scene) -> None:
    push(signed, SMALL)

    review(signed)

    assert mark(signed) == "success"


def test_without_the_setting_no_status_is_set(signed: Scene) -> None:
    review(signed, lead_gate="")
    comment = approve(signed, lead_gate="")

    assert mark(signed) == "none"
    assert reactions(comment) == ["eyes", "confused"]
    assert "`lead-gate` is off" in signed.github.comments(7)[-1].body


def test_a_lead_approves(signed: Scene) -> None:
    review(signed)

    comment = approve(signed)

    found = status(signed)
    assert found is not None
    assert found.state == "success"
    assert found.description == f"approved by octocat at {head_of(signed)[:7]}"
    assert "rocket" in reactions(comment)


def test_a_lead_rejects_and_approves_after_all(signed: Scene) -> None:
    review(signed)

    command(signed, "octocat", "reject restoring notes is not planned")
    rejected = status(signed)
    approve(signed)

    assert rejected is not None
    assert rejected.state == "failure"
    assert rejected.description == (
        "rejected by octocat: restoring notes is not planned"
    )
    assert mark(signed) == "success"


@pytest.mark.parametrize(
    ("author", "line", "says"),
    [
        ("mona", "approve {head}", "is for the project lead"),
        ("octocat", "approve {base}", "is not the current head"),
        ("octocat", "approve 1234567", "/architect approve {head}"),
    ],
)
def test_who_may_not_is_told_why_and_nothing_changes(
    signed: Scene, author: str, line: str, says: str
) -> None:
    review(signed)
    known = {
        "head": head_of(signed),
        "base": signed.github.state.pulls[7].base_sha,
    }

    _, comment = command(signed, author, line.format(**known))

    assert mark(signed) == "pending"
    assert "confused" in reactions(comment)
    assert says.format(**known) in signed.github.comments(7)[-1].body


def test_authors_do_not_sign_off_their_own_change_as_the_only_lead(
    signed: Scene,
) -> None:
    review(signed, project_lead="ada")

    _, comment = command(
        signed, "ada", f"approve {head_of(signed)}", project_lead="ada"
    )

    assert mark(signed) == "pending"
    assert "confused" in reactions(comment)
    assert "the only lead" in signed.github.comments(7)[-1].body


def test_a_lead_without_the_role_does_not_sign_off(signed: Scene) -> None:
    review(signed)
    signed.github.role("octocat", "triage")

    approve(signed)

    assert mark(signed) == "pending"


def test_a_push_keeps_the_approval_until_a_reason_is_new(signed: Scene) -> None:
    review(signed)
    approve(signed)

    push(signed, SAME_REASONS)
    review(signed)
    kept = mark(signed)
    push(signed, NEW_REASON)
    review(signed)
    new = mark(signed)
    approve(signed)

    assert (kept, new, mark(signed)) == ("success", "pending", "success")


def test_a_push_that_takes_all_reasons_away_needs_nobody(signed: Scene) -> None:
    review(signed)
    command(signed, "octocat", "reject too large")

    push(signed, SMALL)
    review(signed)

    assert mark(signed) == "success"


def test_a_head_that_is_not_reviewed_yet_cannot_be_approved(signed: Scene) -> None:
    review(signed)
    push(signed, SAME_REASONS)

    approve(signed)

    assert mark(signed) == "none"
    assert "is not reviewed yet" in signed.github.comments(7)[-1].body


def test_of_two_pull_requests_with_one_head_the_stricter_counts(
    signed: Scene,
) -> None:
    review(signed)
    signed.github.pull(8, head_sha=head_of(signed), branch="again", fork=True)
    review(signed, 8)

    approve(signed)
    one = status(signed)
    command(signed, "octocat", f"approve {head_of(signed)}", 8)
    both = mark(signed)
    command(signed, "octocat", "reject not like this", 8)

    assert one is not None
    assert one.state == "pending"
    assert "#8 has the same head" in (one.description or "")
    assert both == "success"
    assert mark(signed) == "failure"


def test_a_token_that_may_set_no_status_costs_a_remark_and_not_the_review(
    signed: Scene,
) -> None:
    signed.github.permit(PERMISSIONS)

    run = review(signed)

    assert mark(signed) == "none"
    assert run.outputs["status"] == "reviewed"
    assert any("`statuses: write`" in note for note in run.report["notes"])
    assert len(signed.github.comments(7)) == 2


def test_a_fault_of_the_status_costs_not_the_review(signed: Scene) -> None:
    signed.github.fault("POST", "/statuses/", Answer(502, {"message": "no"}), times=9)

    run = review(signed)

    assert run.outputs["status"] == "reviewed"
    assert any(CONTEXT in note for note in run.report["notes"])


def test_a_forks_status_waits_for_a_maintainers_command(scene: Scene) -> None:
    scene.model.answer = lambda request: an_answer()
    scene.open(fork=True)
    for login in ("octocat", "mona"):
        scene.github.role(login, "write")
    scene.github.permit(FORK)
    run = review(scene)
    before = mark(scene)
    scene.github.permit(SIGNING)

    command(scene, "mona", "review")
    waiting = mark(scene)
    approve(scene)

    assert "a fork is read-only" in run.step_summary
    assert (before, waiting, mark(scene)) == ("none", "pending", "success")


def test_a_team_signs_off_where_the_token_may_read_teams(signed: Scene) -> None:
    lead: dict[str, Any] = {"project_lead": "octo/architects"}
    signed.github.team("architects", "mona", invited=("octocat",))
    review(signed, **lead)

    approve(signed, "mona", **lead)
    unread = mark(signed)
    reason = signed.github.comments(7)[-1].body
    signed.github.permit({**SIGNING, "members": "read"})
    approve(signed, "octocat", **lead)
    invited = mark(signed)
    approve(signed, "mona", **lead)

    assert (unread, invited, mark(signed)) == ("pending", "pending", "success")
    assert "may read teams" in reason


def test_a_leads_approving_review_signs_off_until_it_is_taken_back(
    signed: Scene,
) -> None:
    review(signed)

    by_review(signed, "mona")
    others = mark(signed)
    by_review(signed, "octocat")
    approved = mark(signed)
    push(signed, SAME_REASONS)
    review(signed)
    pushed = mark(signed)
    mine = [each for each in signed.github.reviews(7) if each.author == "octocat"]
    by_review(signed, "octocat", action="dismissed", of=mine[0])

    assert (others, approved, pushed) == ("pending", "success", "success")
    assert mark(signed) == "pending"


def test_a_request_for_changes_takes_the_approving_review_back(
    signed: Scene,
) -> None:
    review(signed)
    by_review(signed, "octocat")

    by_review(signed, "octocat", "CHANGES_REQUESTED")

    assert mark(signed) == "pending"


TEXTS = {**HEAD, "logo.png": BASE["logo.png"]}
"""The change without its picture: of binary files the diff tells no content."""


def again(scene: Scene, files: Mapping[str, str | bytes] = HEAD) -> str:
    """Push the same content by force, as another commit, and return the old head."""
    pull = scene.github.state.pulls[7]
    newer = scene.repository.commit(dict(files), "Reworded", parents=[pull.base_sha])
    return scene.github.push(7, newer)


def test_a_forced_push_of_the_same_content_keeps_the_status(signed: Scene) -> None:
    review(signed)
    approve(signed)
    again(signed)
    before = mark(signed)

    review(signed)

    assert (before, mark(signed)) == ("none", "success")


def test_the_sha_before_a_forced_push_of_the_same_content_still_approves(
    signed: Scene,
) -> None:
    again(signed, TEXTS)
    review(signed)
    old = again(signed, TEXTS)
    review(signed)
    waiting = mark(signed)

    command(signed, "octocat", f"approve {old}")

    assert (waiting, mark(signed)) == ("pending", "success")


def test_the_sha_before_a_push_that_may_have_another_picture_approves_nothing(
    signed: Scene,
) -> None:
    review(signed)
    old = again(signed)
    review(signed)

    command(signed, "octocat", f"approve {old}")

    assert mark(signed) == "pending"


def test_somebody_who_edits_our_memory_signs_nothing_off(signed: Scene) -> None:
    review(signed)
    summary = next(
        each for each in signed.github.comments(7) if decode(each.body) is not None
    )
    small = Ledger(head=head_of(signed), base="main", status=Status.REVIEWED)
    signed.github.edit(summary, "mona", small.encoded())

    by_review(signed, "mona", "CHANGES_REQUESTED")
    forged = mark(signed)
    review(signed)

    assert (forged, mark(signed)) == ("pending", "pending")
    assert any("edited the summary" in each.body for each in signed.github.comments(7))


def test_a_status_that_somebody_set_over_ours_is_set_right_by_the_next_run(
    signed: Scene,
) -> None:
    review(signed)
    signed.github.set_status(head_of(signed), CONTEXT, "success", "mona")

    by_review(signed, "octocat", "CHANGES_REQUESTED")

    assert mark(signed) == "pending"


MANY = 105
"""More reviews than a page holds: every remark and reply on a line is one."""


def talk_on(scene: Scene) -> None:
    for _ in range(MANY):
        scene.github.review(7, "mona", "Hm.", state="COMMENTED")


def test_an_approving_review_counts_whatever_was_said_after_it(signed: Scene) -> None:
    review(signed)
    by_review(signed, "octocat")
    talk_on(signed)
    push(signed, SAME_REASONS)

    review(signed)

    assert mark(signed) == "success"


def test_an_approving_review_of_long_ago_is_taken_back_when_it_is_dismissed(
    signed: Scene,
) -> None:
    review(signed)
    by_review(signed, "octocat")
    mine = [each for each in signed.github.reviews(7) if each.author == "octocat"]
    push(signed, SAME_REASONS)
    review(signed)
    approved = mark(signed)
    talk_on(signed)

    by_review(signed, "octocat", action="dismissed", of=mine[0])

    assert (approved, mark(signed)) == ("success", "pending")
