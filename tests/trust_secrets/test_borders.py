"""Each place from which something leaves keeps credentials in by itself."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from architect_review.adapters.actions import ActionsRecorder, Log, Runner
from architect_review.adapters.anthropic.outcome import Cut
from architect_review.adapters.audit_files import AuditFolder
from architect_review.adapters.bundle import Recording, files
from architect_review.adapters.github import Client
from architect_review.adapters.terminal import ReportWriter, TerminalProgress
from architect_review.app.guarded import secrets_of, through
from architect_review.audit_report.report import AuditReport
from architect_review.publication.leaks import WITHHELD, Guard
from architect_review.publication.receipt import Receipt
from architect_review.report.report import Report
from architect_review.request.events import PullRequestReview, Trigger
from architect_review.review.reply import Usage
from architect_review.vocabulary import Status, Verdict
from e2e.scene import BASE, HEAD, TOKEN
from standin.github import GitHub
from standin.repository import Repository
from trust_secrets.planting import FORMS, KEY, OWN

SAID = "the model could not be asked"


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_line_that_is_printed(form: Callable[[str], str]) -> None:
    inner = io.StringIO()
    stream = through(inner, Guard(OWN), "standard output")

    Log(stream).line(f"it is {form(KEY)}")

    assert WITHHELD in inner.getvalue()


def test_a_mask_passes() -> None:
    inner = io.StringIO()

    Log(through(inner, Guard(OWN), "x")).mask([SecretStr(f"{TOKEN}\nsecond")])

    assert inner.getvalue() == f"::add-mask::{TOKEN}\n::add-mask::second\n"


def test_a_text_that_is_sent_to_github(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    base = repository.commit(BASE, "Shop")
    repository.branch("main", base)
    head = repository.commit(HEAD, "More", parents=[base])
    guard = Guard(OWN)
    with GitHub(repository.git_dir, token=TOKEN) as github:
        github.pull(7, head_sha=head, title="Tidy up")
        client = Client(SecretStr(TOKEN), github.api_url, timeout=10, guard=guard)
        path = f"/repos/{github.repository}/issues/7/comments"
        for form in FORMS.values():
            client.send("POST", path, "telling", {"body": f"x {form(KEY)}"})

        assert {each.body for each in github.comments(7)} == {WITHHELD}
        assert guard.why == "a credential of this run was withheld from telling"


def test_what_the_runner_reads(tmp_path: Path) -> None:
    files = {name: str(tmp_path / name) for name in ("output", "step_summary")}
    runner = Runner("push", "", "", temp=str(tmp_path), host_temp="/x", **files)
    inner = io.StringIO()
    guard = Guard(OWN)
    log = Log(through(inner, guard, "standard output"))
    report = Report.ended(Status.FAILED, f"{SAID}: {FORMS['base64'](TOKEN)}")

    ActionsRecorder(runner, log, guard).record(report, None, Receipt())

    written = [each.read_text() for each in tmp_path.rglob("*") if each.is_file()]
    assert len(written) == 3
    assert not any(guard.holds(text) for text in (*written, inner.getvalue()))
    assert all(WITHHELD in text for text in written if "why" in text)


def test_a_report_in_a_file(tmp_path: Path) -> None:
    guard = Guard(OWN)
    report = Report.ended(Status.FAILED, SAID)
    report = report.model_copy(update={"notes": (KEY[::-1],)})
    path = tmp_path / "report.txt"

    ReportWriter("text", path, TerminalProgress(io.StringIO()), guard).record(
        report, None, Receipt()
    )

    text = path.read_text(encoding="utf-8")
    assert SAID in text
    assert WITHHELD in text
    assert not guard.holds(text)


def test_the_files_of_an_audit(tmp_path: Path) -> None:
    guard = Guard(OWN)
    report = AuditReport(
        status=Status.FAILED, why=f"{SAID} {TOKEN}", verdict=Verdict.NONE
    )

    AuditFolder(tmp_path / "out", guard=guard).record(report, None)

    written = [each.read_text() for each in tmp_path.rglob("*") if each.is_file()]
    assert len(written) > 3
    assert not any(guard.holds(text) for text in written)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_call_in_a_bundle(tmp_path: Path, form: Callable[[str], str]) -> None:
    guard = Guard()
    request = PullRequestReview("o/r", 7, Trigger.AUTOMATIC)
    bundle = Recording(tmp_path / "b", request, {}, {}, [], guard)
    guard.learn(SecretStr(KEY))

    bundle.call({"messages": []}, Cut("gone", Usage(), f"it is {form(KEY)}"))

    call = files.read(tmp_path / "b" / "calls", "0001.json")
    kept = call["outcome"]["Cut"]["text"]
    assert not guard.holds(kept)
    assert kept == WITHHELD or "«redacted:" in kept


def test_which_variables_hold_a_credential() -> None:
    environ = {
        "INPUT_GITHUB-TOKEN": TOKEN,
        "anthropic_api_key": "not-ours-0123456789",
        "DEPLOY_TOKEN": "a1b2c3d4e5f6g7h8",
        "DB_PASSWORD": "correct horse battery staple 1",
        "SHORT_TOKEN": "a1b2",
        "ANTHROPIC_AUTH_TOKEN": "plainword",
        "KEY_FILE_SECRET": "/run/secrets/file-0123456789",
        "https_proxy": "http://me:p%40ss-word-1@proxy:8080",
        "HOME": "/home/a1b2c3d4e5f6g7h8i9",
    }

    assert secrets_of(environ) == (
        TOKEN,
        "plainword",
        "p%40ss-word-1",
        "p@ss-word-1",
        "not-ours-0123456789",
        "a1b2c3d4e5f6g7h8",
    )
