"""The stand-in keeps GitHub's documented rules for reviews and comments on diffs."""

import pytest

from standin.asking import API, NEW, PULL, Scene, ask, on, review
from standin.github import GitHub


@pytest.mark.parametrize(
    "comment",
    [
        on(3),
        on(1),
        on(3, "LEFT"),
        on(1, "LEFT"),
        on(20, "LEFT"),
        on(3, start_line=1),
        on(3, start_line=1, start_side="RIGHT"),
        on(3, "RIGHT", start_line=3, start_side="LEFT"),
        {"path": "gone.py", "line": 1, "side": "LEFT", "body": "bye"},
        {"path": "added.py", "line": 1, "body": "the side defaults to RIGHT"},
    ],
)
def test_a_line_inside_a_hunk_takes_a_comment(
    github: GitHub, comment: dict[str, object]
) -> None:
    posted = ask(github, "POST", f"{PULL}/reviews", review(comments=[comment]))

    assert posted.status == 200
    assert len(github.inline(7)) == 1
    assert github.problems == []


LINE = "Pull request review thread line must be part of the diff"


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        (on(10), LINE),
        (on(26), LINE),
        (on(7, "LEFT"), LINE),
        (on(18, start_line=3), "start line must be part of the same hunk"),
        (on(3, start_line=3), "start line must precede the end line"),
        (on(3, start_line=5), "start line must precede the end line"),
        (on(3, path="nowhere.py"), "path is invalid"),
        (on(3, path="old name.py"), "path is invalid"),
        (on(1, path="logo.png"), "diff hunk can't be blank"),
        (on(1, path="new name.py"), LINE),
        (on(1, path="gone.py"), LINE),
    ],
)
def test_one_bad_comment_rejects_the_whole_review(
    github: GitHub, comment: dict[str, object], words: str
) -> None:
    body = review(comments=[on(3), comment])

    refused = ask(github, "POST", f"{PULL}/reviews", body)

    assert refused.status == 422
    assert any(words in error for error in refused.body["errors"])
    assert (github.reviews(7), github.inline(7)) == ([], [])
    assert github.problems == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"body": ""}, "Body can't be blank"),
        ({"body": "x" * 65_537}, "Body is too long (maximum is 65536 characters)"),
        ({"comments": [on(3, body="x" * 65_537)]}, "Body is too long"),
        ({"commit_id": "1" * 40}, "oid is not part of the pull request"),
        ({"event": "APPROVE"}, "GitHub Actions is not permitted to approve"),
    ],
)
def test_a_review_that_breaks_a_rule_is_refused(
    github: GitHub, changes: dict[str, object], words: str
) -> None:
    refused = ask(github, "POST", f"{PULL}/reviews", review(**changes))

    assert refused.status == 422
    assert words in refused.body["errors"][0]
    assert github.reviews(7) == []
    assert github.problems == []


def test_a_review_without_an_event_stays_pending_and_blocks_the_next(
    github: GitHub,
) -> None:
    pending = ask(github, "POST", f"{PULL}/reviews", {"comments": [on(3)]})
    blocked = ask(github, "POST", f"{PULL}/reviews", review())
    comment = on(3, commit_id=github.pull_json(7)["head"]["sha"])
    alone = ask(github, "POST", f"{PULL}/comments", comment)
    listed = ask(github, "GET", f"{PULL}/reviews").body
    hidden = ask(github, "GET", f"{PULL}/comments").body
    own = f"{PULL}/reviews/{pending.body['id']}"

    assert (pending.status, pending.body["state"]) == (200, "PENDING")
    assert "submitted_at" not in pending.body
    assert "one pending review" in blocked.body["errors"][0]
    assert "one pending review" in alone.body["errors"][0]["message"]
    assert ([each["state"] for each in listed], hidden) == (["PENDING"], [])
    assert ask(github, "DELETE", own).status == 200
    assert github.inline(7) == []
    posted = ask(github, "POST", f"{PULL}/reviews", review())
    own = f"{PULL}/reviews/{posted.body['id']}"
    assert ask(github, "DELETE", own).status == 422
    assert ask(github, "PUT", own, {"body": "Changed."}).body["body"] == "Changed."
    assert github.problems == []


