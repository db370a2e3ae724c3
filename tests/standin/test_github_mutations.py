"""The stand-in keeps GitHub's rules for mutations, alone and in one document."""

from typing import Any

import pytest

from standin.asking import API, PULL, Scene, ask, graphql, on, review
from standin.github import After, Answer, Drop, GitHub

REACT = """mutation($id: ID!) { addReaction(input: {subjectId: $id, content: EYES}) {
  clientMutationId reaction { id content user { login } } } }"""
TAKE = REACT.replace("addReaction", "removeReaction")
TALK = [{"issues": "write"}, {"pull-requests": "write"}]


def everything(github: GitHub) -> dict[str, Any]:
    """What can be reacted to, by node ID."""
    ask(github, "POST", f"{PULL}/reviews", review(comments=[on(3)]))
    pull, comment = github.state.pulls[7], github.comment(7, "ada", "/architect help")
    return {
        f"PR_{pull.id}": pull,
        f"IC_{comment.id}": comment,
        f"PRR_{pull.reviews[0].id}": pull.reviews[0],
        f"PRRC_{pull.inline[0].id}": pull.inline[0],
    }


def test_a_reaction_over_graphql_is_given_once_and_taken_back(
    github: GitHub,
) -> None:
    for identifier, subject in everything(github).items():
        first = graphql(github, REACT, id=identifier)["data"]["addReaction"]
        again = graphql(github, REACT, id=identifier)["data"]["addReaction"]
        assert first["reaction"]["id"] == again["reaction"]["id"]
        assert first["reaction"]["content"] == "EYES"
        assert [each[1:] for each in subject.reactions] == [
            ("github-actions[bot]", "eyes")
        ]

        github.react(subject, "ada", "eyes")
        taken = graphql(github, TAKE, id=identifier)["data"]["removeReaction"]
        assert taken["reaction"]["id"] == first["reaction"]["id"]
        assert [each[1] for each in subject.reactions] == ["ada"]
        none = graphql(github, TAKE, id=identifier)["data"]["removeReaction"]
        assert none["reaction"] is None
    assert github.problems == []


def test_rest_and_graphql_see_the_same_reactions(github: GitHub) -> None:
    comment = github.comment(7, "ada", "/architect help")
    graphql(github, REACT, id=f"IC_{comment.id}")
    path = f"{API}/issues/comments/{comment.id}"

    again = ask(github, "POST", f"{path}/reactions", {"content": "eyes"})
    other = ask(github, "POST", f"{path}/reactions", {"content": "rocket"})
    unknown = ask(github, "POST", f"{path}/reactions", {"content": "tada"})

    counted = ask(github, "GET", path).body["reactions"]
    assert [each.status for each in (again, other, unknown)] == [200, 201, 422]
    assert (counted["eyes"], counted["rocket"], counted["total_count"]) == (1, 1, 2)
    assert (
        ask(
            github, "POST", f"{API}/issues/comments/9/reactions", {"content": "eyes"}
        ).status
        == 404
    )
    assert len(github.problems) == 1


def test_a_reaction_needs_the_permission_for_what_it_is_given_to(
    github: GitHub,
) -> None:
    subjects = everything(github)
    for granted in TALK:
        github.permit(granted)
        for identifier in subjects:
            on_diff = identifier.startswith("PRR")
            allowed = "pull-requests" in granted or not on_diff
            answer = graphql(github, REACT, id=identifier)
            assert ("errors" not in answer) is allowed
    github.permit({"contents": "write"})
    for identifier in subjects:
        answer = graphql(github, REACT, id=identifier)
        assert answer["errors"][0]["type"] == "FORBIDDEN"
    assert github.problems == []


COMMENT = """mutation($id: ID!, $body: String!) {
  addComment(input: {subjectId: $id, body: $body}) {
    commentEdge { node { id body viewerDidAuthor } } } }"""
EDIT = """mutation($id: ID!, $body: String!) {
  updateIssueComment(input: {id: $id, body: $body}) {
    issueComment { body includesCreatedEdit } } }"""
