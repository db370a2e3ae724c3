"""Several writes in one request: each is done once, whatever the answer is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from architect_review.adapters.github import mutations
from architect_review.adapters.github.client import Client
from architect_review.adapters.github.errors import GitHubError
from architect_review.adapters.github.mutations import send
from architect_review.publication.markdown import Markdown
from architect_review.publication.writes import (
    React,
    Reaction,
    Reply,
    Resolve,
    Say,
    Write,
)
from standin.asking import NEW, OLD
from standin.github import RESOLVING, After, Answer, Drop, GitHub, Inline, IssueComment
from standin.repository import Repository

MARKED = Markdown('<!-- architect-review:reply v1 1 -->\n\nSaid "once" {$i0} \\ `x`.')


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    repository = Repository(tmp_path)
    base = repository.commit({"app.py": OLD}, "Begin")
    repository.branch("main", base)
    head = repository.commit({"app.py": NEW}, "Change", parents=[base])
    with GitHub(repository.git_dir, permissions=RESOLVING) as github:
        github.pull(7, head_sha=head)
        yield github
        assert github.problems == []


@pytest.fixture
def command(github: GitHub) -> IssueComment:
    return github.comment(7, "ada", "/architect dismiss F1 no")


@pytest.fixture
def root(github: GitHub) -> Inline:
    return github.remark(7, "ada", "Why?", "app.py", 3)


def the_client(github: GitHub) -> Client:
    token = SecretStr(github.token)
    return Client(token, github.api_url, timeout=2, sleep=lambda seconds: None)


def all_of(github: GitHub, command: IssueComment, root: Inline) -> list[Write]:
    return [
        React(f"IC_{command.id}", Reaction.ROCKET),
        Say(f"PR_{github.state.pulls[7].id}", MARKED),
        Reply(f"PRRT_{root.id}", MARKED),
        Resolve(f"PRRT_{root.id}"),
    ]


def left(github: GitHub) -> object:
    return (
        [(c.author, c.body, [r[1:] for r in c.reactions]) for c in github.comments(7)],
        [(i.author, i.body, i.resolved_by) for i in github.inline(7)],
    )


def test_everything_is_done_in_one_request_and_in_order(
    github: GitHub, command: IssueComment, root: Inline
) -> None:
    outcomes = send(the_client(github), all_of(github, command, root), "answering")

    assert [each.what for each in github.requests] == [
        "addReaction, addComment, addPullRequestReviewThreadReply, resolveReviewThread"
    ]
    assert all(each.is_done for each in outcomes)
    assert "#issuecomment-" in outcomes[1].url
    assert "#discussion_r" in outcomes[2].url
    assert left(github) == (
        [
            ("ada", command.body, [("github-actions[bot]", "rocket")]),
            ("github-actions[bot]", MARKED, []),
        ],
        [
            ("ada", "Why?", "github-actions[bot]"),
            ("github-actions[bot]", MARKED, None),
        ],
    )


def test_a_thread_that_was_settled_is_opened_again(
    github: GitHub, command: IssueComment, root: Inline
) -> None:
    client = the_client(github)
    send(client, all_of(github, command, root), "answering")
    thread = f"PRRT_{root.id}"

    (outcome,) = send(client, [Resolve(thread, is_undone=True)], "thinking again")

    assert outcome.is_done
    assert root.resolved_by is None


def test_a_refused_one_leaves_the_others_done(
    github: GitHub, command: IssueComment, root: Inline
) -> None:
    github.permit({"contents": "read", "pull_requests": "write"})
    github.refuse("addComment", "was submitted too quickly", kind="UNPROCESSABLE")

    outcomes = send(the_client(github), all_of(github, command, root), "answering")

    assert [(each.is_done, each.is_forbidden) for each in outcomes] == [
        (True, False),
        (False, False),
        (True, False),
        (False, True),
    ]
    assert outcomes[1].error == "was submitted too quickly"
    assert "not accessible" in outcomes[3].error
    assert len(github.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Drop.BEFORE,
        Drop.AFTER,
        After(),
        After(Answer(200, b"<html>sorry</html>", {"Content-Type": "text/html"})),
        Answer(502, {"message": "Bad Gateway"}),
        Answer(200, {"data": None, "errors": [{"message": "Something went wrong"}]}),
        Answer(200, {"data": {}, "errors": [{"message": "timed out"}]}),
    ],
)
def test_nothing_is_said_twice_after_an_open_answer(
    github: GitHub,
    command: IssueComment,
    root: Inline,
    fault: Answer | After | Drop,
) -> None:
    github.fault_at(0, fault)

    outcomes = send(the_client(github), all_of(github, command, root), "answering")

    assert all(each.is_done for each in outcomes)
    assert [each.author for each in github.comments(7)] == [
        "ada",
        "github-actions[bot]",
    ]
    assert len(github.inline(7)) == 2
    assert outcomes[1].url
    assert root.resolved_by == "github-actions[bot]"
    assert len(github.requests) == 3


def test_somebody_elses_text_is_not_taken_for_ours(
    github: GitHub, command: IssueComment, root: Inline
) -> None:
    github.comment(7, "eve", MARKED)
    github.reply(7, root, "eve", MARKED)
    github.fault_at(0, Drop.BEFORE)

    send(the_client(github), all_of(github, command, root), "answering")

    assert [each.author for each in github.comments(7)][-1] == "github-actions[bot]"
    assert [each.author for each in github.inline(7)][-1] == "github-actions[bot]"


def test_reactions_alone_are_sent_again_without_looking(
    github: GitHub, command: IssueComment
) -> None:
    github.fault_at(0, After())

    send(the_client(github), [React(f"IC_{command.id}", Reaction.EYES)], "looking")

    assert [each.what for each in github.requests] == ["addReaction"] * 2
    assert len(command.reactions) == 1


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Answer(401, {"message": "Bad credentials"}), 401),
        (Answer(403, {"message": "Resource not accessible by integration"}), 403),
        (
            Answer(200, {"errors": [{"type": "RATE_LIMITED", "message": "enough"}]}),
            200,
        ),
    ],
)
def test_a_refusal_of_all_is_raised_and_nothing_is_sent_again(
    github: GitHub, command: IssueComment, fault: Answer, status: int
) -> None:
    github.fault_at(0, fault)

    with pytest.raises(GitHubError) as caught:
        send(the_client(github), [React(f"IC_{command.id}", Reaction.EYES)], "looking")

    assert caught.value.status == status
    assert len(github.requests) == 1


def test_an_open_answer_twice_is_raised(
    github: GitHub, command: IssueComment, root: Inline
) -> None:
    github.fault_at(0, Drop.BEFORE)
    github.fault_at(2, After())

    with pytest.raises(GitHubError):
        send(the_client(github), all_of(github, command, root), "answering")

    assert len(github.comments(7)) == 2


def test_many_are_sent_in_documents_that_github_takes(
    github: GitHub, command: IssueComment
) -> None:
    pull = f"PR_{github.state.pulls[7].id}"
    texts = [
        Say(pull, Markdown(f"<!-- {number} -->"))
        for number in range(mutations.BATCH + 1)
    ]

    outcomes = send(the_client(github), texts, "saying much")

    assert len(outcomes) == mutations.BATCH + 1
    assert [len(each.mutations) for each in github.requests] == [mutations.BATCH, 1]


def test_nothing_to_do_is_no_request(github: GitHub) -> None:
    assert send(the_client(github), [], "resting") == ()
    assert github.requests == []
