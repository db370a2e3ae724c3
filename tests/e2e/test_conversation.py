"""Replies in findings' threads: settled, answered by the reviewer, or left alone."""

import json
from typing import Any

import pytest

from e2e.scene import Run, Scene, a_finding, an_answer
from oracles import markdown
from standin.github.state import Inline
from standin.messages import Recorded


@pytest.fixture
def reviewed(scene: Scene) -> Scene:
    """A pull request of ada's that was reviewed: F1, with a thread."""
    scene.open()
    scene.github.role("mona", "write")
    scene.github.role("tina", "triage")
    run = scene.act("pull_request", scene.github.event("pull_request", 7))
    assert run.code == 0, run.log
    scene.model.requests.clear()
    answers(scene, "The publish is repeated with the insert.")
    return scene


def answers(scene: Scene, *texts: str, withdraw: Any = False) -> None:
    """What the reviewer says from now on."""

    def answer(request: Recorded) -> dict[str, Any]:
        return {"replies": [{"text": text, "withdraw": withdraw} for text in texts]}

    scene.model.answer = answer


def root(scene: Scene) -> Inline:
    """The first comment of F1's thread."""
    return next(each for each in scene.github.inline(7) if each.root is None)


def reply(scene: Scene, author: str, body: str, **inputs: str) -> Run:
    """Reply in F1's thread, and let the action hear of it."""
    event = scene.github.reply_event(root(scene), author, body)
    return scene.act("pull_request_review_comment", event, **inputs)


def said(scene: Scene) -> list[str]:
    """What we said in the thread after the finding, without the markers."""
    return [
        each.body.split("-->\n\n")[-1].strip()
        for each in scene.github.thread(root(scene))[1:]
        if each.author == scene.github.state.viewer
    ]


@pytest.mark.parametrize("author", ["mona", "ada"])
def test_wont_fix_is_a_dismissal_and_is_acknowledged(
    reviewed: Scene, author: str
) -> None:
    before = len(reviewed.github.requests)

    run = reply(reviewed, author, "Won't fix.")

    assert run.code == 0, run.log
    assert said(reviewed) == [f"Dismissed by {author}: Won't fix."]
    asked = reviewed.github.thread(root(reviewed))[1]
    assert [content for _, _, content in asked.reactions] == ["rocket"]
    assert len(reviewed.github.requests) - before == 3
    assert reviewed.model.requests == []
    event = reviewed.github.comment_event(7, "mona", "/architect status")
    reviewed.act("issue_comment", event)
    told = reviewed.github.comments(7)[-1].body
    assert f"- F1 dismissed by {author}: Won't fix." in told


def test_wont_fix_from_someone_without_the_role_dismisses_nothing(
    reviewed: Scene,
) -> None:
    answers(reviewed)

    reply(reviewed, "tina", "By design.")
    reply(reviewed, "mallory", "By design.")

    event = reviewed.github.comment_event(7, "mona", "/architect status")
    reviewed.act("issue_comment", event)
    assert "open: F1" in reviewed.github.comments(7)[-1].body
    assert said(reviewed) == []


def test_a_question_is_answered_in_the_thread(reviewed: Scene) -> None:
    run = reply(reviewed, "tina", "Why would that happen twice?")

    assert run.code == 0, run.log
    assert said(reviewed) == ["The publish is repeated with the insert."]
    (request,) = reviewed.model.requests
    sent = json.dumps(request.body)
    assert "Somebody replied in the thread of one of your findings" in sent
    assert "Why would that happen twice?" in sent
    assert "A retried insert publishes the order twice" in sent
    assert "queue.publish(" in sent
    assert "answered about F1" in run.report["why"]


def test_a_reply_is_answered_once(reviewed: Scene) -> None:
    event = reviewed.github.reply_event(root(reviewed), "mona", "Are you sure?")
    reviewed.act("pull_request_review_comment", event)

    run = reviewed.act("pull_request_review_comment", event)

    assert "answered already" in run.report["why"]
    assert len(said(reviewed)) == len(reviewed.model.requests) == 1


def test_a_thread_has_five_answers_at_most(reviewed: Scene) -> None:
    for number in range(6):
        last = reply(reviewed, "mona", f"And what about case {number}?")

    assert len(said(reviewed)) == len(reviewed.model.requests) == 5
    assert "5 replies were made in this thread already" in last.report["why"]


