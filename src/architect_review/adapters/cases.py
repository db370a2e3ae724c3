"""Cases of an evaluation on the disk: their files, their repositories, its results."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pygit2

from architect_review.adapters.local import LocalSource
from architect_review.change.change import Change
from architect_review.errors import SettingsError, SourceError
from architect_review.evaluation import cases, matching, results
from architect_review.evaluation.cases import Case
from architect_review.evaluation.matching import Verdicts
from architect_review.evaluation.results import Results
from architect_review.report.report import Report
from architect_review.request.events import RangeReview

_AUTHOR = pygit2.Signature("Author", "author@example.com", 1_767_225_600, 0)


def read(place: Path, only: Collection[str] = ()) -> tuple[Case, ...]:
    """The cases in a folder, its folder `cases`, or one file; those of `only`.

    Raises SettingsError where there is none, one cannot be used or an identifier of
    `only` is unknown.
    """
    folder = place / "cases" if (place / "cases").is_dir() else place
    files = [place] if place.is_file() else sorted(folder.glob("*.json"))
    if not files:
        raise SettingsError(f"{place}: no cases here (files named <id>.json)")
    every = [cases.parse(text(file), str(file)) for file in files]
    found = {case.id: case for case in every}
    if unknown := sorted(set(only) - found.keys()):
        raise SettingsError(
            f"no case {unknown[0]!r} in {place}: there are {', '.join(found)}"
        )
    return tuple(each for each in every if not only or each.id in only)


def repository(case: Case, repos: Path, scratch: Path) -> Path:
    """The case's repository; a folder with `base` and `head` becomes one in `scratch`.

    Raises SourceError, with how to make it, when there is neither.
    """
    made = repos / f"{case.id}.git"
    if made.is_dir():
        return made
    folder = repos / case.id
    if (folder / "base").is_dir() and (folder / "head").is_dir():
        return _committed(case, folder, scratch / f"{case.id}.git")
    raise SourceError(
        f"the case {case.id} has no repository: make {made} (bare, with the commits "
        f"that the case names), or {folder} with the files before and after the "
        "change in the folders base and head"
    )


class CaseSource(LocalSource):
    """A case's change, under the case's own title and description."""

    def __init__(
        self, case: Case, request: RangeReview, files: Mapping[str, Path]
    ) -> None:
        super().__init__(request, files)
        self._case = case

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        """The change as its pull request was described. Raises SourceError.

        The commits' messages are left out: they may tell of what came later.
        """
        return replace(
            super().fetch(policy_paths),
            repository=self._case.repo or self._case.id,
            title=self._case.pr_title,
            description=self._case.pr_body,
            commits=(),
        )


def read_report(folder: Path, case: Case) -> Report:
    """A case's report of an earlier evaluation. Raises SettingsError."""
    file = folder / f"{case.id}.json"
    return cases.checked(Report, text(file), str(file))


def read_verdicts(folder: Path, case: Case) -> Verdicts:
    """A case's verdicts; none without a file. Raises SettingsError."""
    file = folder / f"{case.id}.json"
    return matching.parse(text(file), str(file), case) if file.exists() else {}


def read_results(place: Path) -> Results:
    """Results from a file, or a folder that holds it. Raises SettingsError."""
    file = place / "results.json" if place.is_dir() else place
    return results.parse(text(file), str(file))


def text(file: Path) -> str:
    """A file's text. Raises SettingsError when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {error}") from error


def write(file: Path, content: str) -> Path:
    """Write a file, with the folders it is in. Raises SettingsError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error}") from error
    return file


def _committed(case: Case, folder: Path, git_dir: Path) -> Path:
    """A bare repository with two commits, the same ones for the same files."""
    made = pygit2.init_repository(str(git_dir), bare=True)
    base = _commit(made, folder / "base", "Before", [])
    head = _commit(made, folder / "head", case.pr_title, [base])
    made.references.create("refs/heads/main", base)
    made.references.create("refs/pull/1/head", head)
    return git_dir


def _commit(
    made: pygit2.Repository, folder: Path, message: str, parents: list[pygit2.Oid]
) -> pygit2.Oid:
    tree = _tree(made, folder)
    return made.create_commit(None, _AUTHOR, _AUTHOR, message, tree, list(parents))


def _tree(made: pygit2.Repository, folder: Path) -> pygit2.Oid:
    builder = made.TreeBuilder()
    for entry in folder.iterdir():
        if entry.is_symlink():
            raise SourceError(f"{entry} is a symbolic link: cases hold plain files")
        if entry.is_dir():
            builder.insert(entry.name, _tree(made, entry), pygit2.enums.FileMode.TREE)
        else:
            blob = made.create_blob(entry.read_bytes())
            builder.insert(entry.name, blob, pygit2.enums.FileMode.BLOB)
    return builder.write()
