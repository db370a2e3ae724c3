"""Policy files and folders of records, as GitHub's GraphQL has them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.source import PullRequestSource
from architect_review.request.events import PullRequestReview, Trigger
from standin.github import GitHub
from standin.repository import Executable, Files, Repository, Submodule, Symlink

TOKEN = "ghs_plantedtoken0123456789abcdefghijklm"
FILES: Files = {
    "CLAUDE.md": "Be kind.\n",
    "docs/adr/0001-a.md": "# A\n",
    "docs/adr/0002-b.md": Executable("# B\n"),
    "docs/adr/0003-link.md": Symlink("../../CLAUDE.md"),
    "docs/adr/0004-module.md": Submodule("1" * 40),
    "docs/adr/0005-binary.md": b"\0\1",
    "docs/adr/0006-folder.md/x.md": "# X\n",
    "docs/adr/README.md": "# All of them\n",
    "docs/adr/picture.png": b"\x89PNG\0",
    "adr": "no folder\n",
    "rfc/7.md": "# Seven\n",
}
RECORDS = {"docs/adr/0001-a.md": "# A\n", "docs/adr/0002-b.md": "# B\n"}


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    """A pull request of one file, on a base with guidelines and records."""
    repository = Repository(tmp_path)
    base = repository.branch("main", repository.commit(FILES, "Base"))
    with GitHub(repository.git_dir, token=TOKEN) as github:
        head = repository.commit({"a.py": "A = 1\n"}, "Head", parents=[base])
        github.pull(7, head_sha=head)
        yield github
        assert github.problems == []


def source(github: GitHub) -> PullRequestSource:
    state = github.state
    request = PullRequestReview(f"{state.owner}/{state.name}", 7, Trigger.AUTOMATIC)
    client = Client(SecretStr(TOKEN), github.api_url, timeout=15)
    return PullRequestSource(client, request)


def test_folders_come_with_the_context_query_and_hold_only_records(
    github: GitHub,
) -> None:
    paths = ("CLAUDE.md", "none.md", "docs/adr/", "doc/adr/", "adr/")

    policy = source(github).fetch(paths).policy

    assert policy.texts == {"CLAUDE.md": "Be kind.\n", **RECORDS}
    assert policy.asked == set(paths)
    asked = [each.path for each in github.requests]
    assert sum(path.endswith("/graphql") for path in asked) == 1


def test_a_folder_named_later_is_read_at_the_same_commit(github: GitHub) -> None:
    reader = source(github)
    commit = reader.fetch(()).policy.commit

    texts = reader.read(commit, ["rfc/", "none/", "CLAUDE.md", "docs/adr/"])

    assert texts == {"rfc/7.md": "# Seven\n", "CLAUDE.md": "Be kind.\n", **RECORDS}


def test_a_folder_is_no_file_and_a_file_no_folder(github: GitHub) -> None:
    policy = source(github).fetch(("docs/adr", "CLAUDE.md/")).policy

    assert policy.texts == {}
