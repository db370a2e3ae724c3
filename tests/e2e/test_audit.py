"""`architect-review audit` on a local repository."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from e2e.auditing import architect, audited, run_audit, shop, with_debt
from e2e.scene import COMMAND, KEY
from standin.messages import Answer, Recorded
from standin.model import Model
from standin.repository import Repository

ROOT = Path(__file__).resolve().parents[2]
PARTS = (
    "High-level architecture overview",
    "Component descriptions",
    "Technology choices",
    "Implementation roadmap",
    "Risks and mitigation",
    "Operational considerations",
)


@pytest.fixture
def model() -> Iterator[Model]:
    """A model that reports every debt."""
    with Model(architect, key=KEY) as model:
        yield model
        assert model.problems == []


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A shop with two debts."""
    repository = Repository(tmp_path)
    files = with_debt(shop(), "shop/orders/main.py", "db_address", "critical")
    files = with_debt(files, "shop/billing/part_3.py", "currency")
    repository.branch("main", repository.commit(files, "Shop"))
    return repository


def audit(
    repository: Repository, folder: Path, *options: str, url: str = "", code: int = 0
) -> dict[str, Any]:
    """Run the command and return its JSON report."""
    done = run_audit(repository, folder, *options, url=url)
    assert done.code == code, done.errors
    return done.report if done.out else {"error": done.errors}


def reading(model: Model) -> list[str]:
    """The components that the model was asked to read, in order."""
    return [
        audited(each)["component"]
        for each in model.requests
        if "questions" in each.schema_names and "decisions" not in each.schema_names
    ]


