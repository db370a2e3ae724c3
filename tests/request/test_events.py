"""Every event ends as a request or a named reason."""

import copy
from typing import Any

import pytest

from architect_review.request.commands import Command, Misread, Name
from architect_review.request.conversation import (
    Closed,
    Commanded,
    CommentKind,
    CommentRef,
    LeadReview,
    ReviewState,
    ThreadReply,
)
from architect_review.request.events import (
    Asked,
    Ignored,
    PullRequestReview,
    Trigger,
    as_review,
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
    payload["issue"]["user"] |= {"login": "octocat"}
    payload["comment"] |= {"body": body, "id": 99, "created_at": "2026-01-02T03:04:05Z"}
    payload["comment"]["user"] |= {"login": "mona", "type": "User", **user}
    payload["repository"]["full_name"] = "o/r"
    return payload


@pytest.mark.parametrize(("event", "index"), EXAMPLES)
def test_every_published_example_is_a_request_or_a_named_reason(
    event: str, index: int
) -> None:
    result = parse(event, webhooks.examples(event)[index], SETTINGS)

    assert isinstance(result, Asked)
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


def an_edit(changes: Any) -> dict[str, Any]:
    """A pull request whose title, text or base somebody changed."""
    payload = an_example("pull_request", action="opened")
    payload |= {"action": "edited", "changes": changes}
    payload["pull_request"] |= {"draft": False, "number": 7}
    payload["pull_request"]["user"] = {"login": "mona", "type": "User"}
    payload["repository"]["full_name"] = "o/r"
    return payload


def test_another_base_is_another_change_and_is_reviewed() -> None:
    moved = {"base": {"ref": {"from": "next"}, "sha": {"from": "e" * 40}}}

    for changes in (moved, moved | {"title": {"from": "Old"}}):
        result = parse("pull_request", an_edit(changes), SETTINGS)

        assert result == PullRequestReview("o/r", 7, Trigger.AUTOMATIC)


@pytest.mark.parametrize(
    "changes", [{"title": {"from": "Old"}}, {"body": {"from": "Old"}}, {}, None]
)
def test_another_title_or_text_is_no_reason_to_review(changes: Any) -> None:
    result = parse("pull_request", an_edit(changes), SETTINGS)

    assert result == PullRequestReview("o/r", 7, Trigger.EDIT)


def test_a_draft_whose_base_is_changed_waits_until_it_is_ready() -> None:
    payload = an_edit({"base": {"ref": {"from": "next"}}})
    payload["pull_request"]["draft"] = True

    result = parse("pull_request", payload, SETTINGS)

    assert isinstance(result, Ignored)
    assert "draft" in result.reason


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


def test_a_command_is_asked_in_the_name_of_its_author() -> None:
    result = parse("issue_comment", a_comment("/architect review"), SETTINGS)

    assert result == Commanded(
        "o/r",
        7,
        "mona",
        CommentRef(99, CommentKind.ISSUE),
        (Command(Name.REVIEW),),
        is_author=False,
        asked_at="2026-01-02T03:04:05Z",
    )
    assert result.asks_for_review
    assert as_review(result) == PullRequestReview(
        "o/r",
        7,
        Trigger.COMMAND,
        asked_by="mona",
        comment=CommentRef(99, CommentKind.ISSUE),
    )


def test_all_commands_of_a_comment_are_asked_the_misread_ones_too() -> None:
    body = "/architect status\n/architect reveiw\n/architect explain F2"

    result = parse("issue_comment", a_comment(body), SETTINGS)

    assert isinstance(result, Commanded)
    status, misread, explain = result.commands
    assert status == Command(Name.STATUS)
    assert isinstance(misread, Misread)
    assert explain == Command(Name.EXPLAIN, "F2")
    assert not result.asks_for_review


def test_the_author_is_known_whatever_the_case_of_the_login() -> None:
    payload = a_comment("/architect status", login="OctoCat")

    result = parse("issue_comment", payload, SETTINGS)

    assert isinstance(result, Commanded)
    assert result.is_author


def test_nobody_is_the_author_when_the_author_is_deleted() -> None:
    payload = a_comment("/architect status")
    payload["issue"]["user"] = None

    result = parse("issue_comment", payload, SETTINGS)

    assert isinstance(result, Commanded)
    assert not result.is_author


def a_review_comment(body: str, **comment: Any) -> dict[str, Any]:
    """A comment on the diff of a fork's pull request, as GitHub sends it."""
    payload = an_example("pull_request_review_comment", action="created")
    payload["repository"]["full_name"] = "o/r"
    payload["comment"] |= {"body": body, "id": 99, **comment}
    payload["comment"]["user"] |= {"login": "mona", "type": "User"}
    pull = payload["pull_request"]
    pull |= {"number": 7}
    pull["user"] |= {"login": "mona"}
    pull["head"] |= {"sha": "ab" * 20}
    pull["head"]["repo"] = {"full_name": "mona/r"}
    return payload


@pytest.mark.parametrize(
    ("reply", "thread"), [({}, 99), ({"in_reply_to_id": None}, 99),
                          ({"in_reply_to_id": 55}, 55)]
)  # fmt: skip
def test_a_command_works_in_a_review_comment_too(
    reply: dict[str, Any], thread: int
) -> None:
    payload = a_review_comment("/architect review", **reply)

    result = parse("pull_request_review_comment", payload, SETTINGS)

    assert isinstance(result, Commanded)
    assert result.comment == CommentRef(99, CommentKind.REVIEW)
    assert result.thread == thread
    assert result.head_sha == "ab" * 20
    assert result.is_author
    assert result.is_fork


def test_a_reply_in_a_thread_is_a_request_of_its_own() -> None:
    payload = a_review_comment("Won't fix.", in_reply_to_id=55)

    assert parse("pull_request_review_comment", payload, SETTINGS) == ThreadReply(
        "o/r",
        7,
        "mona",
        CommentRef(99, CommentKind.REVIEW),
        in_reply_to=55,
        body="Won't fix.",
        is_author=True,
        is_fork=True,
    )


def test_a_new_thread_without_a_command_asks_nothing() -> None:
    result = parse("pull_request_review_comment", a_review_comment("Hm."), SETTINGS)

    assert result == Ignored("the comment has no command of ours")


@pytest.mark.parametrize(
    "body",
    [
        "<!-- architect-review:lead v1 a -->\n\n/architect approve 1a2b3c4",
        "/architect status\n\n<!-- architect-review:finding v1 0 -->",
    ],
)
def test_our_own_comment_commands_nothing_whoever_the_token_belongs_to(
    body: str,
) -> None:
    ours = Ignored("the comment is this action's own")
    reply = a_review_comment(body, in_reply_to_id=55)

    assert parse("issue_comment", a_comment(body), SETTINGS) == ours
    assert parse("pull_request_review_comment", reply, SETTINGS) == ours


def a_review(state: str, action: str = "submitted", **user: Any) -> dict[str, Any]:
    """A review of a pull request, as GitHub sends it."""
    payload = an_example("pull_request_review", action=action)
    payload["repository"]["full_name"] = "o/r"
    payload["pull_request"] |= {"number": 7}
    payload["pull_request"]["user"] |= {"login": "octocat"}
    payload["review"] |= {"id": 5, "state": state, "commit_id": "ab" * 20}
    payload["review"]["user"] |= {"login": "mona", "type": "User", **user}
    return payload


@pytest.mark.parametrize(
    ("state", "action", "expected"),
    [
        ("approved", "submitted", ReviewState.APPROVED),
        ("APPROVED", "submitted", ReviewState.APPROVED),
        ("changes_requested", "submitted", ReviewState.CHANGES_REQUESTED),
        ("dismissed", "dismissed", ReviewState.DISMISSED),
        ("approved", "dismissed", ReviewState.DISMISSED),
    ],
)
def test_a_review_that_bears_on_the_sign_off_is_a_request(
    state: str, action: str, expected: ReviewState
) -> None:
    result = parse("pull_request_review", a_review(state, action), SETTINGS)

    assert result == LeadReview(
        "o/r", 7, "mona", 5, expected, "ab" * 20, is_author=False
    )


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (a_review("commented"), "neither approves nor requests changes"),
        (a_review("pending"), "neither approves nor requests changes"),
        (a_review("approved") | {"action": "edited"}, "edited signs nothing off"),
        (a_review("approved", type="Bot"), "a bot's"),
        (a_review("approved", login="renovate[bot]"), "a bot's"),
        (a_review("approved") | {"review": None}, "names no review"),
        (a_review("approved") | {"review": {"id": 5}}, "no author"),
        (
            a_review("approved")
            | {"review": {"id": 5, "user": {"login": "m"}, "state": "approved"}},
            "no commit",
        ),
    ],
)
def test_any_other_review_is_a_named_reason(
    payload: dict[str, Any], reason: str
) -> None:
    result = parse("pull_request_review", payload, SETTINGS)

    assert isinstance(result, Ignored)
    assert reason in result.reason


def test_an_authors_review_is_known_as_theirs() -> None:
    payload = a_review("approved", login="OCTOCAT")

    result = parse("pull_request_review", payload, SETTINGS)

    assert isinstance(result, LeadReview)
    assert result.is_author


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target"])
@pytest.mark.parametrize("is_merged", [True, False])
def test_a_closed_pull_request_is_counted_a_muted_draft_too(
    event: str, is_merged: bool
) -> None:
    payload = an_example("pull_request", action="closed")
    payload["repository"]["full_name"] = "o/r"
    payload["pull_request"] |= {
        "number": 7,
        "merged": is_merged,
        "draft": True,
        "labels": [{"name": "no-architect-review"}],
    }

    assert parse(event, payload, SETTINGS) == Closed("o/r", 7, is_merged)


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
