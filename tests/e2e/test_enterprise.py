"""Servers with certificates of a private authority, behind a forward proxy."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from architect_review.adapters.certificates import trusted
from architect_review.adapters.github.client import Client
from architect_review.adapters.github.errors import GitHubError
from architect_review.adapters.github.objects import Objects
from architect_review.errors import SettingsError, SourceError
from e2e.scene import COMMAND, KEY, TOKEN, Scene, a_finding, an_answer
from standin.github import GitHub
from standin.model import Model
from standin.repository import Repository
from standin.tls import Authority, Door, Proxy, SecureGitHub


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Whom no machine trusts."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """The only way out, as far as the environment says."""
    with Proxy() as proxy:
        yield proxy


@pytest.fixture
def enterprise(tmp_path: Path, authority: Authority) -> Iterator[Scene]:
    """GitHub and the model's endpoint, both behind private certificates."""
    repository = Repository(tmp_path)
    with ExitStack() as stack:
        github = stack.enter_context(
            SecureGitHub(repository.git_dir, authority.context, token=TOKEN)
        )
        model = stack.enter_context(
            Model(lambda request: an_answer(a_finding()), key=KEY)
        )
        scene = Scene(tmp_path, github, model, repository)
        scene.open()
        yield scene
        assert github.problems == []
        assert model.problems == []


@pytest.fixture
def gateway(enterprise: Scene, authority: Authority) -> Iterator[Door]:
    """The encrypted way to the model."""
    with Door(authority.context, enterprise.model.port) as door:
        yield door


def secure(scene: Scene) -> SecureGitHub:
    """GitHub of a scene, which is the secure one here."""
    assert isinstance(scene.github, SecureGitHub)
    return scene.github


@pytest.mark.parametrize("form", ["a path", "PEM text"])
def test_one_bundle_reaches_the_api_the_model_and_git_through_the_proxy(
    enterprise: Scene, gateway: Door, authority: Authority, proxy: Proxy, form: str
) -> None:
    enterprise.environ = {"HTTPS_PROXY": proxy.url}

    run = enterprise.act(
        "pull_request",
        enterprise.github.event("pull_request", 7),
        ca_bundle=str(authority.file) if form == "a path" else authority.pem,
        anthropic_base_url=gateway.url,
    )

    assert (run.code, run.outputs.get("status")) == (0, "reviewed"), run.log
    assert len(enterprise.model.requests) > 0
    assert {each.status for each in enterprise.github.transfers} == {200}
    github = f"127.0.0.1:{secure(enterprise).door.port}"
    assert set(proxy.reached) == {github, f"127.0.0.1:{gateway.port}"}
    # The API's one connection, and git's own.
    assert proxy.reached.count(github) >= 2


def test_what_no_proxy_names_is_reached_without_the_proxy(
    enterprise: Scene, gateway: Door, authority: Authority, proxy: Proxy
) -> None:
    enterprise.environ = {"HTTPS_PROXY": proxy.url, "NO_PROXY": "127.0.0.1"}

    run = enterprise.act(
        "pull_request",
        enterprise.github.event("pull_request", 7),
        ca_bundle=authority.pem,
        anthropic_base_url=gateway.url,
    )

    assert (run.code, run.outputs.get("status")) == (0, "reviewed"), run.log
    assert enterprise.github.transfers
    assert proxy.reached == []


