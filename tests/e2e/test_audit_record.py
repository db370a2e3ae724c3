"""Audits as the action: one living issue, run after run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.auditing import architect, audited, shop, with_debt
from e2e.scene import KEY, TOKEN, Run, Scene
from standin.github import GitHub
from standin.github.answers import Answer
from standin.model import Model
from standin.repository import Repository

AUDITING = {"contents": "read", "issues": "write"}
ORDERS = "shop/orders/main.py"
BILLING = "shop/billing/part_3.py"
SEARCH = "shop/search/part_1.py"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A shop on GitHub, and a model that reports every debt."""
    repository = Repository(tmp_path)
    repository.branch("main", repository.commit(shop(), "Shop"))
    with (
        GitHub(repository.git_dir, token=TOKEN, permissions=AUDITING) as github,
        Model(architect, key=KEY) as model,
    ):
        yield Scene(tmp_path, github, model, repository)
        assert github.problems == []
        assert model.problems == []


def push(scene: Scene, *debts: tuple[str, str, str]) -> str:
    """Let the shop have exactly these debts from now on."""
    files = shop()
    for path, name, severity in debts:
        files = with_debt(files, path, name, severity)
    head = scene.repository.commit(files, "Work", parents=["main"])
    scene.repository.branch("main", head)
    return head


def audit(scene: Scene, **inputs: str) -> Run:
    """Start an audit by hand."""
    given = {"audit": "repository", "max_cost_usd": "50", **inputs}
    return scene.act("workflow_dispatch", scene.github.dispatch_event({}), **given)


def reading(scene: Scene) -> set[str]:
    """The components that the model was asked to read since the last look."""
    asked = {
        audited(each)["component"]
        for each in scene.model.requests
        if "questions" in each.schema_names and "decisions" not in each.schema_names
    }
    scene.model.requests.clear()
    return asked


def counts(run: Run) -> tuple[str, str, str]:
    """How many findings an audit published, how many are new and how many fixed."""
    outputs = run.outputs
    return outputs["findings"], outputs["audit-new"], outputs["audit-fixed"]


def test_three_audits_keep_one_record_and_the_third_asks_nobody(scene: Scene) -> None:
    push(scene, (ORDERS, "db_address", "high"), (BILLING, "currency", "medium"))
    state = "audit-state"

    first = audit(scene, audit_state=state)
    (issue,) = scene.github.issues
    assert first.outputs["status"] == "reviewed", first.log
    assert counts(first) == ("2", "2", "0")
    assert issue.title == "Architecture audit"
    assert issue.state == "open"
    assert issue.comments == []
    reading(scene)

    push(scene, (BILLING, "currency", "medium"), (SEARCH, "index", "high"))
    second = audit(scene)
    assert counts(second) == ("2", "1", "1")
    assert len(issue.comments) == 1
    assert "index is nowhere set" in (issue.comments[0].body or "")
    assert "db_address" in (issue.body or "")
    reading(scene)

    writes = len(scene.github.writes)
    third = audit(scene)
    assert third.outputs["status"] == "skipped"
    assert counts(third) == ("2", "0", "0")
    assert "nothing has changed since the audit of" in third.log
    assert reading(scene) == set()
    assert scene.model.requests == []
    assert len(scene.github.writes) == writes
    assert scene.github.issues == [issue]
    assert third.outputs["review-url"] == first.outputs["review-url"]


def test_the_lead_is_tagged_for_a_critical_finding_once(scene: Scene) -> None:
    scene.github.role("lena", "maintain")
    push(scene, (ORDERS, "db_address", "critical"))

    first = audit(scene, project_lead="lena")
    push(scene, (ORDERS, "db_address", "critical"), (SEARCH, "index", "high"))
    second = audit(scene, project_lead="lena")

    (issue,) = scene.github.issues
    tagged = [each for each in issue.comments if "@lena" in (each.body or "")]
    assert first.outputs["lead-notified"] == "true"
    assert second.outputs["lead-notified"] == "false"
    assert len(tagged) == 1
    assert "@lena" not in (issue.body or "")


def test_a_clean_audit_closes_the_record_and_new_debt_opens_it_again(
    scene: Scene,
) -> None:
    push(scene, (ORDERS, "db_address", "high"))
    audit(scene)
    (issue,) = scene.github.issues

    push(scene)
    clean = audit(scene)
    assert (clean.outputs["verdict"], issue.state) == ("clean", "closed")

    push(scene, (BILLING, "currency", "high"))
    audit(scene)
    assert issue.state == "open"
    assert scene.github.issues == [issue]


def test_a_schedule_audits_the_repository_by_its_configuration(scene: Scene) -> None:
    head = scene.repository.commit(
        {".github/architect-review.yml": "audit-paths: [shop/orders]\n"},
        "Configure",
        parents=["main"],
    )
    scene.repository.branch("main", head)
    scene.environ["GITHUB_REPOSITORY"] = "octo/project"

    run = scene.act("schedule", {"schedule": "0 3 * * 1"}, max_cost_usd="50")

    assert run.outputs["status"] == "reviewed", run.log
    (issue,) = scene.github.issues
    assert issue.title == "Architecture audit: shop/orders"
    assert reading(scene) == {"shop/orders"}


