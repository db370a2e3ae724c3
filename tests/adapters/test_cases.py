"""Cases on the disk: their repositories, and folders that become one."""

from pathlib import Path

import pytest

from architect_review.adapters.cases import CaseSource, read, repository
from architect_review.errors import SettingsError, SourceError
from architect_review.request.events import RangeReview
from evaluation.sample import a_case, a_case_text


def a_folder(place: Path, **sides: str) -> Path:
    """The case's folder with one file on every side."""
    for side, text in sides.items():
        file = place / "one" / side / "app" / "pool.py"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    return place


def test_a_folder_becomes_the_change_between_its_sides(tmp_path: Path) -> None:
    case = a_case(pr_body="Why.", repo="octo/project")
    repos = a_folder(tmp_path / "repos", base="size = 1\n", head="size = 2\n")

    place = repository(case, repos, tmp_path)
    source = CaseSource(case, RangeReview(str(place), case.base, case.head), {})
    change = source.fetch(())

    (file,) = change.diff.files
    assert (file.path, file.additions, file.deletions) == ("app/pool.py", 1, 1)
    assert (change.repository, change.title) == ("octo/project", "Change it")
    assert change.description == "Why."
    assert change.commits == ()


def test_a_bare_repository_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "one.git").mkdir()

    assert repository(a_case(), tmp_path, tmp_path / "x") == tmp_path / "one.git"


def test_a_case_without_a_repository_says_how_to_make_one(tmp_path: Path) -> None:
    a_folder(tmp_path, base="size = 1\n")

    with pytest.raises(
        SourceError, match=r"make .*one\.git .* or .*one with the files"
    ):
        repository(a_case(), tmp_path, tmp_path)


def test_a_link_in_a_case_is_refused(tmp_path: Path) -> None:
    a_folder(tmp_path, base="size = 1\n", head="size = 2\n")
    (tmp_path / "one" / "head" / "secrets").symlink_to("/etc/passwd")

    with pytest.raises(SourceError, match="is a symbolic link"):
        repository(a_case(), tmp_path, tmp_path)


def test_cases_are_found_in_a_folder_in_its_folder_cases_and_by_themselves(
    tmp_path: Path,
) -> None:
    file = tmp_path / "cases" / "one.json"
    file.parent.mkdir()
    file.write_text(a_case_text(), encoding="utf-8")

    for place in (tmp_path, tmp_path / "cases", file):
        assert [each.id for each in read(place)] == ["one"]


def test_a_folder_without_cases_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no cases here"):
        read(tmp_path)
