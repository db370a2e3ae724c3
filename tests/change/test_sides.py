from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.change.diff import FileStatus, parse
from architect_review.change.sides import Scene, matches, needs_head, sides
from architect_review.errors import DiffError
from change.trees import Tree, commit, compare, counts, pairs, texts
from standin.repository import Repository, Submodule, Symlink


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return Repository(tmp_path_factory.mktemp("sides"))


def before_and_after(
    repository: Repository, before: Tree, after: Tree, *options: str
) -> Iterator[tuple[str | None, str | None]]:
    old, new = commit(repository.git_dir, before, after)
    for file in parse(compare(repository.git_dir, old, new, *options)).files:
        both = sides(file, after[file.path] if needs_head(file) else None)
        yield both.before, both.after


@settings(deadline=None)  # git's time is not ours
@given(pair=pairs())
def test_parsed_lines_and_both_sides_agree_with_git(
    repository: Repository, pair: tuple[Tree, Tree]
) -> None:
    before, after = pair
    old, new = commit(repository.git_dir, before, after)
    diff = parse(compare(repository.git_dir, old, new))
    counted = {file.path: (file.additions, file.deletions) for file in diff.files}
    assert counted == counts(repository.git_dir, old, new)
    rebuilt = dict(before)
    for file in diff.files:
        was = before.get(file.old_path or "")
        for line in file.lines:
            for text, number in ((was, line.old), (after.get(file.path), line.new)):
                if number is not None:
                    assert text is not None
                    rows = text.split("\n")
                    assert rows[number - 1] == line.text
                    assert line.ends is (number < len(rows))
        both = sides(file, after[file.path] if needs_head(file) else None)
        assert both.before == was
        assert both.after == after.get(file.path)
        if file.old_path:
            rebuilt.pop(file.old_path)
    rebuilt |= {
        file.path: after[file.path] for file in diff.files if file.path in after
    }
    assert rebuilt == after


@settings(deadline=None)
@given(before=texts(), after=texts(), context=st.integers(0, 2))
def test_the_text_before_is_rebuilt_whatever_context_the_diff_has(
    repository: Repository, before: str, after: str, context: int
) -> None:
    found = before_and_after(repository, {"f": before}, {"f": after}, f"-U{context}")
    assert list(found) == ([] if before == after else [(before, after)])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb", "a\nb\n"),
        ("a\nb\n", "a\nb"),
        ("a\nb", "a\nc"),
        ("a", ""),
        ("", "a"),
        ("\n", ""),
        ("", "\n"),
        ("a\r\nb\r\n", "a\nb\n"),
        ("a\n\n\n", "a\n\n"),
    ],
)
def test_the_end_of_a_file_is_rebuilt_exactly(
    repository: Repository, before: str, after: str
) -> None:
    found = before_and_after(repository, {"f": before}, {"f": after})
    assert list(found) == [(before, after)]


def test_an_added_file_has_no_text_before_and_a_deleted_one_none_after(
    repository: Repository,
) -> None:
    found = before_and_after(repository, {"gone": "x\ny"}, {"new": "z\n", "void": ""})
    assert list(found) == [("x\ny", None), (None, "z\n"), (None, "")]


def test_a_rename_has_the_text_of_the_old_path_before(repository: Repository) -> None:
    text = "".join(f"line {n}\n" for n in range(20))
    changed = text.replace("line 3\n", "line three\n")
    found = before_and_after(repository, {"a": text}, {"b": changed})
    assert list(found) == [(text, changed)]
    found = before_and_after(repository, {"a": text}, {"b": text})
    assert list(found) == [(text, text)]


@pytest.mark.parametrize("head", ["one\nTWO\n", "", "zero\none\ntwo\n", "one\ntwo"])
def test_a_text_of_another_commit_is_refused(repository: Repository, head: str) -> None:
    old, new = commit(
        repository.git_dir, {"f": "one\n2\nthree\n"}, {"f": "one\ntwo\nthree\n"}
    )
    file = parse(compare(repository.git_dir, old, new)).files[0]
    with pytest.raises(DiffError, match="f at the head does not fit the diff"):
        sides(file, head)


