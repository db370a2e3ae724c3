"""The stand-in keeps GitHub's documented rules: reading, tokens, records, events."""

import http.client
from base64 import b64decode
from collections.abc import Iterator

import github as pygithub
import pytest
from github.GithubRetry import GithubRetry
from github.PullRequest import ReviewComment

from oracles import webhooks
from standin.asking import API, NEW, OLD, PULL, Scene, ask
from standin.github import After, Answer, Drop, GitHub, Limits


@pytest.fixture
def client(github: GitHub) -> Iterator[pygithub.Github]:
    with pygithub.Github(
        base_url=github.api_url,
        auth=pygithub.Auth.Token(github.token),
        seconds_between_requests=0,
        seconds_between_writes=0,
        retry=GithubRetry(total=0),
    ) as opened:
        yield opened


def test_pygithub_reads_and_reviews_a_pull_request(
    github: GitHub, client: pygithub.Github, scene: Scene
) -> None:
    github.comment(7, "ada", "please look")
    pull = client.get_repo("octo/project").get_pull(7)
    comment: ReviewComment = {"path": "app.py", "line": 3, "body": "why?"}

    made = pull.create_review(body="Look.", event="COMMENT", comments=[comment])
    summary = pull.create_issue_comment("Summary")
    summary.edit("Better summary")
    summary.create_reaction("eyes")
    pull.add_to_labels("architecture")

    assert (made.state, made.user.login) == ("COMMENTED", "github-actions[bot]")
    assert (pull.head.sha, pull.changed_files) == (scene.head, 6)
    assert [each.body for each in github.comments(7)] == [
        "please look",
        "Better summary",
    ]
    assert [each.body for each in pull.get_review_comments()] == ["why?"]
    assert [each.user.type for each in pull.get_issue_comments()] == ["User", "Bot"]
    assert github.problems == []


def test_the_diff_is_three_dot_and_the_files_agree_with_it(github: GitHub) -> None:
    diff = ask(github, "GET", PULL, accept="application/vnd.github.diff")
    files = ask(github, "GET", f"{PULL}/files?per_page=100").body

    assert diff.headers["content-type"].startswith("application/vnd.github.diff")
    assert b"later.py" not in diff.body
    by_name = {row["filename"]: row for row in files}
    assert by_name["new name.py"]["previous_filename"] == "old name.py"
    assert [name for name, row in by_name.items() if "patch" in row] == [
        "added.py",
        "app.py",
        "gone.py",
    ]
    assert by_name["app.py"]["status"] == "modified"
    assert by_name["app.py"]["patch"].startswith("@@ -1,6 +1,6 @@\n line 1")
    assert by_name["gone.py"]["status"] == "removed"
    assert github.problems == []


def test_lists_are_paged_and_linked(github: GitHub, client: pygithub.Github) -> None:
    pages = client.get_repo("octo/project").get_pull(7).get_files()
    first = ask(github, "GET", f"{PULL}/files?per_page=4")

    assert len(list(pages)) == 6
    assert len(first.body) == 4
    assert f'{PULL}/files?per_page=4&page=2>; rel="next"' in first.headers["link"]
    assert len(ask(github, "GET", f"{PULL}/files?per_page=4&page=2").body) == 2


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(diff_files=5), "maximum number of files (5). Consider using"),
        (Limits(diff_lines=5), "maximum number of lines (5)"),
    ],
)
def test_a_diff_over_a_limit_is_refused_with_406(
    scene: Scene, limits: Limits, words: str
) -> None:
    with GitHub(scene.repository.git_dir, limits=limits) as github:
        github.pull(7, head_sha=scene.head)
        refused = ask(github, "GET", PULL, accept="application/vnd.github.v3.diff")

        assert refused.status == 406
        assert words in refused.body["message"]
        assert refused.body["errors"][0]["code"] == "too_large"
        assert github.problems == []


def test_rows_after_many_patch_lines_claim_that_nothing_changed(scene: Scene) -> None:
    with GitHub(scene.repository.git_dir, limits=Limits(page_lines=1)) as github:
        github.pull(7, head_sha=scene.head)
        rows = ask(github, "GET", f"{PULL}/files").body

        assert [row["changes"] for row in rows] == [1, 0, 0, 0, 0, 0]
        assert ["patch" in row for row in rows] == [True] + [False] * 5


