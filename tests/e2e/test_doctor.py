"""`architect-review doctor`: what is missing, with the line that mends it."""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from architect_review.app import doctor_arguments
from architect_review.app.guarded import secrets_of
from architect_review.errors import SettingsError
from architect_review.publication.leaks import Guard
from architect_review.request.settings import CONFIG_PATH
from architect_review.setup.files import (
    AUDIT_PATH,
    WORKFLOW_PATH,
    Found,
    Wish,
    files,
)
from e2e.clones import Clone
from e2e.scene import BASE, KEY, TOKEN, Scene
from standin.github import PERMISSIONS, SIGNING, Answer

PINNED = "octo/architect-review@0123456789abcdef0123456789abcdef01234567"
WRITTEN = files(Found(), Wish.of("", PINNED, with_audit=False))
CONFIG = "project-lead: ada\n"


@dataclass(frozen=True, slots=True)
class Done:
    """How one start of it ended; `lines` are those of checks, without advice."""

    code: int
    said: str

    @property
    def missing(self) -> list[str]:
        """What is missing."""
        return [
            line.removeprefix("missing").strip()
            for line in self.said.splitlines()
            if line.startswith("missing")
        ]


Doctor = Callable[..., Done]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A clone in which all is well."""
    clone = Clone(tmp_path / "clone")
    clone.git("remote", "add", "origin", "git@github.com:octo/project.git")
    clone.add(WORKFLOW_PATH, WRITTEN[WORKFLOW_PATH])
    clone.add(CONFIG_PATH, CONFIG)
    return clone


@pytest.fixture
def hub(scene: Scene) -> Scene:
    """GitHub with the same on its default branch, and a lead."""
    committed = {**BASE, WORKFLOW_PATH: WRITTEN[WORKFLOW_PATH], CONFIG_PATH: CONFIG}
    scene.repository.branch("main", scene.repository.commit(committed))
    scene.github.role("ada", "write")
    return scene


@pytest.fixture
def doctor(hub: Scene, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Run the command's own function between the two servers."""

    def done(*arguments: str | Path, **environ: str) -> Done:
        parser = argparse.ArgumentParser()
        doctor_arguments.add(parser)
        given = {
            "GITHUB_API_URL": hub.github.api_url,
            "GITHUB_TOKEN": TOKEN,
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": hub.model.url,
            **environ,
        }
        options = parser.parse_args([*map(str, arguments)])
        code = doctor_arguments.run(options, given, Guard(secrets_of(given)))
        said = capsys.readouterr().out
        assert TOKEN not in said
        assert KEY not in said
        return Done(code, said)

    return done


class Gateway(ThreadingHTTPServer):
    """Answers every request in one way."""

    def __init__(self, status: int, kind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.status = status
        error = f'{{"type": "{kind}", "message": "no {KEY} here"}}'
        self.body = f'{{"type": "error", "error": {error}}}'.encode()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Answers(BaseHTTPRequestHandler):
    server: Gateway

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)


@pytest.fixture
def gateway(request: pytest.FixtureRequest) -> Iterator[Gateway]:
    """One of a status and a type of error."""
    with Gateway(*request.param) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def test_where_all_is_well_it_says_so_and_the_exit_is_0(
    clone: Clone, hub: Scene, doctor: Doctor
) -> None:
    done = doctor(clone.folder)

    assert (done.code, done.missing) == (0, []), done.said
    assert f"{CONFIG_PATH}: can be used" in done.said
    assert "agent: backend-systems-architect" in done.said
    assert "offers claude-sonnet-5-5 for this key" in done.said
    assert f"uses `{PINNED}`" in done.said
    assert "starts on pull_request, issue_comment" in done.said
    assert "shows octo/project" in done.said
    assert "token: has contents: read, pull-requests: write" in done.said
    assert "lead ada: has the role write" in done.said
    assert done.said.endswith("Nothing is missing.\n")


def test_nothing_comes_of_what_it_asks(
    clone: Clone, hub: Scene, doctor: Doctor
) -> None:
    hub.open()
    hub.github.permit(SIGNING)
    clone.add(CONFIG_PATH, f"{CONFIG}lead-gate: true\n")

    doctor(clone.folder)

    assert any(each.is_write for each in hub.github.requests)
    assert not any(each.is_done for each in hub.github.writes)
    assert hub.github.reviews(7) == []
    assert hub.github.comments(7) == []
    assert hub.github.state.statuses == []
    assert hub.model.requests == []


