"""The stand-in keeps GitHub's rules for roles, teams and what a token may do."""

from typing import Any

import pytest

from standin.asking import API, PULL, Scene, ask, graphql, on, review
from standin.github import FORK, PERMISSIONS, RESOLVING, SIGNING, GitHub

TEAM = "/api/v3/orgs/octo/teams/architects"


def shown(github: GitHub, login: str) -> Any:
    return ask(github, "GET", f"{API}/collaborators/{login}/permission")


@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("admin", "admin"),
        ("maintain", "write"),
        ("write", "write"),
        ("triage", "read"),
        ("read", "read"),
    ],
)
def test_a_role_is_shown_beside_the_older_permission(
    github: GitHub, role: str, permission: str
) -> None:
    github.role("grace", role)

    body = shown(github, "grace").body

    assert (body["role_name"], body["permission"]) == (role, permission)
    assert body["user"]["permissions"]["push"] is (permission in {"write", "admin"})
    assert github.problems == []


def test_a_custom_role_is_shown_by_name_and_by_what_it_builds_on(
    github: GitHub,
) -> None:
    github.role("grace", "architect", base="maintain")

    body = shown(github, "grace").body

    assert (body["role_name"], body["permission"]) == ("architect", "write")
    assert body["user"]["permissions"]["maintain"] is True
    assert github.problems == []


def test_everybody_reads_a_public_repository_and_nobody_a_private_one(
    github: GitHub, scene: Scene
) -> None:
    github.role("eve", "none")
    assert shown(github, "eve").body["permission"] == "read"
    with GitHub(scene.repository.git_dir, private=True) as private:
        private.role("eve", "none")
        assert shown(private, "eve").body["permission"] == "none"
        assert shown(private, "stranger").status == 404
        assert private.problems == []


def test_a_bot_has_a_role_only_when_it_was_given_one(github: GitHub) -> None:
    github.role("helper[bot]", "write")

    assert shown(github, "dependabot[bot]").body["message"] == (
        "dependabot[bot] is not a user"
    )
    assert shown(github, "helper[bot]").body["permission"] == "write"


def test_a_team_is_read_with_the_permission_for_it_only(scene: Scene) -> None:
    asked = f"{TEAM}/memberships/grace"
    for identity, granted, status in (
        ("github-actions[bot]", RESOLVING, 403),
        ("lead", RESOLVING, 404),
        ("helper[bot]", {"members": "read"}, 200),
        ("lead", {"members": "read"}, 200),
    ):
        with GitHub(
            scene.repository.git_dir, identity=identity, permissions=granted
        ) as github:
            github.team("architects", "grace")

            assert ask(github, "GET", asked).status == status
            assert ask(github, "GET", f"{TEAM}/members").status == status
            assert github.problems == []


def test_an_invitation_to_a_team_is_pending_and_no_membership(scene: Scene) -> None:
    granted = {"members": "read"}
    with GitHub(scene.repository.git_dir, permissions=granted) as github:
        github.team("architects", "grace", invited=("ada",))

        def member(login: str) -> Any:
            return ask(github, "GET", f"{TEAM}/memberships/{login}")

        assert member("grace").body["state"] == "active"
        assert member("ada").body["state"] == "pending"
        assert member("eve").status == 404
        listed = ask(github, "GET", f"{TEAM}/members").body
        assert [each["login"] for each in listed] == ["grace"]
        other = TEAM.replace("octo", "other")
        assert ask(github, "GET", f"{other}/memberships/grace").status == 404
        assert github.problems == []


WRITES: dict[str, tuple[str, object]] = {
    "review": (f"{PULL}/reviews", review()),
    "comment": (f"{API}/issues/7/comments", {"body": "x"}),
    "react": (f"{API}/issues/7/reactions", {"content": "eyes"}),
    "label": (f"{API}/issues/7/labels", {"labels": ["x"]}),
    "status": (f"{API}/statuses/HEAD", {"state": "success"}),
}
RESOLVE = """mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) {
  thread { isResolved viewerCanResolve viewerCanUnresolve viewerCanReply } } }"""


