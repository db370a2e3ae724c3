"""The stand-in keeps GitHub's rules for threads, over replies and forced pushes."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from standin.asking import API, NEW, PULL, Scene, ask, graphql, on, review
from standin.github import RESOLVING, GitHub, Inline
from standin.repository import git_environment

THREADS = """{ repository(owner: "octo", name: "project") { pullRequest(number: 7) {
  reviewThreads(first: 9) { nodes { id isResolved isOutdated line originalLine
    viewerCanResolve viewerCanUnresolve viewerCanReply } } } } }"""
SETTLE = """mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) {
  thread { isResolved viewerCanResolve viewerCanUnresolve } } }"""
REPLY = """mutation($id: ID!, $body: String!) { addPullRequestReviewThreadReply(
  input: {pullRequestReviewThreadId: $id, body: $body}) {
    comment { body replyTo { id } } } }"""


def threads(github: GitHub) -> list[Any]:
    pull = graphql(github, THREADS)["data"]["repository"]["pullRequest"]
    found: list[Any] = pull["reviewThreads"]["nodes"]
    return found


def begun(github: GitHub, *lines: int) -> list[Inline]:
    """Threads of our own on lines of app.py."""
    body = review(comments=[on(line) for line in lines])
    assert ask(github, "POST", f"{PULL}/reviews", body).status == 200
    return github.inline(7)


def test_a_reply_over_rest_goes_to_the_comment_that_began_the_thread(
    github: GitHub,
) -> None:
    [root] = begun(github, 3)
    answers = f"{PULL}/comments/{root.id}/replies"
    reply = ask(github, "POST", answers, {"body": "Done."})
    deeper = f"{PULL}/comments/{reply.body['id']}/replies"
    elsewhere = f"{PULL}/comments/9/replies"

    assert (reply.status, reply.body["in_reply_to_id"]) == (201, root.id)
    assert ask(github, "POST", deeper, {"body": "No."}).status == 422
    assert ask(github, "POST", elsewhere, {"body": "No."}).status == 404
    assert ask(github, "POST", answers, {"body": " "}).status == 422
    assert github.problems == []


def test_a_reply_over_graphql_needs_a_body_and_pull_requests_write(
    github: GitHub,
) -> None:
    [root] = begun(github, 3)
    thread = f"PRRT_{root.id}"

    said = graphql(github, REPLY, id=thread, body="Done.")["data"]
    empty = graphql(github, REPLY, id=thread, body=" ")
    nowhere = graphql(github, REPLY, id="PRRT_1", body="Done.")
    github.permit({"contents": "write", "pull-requests": "read"})
    forbidden = graphql(github, REPLY, id=thread, body="Done.")

    assert said["addPullRequestReviewThreadReply"]["comment"] == {
        "body": "Done.",
        "replyTo": {"id": f"PRRC_{root.id}"},
    }
    errors = [each["errors"][0]["type"] for each in (empty, nowhere, forbidden)]
    assert errors == ["UNPROCESSABLE", "NOT_FOUND", "FORBIDDEN"]
    assert len(github.thread(root)) == 2
    assert github.problems == []


@pytest.mark.parametrize(
    ("granted", "may"),
    [
        ({"contents": "read", "pull_requests": "write"}, False),
        ({"contents": "write", "pull_requests": "read"}, False),
        ({"contents": "write", "pull_requests": "write"}, True),
    ],
)
def test_the_viewer_sees_before_whether_it_can_resolve(
    github: GitHub, granted: dict[str, str], may: bool
) -> None:
    [root] = begun(github, 3)
    github.permit(granted)
    [before] = threads(github)

    answer = graphql(github, SETTLE, id=f"PRRT_{root.id}")

    assert (before["viewerCanResolve"], before["viewerCanUnresolve"]) == (may, False)
    assert before["viewerCanReply"] is (granted["pull_requests"] == "write")
    assert threads(github)[0]["isResolved"] is may
    if may:
        settled = {
            "isResolved": True,
            "viewerCanResolve": False,
            "viewerCanUnresolve": True,
        }
        assert answer["data"]["resolveReviewThread"]["thread"] == settled
        undo = SETTLE.replace("resolveReviewThread", "unresolveReviewThread")
        graphql(github, undo, id=f"PRRT_{root.id}")
        assert threads(github)[0]["isResolved"] is False
    else:
        error = answer["errors"][0]
        assert error["message"] == "Resource not accessible by integration"
    assert github.problems == []


def test_a_forced_push_outdates_the_lines_it_rewrites_and_moves_the_others(
    github: GitHub, scene: Scene
) -> None:
    begun(github, 3, 18)
    again = NEW.replace("line three\n", "line 3, again\n").replace("line 5\n", "")
    forced = scene.repository.commit({"app.py": again}, "again", parent=scene.base)

    before = github.push(7, forced)
    outdated, moved = threads(github)
    github.push(7, scene.head)
    back, still = threads(github)

    assert before == scene.head
    assert github.state.pulls[7].heads == [scene.head, forced, scene.head]
    assert (outdated["isOutdated"], outdated["line"]) == (True, None)
    assert (moved["isOutdated"], moved["line"]) == (False, 17)
    assert [outdated["originalLine"], moved["originalLine"]] == [3, 18]
    assert [back["line"], still["line"]] == [3, 18]
    assert github.problems == []


def test_a_push_without_the_file_outdates_its_threads(
    github: GitHub, scene: Scene
) -> None:
    begun(github, 3)
    for files in ({"app.py": None}, {"added.py": "b = 2\n"}):
        dropped = scene.repository.commit(files, "other", parent=scene.base)
        github.push(7, dropped)

        [thread] = threads(github)
        assert (thread["isOutdated"], thread["line"]) == (True, None)
    assert github.problems == []


def test_what_a_forced_push_replaced_can_still_be_read_and_fetched(
    github: GitHub, scene: Scene, tmp_path: Path
) -> None:
    forced = scene.repository.commit({"added.py": "b\n"}, "again", parent=scene.base)
    old = github.push(7, forced)

    compared = ask(github, "GET", f"{API}/compare/{old}...{forced}").body
    here = ["git", "-C", str(tmp_path / "clone")]
    subprocess.run(["git", "init", "-q", tmp_path / "clone"], check=True)
    subprocess.run(
        [*here, "fetch", "-q", f"{github.url}/octo/project.git", old],
        check=True,
        env=git_environment(),
    )

    assert ask(github, "GET", f"{API}/contents/added.py?ref={old}").status == 200
    assert (compared["status"], compared["ahead_by"]) == ("diverged", 1)
    assert compared["behind_by"] == 1
    found = subprocess.run([*here, "cat-file", "-t", old], capture_output=True)
    assert found.stdout == b"commit\n"
    assert github.problems == []


def test_deleting_the_first_comment_leaves_the_answers_a_thread(
    github: GitHub,
) -> None:
    [root] = begun(github, 3)
    for body in ("Why?", "Because."):
        github.reply(7, root, "ada", body)
    github.resolve(root, "ada")

    deleted = ask(github, "DELETE", f"{API}/pulls/comments/{root.id}")

    first, second = github.inline(7)
    assert deleted.status == 204
    assert (first.root, second.root) == (None, first.id)
    assert first.resolved_by == "ada"
    assert github.problems == []
    assert ask(github, "DELETE", f"{API}/pulls/comments/{first.id}").status == 204
    assert "deletes a comment of ada" in github.problems[0]


def test_a_reply_while_a_draft_is_open_is_refused_over_rest(
    github: GitHub,
) -> None:
    [root] = begun(github, 3)
    github.permit(RESOLVING)
    ask(github, "POST", f"{PULL}/reviews", {"body": "draft"})

    path = f"{PULL}/comments/{root.id}/replies"
    assert ask(github, "POST", path, {"body": "Done."}).status == 422
