"""The stand-in says who reacted, as GitHub does: in groups, one for each content."""

from typing import Any

import pytest

from standin.asking import PULL, ask, graphql, on, review
from standin.github import GitHub

GROUPS = """{ repository(owner: "octo", name: "project") { pullRequest(number: 7) {
  reactionGroups { content viewerHasReacted }
  comments(first: 9) { nodes { reactionGroups { content viewerHasReacted } } }
  reviews(first: 9) { nodes { reactionGroups { content createdAt } } }
  reviewThreads(first: 9) { nodes { comments(first: 9) { nodes {
    reactionGroups { content viewerHasReacted subject { id } } } } } } } } }"""
REACT = """mutation($id: ID!) { %s(input: {subjectId: $id, content: ROCKET}) {
  reactionGroups { content viewerHasReacted }
  subject { id ... on IssueComment { pullRequest { number } } } } }"""


def mine(groups: list[Any]) -> list[str]:
    return [each["content"] for each in groups if each["viewerHasReacted"]]


def test_every_content_has_a_group_and_only_ours_are_the_viewers(
    github: GitHub,
) -> None:
    ask(github, "POST", f"{PULL}/reviews", review(comments=[on(3)]))
    comment = github.comment(7, "ada", "/architect status")
    [inline] = github.inline(7)
    github.react(comment, "bob", "rocket")
    github.react(comment, github.state.viewer, "eyes")
    github.react(inline, github.state.viewer, "+1")

    pull = graphql(github, GROUPS)["data"]["repository"]["pullRequest"]

    [said] = pull["comments"]["nodes"]
    [thread] = pull["reviewThreads"]["nodes"]
    assert len(said["reactionGroups"]) == 8
    assert mine(said["reactionGroups"]) == ["EYES"]
    assert mine(thread["comments"]["nodes"][0]["reactionGroups"]) == ["THUMBS_UP"]
    assert mine(pull["reactionGroups"]) == []
    [told] = pull["reviews"]["nodes"]
    assert {each["createdAt"] for each in told["reactionGroups"]} == {None}
    assert github.problems == []


@pytest.mark.parametrize("kind", ["comment", "inline"])
def test_what_was_reacted_to_leads_on_from_the_reaction(
    github: GitHub, kind: str
) -> None:
    if kind == "comment":
        identifier = f"IC_{github.comment(7, 'ada', 'Hello').id}"
    else:
        identifier = f"PRRC_{github.remark(7, 'ada', 'Why?', 'app.py', 3).id}"

    added = graphql(github, REACT % "addReaction", id=identifier)["data"]
    removed = graphql(github, REACT % "removeReaction", id=identifier)["data"]

    assert added["addReaction"]["subject"]["id"] == identifier
    assert mine(added["addReaction"]["reactionGroups"]) == ["ROCKET"]
    assert mine(removed["removeReaction"]["reactionGroups"]) == []
    if kind == "comment":
        assert added["addReaction"]["subject"]["pullRequest"] == {"number": 7}
    assert github.problems == []


def test_a_thread_and_a_comment_are_found_by_their_global_ids(github: GitHub) -> None:
    root = github.remark(7, "ada", "Why?", "app.py", 3)
    ids = {"one": f"PRRT_{root.id}", "two": f"PRRC_{root.id}", "three": "PRRT_1"}
    document = """query($one: ID!, $two: ID!, $three: ID!) {
      one: node(id: $one) { ... on PullRequestReviewThread { isResolved } }
      two: node(id: $two) { id ... on PullRequestReviewComment { body } }
      three: node(id: $three) { id } }"""

    answer = graphql(github, document, **ids)

    assert answer["data"] == {
        "one": {"isResolved": False},
        "two": {"id": ids["two"], "body": "Why?"},
        "three": None,
    }
    assert [each["type"] for each in answer["errors"]] == ["NOT_FOUND"]
    assert github.problems == []
