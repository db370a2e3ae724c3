"""Whatever a text says, and a model repeats of it: nothing of it is live anywhere."""

import io
import json
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from architect_review import pipeline
from architect_review.adapters.actions import ActionsRecorder, Log, Runner
from architect_review.adapters.terminal import shown
from architect_review.audit_report.html import html
from architect_review.audit_report.markdown import report_markdown
from architect_review.audit_report.sarif import sarif
from architect_review.audit_report.text import report_text
from architect_review.ports import Tools
from architect_review.publication.publication import Publication
from architect_review.publication.receipt import Receipt
from architect_review.report.outputs import OUTPUTS, outputs
from audit_report.hostile import an_audit, assert_harmless
from audit_report.pages import Page
from e2e.in_memory import REQUEST, Silent
from oracles import runner
from oracles.sarif import problems
from trust.channels import CHANNELS
from trust.corpus import PAYLOADS, Payload
from trust.inert import assert_inert
from trust.trial import INPUTS, LEAD, Trial, a_trial

EVERYWHERE = [put for name, put in CHANNELS.items() if name != "state-marker"]
OWN_COMMANDS = {"notice", "warning", "error", "add-mask"}


@dataclass
class Said:
    """A publisher that keeps what it was to say, and a receipt that says why not."""

    why: str
    kept: list[Publication] = field(default_factory=list)

    def publish(self, publication: Publication, receipt: Receipt) -> Receipt:
        self.kept.append(publication)
        return Receipt(unposted=self.why, notes=(self.why,))


def everything(trial: Trial, folder: Path) -> tuple[Publication, Receipt, str, str]:
    """What a run says, its log, its text; outputs are read back as the runner does."""
    said, stream = Said(trial.text), io.StringIO()
    output = folder / "output"
    output.write_text("")
    temp = str(folder)
    run = Runner("pull_request", "", "", str(output), f"{temp}/summary", temp, temp)
    log = Log(stream)
    tools = Tools(
        source=trial,
        reviewer=lambda settings: trial,
        publishers=(said,),
        recorders=(ActionsRecorder(run, log),),
        progress=Silent(),
        elapsed=lambda: 0,
    )
    report = pipeline.run(REQUEST, INPUTS, {}, tools)
    log.step(trial.text)
    log.line(trial.text)
    terminal = shown(report)
    path = f"{temp}/architect-review/report.json"
    written = runner.parse_env_file(output.read_bytes().decode())
    assert written == list(outputs(report, path).items())
    assert json.loads(Path(path).read_text())["verdict"] == "blocking"
    return said.kept[0], Receipt(notes=(trial.text,)), stream.getvalue(), terminal


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda each: each.name)
def test_nothing_that_a_review_says_is_live(payload: Payload, tmp_path: Path) -> None:
    trial = a_trial("echo", payload.text, *EVERYWHERE)

    said, receipt, log, terminal = everything(trial, tmp_path)

    assert said.lead is not None
    assert said.lead.handles == (LEAD,)
    comments = [said.review_body, said.summary(receipt), said.long_form(receipt)]
    comments += [each.body for each in said.inline]
    comments += [each.body for each in said.filed]
    comments += [each.body for each in said.threads]
    assert_inert([*map(str, comments), str(said.lead.body)], leads=(LEAD,))
    assert_steers_nothing(terminal)
    for line in log.split("\n"):
        command = runner.parse_command(line)
        assert command is None or command.name in OWN_COMMANDS
        assert command is None or line.startswith(f"::{command.name} ")
        assert not [c for c in line if unicodedata.category(c) == "Cc" and c != "\t"]


def assert_steers_nothing(text: str) -> None:
    """No terminal and no runner acts upon it; all is seen but what breaks commands."""
    assert not any(map(runner.parse_command, text.split("\n")))
    seen = text.replace("##\u200b[", "##[").replace(":\u200b:", "::")
    kinds = {unicodedata.category(each) for each in seen if each not in "\n\t"}
    assert not kinds & {"Cc", "Cf"}


CHUNKS = [PAYLOADS[at : at + 6] for at in range(0, len(PAYLOADS), 6)]


@pytest.mark.parametrize("chunk", CHUNKS, ids=lambda each: each[0].name)
def test_nothing_that_an_audit_says_is_live(chunk: list[Payload]) -> None:
    report = an_audit([each.text[:2_000] for each in chunk])

    Page(html(report))
    assert_harmless(str(report_markdown(report)))
    assert problems(sarif(report)) == []
    assert_steers_nothing(report_text(report, []))
    assert json.loads(report.model_dump_json())


def test_no_output_can_know_its_delimiter(tmp_path: Path) -> None:
    begun: set[str] = set()
    for at in range(2):
        folder = tmp_path / str(at)
        folder.mkdir()
        everything(a_trial("honest", "Tidy it up."), folder)
        written = (folder / "output").read_text()
        begun |= set(re.findall(r"^[a-z-]+<<(.+)$", written, re.M))

    assert len(begun) >= 2 * len(OUTPUTS)
    assert all(re.fullmatch("ghadelimiter_[0-9a-f]{32}", each) for each in begun)
