"""The action in its container, started as GitHub's runner starts it."""

import os
import signal
import time
from pathlib import Path

import pytest

from container.job import OWNER, Job, docker
from container.opened import watched
from e2e.scene import HEAD

CALLS_HOME = """\
import pathlib
pathlib.Path("/github/workspace/was-run").write_text(__file__)
raise SystemExit("planted")
"""
MODULES = (
    *("jinja2", "anthropic", "github", "pydantic", "sitecustomize", "usercustomize"),
    *("architect_review", "json", "encodings"),
)
PLANTED = {
    **{f"{name}.py": CALLS_HOME for name in MODULES},
    "src/jinja2.py": CALLS_HOME,
    "pyproject.toml": "[tool.architect-review]\nfail-on = 'major'\n",
    "pyvenv.cfg": "home = /github/workspace\n",
    ".env": "ANTHROPIC_BASE_URL=http://127.0.0.1:9\nINPUT_FAIL-ON=major\n",
    ".netrc": "machine 127.0.0.1 login planted password planted\n",
    ".gitconfig": '[url "http://127.0.0.1:9/"]\n\tinsteadOf = http://127.0.0.1\n',
    ".git/config": "[core]\n\tfsmonitor = touch was-run\n",
    ".github/architect-review.yml": "fail-on: major\n",
}


def plant(workspace: Path) -> None:
    for name, text in PLANTED.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def reviewed(job: Job) -> None:
    """Run on the pull request and hold what must come of it in every place."""
    run = job.act("pull_request", job.github.event("pull_request", 7))
    assert run.code == 0, run.log
    assert run.outputs["status"] == "reviewed"
    (inline,) = job.github.inline(7)
    lines = str(HEAD["shop/orders.py"]).split("\n")
    assert inline.line == lines.index('            queue.publish("orders", number)') + 1


def asking(job: Job) -> float:
    """Wait until the model is asked; now."""
    deadline = time.monotonic() + 60
    while not job.model.requests and time.monotonic() < deadline:
        time.sleep(0.05)
    assert job.model.requests
    return time.monotonic()


def test_an_event_goes_in_and_a_review_comes_out(job: Job) -> None:
    job.open()

    run = job.act(
        "pull_request", job.github.event("pull_request", 7), project_lead="octocat"
    )

    assert run.code == 0, run.log
    (inline,) = job.github.inline(7)
    assert (inline.path, inline.side) == ("shop/orders.py", "RIGHT")
    assert "A retried insert publishes the order twice" in inline.body
    lead, summary = job.github.comments(7)
    assert "@octocat: **architectural decision needed**" in lead.body
    assert "1 finding, 1 high · **major change**" in summary.body
    told = ("status", "verdict", "findings", "lead-notified")
    assert [run.outputs[name] for name in told] == [
        "reviewed", "findings", "1", "true",
    ]  # fmt: skip
    assert run.report["findings"][0]["start_line"] == inline.line
    assert "A retried insert publishes the order twice" in run.step_summary
    assert ("add-mask", job.github.token) in {
        (each.name, each.data) for each in run.commands
    }


def test_the_report_is_where_its_output_says_for_the_steps_after(job: Job) -> None:
    job.open()

    run = job.act("pull_request", job.github.event("pull_request", 7))

    report = Path(run.outputs["report"])
    assert report == job.temp / "architect-review" / "report.json"
    owner = OWNER if os.geteuid() == 0 else os.geteuid()
    left = [path for path in job.temp.rglob("*") if path.stat().st_uid != owner]
    assert left == []


def test_what_a_pull_request_plants_in_the_workspace_is_not_even_opened(
    job: Job,
) -> None:
    job.open()
    plant(job.workspace)
    before = sorted(job.workspace.rglob("*"))
    folders = [job.workspace, *(path for path in before if path.is_dir())]

    with watched(*folders) as names:
        reviewed(job)
    with watched(*folders) as control:
        (job.workspace / ".git" / "config").read_bytes()

    assert names == []
    assert control == ["config"]
    assert sorted(job.workspace.rglob("*")) == before