def test_a_missing_permission_is_403_and_names_what_would_do(scene: Scene) -> None:
    granted = {"contents": "read", "pull-requests": "read"}
    with GitHub(scene.repository.git_dir, permissions=granted) as github:
        github.pull(7, head_sha=scene.head)
        refused = ask(github, "POST", f"{API}/issues/7/comments", {"body": "x"})

        assert (refused.status, refused.body["message"]) == (
            403,
            "Resource not accessible by integration",
        )
        accepted = refused.headers["x-accepted-github-permissions"]
        assert accepted == "issues=write; pull_requests=write"
        assert github.comments(7) == []
        assert github.problems == []


def test_reading_a_private_repository_needs_permission(scene: Scene) -> None:
    with GitHub(scene.repository.git_dir, private=True, permissions={}) as github:
        github.pull(7, head_sha=scene.head)

        assert ask(github, "GET", PULL).status == 403
        assert ask(github, "GET", API).status == 200


def test_a_wrong_token_and_no_token_are_401(github: GitHub) -> None:
    assert ask(github, "GET", API, token="other").body["message"] == "Bad credentials"
    assert ask(github, "GET", API, token="").status == 401


def test_only_a_person_may_ask_who_it_is(github: GitHub, scene: Scene) -> None:
    assert ask(github, "GET", "/api/v3/user").status == 403
    with GitHub(scene.repository.git_dir, identity="grace") as person:
        assert ask(person, "GET", "/api/v3/user").body["login"] == "grace"
        assert person.problems == []


def test_roles_are_shown_as_permissions(
    github: GitHub, client: pygithub.Github, scene: Scene
) -> None:
    github.role("lead", "maintain")
    github.role("helper", "triage")
    github.nobody("pmcc-project-lead")
    repository = client.get_repo("octo/project")

    assert repository.get_collaborator_permission("lead") == "write"
    assert repository.get_collaborator_role_name("lead") == "maintain"
    assert repository.get_collaborator_permission("helper") == "read"
    assert repository.get_collaborator_permission("anybody") == "read"
    path = f"{API}/collaborators/pmcc-project-lead/permission"
    assert ask(github, "GET", path).status == 404
    with GitHub(scene.repository.git_dir, private=True) as private:
        path = f"{API}/collaborators/anybody/permission"
        assert ask(private, "GET", path).status == 404
        assert private.problems == []
    assert github.problems == []


def test_contents_blobs_and_comparisons_are_read_from_git(
    github: GitHub, scene: Scene
) -> None:
    file = ask(github, "GET", f"{API}/contents/app.py?ref={scene.head}").body
    led = ask(github, "GET", f"{API}/contents/link").body
    listed = ask(github, "GET", f"{API}/contents/").body
    blob = ask(github, "GET", f"{API}/git/blobs/{file['sha']}").body
    compared = ask(github, "GET", f"{API}/compare/main...{scene.head}").body
    commits = ask(github, "GET", f"{PULL}/commits").body

    assert b64decode(file["content"]) == b64decode(blob["content"]) == NEW.encode()
    assert b64decode(led["content"]) == OLD.encode()
    assert {row["name"]: row["type"] for row in listed}["lib"] == "file"
    assert ask(github, "GET", f"{API}/contents/lib").body["type"] == "submodule"
    assert ask(github, "GET", f"{API}/contents/nowhere").status == 404
    assert (compared["status"], compared["ahead_by"]) == ("diverged", 1)
    assert compared["merge_base_commit"]["sha"] == scene.base
    assert len(compared["files"]) == 6
    assert [each["sha"] for each in commits] == [scene.head]
    assert github.problems == []


def test_statuses_need_their_own_permission(github: GitHub, scene: Scene) -> None:
    path = f"{API}/statuses/{scene.head}"
    with GitHub(scene.repository.git_dir, permissions={"statuses": "write"}) as able:
        assert ask(able, "POST", path, {"state": "success"}).status == 201
        assert able.problems == []

    assert ask(github, "POST", path, {"state": "success"}).status == 403