def test_in_a_job_it_reads_the_default_branch_and_the_inputs(
    hub: Scene, doctor: Doctor
) -> None:
    done = doctor(
        GITHUB_ACTIONS="true",
        GITHUB_REPOSITORY="octo/project",
        GITHUB_TOKEN="",
        ANTHROPIC_API_KEY="",
        ANTHROPIC_BASE_URL="",
        **{
            "INPUT_GITHUB-TOKEN": TOKEN,
            "INPUT_ANTHROPIC-API-KEY": KEY,
            "INPUT_ANTHROPIC-BASE-URL": hub.model.url,
            "INPUT_MODEL": "opus",
        },
    )

    assert (done.code, done.missing) == (0, []), done.said
    assert f"{CONFIG_PATH}: can be used" in done.said
    assert "offers claude-opus" in done.said
    assert f"{WORKFLOW_PATH}, job review: has contents: read" in done.said
    assert "git:" not in done.said


def test_a_permission_that_is_missing_is_printed_as_the_line_to_write(
    clone: Clone, hub: Scene, doctor: Doctor
) -> None:
    hub.github.permit({"contents": "read"})
    clone.add(CONFIG_PATH, f"{CONFIG}lead-gate: true\n")

    done = doctor(clone.folder)

    assert done.code == 1
    assert "token: has contents: read\n" in done.said
    said = [line.strip() for line in done.said.splitlines()]
    start = said.index("missing      token: it may do too little; the job needs")
    assert said[start + 1 : start + 4] == [
        "permissions:",
        "pull-requests: write",
        "statuses: write",
    ]


def test_a_private_repository_has_to_be_readable_too(
    clone: Clone, hub: Scene, doctor: Doctor
) -> None:
    hub.github.state.private = True
    hub.github.permit({"pull_requests": "write"})

    done = doctor(clone.folder)

    assert any("token" in each for each in done.missing)
    assert "contents: read" in done.said.split("missing      token", 1)[1]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, "does not accept the token"),
        (404, "does not see octo/project"),
        (403, "does not see octo/project"),
    ],
)
def test_a_token_that_sees_nothing_is_the_last_that_is_asked_with(
    clone: Clone, hub: Scene, doctor: Doctor, status: int, expected: str
) -> None:
    answer = Answer(status, {"message": "No"})
    hub.github.fault("GET", "/repos/octo/project$", answer)

    done = doctor(clone.folder)

    assert done.code == 1
    assert expected in done.missing[0]
    assert len(hub.github.requests) == 1


def test_a_server_that_does_not_answer_is_named(clone: Clone, doctor: Doctor) -> None:
    done = doctor(clone.folder, GITHUB_API_URL="http://127.0.0.1:1")

    assert done.code == 1
    assert "GitHub did not answer" in done.missing[0]


def test_an_enterprise_server_says_its_release(
    clone: Clone, hub: Scene, doctor: Doctor
) -> None:
    shown = Answer(200, {"has_issues": True}, {"X-GitHub-Enterprise-Version": "3.17.2"})
    hub.github.fault("GET", "/repos/octo/project$", shown)

    assert "(Enterprise Server 3.17.2) shows octo/project" in doctor(clone.folder).said


def test_what_an_older_servers_graphql_lacks_is_named(
    clone: Clone, hub: Scene, doctor: Doctor
) -> None:
    said = "Field 'fullDatabaseId' doesn't exist on type 'IssueComment'"
    error = {"message": said, "extensions": {"code": "undefinedField"}}
    hub.github.fault("POST", "/graphql", Answer(200, {"errors": [error]}))

    done = doctor(clone.folder)

    assert done.code == 1
    assert said in done.missing[0]
    assert "has to be updated first" in done.missing[0]


@pytest.mark.parametrize("login", ["gone", "octo-bot[bot]"[:8]])
def test_a_lead_who_is_no_collaborator_is_missing(
    clone: Clone, hub: Scene, doctor: Doctor, login: str
) -> None:
    hub.github.nobody(login)
    clone.add(CONFIG_PATH, f"project-lead: [{login}, ada, octo/architects]\n")

    done = doctor(clone.folder)

    assert done.code == 1
    assert done.missing == [
        f"lead {login}: no such login, or no collaborator of octo/project"
    ]
    assert "cannot tell  lead octo/architects" in done.said


