"""A component as a change is what git's own diff from the empty tree says."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.adapters.git import EMPTY_TREE, GitRepository, Range
from architect_review.audit.component_change import (
    component_change,
    only_counted,
    restricted,
    united,
)
from architect_review.audit.components import Component, ComponentKind
from architect_review.audit.cutting import cut
from architect_review.change.change import Change
from architect_review.change.diff import Diff, FileChange, FileKind, FileStatus, parse
from architect_review.change.paths import Attributes
from architect_review.change.snapshot import FILE_LIMIT, Entry, EntryKind
from architect_review.prompt.coverage import classify
from architect_review.vocabulary import How
from change.trees import PATHS, Tree, commit, compare, texts
from standin.repository import Executable, Repository, Submodule, Symlink

TREES = st.dictionaries(st.sampled_from(PATHS), texts(), max_size=5)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return Repository(tmp_path_factory.mktemp("repository"))


def whole(paths: list[str]) -> Component:
    return Component("all", ComponentKind.PACKAGE, tuple(sorted(paths)), 0)


def change_of(git_dir: Path, sha: str, *paths: str) -> Change:
    """All of a commit, or some paths of it, as a component's change."""
    source = GitRepository(git_dir)
    snapshot = source.snapshot(sha)
    entries = snapshot.entries()
    component = whole(list(paths) or list(entries))
    read = snapshot.texts(component.paths)
    return component_change(source.whole(sha), component, read, entries)


def compared_with_nothing(git_dir: Path, sha: str) -> Diff:
    """What git itself says of a commit beside the empty tree."""
    everything = Range("empty tree", EMPTY_TREE, "", sha, sha)
    return GitRepository(git_dir).change(everything).diff


@settings(
    max_examples=25,
    deadline=None,
)
@given(tree=TREES)
def test_a_component_of_everything_is_the_diff_from_the_empty_tree(
    repository: Repository, tree: Tree
) -> None:
    git_dir = repository.git_dir
    (sha,) = commit(git_dir, tree)

    assert change_of(git_dir, sha).diff == compared_with_nothing(git_dir, sha)


def test_what_has_no_lines_is_told_as_git_tells_it(repository: Repository) -> None:
    sha = repository.commit(
        {
            "program": Executable("#!/bin/sh\n"),
            "binary": b"\0\1",
            "link": Symlink("program"),
            "sub": Submodule("1" * 40),
            "empty": "",
            "open": "no end",
            "crlf": "a\r\nb\r\n",
            "latin": b"caf\xe9\n",
        }
    )
    expected = compared_with_nothing(repository.git_dir, sha)

    found = change_of(repository.git_dir, sha).diff

    # No snapshot tells where a link leads, and that a file may be run.
    untold: dict[str, dict[str, Any]] = {
        "program": {"new_mode": "100644"},
        "link": {"hunks": ()},
    }
    assert found == Diff(
        tuple(replace(file, **untold.get(file.path, {})) for file in expected.files)
    )
    assert found.by_path["latin"].hunks[0].lines[0].text == "caf\ufffd"
    assert found.by_path["link"].kind is FileKind.SYMLINK
    assert not found.by_path["open"].hunks[0].lines[0].ends


def test_only_the_components_files_are_in_it_and_the_rest_of_the_change_stays(
    repository: Repository,
) -> None:
    sha = repository.commit({"a/x.py": "x\n", "a/y.py": "y\n", "b.py": "b\n"})

    change = change_of(repository.git_dir, sha, "a/x.py", "a/y.py")

    assert [file.path for file in change.diff.files] == ["a/x.py", "a/y.py"]
    assert change.head_sha == sha
    assert change.diff.additions == 2