@pytest.mark.parametrize(
    ("granted", "allowed"),
    [
        (FORK, set()),
        ({}, set()),
        (PERMISSIONS, {"review", "comment", "react", "label"}),
        (SIGNING, {"review", "comment", "react", "label", "status"}),
        (RESOLVING, {"review", "comment", "react", "label", "resolve"}),
        ({"issues": "write"}, {"comment", "react", "label"}),
        ({"statuses": "write", "contents": "write"}, {"status"}),
    ],
)
def test_a_token_does_what_its_permissions_say_and_nothing_else(
    github: GitHub, scene: Scene, granted: dict[str, str], allowed: set[str]
) -> None:
    thread = github.remark(7, "ada", "Why?", "app.py", 3)
    github.permit(granted)

    answers = {
        name: ask(github, "POST", path.replace("HEAD", scene.head), body)
        for name, (path, body) in WRITES.items()
    }
    resolved = graphql(github, RESOLVE, id=f"PRRT_{thread.id}")

    done = {name for name, each in answers.items() if each.status < 300}
    refused = [each for each in answers.values() if each.status >= 300]
    assert all(each.status == 403 for each in refused)
    assert all(
        each.body["message"] == "Resource not accessible by integration"
        for each in refused
    )
    settled = {"resolve"} if "errors" not in resolved else set()
    assert done | settled == allowed
    assert github.problems == []


def test_a_permission_that_github_does_not_have_cannot_be_given(
    github: GitHub,
) -> None:
    for wrong in ({"reviews": "write"}, {"contents": "admin"}):
        with pytest.raises(ValueError, match="no such permission"):
            github.permit(wrong)


def test_people_do_what_the_token_may_not(github: GitHub) -> None:
    ask(github, "POST", f"{PULL}/reviews", review(comments=[on(3)]))
    [thread] = github.inline(7)
    github.permit(FORK)

    remark = github.comment(7, "ada", "Hm.")
    github.edit(remark, "ada", "Hm!")
    github.react(thread, "ada", "-1")
    github.react(github.state.pulls[7], "ada", "heart")
    reply = github.reply(7, thread, "ada", "By design.")
    github.resolve(reply, "ada")
    approval = github.approve(7, "grace")
    github.dismiss(approval)

    query = """{ repository(owner: "octo", name: "project") { pullRequest(number: 7) {
      comments(first: 1) { nodes { body editor { login } includesCreatedEdit } }
      reviews(last: 1) { nodes { state author { login } } }
      reviewThreads(first: 1) { nodes { isResolved resolvedBy { login }
        comments(first: 9) { nodes { body author { login } } } } } } } }"""
    pull = graphql(github, query)["data"]["repository"]["pullRequest"]
    assert pull["comments"]["nodes"] == [
        {"body": "Hm!", "editor": {"login": "ada"}, "includesCreatedEdit": True}
    ]
    assert pull["reviews"]["nodes"][0]["state"] == "DISMISSED"
    [shown] = pull["reviewThreads"]["nodes"]
    assert (shown["isResolved"], shown["resolvedBy"]) == (True, {"login": "ada"})
    assert [each["body"] for each in shown["comments"]["nodes"]] == [
        "here",
        "By design.",
    ]
    assert [each.author for each in github.thread(thread)] == [
        "github-actions[bot]",
        "ada",
    ]
    github.unresolve(thread)
    assert thread.resolved_by is None
    assert thread.reactions[0][1:] == ("ada", "-1")
    assert len(github.writes) == 1
    assert github.problems == []


def test_a_pull_request_is_closed_reopened_and_merged(github: GitHub) -> None:
    github.close(7)
    closed = github.pull_json(7)
    github.reopen(7)
    opened = github.pull_json(7)
    github.merge(7, "grace")
    merged = github.pull_json(7)

    assert (closed["state"], closed["merged"]) == ("closed", False)
    assert closed["closed_at"] is not None
    assert (opened["state"], opened["closed_at"]) == ("open", None)
    assert (merged["state"], merged["merged"]) == ("closed", True)
    assert merged["merged_by"]["login"] == "grace"
    assert merged["merged_at"] == merged["closed_at"]
    assert ask(github, "GET", PULL).body == merged
    assert github.problems == []