EDIT_INLINE = """mutation($id: ID!, $body: String!) {
  updatePullRequestReviewComment(
    input: {pullRequestReviewCommentId: $id, body: $body}) {
      pullRequestReviewComment { body } } }"""


def test_a_comment_is_added_and_edited_over_graphql(github: GitHub) -> None:
    pull = f"PR_{github.state.pulls[7].id}"
    made = graphql(github, COMMENT, id=pull, body="One.")["data"]["addComment"]
    node = made["commentEdge"]["node"]
    edited = graphql(github, EDIT, id=node["id"], body="Two.")["data"]

    assert (node["body"], node["viewerDidAuthor"]) == ("One.", True)
    assert edited["updateIssueComment"]["issueComment"] == {
        "body": "Two.",
        "includesCreatedEdit": True,
    }
    assert [each.body for each in github.comments(7)] == ["Two."]
    assert github.problems == []


def test_a_comment_on_the_diff_is_edited_over_graphql(github: GitHub) -> None:
    ask(github, "POST", f"{PULL}/reviews", review(comments=[on(3)]))
    inline = f"PRRC_{github.inline(7)[0].id}"

    graphql(github, EDIT_INLINE, id=inline, body="Better.")
    wrong = graphql(github, EDIT, id=inline, body="Worse.")

    assert github.inline(7)[0].body == "Better."
    assert wrong["errors"][0]["type"] == "NOT_FOUND"
    assert github.problems == []


@pytest.mark.parametrize("body", ["", " \n", "x" * 65_537])
def test_a_body_that_rest_refuses_is_refused_over_graphql_too(
    github: GitHub, body: str
) -> None:
    answer = graphql(github, COMMENT, id=f"PR_{github.state.pulls[7].id}", body=body)

    assert answer["data"] == {"addComment": None}
    assert answer["errors"][0]["type"] == "UNPROCESSABLE"
    assert github.comments(7) == []


def test_somebody_elses_comment_is_not_ours_to_edit_or_delete(
    github: GitHub,
) -> None:
    theirs = github.comment(7, "ada", "mine")
    graphql(github, EDIT, id=f"IC_{theirs.id}", body="ours")
    deleted = ask(github, "DELETE", f"{API}/issues/comments/{theirs.id}")

    assert deleted.status == 204
    assert github.comments(7) == []
    assert [each.partition(":")[0] for each in github.problems] == [
        "edits a comment of ada",
        "deletes a comment of ada",
    ]


@pytest.mark.parametrize(
    "classifier",
    ["ABUSE", "DUPLICATE", "OFF_TOPIC", "OUTDATED", "RESOLVED", "SPAM"],
)
def test_what_we_said_is_hidden_for_a_reason_and_shown_again(
    github: GitHub, classifier: str
) -> None:
    ask(github, "POST", f"{PULL}/reviews", review(comments=[on(3)]))
    ask(github, "POST", f"{API}/issues/7/comments", {"body": "Summary"})
    hide = """mutation($id: ID!, $why: ReportedContentClassifiers!) { minimizeComment(
      input: {subjectId: $id, classifier: $why}) {
        minimizedComment { isMinimized minimizedReason viewerCanMinimize } } }"""
    show = """mutation($id: ID!) { unminimizeComment(input: {subjectId: $id}) {
      unminimizedComment { isMinimized minimizedReason } } }"""
    pull = github.state.pulls[7]
    for identifier in (
        f"IC_{pull.comments[0].id}",
        f"PRR_{pull.reviews[0].id}",
        f"PRRC_{pull.inline[0].id}",
    ):
        hidden = graphql(github, hide, id=identifier, why=classifier)["data"]
        shown = graphql(github, show, id=identifier)["data"]

        assert hidden["minimizeComment"]["minimizedComment"] == {
            "isMinimized": True,
            "minimizedReason": classifier.lower().replace("_", "-"),
            "viewerCanMinimize": True,
        }
        assert shown["unminimizeComment"]["unminimizedComment"] == {
            "isMinimized": False,
            "minimizedReason": None,
        }
    assert github.problems == []