def test_a_token_that_may_not_write_issues_is_told_the_missing_line(
    scene: Scene,
) -> None:
    scene.github.state.permissions.pop("issues")

    run = audit(scene)

    assert run.code == 1
    assert "issues: write" in run.log
    assert run.outputs["status"] == "failed"


def test_an_audit_for_the_summary_alone_needs_no_issue(scene: Scene) -> None:
    scene.github.state.permissions.pop("issues")
    push(scene, (ORDERS, "db_address", "high"))

    run = audit(scene, audit_publish="summary")

    assert run.outputs["status"] == "reviewed", run.log
    assert "db_address is nowhere set" in run.step_summary
    assert scene.github.issues == []
    folder = Path(run.outputs["audit-folder"])
    assert sorted(each.name for each in folder.iterdir() if each.name[0] != ".") == [
        "adr",
        "baseline.json",
        "report.html",
        "report.json",
        "report.md",
        "report.sarif",
    ]


def test_a_dispatch_for_a_range_tells_what_came_since(scene: Scene) -> None:
    push(scene, (ORDERS, "db_address", "high"))

    run = audit(scene, audit="range", audit_since="main~1", audit_publish="summary")

    assert run.outputs["coverage"] == "1/1"
    assert counts(run) == ("1", "1", "0")


def test_a_dispatch_without_what_it_needs_says_so(scene: Scene) -> None:
    run = audit(scene, audit="range")

    assert run.code == 2
    assert "needs `audit-since`" in run.log


def test_what_no_reader_can_change_is_not_audited_again(scene: Scene) -> None:
    """A file that cannot be parsed, or is too large, makes every audit partial."""
    broken: dict[str, str | bytes] = {
        "shop/orders/broken.py": "def (:\n",
        "shop/search/words.txt": "word\n" * 250_000,
    }
    head = scene.repository.commit(broken, "Break", parents=["main"])
    scene.repository.branch("main", head)

    first = audit(scene)
    reading(scene)
    second = audit(scene)

    assert first.outputs["status"] == "partial"
    assert second.outputs["status"] == "skipped"
    assert second.outputs["verdict"] == "none"
    assert "which was partial" in second.log
    assert second.code == 0
    strict = audit(scene, fail_on="partial")
    assert (strict.code, strict.outputs["status"]) == (1, "skipped")
    assert scene.model.requests == []


def test_a_lead_who_could_not_be_asked_about_is_told_by_the_next_audit(
    scene: Scene,
) -> None:
    lead = "pmcc-project-lead"
    scene.github.role(lead, "write")
    push(scene, (ORDERS, "db_address", "critical"))
    down = Answer(500, {"message": "down"})
    scene.github.fault("GET", f"/collaborators/{lead}/", down, times=9)

    first = audit(scene)
    scene.github.no_more_faults()
    second = audit(scene)
    third = audit(scene)

    (issue,) = scene.github.issues
    tagged = [each for each in issue.comments if f"@{lead}" in (each.body or "")]
    assert first.outputs["status"] == "partial"
    assert "the project lead could not be told" in first.log
    assert second.outputs["lead-notified"] == "true"
    assert third.outputs["status"] == "skipped"
    assert len(tagged) == 1


def test_what_stands_still_fails_the_job_and_says_so(scene: Scene) -> None:
    push(scene, (ORDERS, "db_address", "critical"))

    first = audit(scene, fail_on="critical")
    second = audit(scene, fail_on="critical")

    assert (first.code, first.outputs["verdict"]) == (1, "blocking")
    assert second.outputs["status"] == "skipped"
    assert (second.code, second.outputs["verdict"]) == (1, "blocking")


def test_the_audit_after_a_partial_one_is_made_when_a_key_is_there(
    scene: Scene,
) -> None:
    first = audit(scene, key="")
    second = audit(scene)

    assert first.outputs["status"] == "signals-only"
    assert second.outputs["status"] == "reviewed"


def test_a_batch_that_nothing_would_remember_is_not_sent(scene: Scene) -> None:
    run = audit(scene, batch="true", audit_publish="summary")

    assert run.code == 2
    assert "`audit-state`" in run.log
    assert scene.model.batches.all == {}
    kept = audit(scene, batch="true", audit_publish="summary", audit_state="state")
    assert kept.outputs["status"] == "reviewed", kept.log
    noted = audit(scene, batch="true")
    assert noted.outputs["status"] == "reviewed", noted.log


def test_a_dry_run_says_in_the_step_summary_what_would_be_asked(scene: Scene) -> None:
    run = audit(scene, dry_run="true")

    assert run.code == 0
    assert "Dry run: nothing was sent" in run.step_summary
    assert "`shop/orders`" in run.step_summary
    assert "$50.00" in run.step_summary
    assert scene.model.requests == []
    assert scene.github.writes == []


def test_a_plan_says_in_the_step_summary_how_the_work_is_divided(scene: Scene) -> None:
    run = audit(scene, audit_stage="plan", audit_part="3")

    assert "`3/3`" in run.step_summary
    assert "`shop/orders`" in run.step_summary
    assert "Dry run" not in run.step_summary