def test_files_whose_text_nobody_reads_are_named_by_the_coverage() -> None:
    large = FILE_LIMIT + 1
    entries = {
        "data.csv": Entry(EntryKind.FILE, 3 * FILE_LIMIT),
        "clip.mp4": Entry(EntryKind.FILE, large),
        "uv.lock": Entry(EntryKind.FILE, large),
        "noise": Entry(EntryKind.FILE, 10),
        "link": Entry(EntryKind.LINK, 0),
        "sub": Entry(EntryKind.SUBMODULE, 0),
        "empty": Entry(EntryKind.FILE, 0),
    }
    change = component_change(BARE, whole(list(entries)), [("empty", "")], entries)

    found = {each.path: each for each in classify(change, (), Attributes())}

    assert {path: (each.how, each.reason) for path, each in found.items()} == {
        "data.csv": (How.LEFT_OUT, "too large to be read (3 MB)"),
        "clip.mp4": (How.SUMMARISED, "binary"),
        "uv.lock": (How.SUMMARISED, "lock file"),
        "noise": (How.SUMMARISED, "binary"),
        "link": (How.SUMMARISED, "no lines"),
        "sub": (How.SUMMARISED, "submodule"),
        "empty": (How.SUMMARISED, "no lines"),
    }
    assert [path for path, each in found.items() if each.is_gap] == ["data.csv"]


TEXTS = {
    "uv.lock": "a\nb\nc",
    "vendor/x.js": "x\n",
    "vendor/pyproject.toml": "[project]\n",
    "gen/api_pb2.py": "y = 1\n",
    "app.py": "z = 1\n\n",
    "kept.gen": "1\n2\n",
}


@pytest.mark.parametrize(
    "attributes", ["", "*.gen linguist-generated\nvendor/** -linguist-vendored\n"]
)
def test_files_that_are_only_counted_are_covered_like_those_with_lines(
    attributes: str,
) -> None:
    known = Attributes.parse(attributes)
    entries = {path: Entry(EntryKind.FILE, len(text)) for path, text in TEXTS.items()}

    def covered(change: Change) -> object:
        return classify(change, (), known)

    component = whole(list(TEXTS))
    full = component_change(BARE, component, TEXTS.items(), entries)
    short = component_change(
        BARE, component, TEXTS.items(), entries, only_counted(known)
    )

    assert covered(full) == covered(short)
    assert not short.diff.by_path["uv.lock"].hunks
    assert short.diff.by_path["app.py"] == full.diff.by_path["app.py"]


def test_a_range_is_restricted_and_deleted_files_stay_in_their_place(
    repository: Repository,
) -> None:
    old = {f"app/part{n}.py": f"x = {n}\n" * 300 for n in range(9)}
    base = repository.commit({**old, "docs/a.md": "a\n" * 60_000, "docs/b.md": "b\n"})
    gone = {"app/part3.py": None, "docs/b.md": "changed\n"}
    head = repository.commit(gone, parents=[base])
    source = GitRepository(repository.git_dir)
    change = replace(
        source.whole(head), diff=parse(compare(repository.git_dir, base, head))
    )

    entries = united(source.snapshot(head).entries(), change.diff)
    shares = {each.name: restricted(change, each) for each in cut(entries)}

    assert {
        name: [f.path for f in each.diff.files] for name, each in shares.items()
    } == {
        "app": ["app/part3.py"],
        "docs": ["docs/b.md"],
    }
    assert shares["app"].diff.files[0].status is FileStatus.DELETED


def test_every_changed_file_of_a_range_is_in_one_share() -> None:
    files = tuple(
        FileChange(f"{folder}/{n}.py", FileStatus.DELETED)
        for folder in ("a", "b")
        for n in range(3)
    )
    change = replace(BARE, diff=Diff(files))

    shares = [restricted(change, each) for each in cut(united({}, change.diff))]

    told = [file for each in shares for file in each.diff.files]
    assert sorted(told, key=lambda file: file.path) == list(files)


BARE = Change(
    repository="local",
    number=None,
    title="",
    description="",
    author="",
    base_ref="",
    base_sha="",
    head_ref="HEAD",
    head_sha="1" * 40,
    diff=Diff(),
)
