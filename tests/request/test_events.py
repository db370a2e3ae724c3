"""Every event ends as a request or a named reason."""

import copy
from typing import Any

import pytest

from architect_review.request.events import (
    CommentKind,
    CommentRef,
    Ignored,
    PullRequestReview,
    Trigger,
    parse,
)
from architect_review.request.settings import Settings
from oracles import webhooks

SETTINGS = Settings()
EXAMPLES = [
    (event, index)
    for event in webhooks.events()
    for index in range(len(webhooks.examples(event)))
]


def an_example(event: str, **wanted: Any) -> dict[str, Any]:
    """A copy of the first published example whose top-level values are these."""
    for example in webhooks.examples(event):
        if all(example.get(key) == value for key, value in wanted.items()):
            return copy.deepcopy(example)
    raise LookupError((event, wanted))


def a_comment(body: str, **user: Any) -> dict[str, Any]:
    """A comment on a pull request, as GitHub sends it."""
    payload = an_example("issue_comment", action="created")
    payload["issue"]["pull_request"] = {"url": "https://api.github.com/x"}
    payload["issue"]["number"] = 7
    payload["comment"] |= {"body": body, "id": 99}
    payload["comment"]["user"] |= {"login": "mona", "type": "User", **user}
    payload["repository"]["full_name"] = "o/r"
    return payload


@pytest.mark.parametrize(("event", "index"), EXAMPLES)
def test_every_published_example_is_a_request_or_a_named_reason(
    event: str, index: int
) -> None:
    result = parse(event, webhooks.examples(event)[index], SETTINGS)

    assert isinstance(result, PullRequestReview | Ignored)
    if isinstance(result, Ignored):
        assert result.reason


@pytest.mark.parametrize(
    "action", ["opened", "synchronize", "reopened", "ready_for_review"]
)
def test_a_pull_request_that_can_be_reviewed_is_reviewed(action: str) -> None:
    payload = an_example("pull_request", action="opened") | {"action": action}
    payload["pull_request"] |= {"draft": False, "number": 7}
    payload["pull_request"]["user"]["type"] = "User"
    payload["pull_request"]["user"]["login"] = "mona"
    payload["repository"]["full_name"] = "o/r"

    expected = PullRequestReview("o/r", 7, Trigger.AUTOMATIC)
    assert expected == parse("pull_request", payload, SETTINGS)


def test_a_draft_is_left_alone() -> None:
    payload = an_example("pull_request", action="opened")
    payload["pull_request"]["draft"] = True

    result = parse("pull_request", payload, SETTINGS)

    assert isinstance(result, Ignored)
    assert "draft" in result.reason


def test_the_label_mutes_a_pull_request() -> None:
    payload = an_example("pull_request", action="opened")
    payload["pull_request"]["draft"] = False
    payload["pull_request"]["labels"] = [{"name": "no-architect-review"}]

    result = parse("pull_request", payload, SETTINGS)

    assert isinstance(result, Ignored)
    assert "no-architect-review" in result.reason


def test_a_bots_pull_request_gets_signals_without_the_model() -> None:
    payload = an_example("pull_request", action="opened")
    payload["pull_request"]["draft"] = False
    payload["pull_request"]["user"] = {"login": "dependabot[bot]", "type": "Bot"}

    result = parse("pull_request", payload, SETTINGS)

    assert isinstance(result, PullRequestReview)
    assert result.without_model


def test_a_deleted_author_and_a_deleted_fork_are_no_obstacle() -> None:
    payload = an_example("pull_request", action="opened")
    payload["pull_request"] |= {"draft": False, "user": None}
    payload["pull_request"]["head"]["repo"] = None

    assert isinstance(parse("pull_request", payload, SETTINGS), PullRequestReview)


def test_a_dispatch_reviews_the_pull_request_it_names() -> None:
    payload = an_example("workflow_dispatch")
    payload["repository"]["full_name"] = "o/r"

    result = parse("workflow_dispatch", payload, Settings.of({"pull-request": "12"}))

    assert result == PullRequestReview("o/r", 12, Trigger.DISPATCH)


def test_a_dispatch_without_a_pull_request_says_what_to_give() -> None:
    result = parse("workflow_dispatch", an_example("workflow_dispatch"), SETTINGS)

    assert isinstance(result, Ignored)
    assert "`pull-request`" in result.reason


def test_a_command_asks_for_a_review_in_the_name_of_its_author() -> None:
    result = parse("issue_comment", a_comment("/architect review"), SETTINGS)

    assert result == PullRequestReview(
        "o/r",
        7,
        Trigger.COMMAND,
        asked_by="mona",
        comment=CommentRef(99, CommentKind.ISSUE),
    )


def test_a_command_works_in_a_review_comment_too() -> None:
    payload = an_example("pull_request_review_comment", action="created")
    payload["comment"]["body"] = "/architect review"
    payload["comment"]["user"]["type"] = "User"

    result = parse("pull_request_review_comment", payload, SETTINGS)

    assert isinstance(result, PullRequestReview)
    assert result.comment is not None
    assert result.comment.kind is CommentKind.REVIEW


@pytest.mark.parametrize("action", ["edited", "deleted"])
def test_an_edited_or_deleted_comment_commands_nothing(action: str) -> None:
    payload = a_comment("/architect review") | {"action": action}

    assert isinstance(parse("issue_comment", payload, SETTINGS), Ignored)


@pytest.mark.parametrize(
    "user", [{"type": "Bot"}, {"login": "github-actions[bot]", "type": "User"}]
)
def test_a_bots_comment_commands_nothing(user: dict[str, str]) -> None:
    payload = a_comment("/architect review", **user)

    assert isinstance(parse("issue_comment", payload, SETTINGS), Ignored)


def test_a_comment_on_an_issue_commands_nothing() -> None:
    payload = a_comment("/architect review")
    del payload["issue"]["pull_request"]

    result = parse("issue_comment", payload, SETTINGS)

    assert isinstance(result, Ignored)
    assert "issue" in result.reason


@pytest.mark.parametrize(
    "payload", [None, [], "x", {}, {"pull_request": {"number": "x"}}]
)
def test_a_malformed_payload_is_a_named_reason(payload: Any) -> None:
    result = parse("pull_request", payload, SETTINGS)

    assert isinstance(result, Ignored)
    assert result.reason


def test_an_unknown_event_is_named() -> None:
    result = parse("fork", {}, SETTINGS)

    assert isinstance(result, Ignored)
    assert "'fork'" in result.reason