def test_a_request_github_does_not_understand_is_a_problem(github: GitHub) -> None:
    body = review(comments=[on(3, subject_type="file")])

    assert ask(github, "POST", f"{PULL}/reviews", body).status == 422
    assert github.problems == [
        "POST /repos/octo/project/pulls/7/reviews: unknown key: comments.0.subject_type"
    ]


def test_a_suggestion_on_deleted_lines_is_a_problem(github: GitHub) -> None:
    text = "Better:\n\n```suggestion\nx\n```"
    body = review(comments=[on(3, body=text), on(3, "LEFT", body=text)])

    assert ask(github, "POST", f"{PULL}/reviews", body).status == 200
    assert github.problems == ["a suggestion on deleted lines: app.py:3"]


def test_file_comments_and_replies_are_calls_of_their_own(
    github: GitHub, scene: Scene
) -> None:
    where = {"path": "logo.png", "commit_id": scene.head, "subject_type": "file"}
    made = ask(github, "POST", f"{PULL}/comments", where | {"body": "Why?"})
    answers = f"{PULL}/comments/{made.body['id']}/replies"
    reply = ask(github, "POST", answers, {"body": "Because."})
    deeper = f"{PULL}/comments/{reply.body['id']}/replies"
    reaction = f"{API}/pulls/comments/{made.body['id']}/reactions"

    assert (made.status, made.body["subject_type"]) == (201, "file")
    assert (reply.status, reply.body["in_reply_to_id"]) == (201, made.body["id"])
    assert ask(github, "POST", deeper, {"body": "No."}).status == 422
    assert ask(github, "POST", reaction, {"content": "+1"}).status == 201
    assert ask(github, "POST", reaction, {"content": "+1"}).status == 200
    stray = where | {"path": "nowhere", "body": "?"}
    assert ask(github, "POST", f"{PULL}/comments", stray).status == 422
    assert github.problems == []


def test_a_comment_on_a_line_is_refused_with_an_object(
    github: GitHub, scene: Scene
) -> None:
    body = on(10, commit_id=scene.head)

    error = ask(github, "POST", f"{PULL}/comments", body).body["errors"][0]

    assert error["field"] == "pull_request_review_thread.line"
    assert error["message"].endswith("line must be part of the diff")


def test_a_forced_push_repoints_reviews_and_outdates_lines(
    github: GitHub, scene: Scene
) -> None:
    body = review(comments=[on(3), on(18)])
    ask(github, "POST", f"{PULL}/reviews", body)
    again = NEW.replace("line three\n", "line 3, again\n").replace("line 5\n", "")
    pushed = scene.repository.commit({"app.py": again}, "again", parent=scene.base)
    github.push(7, pushed)

    reviews = ask(github, "GET", f"{PULL}/reviews").body
    comments = ask(github, "GET", f"{PULL}/comments").body

    assert [each["commit_id"] for each in reviews] == [pushed]
    assert [each["line"] for each in comments] == [None, 17]
    assert [each["original_line"] for each in comments] == [3, 18]
    assert {each["original_commit_id"] for each in comments} == {scene.head}
    old = review(commit_id=scene.head)
    assert ask(github, "POST", f"{PULL}/reviews", old).status == 422
    assert github.problems == []


def test_people_review_and_reply_and_keep_their_drafts_to_themselves(
    github: GitHub,
) -> None:
    ask(github, "POST", f"{PULL}/reviews", review(comments=[on(3)]))
    github.reply(7, github.inline(7)[0].id, "ada", "Because.")
    github.review(7, "grace", "Fine by me.", state="APPROVED")
    github.review(7, "grace", "Not yet.", state="PENDING")

    reviews = ask(github, "GET", f"{PULL}/reviews").body
    comments = ask(github, "GET", f"{PULL}/comments").body

    assert [(each["user"]["login"], each["state"]) for each in reviews] == [
        ("github-actions[bot]", "COMMENTED"),
        ("ada", "COMMENTED"),
        ("grace", "APPROVED"),
    ]
    assert [each["body"] for each in comments] == ["here", "Because."]
    assert ask(github, "POST", f"{PULL}/reviews", review()).status == 200
    assert github.problems == []
