"""A commit as the subject of an audit: found by name, read from git objects."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.commits import CommitSource
from architect_review.adapters.github.errors import GitHubError
from architect_review.change.diff import FileStatus
from architect_review.change.snapshot import EntryKind
from architect_review.errors import SourceError
from standin.github import AUDITING, After, Answer, Drop, GitHub
from standin.repository import Files, Repository, Symlink

RULES = "docs/adr/0001-use-postgres.md"
FILES: Files = {
    "app.py": "print(1)\n",
    "CLAUDE.md": "# Rules\n",
    RULES: "# Use Postgres\n",
    "docs/adr/notes.txt": "no\n",
    "link": Symlink("app.py"),
    "logo.png": b"\0\1",
}
POLICY = ("CLAUDE.md", "docs/adr/", ".github/architect-review.yml")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.fixture
def first(repository: Repository) -> str:
    return repository.branch("main", repository.commit(FILES, "Begin"))


@pytest.fixture
def github(repository: Repository, first: str) -> Iterator[GitHub]:
    with GitHub(repository.git_dir, permissions=AUDITING, private=True) as running:
        yield running
        assert running.problems == []


def a_source(github: GitHub, ref: str = "", since: str = "") -> CommitSource:
    client = Client(
        SecretStr(github.token), github.api_url, timeout=5, sleep=lambda seconds: None
    )
    return CommitSource(client, github.repository, ref, since)


def test_everything_at_the_default_branch_is_audited(
    github: GitHub, first: str
) -> None:
    source = a_source(github)
    change = source.fetch(POLICY)

    assert (change.number, change.head_ref, change.head_sha) == (None, "main", first)
    assert (change.base_ref, change.base_sha, change.diff.files) == ("", "", ())
    assert change.title == f"Everything at {first[:7]}"
    assert change.web_url == f"{github.url}/octo/project"
    assert change.repository == "octo/project"
    assert change.policy.commit == first
    assert change.policy.texts == {"CLAUDE.md": "# Rules\n", RULES: "# Use Postgres\n"}
    assert change.policy.asked == frozenset(POLICY)
    # Two requests, and no repository before its files are asked for.
    assert [each.what for each in github.requests] == [
        "GET /commits/HEAD",
        "POST /graphql",
    ]
    assert github.transfers == []


def test_its_files_come_from_git_and_are_fetched_once(
    github: GitHub, first: str
) -> None:
    source = a_source(github)
    source.fetch(())
    files = source.snapshot(first)

    assert list(files.entries()) == sorted(FILES)
    assert files.entries()["link"].kind is EntryKind.LINK
    assert dict(files.texts(["app.py", "link", "logo.png", "none"])) == {
        "app.py": "print(1)\n"
    }
    assert source.read(first, ["CLAUDE.md"]) == {"CLAUDE.md": "# Rules\n"}
    assert source.read(first, ["docs/adr/"]) == {RULES: "# Use Postgres\n"}
    made = len(github.transfers)
    source.snapshot(first).entries()
    assert len(github.transfers) == made > 0
    source.close()


def test_nothing_has_no_files(github: GitHub) -> None:
    source = a_source(github)
    nothing = source.snapshot(source.fetch(()).base_sha)

    assert dict(nothing.entries()) == {}
    assert list(nothing.texts(["app.py"])) == []
    assert source.read("", ["app.py"]) == {}
    assert github.transfers == []


@pytest.mark.parametrize("ref", ["release/2.x", "v1", "refs/tags/v1", "short", "full"])
def test_a_commit_is_named_by_branch_tag_or_sha(
    repository: Repository, github: GitHub, ref: str
) -> None:
    sha = repository.commit({"app.py": "print(2)\n", "CLAUDE.md": "# Old\n"})
    repository.branch("release/2.x", sha)
    repository.reference("refs/tags/v1", sha)
    named = {"short": sha[:9], "full": sha}.get(ref, ref)
    change = a_source(github, named).fetch(POLICY)

    assert (change.head_sha, change.head_ref) == (sha, named)
    assert change.policy.texts["CLAUDE.md"] == "# Old\n"


def test_a_range_is_what_came_since_the_two_parted(
    repository: Repository, github: GitHub, first: str
) -> None:
    repository.branch("other", repository.commit({"other.py": "x\n"}))
    head = repository.commit({"app.py": "print(2)\n", "new.py": "y\n"})
    repository.branch("main", head)
    source = a_source(github, "main", "other")
    change = source.fetch(POLICY)

    assert (change.base_ref, change.base_sha) == ("other", first)
    assert change.head_sha == head
    assert [(file.path, file.status) for file in change.diff.files] == [
        ("app.py", FileStatus.MODIFIED),
        ("new.py", FileStatus.ADDED),
    ]
    assert "new.py" not in source.snapshot(first).entries()
    assert "other.py" not in source.snapshot(head).entries()
    assert source.read(first, ["app.py"]) == {"app.py": "print(1)\n"}
    source.close()


@pytest.mark.parametrize(
    "ref", ["nowhere", "main:app.py", "../../../user", "-x", "/main", "a b", "ma\nin"]
)
def test_a_ref_that_names_no_commit_says_so(github: GitHub, ref: str) -> None:
    with pytest.raises(SourceError, match="octo/project"):
        a_source(github, ref).fetch(())
    with pytest.raises(SourceError, match="octo/project"):
        a_source(github, since=ref).fetch(())


def test_what_has_no_common_history_cannot_be_compared(
    repository: Repository, github: GitHub
) -> None:
    repository.branch("apart", repository.commit({"x": "y\n"}, parent=None))

    with pytest.raises(SourceError, match="no common history"):
        a_source(github, since="apart").fetch(())


def test_a_token_that_may_not_read_is_told(github: GitHub) -> None:
    github.permit({"issues": "write"})

    with pytest.raises(GitHubError) as caught:
        a_source(github).fetch(())
    assert caught.value.is_permission


def test_where_git_is_refused_single_files_are_still_asked_for(
    github: GitHub, first: str
) -> None:
    github.transfer_fault("info/refs", Answer(500, b"no"), times=99)
    source = a_source(github)
    source.fetch(())
    files = source.snapshot(first)

    with pytest.raises(SourceError, match="could not fetch"):
        files.entries()
    made = len(github.transfers)
    assert dict(files.texts(["app.py"])) == {"app.py": "print(1)\n"}
    assert len(github.transfers) == made


def test_a_fault_while_reading_is_tried_again(github: GitHub, first: str) -> None:
    for fault in (Drop.BEFORE, Drop.AFTER, After()):
        github.fault("GET", "/commits/", fault)
        github.fault("POST", "/graphql", fault)

        assert a_source(github).fetch(POLICY).head_sha == first


def test_a_person_has_the_role_that_the_repository_gives(github: GitHub) -> None:
    github.role("grace", "maintain")

    assert a_source(github).role("grace") == "maintain"
    assert a_source(github).role("nobody") == "none"
