"""The files of a pull request's two sides, fetched when they are first needed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.source import PullRequestSource
from architect_review.change.change import Change
from architect_review.change.mentions import search
from architect_review.errors import SourceError
from architect_review.request.events import PullRequestReview, Trigger
from standin.github import Answer, GitHub
from standin.repository import Files, Repository, Symlink

TOKEN = "ghs_plantedtoken0123456789abcdefghijklm"
REFUSED = Answer(403, {"message": "no"})


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHub]:
    """A pull request on a base that has moved on since."""
    repository = Repository(tmp_path)
    files: Files = {"a.py": "A = 1\n", "kept.py": "K = 1\n", "link": Symlink("a.py")}
    base = repository.branch("main", repository.commit(files, "Base"))
    with GitHub(repository.git_dir, token=TOKEN) as github:
        head = repository.commit({"a.py": "A = 2\n"}, "Head", parents=[base])
        moved = repository.commit({"a.py": "A = 9\n"}, "Moved", parents=[base])
        repository.branch("main", moved)
        github.pull(7, head_sha=head)
        yield github
        assert github.problems == []


@pytest.fixture
def source(github: GitHub) -> Iterator[PullRequestSource]:
    state = github.state
    request = PullRequestReview(f"{state.owner}/{state.name}", 7, Trigger.AUTOMATIC)
    client = Client(SecretStr(TOKEN), github.api_url, timeout=15)
    source = PullRequestSource(client, request)
    yield source
    source.close()


def fetched(source: PullRequestSource) -> Change:
    return source.fetch(())


def test_before_is_the_merge_base_and_after_the_head(
    github: GitHub, source: PullRequestSource
) -> None:
    change = fetched(source)

    before, after = source.snapshot(change.base_sha), source.snapshot(change.head_sha)

    assert github.transfers == []
    assert dict(after.texts(["a.py", "link"])) == {"a.py": "A = 2\n"}
    assert dict(before.texts(["a.py", "kept.py"])) == {
        "a.py": "A = 1\n",
        "kept.py": "K = 1\n",
    }
    assert (
        list(before.entries()) == list(after.entries()) == ["a.py", "kept.py", "link"]
    )


def test_a_file_that_stays_the_same_keeps_the_name_of_its_object(
    github: GitHub, source: PullRequestSource
) -> None:
    change = fetched(source)

    before = source.snapshot(change.base_sha).entries()
    after = source.snapshot(change.head_sha).entries()

    assert before["kept.py"].id == after["kept.py"].id
    assert before["a.py"].id != after["a.py"].id
    assert {len(entry.id) for entry in after.values()} == {40}


def test_each_commit_is_fetched_once_and_compared_once(
    github: GitHub, source: PullRequestSource
) -> None:
    change = fetched(source)
    asked = len(github.requests)

    with ThreadPoolExecutor(6) as pool:
        shas = [change.base_sha, change.head_sha] * 6
        read = list(pool.map(lambda sha: source.snapshot(sha).entries(), shas))

    assert all(entries == read[0] or entries == read[1] for entries in read)
    packs = [each for each in github.transfers if "upload-pack" in each.path]
    assert sum("info/refs" in each.path for each in packs) == 2
    assert len(github.requests) == asked + 1


def test_without_git_there_is_no_list_but_single_files(
    github: GitHub, source: PullRequestSource
) -> None:
    github.transfer_fault("/info/refs", REFUSED)
    change = fetched(source)
    before, after = source.snapshot(change.base_sha), source.snapshot(change.head_sha)

    with pytest.raises(SourceError, match="git could not fetch the commits"):
        after.entries()
    with pytest.raises(SourceError, match="git could not fetch the commits"):
        before.entries()

    assert dict(after.texts(["a.py", "none"])) == {"a.py": "A = 2\n"}
    assert dict(before.texts(["a.py"])) == {"a.py": "A = 1\n"}
    assert "git could not fetch" in search(after, ["A"]).missing
    assert len(github.transfers) == 1


def test_where_the_merge_base_is_unknown_only_the_head_is_there(
    github: GitHub, source: PullRequestSource
) -> None:
    change = fetched(source)
    github.fault("GET", "/compare/", Answer(404, {"message": "Not Found"}), times=9)

    before, after = source.snapshot(change.base_sha), source.snapshot(change.head_sha)

    for _ in range(2):
        with pytest.raises(SourceError, match="merge base"):
            before.entries()
        with pytest.raises(SourceError, match="merge base"):
            list(before.texts(["a.py"]))
    assert dict(after.texts(["a.py"])) == {"a.py": "A = 2\n"}
    compared = [each for each in github.requests if "/compare/" in each.path]
    assert len(compared) == 1


def test_an_api_that_fails_too_is_said(
    github: GitHub, source: PullRequestSource
) -> None:
    change = fetched(source)
    github.transfer_fault("/info/refs", REFUSED)
    github.fault("POST", "/graphql", Answer(403, {"message": "no"}), times=9)

    with pytest.raises(SourceError, match="reading 1 files"):
        list(source.snapshot(change.head_sha).texts(["a.py"]))
    github.no_more_faults()
