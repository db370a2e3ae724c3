"""An audit that is killed in the middle goes on where it was."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.auditing import COMPONENTS, architect, audited, run_audit, shop, with_debt
from e2e.scene import COMMAND, KEY
from standin.messages import Answer, Recorded
from standin.model import Model
from standin.repository import Repository

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGKILL)
ENOUGH = 3
"""Components that are finished before the run is killed."""


class Slow:
    """The architect, who never ends with more than some components."""

    def __init__(self) -> None:
        self.is_stuck = True
        self.read: list[str] = []

    def __call__(self, request: Recorded) -> Answer:
        if "decisions" not in request.schema_names:
            name = audited(request)["component"]
            while self.is_stuck and name in COMPONENTS_STUCK:
                time.sleep(0.02)
            self.read.append(name)
        return architect(request)


COMPONENTS_STUCK = {f"shop/{name}" for name in COMPONENTS[ENOUGH:]}


@pytest.fixture
def slow() -> Slow:
    """The architect's pace."""
    return Slow()


@pytest.fixture
def model(slow: Slow) -> Iterator[Model]:
    """A model that gets stuck."""
    with Model(slow, key=KEY) as model:
        yield model
        slow.is_stuck = False


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A shop with a debt in every component."""
    files = shop()
    for at, name in enumerate(COMPONENTS):
        severity = ("critical", "high", "medium")[at % 3]
        files = with_debt(
            files, f"shop/{name}/part_{at + 1}.py", f"debt_{name}", severity
        )
    repository = Repository(tmp_path)
    repository.branch("main", repository.commit(files, "Shop"))
    return repository


def start(
    repository: Repository, model: Model, folder: Path, state: str
) -> subprocess.Popen[str]:
    """Start an audit that keeps what it finished."""
    return subprocess.Popen(
        [COMMAND, "audit", repository.git_dir, "--ref", "main", "--format", "json",
         "--output", folder / "out", "--state", folder / state,
         "--max-cost-usd", "50"],
        env={"PATH": os.environ["PATH"], "ANTHROPIC_API_KEY": KEY,
             "ANTHROPIC_BASE_URL": model.url},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finished(
    repository: Repository, model: Model, folder: Path, state: str
) -> dict[str, Any]:
    """The report of an audit that comes to its end."""
    given = ("--state", str(folder / state), "--max-cost-usd", "50")
    done = run_audit(repository, folder, *given, url=model.url)
    assert done.code == 0, done.errors
    return done.report


def told(report: dict[str, Any]) -> dict[str, Any]:
    """What an audit says of the repository, whatever it cost and when it was."""
    extents = [{**each, "extent": ""} for each in report["components"]]
    gone = ("usage", "estimate", "seconds", "date", "trend")
    kept = {name: value for name, value in report.items() if name not in gone}
    return kept | {"components": extents}


def wait_for_some(state: Path, process: subprocess.Popen[str]) -> None:
    """Wait until some components are finished and kept."""
    deadline = time.monotonic() + 60
    while len(list(state.glob("[0-9a-f]*.json"))) < ENOUGH:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_the_next_run_finishes_only_what_is_missing(
    repository: Repository, model: Model, slow: Slow, tmp_path: Path, number: int
) -> None:
    with start(repository, model, tmp_path, "state") as broken:
        try:
            wait_for_some(tmp_path / "state", broken)
            broken.send_signal(number)
            broken.communicate(timeout=20)
        finally:
            broken.kill()
    assert broken.returncode != 0
    slow.is_stuck = False
    kept = len(list((tmp_path / "state").glob("[0-9a-f]*.json")))
    time.sleep(0.2)
    slow.read.clear()

    resumed = finished(repository, model, tmp_path, "state")
    missing = set(slow.read)
    whole = finished(repository, model, tmp_path, "other")

    assert len(slow.read) - len(missing) == len(whole["components"]) - 1
    assert len(missing) <= len(whole["components"]) - kept
    reused = {e["name"] for e in resumed["components"] if e["extent"] == "reused"}
    assert not reused & missing
    assert told(resumed) == told(whole)


def test_a_kept_review_that_is_cut_or_forged_is_made_again(
    repository: Repository, model: Model, slow: Slow, tmp_path: Path
) -> None:
    slow.is_stuck = False
    first = finished(repository, model, tmp_path, "state")
    files = sorted((tmp_path / "state").glob("[0-9a-f]*.json"))
    files[0].write_text(files[0].read_text(encoding="utf-8")[:-40], encoding="utf-8")
    # Another component's review under this one's name.
    files[1].write_text(files[2].read_text(encoding="utf-8"), encoding="utf-8")
    slow.read.clear()

    second = finished(repository, model, tmp_path, "state")

    assert len(slow.read) <= 2
    assert told(second) == told(first)