def test_an_unknown_request_is_404_and_a_problem(github: GitHub) -> None:
    assert ask(github, "GET", f"{API}/branches").status == 404
    assert ask(github, "GET", "/api/v3/repos/other/project").status == 404
    assert github.problems == [
        "unexpected request: GET /repos/octo/project/branches",
        "unexpected request: GET /repos/other/project",
    ]


def test_every_answer_carries_the_rate_limit(github: GitHub) -> None:
    ask(github, "GET", API)
    headers = ask(github, "GET", f"{API}/pulls/99").headers

    assert headers["x-ratelimit-remaining"] == "998"
    assert headers["x-ratelimit-resource"] == "core"


def test_faults_replace_an_answer_or_come_after_the_deed(github: GitHub) -> None:
    comments = f"{API}/issues/7/comments"
    slow = {"Retry-After": "1"}
    github.fault("GET", "/comments", Answer(429, {"message": "slow"}, slow))
    github.fault("POST", "/comments", After(), body="once")
    github.fault("POST", "/comments", Drop.BEFORE, times=2)

    limited = ask(github, "GET", comments)
    assert (limited.status, limited.headers["retry-after"]) == (429, "1")
    assert ask(github, "GET", comments).status == 200
    assert ask(github, "POST", comments, {"body": "once"}).status == 502
    for _ in range(2):
        with pytest.raises(http.client.RemoteDisconnected):
            ask(github, "POST", comments, {"body": "twice"})
    assert ask(github, "POST", comments, {"body": "three times"}).status == 201
    assert [each.body for each in github.comments(7)] == ["once", "three times"]
    assert [request.status for request in github.requests] == [429, 200, 502, 0, 0, 201]
    assert len(github.writes) == 4
    assert github.problems == []


def test_event_payloads_have_the_keys_of_githubs_examples(
    github: GitHub, scene: Scene
) -> None:
    opened = github.event("pull_request", 7)
    moved = github.event("pull_request", 7, action="synchronize", before=scene.base)
    said = github.comment_event(7, "ada", "/architect review")
    asked = github.dispatch_event({"pull-request": "7"})
    queued = github.event("merge_group", 7)

    assert webhooks.problems("pull_request", opened) == []
    assert webhooks.problems("pull_request", moved) == []
    assert webhooks.problems("issue_comment", said) == []
    assert webhooks.problems("workflow_dispatch", asked) == []
    assert webhooks.problems("merge_group", queued) == []
    assert said["comment"]["user"]["login"] == "ada"
    assert "pull_request" in said["issue"]


def test_a_fork_is_another_repository(scene: Scene) -> None:
    with GitHub(scene.repository.git_dir) as github:
        github.pull(7, head_sha=scene.head, author="eve", fork=True, draft=True)
        shown = ask(github, "GET", PULL).body

        assert shown["head"]["repo"]["full_name"] == "eve/project"
        assert (shown["head"]["repo"]["fork"], shown["draft"]) == (True, True)
        assert shown["base"]["repo"]["full_name"] == "octo/project"
        assert github.problems == []


def test_somebody_elses_comment_is_not_ours_to_edit(github: GitHub) -> None:
    theirs = github.comment(7, "ada", "mine")

    path = f"{API}/issues/comments/{theirs.id}"
    assert ask(github, "PATCH", path, {"body": "ours"}).status == 200
    assert github.problems == [
        f"edits a comment of ada: /repos/octo/project/issues/comments/{theirs.id}"
    ]


def test_a_bug_of_the_stand_in_is_a_problem_and_no_answer(github: GitHub) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        ask(github, "GET", f"{PULL}/files?page=x")

    assert "ValueError" in github.problems[0]


def test_requests_are_judged_even_when_they_meet_a_fault(github: GitHub) -> None:
    github.fault("POST", "/issues/7/comments", Answer(503, {}))

    ask(github, "POST", f"{API}/issues/7/comments", {"text": "x"})

    assert [problem.partition(": ")[2] for problem in github.problems] == [
        "(body): 'body' is a required property",
        "unknown key: text",
    ]
