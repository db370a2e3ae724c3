"""The stand-in keeps GitHub's rules for statuses and the pull requests of commits."""

from collections.abc import Iterator
from typing import Any

import pytest

from standin.asking import API, Scene, ask, graphql
from standin.github import SIGNING, GitHub, Limits

CONTEXT = "architecture/lead-approval"


@pytest.fixture
def github(scene: Scene) -> Iterator[GitHub]:
    limits = Limits(statuses=3)
    with GitHub(
        scene.repository.git_dir, permissions=SIGNING, limits=limits
    ) as running:
        running.pull(7, head_sha=scene.head)
        yield running


def post(github: GitHub, scene: Scene, state: str, **more: object) -> Any:
    body = {"state": state, "context": CONTEXT} | more
    return ask(github, "POST", f"{API}/statuses/{scene.head}", body)


def test_the_last_status_of_a_context_counts_and_all_are_listed(
    github: GitHub, scene: Scene
) -> None:
    made = post(github, scene, "pending", description="Waits for the lead.")
    post(github, scene, "success", context=CONTEXT.upper())
    github.set_status(scene.head, "ci", "failure", "grace")

    listed = ask(github, "GET", f"{API}/commits/{scene.head}/statuses").body
    whole = ask(github, "GET", f"{API}/commits/{scene.head}/status").body

    assert (made.status, made.body["creator"]["login"]) == (201, "github-actions[bot]")
    assert [each["state"] for each in listed] == ["failure", "success", "pending"]
    assert [each["state"] for each in whole["statuses"]] == ["failure", "success"]
    assert (whole["state"], whole["total_count"]) == ("failure", 2)
    found = github.status(scene.head, CONTEXT)
    assert found is not None
    assert found.state == "success"
    assert len(github.statuses(scene.head)) == 3
    assert github.problems == []


def test_graphql_shows_the_last_status_of_each_context(
    github: GitHub, scene: Scene
) -> None:
    query = """query($sha: GitObjectID!, $context: String!) {
      repository(owner: "octo", name: "project") { object(oid: $sha) {
        ... on Commit { status { state contexts { context }
          context(name: $context) { state description creator { login } } } } } } }"""
    asked = {"sha": scene.head, "context": CONTEXT}
    before = graphql(github, query, **asked)["data"]["repository"]["object"]
    post(github, scene, "pending")
    post(github, scene, "success", description="By grace.")

    after = graphql(github, query, **asked)["data"]["repository"]["object"]["status"]

    assert before == {"status": None}
    assert after == {
        "state": "SUCCESS",
        "contexts": [{"context": CONTEXT}],
        "context": {
            "state": "SUCCESS",
            "description": "By grace.",
            "creator": {"login": "github-actions"},
        },
    }
    assert github.problems == []


def test_a_long_description_is_refused(github: GitHub, scene: Scene) -> None:
    fits = post(github, scene, "success", description="x" * 140)
    refused = post(github, scene, "success", description="x" * 141)

    assert (fits.status, refused.status) == (201, 422)
    assert refused.body["errors"][0]["message"] == (
        "description is too long (maximum is 140 characters)"
    )
    assert github.problems == []


def test_a_status_leads_to_a_web_page_only(github: GitHub, scene: Scene) -> None:
    assert post(github, scene, "success", target_url="javascript:x").status == 422
    assert post(github, scene, "success", target_url="https://a.test/").status == 201


def test_a_commit_and_context_take_so_many_statuses_and_no_more(
    github: GitHub, scene: Scene
) -> None:
    answers = [post(github, scene, "pending") for _ in range(4)]
    other = post(github, scene, "pending", context="other")

    assert [each.status for each in answers] == [201, 201, 201, 422]
    assert "maximum number of statuses" in answers[-1].body["errors"][0]["message"]
    assert other.status == 201


def test_there_is_no_status_on_a_commit_that_is_not_there(github: GitHub) -> None:
    body = {"state": "success"}
    refused = ask(github, "POST", f"{API}/statuses/{'1' * 40}", body)

    assert refused.status == 422
    assert refused.body["message"].startswith("No commit found for SHA")


def test_a_state_that_github_does_not_know_is_a_problem(
    github: GitHub, scene: Scene
) -> None:
    assert post(github, scene, "approved").status == 422
    assert "'approved' is not one of" in github.problems[0]


def test_without_its_permission_a_status_is_refused_and_others_still_overwrite_it(
    github: GitHub, scene: Scene
) -> None:
    github.permit({"contents": "read", "pull-requests": "write"})
    refused = post(github, scene, "success")
    github.set_status(scene.head, CONTEXT, "success", "mallory")

    assert refused.status == 403
    assert refused.headers["x-accepted-github-permissions"] == "statuses=write"
    found = github.status(scene.head, CONTEXT)
    assert found is not None
    assert found.author == "mallory"


def siblings(github: GitHub, scene: Scene) -> None:
    """Beside 7: one with the same head, one closed, one merged, one of a fork."""
    for number in (8, 9, 10):
        github.pull(number, head_sha=scene.head, branch=f"change-{number}")
    github.pull(11, head_sha=scene.head, author="eve", fork=True)
    github.close(9)
    github.merge(10, "grace")


def test_a_commit_has_its_open_and_merged_pull_requests_but_none_of_a_fork(
    github: GitHub, scene: Scene
) -> None:
    siblings(github, scene)
    found = ask(github, "GET", f"{API}/commits/{scene.head}/pulls").body
    query = """query($sha: GitObjectID!) {
      repository(owner: "octo", name: "project") { object(oid: $sha) {
        ... on Commit { associatedPullRequests(first: 10) {
          nodes { number state headRefOid } } } } } }"""
    nodes = graphql(github, query, sha=scene.head)["data"]["repository"]["object"]

    assert [each["number"] for each in found] == [7, 8, 10]
    assert [
        (each["number"], each["state"])
        for each in nodes["associatedPullRequests"]["nodes"]
    ] == [(7, "OPEN"), (8, "OPEN"), (10, "MERGED")]
    assert ask(github, "GET", f"{API}/commits/{'1' * 40}/pulls").status == 404
    assert github.problems == []


def test_the_list_of_pull_requests_has_forks_too(github: GitHub, scene: Scene) -> None:
    siblings(github, scene)
    query = """{ repository(owner: "octo", name: "project") {
      pullRequests(first: 10, states: [OPEN]) {
        nodes { number headRefOid isCrossRepository } } } }"""
    nodes = graphql(github, query)["data"]["repository"]["pullRequests"]["nodes"]

    def numbers(query: str) -> list[int]:
        listed = ask(github, "GET", f"{API}/pulls{query}").body
        return [each["number"] for each in listed]

    assert numbers("") == [11, 8, 7]
    assert numbers("?state=closed") == [10, 9]
    assert numbers("?head=eve:change&state=all") == [11]
    assert numbers("?head=octo:change&base=main") == [7]
    assert numbers("?base=other") == []
    assert {each["headRefOid"] for each in nodes} == {scene.head}
    assert [each["number"] for each in nodes] == [7, 8, 11]
    assert github.problems == []
