"""The stand-in's requests go wrong, or meet something else, at any place."""

from typing import Any

import pytest

from standin.asking import API, PULL, Scene, ask, graphql
from standin.github import FORK, Answer, Drop, GitHub, Meanwhile

COMMENTS = f"{API}/issues/7/comments"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"{API}/issues/7/reactions", {"content": "eyes"}),
        ("GET", f"{API}/commits/main/status", None),
        ("GET", f"{API}/commits/main/statuses", None),
        ("GET", f"{API}/pulls", None),
        ("GET", f"{API}/collaborators/ada/permission", None),
        ("GET", "/api/v3/orgs/octo/teams/architects/memberships/ada", None),
        ("DELETE", f"{API}/issues/comments/9", None),
        ("POST", "/api/graphql", {"query": "{ viewer { login } }"}),
    ],
)
def test_any_request_meets_a_fault_once(
    github: GitHub, method: str, path: str, body: Any
) -> None:
    right = ask(github, method, path, body).status
    github.fault_at(1, Answer(503, {"message": "Unavailable"}))
    github.fault_at(3, Drop.BEFORE)

    assert ask(github, method, path, body).status == 503
    assert ask(github, method, path, body).status // 100 == right // 100
    with pytest.raises(ConnectionError):
        ask(github, method, path, body)
    assert ask(github, method, path, body).status // 100 == right // 100
    first, broken, second, dropped, third = github.requests
    assert (broken.status, dropped.status) == (503, 0)
    assert {each.status // 100 for each in (first, second, third)} == {right // 100}


def test_something_else_happens_between_two_requests(
    github: GitHub, scene: Scene
) -> None:
    moved = scene.repository.commit({"added.py": "b\n"}, "more", parent=scene.head)
    github.fault_at(1, Meanwhile(lambda: github.push(7, moved)))
    github.fault_at(2, Meanwhile(lambda: github.permit(FORK), after=True))

    heads = [ask(github, "GET", PULL).body["head"]["sha"] for _ in range(2)]
    first = ask(github, "POST", COMMENTS, {"body": "one"}).status
    second = ask(github, "POST", COMMENTS, {"body": "two"}).status

    assert heads == [scene.head, moved]
    assert (first, second) == (201, 403)
    assert github.problems == []


def test_what_happens_meanwhile_may_ask_for_something_itself(
    github: GitHub,
) -> None:
    def another_run() -> None:
        assert ask(github, "POST", COMMENTS, {"body": "theirs"}).status == 201

    github.fault_at(0, Meanwhile(another_run))
    github.fault("POST", "/graphql", Meanwhile(another_run, after=True))

    ask(github, "POST", COMMENTS, {"body": "ours"})
    graphql(github, "{ viewer { login } }")

    bodies = [each.body for each in github.comments(7)]
    assert bodies == ["theirs", "ours", "theirs"]
    assert len(github.requests) == 4
    assert github.problems == []