def test_the_doctor_trusts_whom_this_machine_was_told_to(
    enterprise: Scene, authority: Authority
) -> None:
    done = subprocess.run(
        [COMMAND, "doctor", "--repo", enterprise.github.repository],
        env={
            "PATH": os.environ["PATH"],
            "SSL_CERT_FILE": str(authority.file),
            "GITHUB_API_URL": enterprise.github.api_url,
            "GITHUB_TOKEN": TOKEN,
        },
        cwd=enterprise.folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert "certificate" not in done.stdout + done.stderr
    assert enterprise.github.requests


def test_without_the_bundle_github_is_not_trusted_and_the_run_says_what_to_give(
    enterprise: Scene,
) -> None:
    run = enterprise.act("pull_request", enterprise.github.event("pull_request", 7))

    assert (run.code, run.outputs.get("status")) == (1, "failed")
    assert "certificate could not be verified" in run.step_summary
    assert "`ca-bundle`" in run.step_summary
    assert enterprise.github.requests == []


def test_without_the_bundle_the_endpoint_is_not_trusted_either(
    scene: Scene, authority: Authority
) -> None:
    scene.open()
    with Door(authority.context, scene.model.port) as gateway:
        run = scene.act(
            "pull_request",
            scene.github.event("pull_request", 7),
            anthropic_base_url=gateway.url,
        )

    assert (run.code, run.outputs.get("status")) == (1, "failed")
    assert "certificate of 127.0.0.1" in run.step_summary
    assert "`ca-bundle`" in run.step_summary
    assert scene.model.requests == []


def test_git_trusts_the_authorities_it_is_given_and_no_others(
    enterprise: Scene, authority: Authority
) -> None:
    url = f"{enterprise.github.url}/octo/project.git"
    head = enterprise.github.state.pulls[7].head
    token = SecretStr(TOKEN)

    with pytest.raises(SourceError, match="`ca-bundle`"):
        Objects(url, token, head, head)

    objects = Objects(url, token, head, head, ca_file=trusted(authority.pem))

    assert "shop/orders.py" in objects.files(head).entries()


def test_a_client_trusts_the_authorities_it_is_given_and_no_others(
    enterprise: Scene, authority: Authority
) -> None:
    token, api = SecretStr(TOKEN), enterprise.github.api_url

    with pytest.raises(GitHubError, match="`ca-bundle`"):
        Client(token, api, timeout=5, tries=1).get("/repos/octo/project", "reading")

    client = Client(token, api, timeout=5, ca_file=trusted(str(authority.file)))
    assert client.get("/repos/octo/project", "reading")["name"] == "project"


def test_a_proxy_that_lets_nothing_through_is_named(scene: Scene) -> None:
    scene.open()
    scene.environ = {"HTTPS_PROXY": "http://127.0.0.1:1"}
    scene.environ["GITHUB_API_URL"] = "https://127.0.0.1:2/api/v3"

    run = scene.act("pull_request", scene.github.event("pull_request", 7))

    assert (run.code, run.outputs.get("status")) == (1, "failed")
    assert "the proxy did not let it through" in run.step_summary


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("no/such/file.pem", "neither PEM text nor a file"),
        ("/", "neither PEM text nor a file"),
        ("-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----", "line brea"),
        (COMMAND.as_posix(), "holds no"),
    ],
)
def test_a_bundle_that_is_none_is_an_error_that_says_so(
    given: str, expected: str
) -> None:
    with pytest.raises(SettingsError, match=f"ca-bundle.*{expected}"):
        trusted(given)


def test_a_bundle_that_is_none_ends_the_run_before_anything_is_asked(
    scene: Scene,
) -> None:
    scene.open()

    run = scene.act(
        "pull_request", scene.github.event("pull_request", 7), ca_bundle="gone.pem"
    )

    assert (run.code, run.outputs.get("status")) == (2, "failed")
    assert "`ca-bundle`" in run.step_summary
    assert scene.github.requests == []


def test_the_bundle_is_added_to_the_public_authorities(authority: Authority) -> None:
    text = Path(trusted(authority.pem)).read_text(encoding="utf-8")

    assert authority.pem in text
    assert text.count("-----BEGIN CERTIFICATE-----") > 100
    assert trusted("") == ""


@pytest.mark.parametrize(
    ("api", "graphql"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://ghe.example/api/v3", "https://ghe.example/api/graphql"),
        ("https://api.octo.ghe.com/", "https://api.octo.ghe.com/graphql"),
    ],
)
def test_graphql_is_where_the_runner_says_it_is(api: str, graphql: str) -> None:
    """The pairs of GITHUB_API_URL and GITHUB_GRAPHQL_URL that GitHub documents."""
    assert Client(SecretStr(TOKEN), api, timeout=1).graphql_url == graphql


def test_the_servers_of_a_run_come_from_its_environment(scene: Scene) -> None:
    """The stand-in is where an Enterprise Server is: below /api/v3 of its own name."""
    assert isinstance(scene.github, GitHub)
    scene.open()

    run = scene.act("pull_request", scene.github.event("pull_request", 7))

    assert run.outputs.get("status") == "reviewed", run.log
    assert {each.kind for each in scene.github.requests} == {"rest", "graphql"}
    assert scene.github.url in run.outputs["review-url"]