def test_every_problem_of_the_configuration_is_told(
    clone: Clone, doctor: Doctor
) -> None:
    clone.add(CONFIG_PATH, "modle: opus\nmax-comments: 99\n")

    done = doctor(clone.folder)

    assert done.code == 1
    assert done.missing[0].startswith(f"{CONFIG_PATH}:1: unknown setting `modle`")
    assert done.missing[1].startswith(f"{CONFIG_PATH}:2: `max-comments`")
    assert "which one is not known without a configuration" in done.said


def test_a_configuration_that_was_asked_for_has_to_be_there(
    clone: Clone, doctor: Doctor
) -> None:
    expected = ["gone.yml: it was asked for and does not exist"]

    there = doctor("--repo", "octo/project", **{"INPUT_CONFIG": "gone.yml"})
    here = doctor(clone.folder, **{"INPUT_CONFIG": "gone.yml"})

    assert there.missing == here.missing == expected


@pytest.mark.parametrize(
    "gateway",
    [
        (401, "authentication_error"),
        (403, "permission_error"),
        (404, "not_found_error"),
    ],
    indirect=True,
)
def test_a_key_or_model_that_is_refused_is_missing(
    clone: Clone, doctor: Doctor, gateway: Gateway
) -> None:
    done = doctor(clone.folder, ANTHROPIC_BASE_URL=gateway.url)

    assert done.code == 1
    assert done.missing[0].startswith("model: 127.0.0.1:")
    assert f"({gateway.status} " in done.missing[0]
    assert "no *** here" in done.missing[0]


@pytest.mark.parametrize(
    ("gateway", "expected"),
    [
        ((404, "no_such_path"), "it does not count tokens"),
        ((529, "overloaded_error"), "cannot answer at the moment"),
        ((429, "rate_limit_error"), "takes no more requests"),
    ],
    indirect=["gateway"],
)
def test_an_endpoint_that_cannot_say_is_not_called_missing(
    clone: Clone, doctor: Doctor, gateway: Gateway, expected: str
) -> None:
    done = doctor(clone.folder, ANTHROPIC_BASE_URL=gateway.url)

    assert (done.code, done.missing) == (0, [])
    assert "cannot tell  model" in done.said
    assert expected in done.said


def test_an_endpoint_that_is_not_there_and_a_key_that_is_not_given(
    clone: Clone, doctor: Doctor
) -> None:
    gone = doctor(clone.folder, ANTHROPIC_BASE_URL="http://127.0.0.1:1")
    none = doctor(clone.folder, ANTHROPIC_BASE_URL="", ANTHROPIC_API_KEY="")

    assert "127.0.0.1:1 could not be reached" in gone.missing[0]
    assert none.missing == ["model: no key for it here: only signals would be shown"]
    assert "gh secret set ANTHROPIC_API_KEY" in none.said


def test_no_workflow_is_missing_and_init_is_named(clone: Clone, doctor: Doctor) -> None:
    (clone.folder / WORKFLOW_PATH).unlink()
    clone.add(".github/workflows/ci.yml", "on: push\njobs: {}\n")
    clone.add(".github/workflows/broken.yml", "on: [push\n")

    done = doctor(clone.folder)

    assert done.missing == [
        "workflow: no workflow in .github/workflows/ uses the action"
    ]
    assert "architect-review init writes one" in done.said


def test_a_workflow_is_held_against_what_the_action_needs(
    clone: Clone, doctor: Doctor
) -> None:
    clone.add(
        WORKFLOW_PATH,
        """\
on: {push: {}}
permissions: {contents: read, pull-requests: read}
jobs:
  look:
    steps:
      - uses: octo/architect-review@v1
        with: {project-leed: ada}
""",
    )

    done = doctor(clone.folder)

    where = f"{WORKFLOW_PATH}, job look"
    assert done.missing == [
        f"{where}: `octo/architect-review@v1` is not pinned: whoever moves `v1` "
        "changes what runs",
        f"{where}: it starts on no event that the action knows",
        f"{where}: its job may do too little; add",
        f"{where}: there is no input `project-leed`; did you mean `project-lead`?",
        f"{where}: no model is asked: only signals are shown",
    ]
    assert "permissions:\n                 pull-requests: write\n" in done.said
    assert "uses: octo/architect-review@<SHA of a release>" in done.said


