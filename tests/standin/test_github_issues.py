"""The stand-in keeps GitHub's rules for issues, their comments and labels."""

from collections.abc import Iterator
from typing import Any

import pytest

from standin.asking import API, Scene, ask, graphql
from standin.github import AUDITING, PERMISSIONS, GitHub, Limits

LABEL = "architecture-audit"


@pytest.fixture
def github(scene: Scene) -> Iterator[GitHub]:
    limits = Limits(body=40)
    with GitHub(
        scene.repository.git_dir, permissions=AUDITING, private=True, limits=limits
    ) as running:
        running.pull(7, head_sha=scene.head, labels=[LABEL])
        yield running
        assert running.problems == []


def opened(github: GitHub, **more: object) -> Any:
    body = {"title": "Audit", "body": "Here.", "labels": [LABEL]} | more
    return ask(github, "POST", f"{API}/issues", body)


def numbers(github: GitHub, query: str) -> list[int]:
    rows = ask(github, "GET", f"{API}/issues?{query}").body
    return [row["number"] for row in rows]


def test_an_issue_is_opened_under_a_number_of_its_own(github: GitHub) -> None:
    made = opened(github)

    assert (made.status, made.body["number"], made.body["state"]) == (201, 8, "open")
    assert made.body["user"]["login"] == "github-actions[bot]"
    assert made.body["html_url"].endswith("/octo/project/issues/8")
    assert [each["name"] for each in made.body["labels"]] == [LABEL]
    assert "pull_request" not in made.body
    assert ask(github, "GET", f"{API}/labels/{LABEL}").status == 200


def test_issues_are_listed_by_state_label_and_creator(github: GitHub) -> None:
    opened(github)
    other = github.issue("ada", "Mine", labels=[LABEL, "x"])
    github.close_issue(github.issue("ada", "Done"))

    assert numbers(github, "") == [9, 8, 7]
    assert numbers(github, "state=all&direction=asc") == [7, 8, 9, 10]
    assert numbers(github, "state=closed") == [10]
    assert numbers(github, f"labels={LABEL},x") == [9]
    assert numbers(github, "creator=github-actions%5Bbot%5D") == [8]
    assert numbers(github, "state=all&direction=asc&per_page=2&page=2") == [9, 10]
    github.delete_issue(other)
    assert numbers(github, f"labels={LABEL}") == [8, 7]
    assert ask(github, "GET", f"{API}/issues/9").status == 410


def test_an_issue_changes_its_text_and_its_state_in_one_request(
    github: GitHub,
) -> None:
    opened(github)
    change = {"body": "Done.", "state": "closed", "state_reason": "completed"}
    closed = ask(github, "PATCH", f"{API}/issues/8", change).body
    again = ask(github, "PATCH", f"{API}/issues/8", {"state": "open"}).body

    assert (closed["body"], closed["state_reason"]) == ("Done.", "completed")
    assert closed["closed_at"] is not None
    assert (again["state"], again["state_reason"]) == ("open", "reopened")
    query = """{ repository(owner: "octo", name: "project") {
      issue(number: 8) { author { login } editor { login } state } } }"""
    assert graphql(github, query)["data"]["repository"]["issue"] == {
        "author": {"login": "github-actions"},
        "editor": {"login": "github-actions"},
        "state": "OPEN",
    }


def test_an_issue_has_comments_like_a_pull_request(github: GitHub) -> None:
    opened(github)
    made = ask(github, "POST", f"{API}/issues/8/comments", {"body": "More."})
    ask(github, "PATCH", f"{API}/issues/comments/{made.body['id']}", {"body": "Most."})
    github.comment(8, "ada", "Thanks.")

    listed = ask(github, "GET", f"{API}/issues/8/comments").body

    assert "/issues/8#issuecomment-" in made.body["html_url"]
    assert [each["body"] for each in listed] == ["Most.", "Thanks."]
    assert ask(github, "GET", f"{API}/issues/8").body["comments"] == 2


def test_a_label_is_made_once(github: GitHub) -> None:
    label = {"name": LABEL, "color": "5319e7", "description": "Audits"}

    assert ask(github, "POST", f"{API}/labels", label).status == 201
    again = ask(github, "POST", f"{API}/labels", label)
    assert again.status == 422
    assert again.body["errors"][0]["code"] == "already_exists"


def test_a_text_over_the_limit_is_refused(github: GitHub) -> None:
    refused = opened(github, body="x" * 41)

    assert refused.status == 422
    assert "is too long (maximum is 40" in refused.body["errors"][0]["message"]
    assert github.issues == []


@pytest.mark.parametrize(
    ("permissions", "method", "path", "body"),
    [
        (PERMISSIONS, "GET", "/issues", None),
        (PERMISSIONS, "POST", "/issues", {"title": "x"}),
        (PERMISSIONS, "POST", "/issues/8/comments", {"body": "x"}),
        (PERMISSIONS, "POST", "/labels", {"name": "x"}),
        ({"contents": "read", "issues": "read"}, "PATCH", "/issues/8", {"body": "x"}),
    ],
)
def test_an_issue_needs_the_permission_for_issues(
    github: GitHub, permissions: dict[str, str], method: str, path: str, body: object
) -> None:
    opened(github)
    github.permit(permissions)

    answer = ask(github, method, f"{API}{path}", body)

    assert answer.status == 403
    assert "issues=" in answer.headers["x-accepted-github-permissions"]


def test_no_issue_is_opened_where_they_are_turned_off(github: GitHub) -> None:
    github.disable_issues()

    assert opened(github).status == 410
    assert numbers(github, "state=all") == [7]


def test_to_edit_somebody_elses_issue_is_a_problem(scene: Scene) -> None:
    with GitHub(scene.repository.git_dir, permissions=AUDITING) as github:
        github.issue("ada", "Mine", "Hers.")
        ask(github, "PATCH", f"{API}/issues/1", {"body": "Ours."})

        assert github.problems == [
            "edits an issue of ada: /repos/octo/project/issues/1"
        ]


def test_a_commit_is_found_by_any_of_its_names(github: GitHub, scene: Scene) -> None:
    sha = "application/vnd.github.sha"
    tip = github.state.history.resolve("refs/heads/main")

    for name in ("main", "HEAD", scene.head[:9], scene.head):
        found = ask(github, "GET", f"{API}/commits/{name}", accept=sha)
        expected = tip if name in ("main", "HEAD") else scene.head
        assert found.body.decode() == expected
    assert ask(github, "GET", f"{API}/commits/main").body["sha"] == tip
    assert ask(github, "GET", f"{API}/commits/nowhere", accept=sha).status == 422
