"""An audit divided over jobs: a plan, its parts, and what they make together."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.auditing import COMPONENTS, architect, audited, run_audit, shop, with_debt
from e2e.scene import KEY
from standin.model import Model
from standin.repository import Repository

PARTS = 12


@pytest.fixture
def model() -> Iterator[Model]:
    """A model that reports every debt."""
    with Model(architect, key=KEY) as model:
        yield model
        assert model.problems == []


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Two shops with debts: enough components for twelve parts."""
    one = shop()
    for at, name in enumerate(COMPONENTS):
        one = with_debt(one, f"shop/{name}/part_{at + 1}.py", f"debt_{name}", "high")
    other = {
        path.replace("shop", "depot"): str(text).replace("shop", "depot")
        for path, text in one.items()
        if path.startswith(("shop/", "tests/"))
    }
    repository = Repository(tmp_path)
    repository.branch("main", repository.commit({**one, **other}, "Shops"))
    return repository


def audit(
    repository: Repository, model: Model, folder: Path, *options: str
) -> dict[str, Any]:
    """Run the command and return what it printed as JSON."""
    done = run_audit(
        repository, folder, "--max-cost-usd", "50", *options, url=model.url
    )
    assert done.code in (0, 1), done.errors
    return done.report


def findings(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The published findings."""
    return [each for each in report["findings"] if not each["withheld"]]


def test_a_plan_its_parts_and_their_merge_equal_one_run(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    plan = audit(repository, model, tmp_path, "--plan", str(PARTS))
    parts = plan["matrix"]["include"]
    assert model.requests == []
    assert [each["part"] for each in parts] == [
        f"{at}/{PARTS}" for at in range(1, PARTS + 1)
    ]
    named = [name for each in parts for name in each["components"]]
    assert sorted(named) == sorted(each["name"] for each in plan["components"])

    merged_state = tmp_path / "merged"
    merged_state.mkdir()
    for at, each in enumerate(parts, 1):
        state = tmp_path / f"part-{at}"
        part = audit(
            repository, model, tmp_path, "--part", each["part"], "--state", str(state)
        )
        assert {e["name"] for e in part["components"]} == set(each["components"])
        for file in state.iterdir():
            shutil.copy(file, merged_state)
    model.requests.clear()
    merged = audit(repository, model, tmp_path, "--merge", "--state", str(merged_state))

    assert [each.schema_names for each in model.requests] == [
        model.requests[0].schema_names
    ]
    whole = audit(repository, model, tmp_path)
    assert merged["status"] == whole["status"] == "reviewed"
    assert findings(merged) == findings(whole)
    assert len(findings(whole)) == 2 * len(COMPONENTS)
    assert merged["files"] == whole["files"]


def test_a_part_that_is_missing_is_named_by_the_merge(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    state = str(tmp_path / "state")
    audit(repository, model, tmp_path, "--part", "1/2", "--state", state)
    read = {audited(each)["component"] for each in model.requests}

    merged = audit(repository, model, tmp_path, "--merge", "--state", state)

    assert merged["status"] == "partial"
    left = {e["name"]: e["reason"] for e in merged["components"] if e["reason"]}
    assert read
    assert not read & set(left)
    assert set(left.values()) == {"no part has reviewed it"}


def test_the_size_decides_into_how_many_parts_when_nobody_says(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    plan = audit(repository, model, tmp_path, "--plan")
    cheap = audit(repository, model, tmp_path, "--plan", "--max-cost-usd", "0.4")

    assert len(plan["matrix"]["include"]) == 1
    assert len(cheap["matrix"]["include"]) > 2
    assert plan["usd"] == cheap["usd"] > 0