def test_what_init_writes_lacks_an_owner_only(clone: Clone, doctor: Doctor) -> None:
    plain = files(Found(), Wish())
    clone.add(WORKFLOW_PATH, plain[WORKFLOW_PATH])

    done = doctor(clone.folder)

    assert done.missing == [
        f"{WORKFLOW_PATH}, job review: `OWNER/architect-review@main` names nobody's "
        "action"
    ]


def test_audits_need_issues_that_are_turned_on_and_may_be_written(
    clone: Clone, hub: Scene, doctor: Doctor
) -> None:
    audit = files(Found(), Wish.of("ada", PINNED, with_audit=True))[AUDIT_PATH]
    clone.add(AUDIT_PATH, audit.replace("issues: write", "issues: read"))
    shown = Answer(200, {"has_issues": False})
    hub.github.fault("GET", "/repos/octo/project$", shown)

    done = doctor(clone.folder)

    assert done.missing == [
        f"{AUDIT_PATH}, job audit: its job may do too little; add",
        "token: it may do too little; the job needs",
        "issues: they are turned off in octo/project, and audits are said in one",
    ]
    assert done.said.count("issues: write\n") == 2
    assert hub.github.state.issues == {}


def test_a_token_that_may_write_issues_has_that_said(
    clone: Clone, hub: Scene, doctor: Doctor
) -> None:
    clone.add(
        AUDIT_PATH,
        files(Found(), Wish.of("ada", PINNED, with_audit=True))[AUDIT_PATH],
    )
    # GitHub takes no issue without a title: docs/verify-live.md.
    missing = {"resource": "Issue", "code": "missing_field", "field": "title"}
    refused = Answer(422, {"message": "Validation Failed", "errors": [missing]})
    hub.github.fault("POST", "/issues$", refused)

    done = doctor(clone.folder)

    assert (done.code, done.missing) == (0, []), done.said
    assert "issues: write\n" in done.said


def test_audits_that_are_said_in_the_summary_need_no_issues(
    clone: Clone, hub: Scene, doctor: Doctor
) -> None:
    audit = files(Found(), Wish.of("ada", PINNED, with_audit=True))[AUDIT_PATH]
    clone.add(AUDIT_PATH, audit.replace("issues: write", "issues: read"))
    clone.add(CONFIG_PATH, f"{CONFIG}audit-publish: summary\n")

    done = doctor(clone.folder)

    assert (done.code, done.missing) == (0, []), done.said


def test_a_workflow_without_permissions_cannot_be_told(
    clone: Clone, doctor: Doctor
) -> None:
    clone.add(
        WORKFLOW_PATH,
        f"""\
on: pull_request
jobs:
  look:
    steps:
      - uses: {PINNED}
        with: {{anthropic-api-key: x}}
""",
    )

    done = doctor(clone.folder)

    assert (done.code, done.missing) == (0, [])
    assert "it names no permissions: the repository's default holds" in done.said
    assert "commands in comments are not heard; it cannot be started by hand" in (
        done.said
    )


def test_a_token_goes_to_no_server_that_only_the_clone_names(
    clone: Clone, doctor: Doctor
) -> None:
    other = "https://user:secret@git.example.test/octo/project.git"
    clone.git("remote", "set-url", "origin", other)

    done = doctor(clone.folder, GITHUB_API_URL="")

    assert "git.example.test is not asked: set GITHUB_API_URL" in done.said
    assert "secret" not in done.said
    assert done.code == 0


def test_without_a_token_or_a_name_github_is_not_asked(
    clone: Clone, hub: Scene, doctor: Doctor
) -> None:
    assert "no token to ask with" in doctor(clone.folder, GITHUB_TOKEN="").said
    clone.git("remote", "remove", "origin")
    assert "which repository is not known" in doctor(clone.folder).said
    assert hub.github.requests == []
    with pytest.raises(SettingsError, match="is no repository"):
        doctor(clone.folder, "--repo", "../octo")


def test_a_persons_token_says_nothing_of_the_jobs(
    clone: Clone, hub: Scene, doctor: Doctor
) -> None:
    done = doctor(clone.folder, GITHUB_TOKEN="ghp_something")

    assert done.code == 1
    assert "does not accept the token" in done.missing[0]


def test_the_permissions_that_a_job_needs_are_those_of_the_standin() -> None:
    """The workflow that init writes asks for what the tests' token has."""
    assert {name.replace("_", "-") for name in PERMISSIONS} == {
        "contents",
        "pull-requests",
    }
