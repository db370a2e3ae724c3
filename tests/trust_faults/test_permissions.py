"""With a permission removed a run degrades as docs/permissions.md says."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from architect_review.errors import ArchitectError
from e2e.auditing import architect
from e2e.drills.drill import TWO
from e2e.in_process import NUMBER, History, opened, run
from e2e.scene import KEY, TOKEN, Scene, an_answer
from e2e.three_jobs import Jobs
from standin.github import GitHub
from standin.model import Model
from standin.repository import Repository
from trust_faults.permissions import (
    ALL,
    ASK,
    AUDITS,
    COLLECT,
    HANDED,
    PUBLISH,
    RESOLVING,
    REVIEWS,
    STAGES,
    Row,
)

EVERYTHING = RESOLVING | {"statuses": "write"}
NAMES = [f"{each.job} without {each.lacks}, {each.is_private}" for each in REVIEWS]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return History(Repository(tmp_path_factory.mktemp("history")))


@contextmanager
def pushed(history: History, row: Row) -> Iterator[GitHub]:
    """A pull request that was reviewed and pushed to, and the row's token."""
    with opened(history, permissions=EVERYTHING, private=row.is_private) as github:
        run(github, row.inputs)
        github.push(NUMBER, history.heads[1])
        github.permit(row.left)
        yield github
        assert github.problems == []


@pytest.mark.parametrize("row", REVIEWS, ids=NAMES)
def test_a_review_degrades_as_the_table_says(
    row: Row, history: History, tmp_path: Path
) -> None:
    (step_summary := tmp_path / "summary").touch()
    with pushed(history, row) as github:
        before = len(github.requests)
        try:
            report = run(github, row.inputs, step_summary=str(step_summary))
            status, said = report.status.value, "\n".join(report.notes)
        except ArchitectError as error:
            status, said = "failed", str(error)
        posted = {
            each.what.split()[-1].split("/")[1] if "/" in each.what else "threads"
            for each in github.requests[before:]
            for _ in each.each_write()
            if each.is_done
        }
        resolved = [each.resolved_by for each in github.state.pulls[NUMBER].inline]

    assert status == row.ends
    assert row.line in said
    assert bool(said) == bool(row.line), said
    is_said = row.ends == "reviewed" and "pull-requests" not in row.lacks
    assert ("issues" in posted) == is_said, posted
    assert ("threads" in posted) == is_said, posted
    is_signed = row.inputs and row.lacks == ALL
    assert ("statuses" in posted) == bool(is_signed), posted
    assert any(resolved) == (row.left["contents"] == "write" and is_said)
    assert ("publishes the order twice" in step_summary.read_text()) == (
        row.ends == "reviewed"
    )


@pytest.mark.parametrize(
    "row", STAGES, ids=[f"{each.job} without {each.lacks}" for each in STAGES]
)
def test_a_review_in_three_jobs_degrades_as_the_table_says(
    row: Row, tmp_path: Path
) -> None:
    repository = Repository(tmp_path)
    with (
        GitHub(
            repository.git_dir, token=TOKEN, permissions=EVERYTHING, private=True
        ) as github,
        Model(lambda request: an_answer(*TWO), key=KEY) as model,
    ):
        scene = Scene(tmp_path, github, model, repository)
        scene.open()
        jobs = Jobs(scene)
        if row.job == COLLECT:
            github.permit(row.left)
            done = jobs.collect()
        else:
            jobs.collect()
            handover = jobs.left()
            if row.job == ASK:
                github.permit(row.left)
            done = jobs.review(handover)
        if row.job == PUBLISH:
            github.permit(row.left)
            done = jobs.publish(jobs.left() / "answers")
        assert github.problems == []

    assert done.outputs["status"] == row.ends
    assert row.line in done.log + done.step_summary
    is_said = row.job == PUBLISH and row.lacks == ALL
    assert bool(github.comments(7)) == is_said
    assert (jobs.left() / "handover.json").exists() == (
        row.job == ASK or row.works == HANDED
    )


@pytest.mark.parametrize("row", AUDITS, ids=[each.lacks for each in AUDITS])
def test_an_audit_degrades_as_the_table_says(row: Row, tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    files = {"shop/orders.py": "db_address = None  # DEBT db_address high\n"}
    repository.branch("main", repository.commit(files, "Shop"))
    with (
        GitHub(
            repository.git_dir, token=TOKEN, permissions=row.left, private=True
        ) as github,
        Model(architect, key=KEY) as model,
    ):
        scene = Scene(tmp_path, github, model, repository)
        event = github.dispatch_event({})
        done = scene.act("workflow_dispatch", event, audit="repository")
        assert github.problems == []

    assert done.outputs["status"] == row.ends
    assert row.line in done.log
    assert bool(github.issues) == (row.lacks == ALL)
    is_reported = row.lacks in (ALL, "issues: write")
    assert ("db_address is nowhere set" in done.step_summary) == is_reported