MANY = """mutation($thread: ID!, $comment: ID!, $pull: ID!) {
  eyes: addReaction(input: {subjectId: $comment, content: EYES}) { clientMutationId }
  settle: resolveReviewThread(input: {threadId: $thread}) { thread { isResolved } }
  addComment(input: {subjectId: $pull, body: "Said.", clientMutationId: "c"}) {
    clientMutationId }
}"""


def many(github: GitHub) -> dict[str, Any]:
    thread = github.remark(7, "ada", "Why?", "app.py", 3)
    comment = github.comment(7, "ada", "/architect review")
    return {
        "thread": f"PRRT_{thread.id}",
        "comment": f"IC_{comment.id}",
        "pull": f"PR_{github.state.pulls[7].id}",
    }


def test_a_refused_mutation_is_null_and_the_others_of_its_document_stand(
    github: GitHub,
) -> None:
    answer = graphql(github, MANY, **many(github))

    assert answer["data"] == {
        "eyes": {"clientMutationId": None},
        "settle": None,
        "addComment": {"clientMutationId": "c"},
    }
    [error] = answer["errors"]
    assert (error["path"], error["type"]) == (["settle"], "FORBIDDEN")
    comment, said = github.comments(7)
    assert comment.reactions[0][2] == "eyes"
    assert said.body == "Said."
    assert github.problems == []


def test_a_document_is_one_request_and_each_mutation_in_it_a_write(
    github: GitHub,
) -> None:
    asked = many(github)
    graphql(github, MANY, **asked)

    [request] = github.requests
    assert (request.kind, request.is_write) == ("graphql", True)
    assert request.what == "addReaction, resolveReviewThread, addComment"
    assert [(each.what, each.is_done) for each in github.writes] == [
        ("addReaction", True),
        ("resolveReviewThread", False),
        ("addComment", True),
    ]
    [mutation] = github.writes[0].mutations
    assert (mutation.key, mutation.name) == ("eyes", "addReaction")
    assert mutation.input == {"subjectId": asked["comment"], "content": "EYES"}


def test_a_query_is_no_write_and_a_rest_call_is_one(
    github: GitHub, scene: Scene
) -> None:
    graphql(github, "{ viewer { login } }")
    ask(github, "POST", f"{API}/issues/7/comments", {"body": "x"})
    ask(github, "POST", f"{API}/statuses/{scene.head}", {"state": "success"})

    assert len(github.requests) == 3
    assert [(each.what, each.is_done) for each in github.writes] == [
        ("POST /issues/7/comments", True),
        (f"POST /statuses/{scene.head}", False),
    ]


def test_one_mutation_of_a_document_can_be_made_to_fail(github: GitHub) -> None:
    github.permit({"contents": "write", "pull-requests": "write"})
    github.refuse("addReaction", "was submitted too quickly", kind="UNPROCESSABLE")
    asked = many(github)

    first = graphql(github, MANY, **asked)
    second = graphql(github, MANY, **asked)

    assert [each["message"] for each in first["errors"]] == [
        "was submitted too quickly"
    ]
    assert "errors" not in second
    assert [each.is_done for each in github.writes] == [False] + [True] * 5
    assert github.problems == []


@pytest.mark.parametrize(
    ("fault", "is_done"),
    [
        (Answer(502, {"message": "Bad Gateway"}), False),
        (Drop.BEFORE, False),
        (Drop.AFTER, True),
        (After(), True),
    ],
)
def test_a_write_tells_whether_it_was_done_whatever_came_back(
    github: GitHub, fault: Answer | Drop | After, is_done: bool
) -> None:
    asked = many(github)
    github.fault_at(0, fault)
    if isinstance(fault, Drop):
        with pytest.raises(ConnectionError):
            graphql(github, MANY, **asked)
    else:
        graphql(github, MANY, **asked)

    assert [each.is_done for each in github.writes] == [is_done, False, is_done]
    assert (len(github.comments(7)) == 2) is is_done