def test_a_workflows_environment_does_not_put_the_workspace_on_the_import_path(
    job: Job,
) -> None:
    job.open()
    plant(job.workspace)
    job.environ |= {
        "PYTHONPATH": ".:/github/workspace/src:/github/workspace",
        "PYTHONSTARTUP": "/github/workspace/jinja2.py",
        "PYTHONHOME": "/github/workspace",
        "PYTHONUSERBASE": "/github/workspace",
        "PYTHONINSPECT": "1",
        "PYTHONWARNINGS": "error",
        "LC_ALL": "POSIX",
    }

    reviewed(job)

    assert not (job.workspace / "was-run").exists()


def test_a_workspace_of_another_user_stays_theirs(job: Job) -> None:
    job.open()
    plant(job.workspace)

    reviewed(job)

    owner = OWNER if os.geteuid() == 0 else os.geteuid()
    assert {path.lstat().st_uid for path in job.workspace.rglob("*")} == {owner}
    assert job.workspace.stat().st_uid == owner


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_cancelled_review_says_so_within_the_runners_patience(
    job: Job, number: signal.Signals
) -> None:
    job.open()
    job.model.always(stall=True)
    process = job.start("pull_request", job.github.event("pull_request", 7))
    began = asking(job)

    process.send_signal(number)
    process.communicate(timeout=60)

    assert process.returncode == 1
    assert time.monotonic() - began < 7
    (summary,) = job.github.comments(7)
    assert "**review failed**" in summary.body
    assert f"cancelled ({number.name})" in summary.body
    assert job.last.outputs["status"] == "failed"
    assert "cancelled" in job.last.step_summary


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_cancelled_answer_in_a_thread_ends_as_soon(
    job: Job, number: signal.Signals
) -> None:
    job.open()
    first = job.act("pull_request", job.github.event("pull_request", 7))
    assert first.code == 0, first.log
    job.model.requests.clear()
    job.github.role("mona", "write")
    (finding,) = job.github.inline(7)
    event = job.github.reply_event(finding, "mona", "@architect why is it twice?")
    job.model.always(stall=True)
    process = job.start("pull_request_review_comment", event)
    began = asking(job)

    process.send_signal(number)
    process.communicate(timeout=60)

    assert process.returncode == 1
    assert time.monotonic() - began < 7
    assert job.last.outputs["status"] == "failed"
    assert f"cancelled ({number.name})" in job.last.step_summary


def test_an_event_that_is_not_for_us_ends_without_asking_anyone(job: Job) -> None:
    job.open()

    run = job.act("push", {"ref": "refs/heads/main"})

    assert run.code == 0, run.log
    assert run.outputs["status"] == "skipped"
    assert job.github.requests == []
    assert job.model.requests == []


def test_without_a_key_the_signals_are_published(job: Job) -> None:
    job.open()

    run = job.act("pull_request", job.github.event("pull_request", 7), key="")

    assert run.code == 0, run.log
    assert run.outputs["status"] == "signals-only"
    assert "Drops column `notes`" in job.github.comments(7)[-1].body


def test_it_runs_on_a_root_that_cannot_be_written_to(job: Job) -> None:
    job.open()
    job.flags = ["--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--cap-add=CHOWN"]
    job.flags += ["--cap-add=DAC_OVERRIDE", "--security-opt=no-new-privileges"]

    reviewed(job)


def test_a_run_changes_nothing_in_its_image(job: Job) -> None:
    job.open()
    job.is_kept = True

    try:
        reviewed(job)
        changed = docker("diff", job.name).splitlines()
    finally:
        docker("rm", "--force", job.name)

    made = [line for line in changed if line.startswith("A ")]
    mounts = ("/github", "/run/docker.sock", "/var/run/docker.sock")
    assert [line for line in made if not line[2:].startswith(mounts)] == []


def test_with_no_network_it_ends_as_failed_and_not_as_clean(job: Job) -> None:
    job.open()
    job.network = "none"

    run = job.act("pull_request", job.github.event("pull_request", 7))

    assert run.code == 1
    assert run.outputs["status"] == "failed"
    assert run.outputs["verdict"] == "none"
