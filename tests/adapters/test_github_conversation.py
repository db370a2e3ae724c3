"""What was said is read with who said it, and with what we made of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.conversation import PAGES_LIMIT
from architect_review.adapters.github.source import PullRequestSource
from architect_review.change.change import Conversation
from architect_review.request.events import PullRequestReview, Trigger
from standin.asking import NEW, OLD
from standin.github import RESOLVING, GitHub
from standin.repository import Repository

US = "github-actions[bot]"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    repository = Repository(tmp_path)
    base = repository.commit({"app.py": OLD}, "Begin")
    repository.branch("main", base)
    head = repository.commit({"app.py": NEW}, "Change", parents=[base])
    with GitHub(repository.git_dir) as github:
        github.pull(7, head_sha=head)
        yield github
        assert github.problems == []


def conversation(github: GitHub) -> Conversation:
    token = SecretStr(github.token)
    client = Client(token, github.api_url, timeout=30, sleep=lambda seconds: None)
    request = PullRequestReview("octo/project", 7, Trigger.AUTOMATIC)
    return PullRequestSource(client, request).fetch(()).conversation


def test_our_rocket_is_told_from_everyone_elses(github: GitHub) -> None:
    heeded, seen, praised = (github.comment(7, "ada", "Hello") for _ in range(3))
    github.react(heeded, US, "rocket")
    github.react(seen, US, "eyes")
    github.react(praised, "bob", "rocket")

    told = conversation(github).comments

    assert [each.is_heeded for each in told] == [True, False, False]
    assert [each.node for each in told] == [
        f"IC_{each.id}" for each in (heeded, seen, praised)
    ]


def test_bots_edits_and_ourselves_are_told(github: GitHub) -> None:
    github.comment(7, "ada", "Hello")
    github.comment(7, "renovate[bot]", "Hello")
    github.comment(7, US, "Hello")
    github.edit(github.comment(7, "bob", "Hello"), "bob", "Bye")
    github.comment(7, "github-actions", "Not a bot")

    told = conversation(github).comments

    assert [(each.author, each.is_bot, each.is_ours) for each in told] == [
        ("ada", False, False),
        ("renovate", True, False),
        ("github-actions", True, True),
        ("bob", False, False),
        ("github-actions", False, False),
    ]
    assert [each.is_edited for each in told] == [False, False, False, True, False]


@pytest.mark.parametrize("is_resolved", [False, True])
def test_a_thread_tells_what_this_token_may_do_with_it(
    github: GitHub, is_resolved: bool
) -> None:
    root = github.remark(7, "ada", "Why?", "app.py", 3)
    answer = github.reply(7, root, "bob", "Because.")
    github.react(answer, US, "rocket")
    if is_resolved:
        github.resolve(root, "ada")

    [cannot] = conversation(github).threads
    github.permit(RESOLVING)
    [can] = conversation(github).threads

    assert (cannot.can_resolve, cannot.can_reply) == (False, True)
    assert (can.can_resolve, can.can_reply, can.is_resolved) == (
        True,
        True,
        is_resolved,
    )
    assert can.node == f"PRRT_{root.id}"
    assert [each.is_heeded for each in can.remarks] == [False, True]


def test_more_than_a_page_of_comments_is_read(github: GitHub) -> None:
    for number in range(103):
        github.comment(7, "ada", f"{number}")
    github.react(github.comments(7)[-1], US, "rocket")

    told = conversation(github).comments

    assert [each.body for each in told] == [str(number) for number in range(103)]
    assert told[-1].is_heeded


def test_more_than_a_page_of_reviews_is_read(github: GitHub) -> None:
    made = [github.review(7, "ada", f"{n}", state="COMMENTED") for n in range(103)]
    github.dismiss(github.review(7, "bob", "Fine."))

    told = conversation(github)

    assert [each.body for each in told.reviews] == [*(e.body for e in made), "Fine."]
    assert told.reviews[-1].state == "DISMISSED"
    assert not told.is_cut


@pytest.mark.parametrize("kind", ["comments", "reviews"])
def test_a_conversation_without_end_is_cut_and_says_so(
    github: GitHub, kind: str
) -> None:
    for _ in range(PAGES_LIMIT * 100 + 1):
        if kind == "comments":
            github.comment(7, "ada", "And?")
        else:
            github.review(7, "ada", "And?", state="COMMENTED")

    told = conversation(github)

    assert len(told.comments) + len(told.reviews) == PAGES_LIMIT * 100
    assert told.is_cut


def test_a_thread_is_read_up_to_its_hundredth_comment(github: GitHub) -> None:
    root = github.remark(7, "ada", "0", "app.py", 3)
    for number in range(1, 100):
        github.reply(7, root, "bob", f"{number}")

    [whole] = conversation(github).threads
    github.reply(7, root, "bob", "100")
    [cut] = conversation(github).threads

    assert [each.body for each in whole.remarks] == [str(n) for n in range(100)]
    assert cut.remarks == whole.remarks
    assert (whole.is_cut, cut.is_cut) == (False, True)