def test_a_head_with_another_end_is_refused(repository: Repository) -> None:
    old, new = commit(repository.git_dir, {"f": "1\n2\n"}, {"f": "1\ntwo\n"})
    file = parse(compare(repository.git_dir, old, new)).files[0]
    with pytest.raises(DiffError, match="does not fit"):
        sides(file, "1\ntwo")


def test_a_changed_file_whose_head_was_not_read_is_refused(
    repository: Repository,
) -> None:
    old, new = commit(repository.git_dir, {"f": "1\n"}, {"f": "2\n"})
    file = parse(compare(repository.git_dir, old, new)).files[0]
    with pytest.raises(DiffError, match="head's text of f was not read"):
        sides(file, None)


def test_only_text_files_that_exist_on_both_sides_need_the_head(
    tmp_path: Path,
) -> None:
    repository = Repository(tmp_path)
    old = repository.commit(
        {
            "text": "1\n",
            "binary": b"\0\1",
            "link": Symlink("a"),
            "module": Submodule("1" * 40),
            "deleted": "x\n",
        }
    )
    new = repository.commit(
        {
            "text": "2\n",
            "binary": b"\0\2",
            "link": Symlink("b"),
            "module": Submodule("2" * 40),
            "deleted": None,
            "added": "totally different\n",
        },
        parent=old,
    )
    diff = parse(compare(repository.git_dir, old, new))
    assert [file.path for file in diff.files if needs_head(file)] == ["text"]
    assert len(diff.files) == 6


@pytest.mark.parametrize(
    ("path", "glob", "expected"),
    [
        ("Dockerfile", "Dockerfile", True),
        ("deploy/Dockerfile", "Dockerfile", True),
        ("deploy/Dockerfile.old", "Dockerfile", False),
        ("db/migrations/0001.sql", "**/migrations/*.sql", True),
        ("migrations/0001.sql", "**/migrations/*.sql", True),
        ("migrations/deep/0001.sql", "**/migrations/*.sql", True),
        ("x.sql", "**/migrations/*.sql", False),
        ("config/prod.py", "config/**/prod.py", True),
        ("config/a/b/prod.py", "config/**/prod.py", True),
        ("configs/prod.py", "config/**/prod.py", False),
        ("a/b/x/c", "a/**/b/**/c", True),
        ("a/x/b/c", "a/**/b/**/c", True),
        ("a/b/c", "**/a/**/b/**/**/c", True),
        ("a/c", "a/**/b/**/c", False),
        ("x.py", "**/x.py", True),
        ("deep/y.py", "**/x.py", False),
        ("a.TOML", "*.toml", False),
        ("line\nbreak.toml", "*.toml", True),
    ],
)
def test_a_glob_fits_paths_as_documented(path: str, glob: str, expected: bool) -> None:
    assert matches(path, [glob]) is expected


def test_a_glob_of_any_folders_without_end_takes_no_time() -> None:
    assert not matches("/".join("a" * 200), ["a/**/" * 40 + "b"])


def test_a_scene_finds_a_renamed_file_by_either_path(repository: Repository) -> None:
    text = "same\n" * 9
    old, new = commit(repository.git_dir, {"old.sql": text}, {"new.txt": text})
    diff = parse(compare(repository.git_dir, old, new))
    assert diff.files[0].status is FileStatus.RENAMED
    scene = Scene(diff, {"new.txt": sides(diff.files[0], text)})
    assert [side.path for side in scene.matching("*.sql")] == ["new.txt"]
    assert [side.path for side in scene.matching("*.txt")] == ["new.txt"]
    assert list(scene.matching("*.py")) == []
