"""Audits by the Message Batches API: in one run, in two, and with gaps."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.auditing import COMPONENTS, architect, audited, run_audit, shop, with_debt
from e2e.scene import KEY
from standin.messages_batches import Fate
from standin.model import Model
from standin.repository import Repository


@pytest.fixture
def model() -> Iterator[Model]:
    """A model that reports every debt."""
    with Model(architect, key=KEY) as model:
        yield model
        assert model.problems == []


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A shop with a debt in every component."""
    files = shop()
    for at, name in enumerate(COMPONENTS):
        files = with_debt(files, f"shop/{name}/part_{at + 1}.py", f"debt_{name}")
    repository = Repository(tmp_path)
    repository.branch("main", repository.commit(files, "Shop"))
    return repository


def audit(
    repository: Repository, model: Model, folder: Path, *options: str, code: int = 0
) -> dict[str, Any]:
    """Run the command and return its report."""
    given = ("--state", str(folder / "state"), "--max-cost-usd", "50", *options)
    done = run_audit(repository, folder, *given, url=model.url)
    assert done.code == code, done.errors
    return done.report if done.out else {"error": done.errors}


def read_directly(model: Model) -> set[str]:
    """The components that were read outside of a batch."""
    return {
        audited(each)["component"]
        for each in model.requests
        if "questions" in each.schema_names and "decisions" not in each.schema_names
    }


def titles(report: dict[str, Any]) -> set[str]:
    """What the published findings are called."""
    return {each["title"] for each in report["findings"] if not each["withheld"]}


EVERY_DEBT = {f"debt_{name} is nowhere set" for name in COMPONENTS}


def test_a_batch_reads_every_component_at_half_the_price(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    report = audit(repository, model, tmp_path, "--batch")

    assert report["status"] == "reviewed", report["why"]
    assert titles(report) == EVERY_DEBT
    assert len(model.batches.all) == 1
    assert read_directly(model) == set()
    assert not any("tools" in each.body and len(each.body["tools"]) > 1
                   for each in model.batches.requests)  # fmt: skip


def test_what_is_not_answered_when_the_run_ends_is_collected_by_the_next(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    model.batches.looks = None

    first = audit(repository, model, tmp_path, "--batch", "--deadline-minutes", "0.1")
    (batch,) = model.batches.all
    assert first["status"] == "partial"
    assert f"the batch {batch} is not answered yet" in first["why"]
    model.batches.end(batch)
    second = audit(repository, model, tmp_path, "--batch")

    assert second["status"] == "reviewed", second["why"]
    assert titles(second) == EVERY_DEBT
    assert list(model.batches.all) == [batch]
    assert read_directly(model) == set()


@pytest.mark.parametrize("how", ["errored", "expired", "missing"])
def test_what_a_batch_could_not_answer_is_asked_directly(
    repository: Repository, model: Model, tmp_path: Path, how: str
) -> None:
    seen: list[str] = []

    def fate(custom_id: str) -> Fate:
        seen.append(custom_id)
        return Fate(how if len(seen) <= 2 else "succeeded")

    model.batches.fate = fate

    report = audit(repository, model, tmp_path, "--batch")

    assert report["status"] == "reviewed", report["why"]
    assert titles(report) == EVERY_DEBT
    assert len(read_directly(model)) == 2


def test_an_endpoint_without_batches_is_named(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    model.batches.are_known = False

    done = audit(repository, model, tmp_path, "--batch", code=2)

    assert "has no Message Batches" in done["error"]
    assert "`batch`" in done["error"]


def test_a_batch_needs_a_place_to_be_kept(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    done = run_audit(repository, tmp_path, "--batch", url=model.url)

    assert done.code == 2
    assert "--state DIR" in done.errors
    assert model.batches.all == {}


def test_a_batch_of_the_configuration_needs_a_place_too(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    files: dict[str, str | bytes] = {".github/architect-review.yml": "batch: true\n"}
    head = repository.commit(files, "Configure", parents=["main"])
    repository.branch("main", head)

    done = run_audit(repository, tmp_path, url=model.url)

    assert done.code == 2
    assert "--state DIR" in done.errors
    assert run_audit(repository, tmp_path, "--no-model", url=model.url).code == 0
    assert run_audit(repository, tmp_path, "--plan", url=model.url).code == 0
    assert model.batches.all == {}