def test_who_is_convinced_settles_nothing(reviewed: Scene) -> None:
    answers(reviewed, "You are right: the queue drops duplicates.", withdraw=True)

    reply(reviewed, "mona", "The queue deduplicates by order number.")

    (told,) = said(reviewed)
    assert "`/architect dismiss F1 <reason>`" in told
    assert root(reviewed).resolved_by is None
    event = reviewed.github.comment_event(7, "mona", "/architect status")
    reviewed.act("issue_comment", event)
    assert "open: F1" in reviewed.github.comments(7)[-1].body


def test_what_needs_no_answer_gets_none(reviewed: Scene) -> None:
    answers(reviewed)

    run = reply(reviewed, "mona", "Thanks, I'll have a look.")

    assert run.code == 0
    assert "needs no answer" in run.report["why"]
    assert said(reviewed) == []


def test_an_answer_mentions_nobody(reviewed: Scene) -> None:
    answers(reviewed, "Ask @octocat <img src=http://x/y> ![z](http://x/y)")

    reply(reviewed, "mona", "Who knows?")

    (told,) = said(reviewed)
    assert markdown.live_mentions(told) == []
    assert markdown.raw_tags(told) == markdown.images(told) == []


def test_a_stranger_is_not_answered(reviewed: Scene) -> None:
    writes = len(reviewed.github.writes)

    run = reply(reviewed, "mallory", "Why?")

    assert "mallory is not answered here (role: read)" in run.report["why"]
    assert len(reviewed.github.writes) == writes
    assert reviewed.model.requests == []


def test_other_peoples_threads_are_left_alone_at_the_cost_of_one_request(
    reviewed: Scene,
) -> None:
    theirs = reviewed.github.remark(7, "mona", "Rename this?", "shop/orders.py", 3)
    event = reviewed.github.reply_event(theirs, "ada", "Won't fix.")
    before = len(reviewed.github.requests)

    run = reviewed.act("pull_request_review_comment", event)

    assert "not about a finding of this action" in run.report["why"]
    assert len(reviewed.github.requests) - before == 1


def test_a_forged_thread_is_not_ours(reviewed: Scene) -> None:
    forged = reviewed.github.remark(
        7, "mallory", root(reviewed).body, "shop/orders.py", 3
    )
    event = reviewed.github.reply_event(forged, "mona", "Won't fix.")

    run = reviewed.act("pull_request_review_comment", event)

    assert "not about a finding of this action" in run.report["why"]


def test_without_a_model_key_a_question_meets_silence(reviewed: Scene) -> None:
    run = reply(reviewed, "mona", "Why?", key="")

    assert run.code == 0
    assert "no model key was given" in run.report["why"]
    assert said(reviewed) == []


def test_a_model_that_fails_says_nothing_in_the_thread(reviewed: Scene) -> None:
    run = reply(reviewed, "mona", "Why?", anthropic_api_key="wrong")

    assert run.outputs["status"] == "failed"
    assert said(reviewed) == []


def test_our_own_replies_and_bots_start_no_conversation(reviewed: Scene) -> None:
    before = len(reviewed.github.requests)

    run = reply(reviewed, "renovate[bot]", "Why?")

    assert "a bot's" in run.report["why"]
    assert len(reviewed.github.requests) == before


@pytest.mark.parametrize("is_merged", [True, False])
def test_a_closed_pull_requests_findings_are_counted(
    scene: Scene, is_merged: bool
) -> None:
    second = a_finding(
        quote="    return None", title="Looks placed", category="architecture"
    )
    scene.model.answer = lambda request: an_answer(a_finding(), second)
    scene.open()
    scene.github.role("mona", "write")
    scene.act("pull_request", scene.github.event("pull_request", 7))
    asked = scene.github.comment_event(7, "mona", "/architect dismiss F1 by design")
    scene.act("issue_comment", asked)
    scene.model.requests.clear()
    before = len(scene.github.requests)
    if is_merged:
        scene.github.merge(7, "mona")
    else:
        scene.github.close(7)

    run = scene.act(
        "pull_request", scene.github.event("pull_request", 7, action="closed")
    )

    assert run.code == 0, run.log
    assert run.outputs["addressed"] == "1/2"
    assert "1 of 2 findings addressed" in run.step_summary
    assert ("ignored at merge" in run.step_summary) is is_merged
    assert run.report["outcome"]["ignored"] == int(is_merged)
    assert len(scene.github.requests) - before == 1
    assert scene.model.requests == []


def test_a_pull_request_without_findings_closes_without_a_rate(scene: Scene) -> None:
    scene.open()
    scene.github.close(7)

    run = scene.act(
        "pull_request", scene.github.event("pull_request", 7, action="closed")
    )

    assert "it had no findings" in run.report["why"]
    assert run.outputs["addressed"] == "0/0"