def test_every_component_is_read_and_all_six_parts_are_written(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    report = audit(repository, tmp_path, url=model.url)

    assert report["status"] == "reviewed", report["why"]
    assert {e["name"] for e in report["components"] if e["lines"]} == set(
        reading(model)
    )
    assert {each["how"] for each in report["files"]} == {"read", "summarised"}
    assert [each["title"] for each in report["findings"]] == [
        "db_address is nowhere set",
        "currency is nowhere set",
    ]
    assert report["counts"] == {"new": 2, "persisting": 0, "fixed": 0}
    markdown = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    for part in PARTS:
        assert part.lower() in markdown.lower()
        assert part.lower() in page.lower()
    assert "shop/orders/main.py" in (tmp_path / "out" / "report.sarif").read_text()
    schema = json.loads((ROOT / "docs" / "audit-report.schema.json").read_text())
    jsonschema.validate(report, schema)


def test_a_draft_is_written_for_a_decision_without_a_record(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    audit(repository, tmp_path, url=model.url)

    (draft,) = (tmp_path / "out" / "adr").iterdir()
    assert "Packages around one database" in draft.read_text(encoding="utf-8")


def test_without_a_key_what_code_finds_is_told(
    repository: Repository, tmp_path: Path
) -> None:
    report = audit(repository, tmp_path)

    assert (report["status"], report["why"]) == (
        "signals-only",
        "no model key was given (ANTHROPIC_API_KEY)",
    )
    names = {each["name"]: each for each in report["components"]}
    assert names["shop/orders"]["uses"] == ["shop/search"]
    assert {"psycopg", "flask", "celery"} <= {e["name"] for e in report["technologies"]}
    assert {each["how"] for each in report["files"]} == {"left out", "summarised"}


def test_finished_components_are_not_asked_about_again(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    state = ("--state", str(tmp_path / "state"))
    first = audit(repository, tmp_path, *state, url=model.url)
    asked = len(model.requests)

    second = audit(repository, tmp_path, *state, url=model.url)

    assert len(model.requests) == asked
    assert second["findings"] == first["findings"]
    assert second["overview"] == first["overview"]
    assert {each["extent"] for each in second["components"]} == {"reused"}
    assert second["usage"]["calls"] == 0


def test_only_a_changed_component_and_those_around_it_are_asked_about_again(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    state = ("--state", str(tmp_path / "state"))
    audit(repository, tmp_path, *state, url=model.url)
    model.requests.clear()
    head = repository.commit(
        with_debt(shop(), "shop/orders/main.py", "limit"), "Less debt", parents=["main"]
    )
    repository.branch("main", head)
    baseline = ("--baseline", str(tmp_path / "out" / "baseline.json"))

    report = audit(repository, tmp_path, *state, *baseline, url=model.url)

    unchanged = {"shop/search", "shop/catalog"}
    assert {"shop/orders", "shop/billing"} <= set(reading(model))
    assert not unchanged & set(reading(model))
    assert report["counts"] == {"new": 1, "persisting": 0, "fixed": 2}
    assert [each["name"] for each in report["fixed"]] == ["F1", "F2"]
    assert [each["name"] for each in report["findings"]] == ["F3"]


def test_a_folder_is_audited_alone(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "-q", "-b", "main", repository.git_dir, clone], check=True
    )
    done = subprocess.run(
        [COMMAND, "audit", clone / "shop" / "orders", "--format", "json"],
        env={"PATH": os.environ["PATH"], "ANTHROPIC_API_KEY": KEY,
             "ANTHROPIC_BASE_URL": model.url},
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip

    report = json.loads(done.stdout)
    assert report["scope"] == "paths: shop/orders"
    assert {e["path"] for e in report["files"]} == {
        f"shop/orders/{name}.py"
        for name in ("__init__", "main", *(f"part_{n}" for n in range(1, 12)))
    }
    assert (tmp_path / "architect-audit" / "report.html").exists()


def test_what_came_since_a_commit_is_audited_alone(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    head = repository.commit(
        {"shop/orders/refunds.py": "refund = None  # DEBT refund high\n"},
        "Refunds",
        parents=["main"],
    )
    repository.branch("main", head)

    report = audit(repository, tmp_path, "--since", "main~1", url=model.url)

    assert report["scope"] == "range: main~1..main"
    assert [each["path"] for each in report["files"]] == ["shop/orders/refunds.py"]
    assert [each["title"] for each in report["findings"]] == ["refund is nowhere set"]


def test_what_was_not_asked_about_is_withheld_with_its_reason(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    report = audit(repository, tmp_path, "--focus", "database", url=model.url)

    said = {each["title"]: each["withheld"] for each in report["findings"]}
    assert said == {
        "db_address is nowhere set": "",
        "currency is nowhere set": "the audit did not ask about architecture",
    }


def test_components_that_the_budget_does_not_reach_are_named(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    report = audit(repository, tmp_path, "--max-cost-usd", "0.6", url=model.url)

    assert report["status"] == "partial"
    left = [each for each in report["components"] if each["extent"] == "left out"]
    assert left
    assert {e["reason"] for e in left} == {"left out to stay within the budget"}
    assert 0 < len(reading(model)) < len(report["components"])
    assert not set(reading(model)) & {each["name"] for each in left}
    assert report["usage"]["cost_usd"] < 0.6


def test_a_model_that_fails_is_a_failed_audit_with_all_that_code_found(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    model.always(status=401, message="invalid key")

    report = audit(repository, tmp_path, url=model.url, code=1)

    assert report["status"] == "failed"
    assert report["components"]
    assert (tmp_path / "out" / "report.html").exists()


def test_a_folder_that_is_not_there_is_said(
    repository: Repository, tmp_path: Path
) -> None:
    done = audit(repository, tmp_path, "--since", "nowhere", code=2)

    assert "'nowhere' names no commit" in done["error"]


def test_what_no_reader_can_change_is_not_asked_about_again(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    """A file that is too large makes its component partial in every audit."""
    large = {"shop/search/words.txt": "word\n" * 250_000}
    head = repository.commit(large, "Words", parents=["main"])
    repository.branch("main", head)
    state = ("--state", str(tmp_path / "state"))
    first = audit(repository, tmp_path, *state, url=model.url)
    model.requests.clear()

    second = audit(repository, tmp_path, *state, url=model.url)

    assert model.requests == []
    assert first["status"] == second["status"] == "partial"
    assert second["why"] == first["why"]
    extents = {each["name"]: each["extent"] for each in second["components"]}
    assert extents.pop("shop/search") == "partial"
    assert set(extents.values()) == {"reused"}


def test_an_audit_of_nothing_but_a_file_that_is_too_large_is_not_whole(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    large = {"words.txt": "word\n" * 250_000}
    head = repository.commit(large, "Words", parents=["main"])
    repository.branch("main", head)

    config = tmp_path / "config.yml"
    config.write_text("audit-paths: [words.txt]\n")

    report = audit(repository, tmp_path, "--config", str(config), url=model.url)

    assert report["status"] == "partial"
    assert report["components"][0]["extent"] == "left out"


def test_a_component_whose_answer_could_not_be_read_is_asked_about_again(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    def confused(request: Recorded) -> Answer:
        is_whole = "decisions" in request.schema_names
        is_search = not is_whole and audited(request)["component"] == "shop/search"
        return "Looks good to me." if is_search else architect(request)

    state = ("--state", str(tmp_path / "state"))
    with Model(confused, key=KEY) as faulty:
        first = audit(repository, tmp_path, *state, url=faulty.url)

    second = audit(repository, tmp_path, *state, url=model.url)

    assert first["status"] == "partial"
    assert second["status"] == "reviewed", second["why"]
    assert reading(model) == ["shop/search"]


def test_what_it_will_cost_is_said_before_the_model_is_asked(
    repository: Repository, model: Model, tmp_path: Path
) -> None:
    direct = run_audit(repository, tmp_path, url=model.url)
    state = ("--state", str(tmp_path / "state"))
    batch = run_audit(repository, tmp_path, "--batch", *state, url=model.url)
    unpriced = run_audit(repository, tmp_path, "--model", "own-model", url=model.url)

    said = r"asking about 7 components, likely \$(\d+\.\d\d) of \$2\.00 allowed"
    full, half = (re.search(said, each.errors) for each in (direct, batch))
    assert full, direct.errors
    assert half, batch.errors
    assert float(half[1]) <= float(full[1]) * 0.51 + 0.01
    before, _, _ = direct.errors.partition("asking about")
    assert "Asking" not in before
    tokens = r"asking about 7 components, likely [\d,]+ of [\d,]+ tokens allowed"
    assert re.search(tokens, unpriced.errors)
    few = run_audit(repository, tmp_path, "--max-cost-usd", "0.6", url=model.url)
    assert re.search(r"asking about [1-6] of 7 components, likely \$0\.", few.errors)
