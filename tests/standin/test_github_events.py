"""The stand-in's event files are shaped as GitHub's own webhooks."""

from typing import Any

import pytest

from oracles import webhooks
from standin.asking import Scene
from standin.github import GitHub, Inline
from standin.github.published import described

NEWER = {"unknown: comment.in_reply_to_id", "unknown: comment.subject_type"}


@pytest.fixture
def thread(github: GitHub) -> Inline:
    return github.remark(7, "github-actions[bot]", "Why?", "app.py", 3)


def test_a_comment_is_created_edited_and_deleted(github: GitHub) -> None:
    created = github.comment_event(7, "ada", "/architect review")
    [made] = github.comments(7)
    edited = github.comment_event(7, "mod", "/architect help", action="edited", of=made)
    after = [each.body for each in github.comments(7)]
    deleted = github.comment_event(7, "ada", "", action="deleted", of=made)

    for payload in (created, edited, deleted):
        assert webhooks.problems("issue_comment", payload) == []
        assert "pull_request" in payload["issue"]
        assert payload["comment"]["id"] == made.id
    assert edited["changes"] == {"body": {"from": "/architect review"}}
    assert (edited["sender"]["login"], edited["comment"]["user"]["login"]) == (
        "mod",
        "ada",
    )
    assert after == ["/architect help"]
    assert github.comments(7) == []


def test_a_comment_on_an_issue_names_no_pull_request(github: GitHub) -> None:
    payload = github.issue_event("ada", "/architect review")

    assert webhooks.problems("issue_comment", payload) == []
    assert "pull_request" not in payload["issue"]
    assert payload["issue"]["number"] not in github.state.pulls


def test_a_bots_comment_says_that_a_bot_sent_it(github: GitHub) -> None:
    payload = github.comment_event(7, "helper[bot]", "/architect review")

    assert payload["sender"]["type"] == payload["comment"]["user"]["type"] == "Bot"


def test_a_reply_in_a_thread_names_the_comment_that_began_it(
    github: GitHub, thread: Inline
) -> None:
    created = github.reply_event(thread, "ada", "won't fix")
    reply = github.inline(7)[-1]
    edited = github.reply_event(reply, "ada", "by design", action="edited", of=reply)
    deleted = github.reply_event(reply, "ada", "", action="deleted", of=reply)
    began = github.inline_event(thread)

    for payload in (created, edited, deleted, began):
        assert problems("pull_request_review_comment", payload) == []
        assert "mergeable" not in payload["pull_request"]
    assert created["comment"]["in_reply_to_id"] == thread.id
    assert created["comment"]["node_id"] == f"PRRC_{reply.id}"
    assert edited["changes"] == {"body": {"from": "won't fix"}}
    assert "in_reply_to_id" not in began["comment"]
    assert github.inline(7) == [thread]


@pytest.mark.parametrize("state", ["APPROVED", "CHANGES_REQUESTED", "COMMENTED"])
def test_a_review_is_submitted_with_its_state_written_small(
    github: GitHub, scene: Scene, state: str
) -> None:
    payload = github.review_event(7, "grace", "Fine.", state=state)

    assert problems("pull_request_review", payload) == []
    assert payload["review"]["state"] == state.lower()
    assert payload["review"]["commit_id"] == scene.head
    assert github.reviews(7)[0].state == state


def test_an_approval_without_words_has_no_body_and_can_be_dismissed(
    github: GitHub,
) -> None:
    approved = github.review_event(7, "grace")
    dismissed = github.review_event(
        7, "ada", action="dismissed", of=github.reviews(7)[0]
    )

    assert problems("pull_request_review", dismissed) == []
    assert approved["review"]["body"] is None
    assert dismissed["review"]["state"] == "dismissed"
    assert dismissed["sender"]["login"] == "ada"
    assert dismissed["review"]["user"]["login"] == "grace"


def test_a_pull_request_is_closed_with_and_without_a_merge(github: GitHub) -> None:
    github.close(7)
    closed = github.event("pull_request", 7, action="closed", sender="ada")
    github.reopen(7)
    reopened = github.event("pull_request", 7, action="reopened")
    github.merge(7, "grace")
    merged = github.event("pull_request", 7, action="closed", sender="grace")

    for payload in (closed, reopened, merged):
        assert webhooks.problems("pull_request", payload) == []
    shown = [each["pull_request"]["merged"] for each in (closed, reopened, merged)]
    assert shown == [False, False, True]
    assert merged["pull_request"]["merged_by"]["login"] == "grace"


def test_a_pull_request_gets_another_title_and_another_base(
    github: GitHub, scene: Scene
) -> None:
    titled = github.edited_event(7, title="Better")
    scene.repository.branch("next", scene.head)
    before = github.pull_json(7)["base"]
    moved = github.edited_event(7, base="next", sender="grace")

    assert titled["changes"] == {"title": {"from": "Change the code"}}
    assert titled["pull_request"]["title"] == "Better"
    assert moved["changes"] == {
        "base": {"ref": {"from": before["ref"]}, "sha": {"from": before["sha"]}}
    }
    assert moved["pull_request"]["base"]["ref"] == "next"
    assert moved["pull_request"]["base"]["sha"] == scene.head
    for payload in (titled, moved):
        # None of the published examples is of this action.
        opened = payload | {"action": "opened", "changes": {}}
        assert problems("pull_request", opened) == ["unknown: changes"]


def test_every_event_of_a_forks_pull_request_says_where_it_comes_from(
    github: GitHub, scene: Scene
) -> None:
    github.pull(8, head_sha=scene.head, author="eve", fork=True)
    thread = github.remark(8, "grace", "Why?", "app.py", 3)
    payloads = {
        "pull_request": github.event("pull_request", 8),
        "pull_request_review": github.review_event(8, "grace"),
        "pull_request_review_comment": github.reply_event(thread, "eve", "So."),
    }

    for name, payload in payloads.items():
        head = payload["pull_request"]["head"]["repo"]["full_name"]
        base = payload["pull_request"]["base"]["repo"]["full_name"]
        assert (head, base) == ("eve/project", "octo/project")
        assert problems(name, payload) == []
    said = github.comment_event(8, "eve", "/architect review")
    assert webhooks.problems("issue_comment", said) == []


def problems(event: str, payload: dict[str, Any]) -> list[str]:
    """What differs from GitHub's examples, but for keys that are newer than these."""
    comment = payload.get("comment")
    shown = f"/repos/octo/project/pulls/comments/{comment['id']}" if comment else ""
    wrong = described().response("GET", shown, 200, comment) if comment else []
    return wrong + [
        each for each in webhooks.problems(event, payload) if each not in NEWER
    ]
