"""The repositories tests build hold exactly what was asked for."""

from pathlib import Path

from standin.repository import Executable, Repository, Submodule, Symlink, git


def _tree(repository: Repository, revision: str) -> dict[str, str]:
    listed = git(repository.git_dir, "ls-tree", "-r", "-z", revision).decode()
    rows = (row.split("\t") for row in listed.split("\0") if row)
    return {path: described.split()[0] for described, path in rows}


def test_every_kind_of_entry_is_stored_with_its_mode(tmp_path: Path) -> None:
    repository = Repository(tmp_path)

    sha = repository.commit(
        {
            "a/text.py": "x = 1\n",
            "binary": b"\0\1",
            "odd name é\n.txt": "",
            "link": Symlink("a/text.py"),
            "run": Executable("#!/bin/sh\n"),
            "lib": Submodule("1" * 40),
        }
    )

    assert _tree(repository, sha) == {
        "a/text.py": "100644",
        "binary": "100644",
        "odd name é\n.txt": "100644",
        "link": "120000",
        "run": "100755",
        "lib": "160000",
    }
    assert git(repository.git_dir, "show", f"{sha}:binary") == b"\0\1"


def test_a_commit_changes_what_its_parent_holds(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    base = repository.branch("main", repository.commit({"a": "1\n", "b": "2\n"}))

    head = repository.pull(7, repository.commit({"a": None, "c": "3\n"}))

    assert set(_tree(repository, head)) == {"b", "c"}
    assert set(_tree(repository, "main")) == {"a", "b"}
    merge_base = git(repository.git_dir, "merge-base", "main", "refs/pull/7/head")
    assert merge_base.decode().strip() == base


def test_the_same_commits_have_the_same_names_everywhere(tmp_path: Path) -> None:
    first, second = (
        Repository(tmp_path, name).commit({"a": "1\n"}, "start") for name in ("1", "2")
    )

    assert first == second == "7b7d9def2bb05a4054fc98b38b3a2ebc77772e5c"
