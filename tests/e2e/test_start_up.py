"""What a start does not import: what it was not started for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from standin.repository import Repository

SLOW = {"anthropic", "github", "httpx2", "pygit2", "requests", "rich"}
"""What takes long to import, and which not every start needs."""
OF_A_REVIEW = {"asyncio", "frontmatter", "ssl", "unidiff", "yaml"}
"""What takes less long, and what who does nothing does not need either."""
PACKAGE = "architect_review"
STATIONS = {
    "adapters",
    "app",
    "cli",
    "encodable",
    "errors",
    "letters",
    "publication",
    "report",
    "request",
    "vocabulary",
}
"""What reads an event and says that nothing is done: nothing that would do it.

An import for its types alone belongs under `TYPE_CHECKING`.
"""
ADAPTERS = {"actions", "cancellation", "collector"}
APP = {"action", "guarded", "start"}
START = """
import sys
from architect_review.cli import main
try:
    status = main(sys.argv[1:])
except SystemExit as end:
    status = end.code
print("\\nimported", *sorted(sys.modules))
sys.exit(status)
"""


def imported(*arguments: str | Path, **environ: str) -> set[str]:
    """The modules that a start has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", START, *arguments],
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    word, *names = done.stdout.splitlines()[-1].split()
    assert word == "imported"
    return set(names)


def packages(modules: set[str]) -> set[str]:
    """The top packages that modules are of."""
    return {name.partition(".")[0] for name in modules}


def below(parent: str, modules: set[str]) -> set[str]:
    """The names right below a package that modules are of."""
    inside = {each for each in modules if each.startswith(f"{parent}.")}
    return {each.removeprefix(f"{parent}.").partition(".")[0] for each in inside}


def event(folder: Path, name: str, payload: object) -> dict[str, str]:
    """What the runner sets for an event."""
    (folder / "event.json").write_text(json.dumps(payload), encoding="utf-8")
    return {
        "GITHUB_EVENT_NAME": name,
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "RUNNER_TEMP": str(folder),
        "INPUT_GITHUB-TOKEN": "ghs_1",
        "INPUT_ANTHROPIC-API-KEY": "sk-ant-1",
    }


COMMENT = {
    "action": "created",
    "repository": {"full_name": "octo/shop"},
    "issue": {"number": 7, "pull_request": {}},
    "comment": {"id": 1, "body": "Nice!", "user": {"login": "mona"}},
}
IGNORED = pytest.mark.parametrize(
    ("name", "payload"),
    [("push", {"ref": "refs/heads/main"}), ("issue_comment", COMMENT)],
)


@IGNORED
def test_an_ignored_event_imports_no_client(
    tmp_path: Path, name: str, payload: object
) -> None:
    found = imported("action", **event(tmp_path, name, payload))

    assert packages(found).isdisjoint(SLOW | OF_A_REVIEW)
    assert "status" in (tmp_path / "output").read_text(encoding="utf-8")
    assert "skipped" in (tmp_path / "summary").read_text(encoding="utf-8")


@IGNORED
def test_an_ignored_event_imports_nothing_that_reviews(
    tmp_path: Path, name: str, payload: object
) -> None:
    found = imported("action", **event(tmp_path, name, payload))

    assert below(PACKAGE, found) == STATIONS
    assert below(f"{PACKAGE}.adapters", found) == ADAPTERS
    assert below(f"{PACKAGE}.app", found) == APP


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_saying_what_it_is_imports_no_client(option: str) -> None:
    assert packages(imported(option)).isdisjoint(SLOW)


def test_a_review_without_a_model_does_not_import_the_models_sdk(
    tmp_path: Path,
) -> None:
    repository = Repository(tmp_path)
    base = repository.commit({"a.py": "x = 1\n"}, "One")
    head = repository.commit({"a.py": "x = 2\n"}, "Two", parents=[base])
    place = ("--repo", repository.git_dir, "--base", base, "--head", head)

    found = packages(imported("review", *place, "--no-model"))

    assert found.isdisjoint({"anthropic", "github", "httpx2", "requests"})
