"""The run's own credentials are planted everywhere, and come out nowhere."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from architect_review.publication.leaks import REPLACED, WITHHELD, Leaks
from architect_review.review.ledger import decode
from e2e.scene import HEAD, TOKEN, Run, Scene, a_finding, an_answer
from e2e.test_secrets import encodings
from standin.github import Answer
from standin.messages import Calls, Recorded
from trust_secrets.planting import FORMS, KEY, OWN

OTHER = "dpl_4Kx9Zq7Lw2Vn8Rb6Tc1Ym5Hd3"
ALL = (*OWN, OTHER)
AGENT = f"---\nname: own\ndescription: Mine\n---\nYou review. {TOKEN} {KEY}\n"
SPELT = ("hex", "base64", "base64 after one byte", "base64 after two bytes")
LETTING_IN = ("authorization", "x-api-key")


@dataclass
class Planted:
    """A scene whose model has the key of these tests."""

    scene: Scene

    def act(self, **options: Any) -> Run:
        self.scene.environ["DEPLOY_TOKEN"] = OTHER
        payload = self.scene.github.event("pull_request", 7)
        payload["note"] = TOKEN
        return self.scene.act("pull_request", payload, key=KEY, **options)

    @property
    def heard(self) -> str:
        """All that was received by others, but for what lets us in, and written."""
        scene = self.scene
        sent: list[Any] = [
            [each.path, each.query, each.body] for each in scene.github.requests
        ] + [
            [each.path, each.body, _headers(each.headers)]
            for each in scene.model.requests
        ]
        files = [path for path in scene.home.rglob("*") if path.is_file()]
        written = [
            path.read_bytes().decode() for path in files if path.name != "event.json"
        ]
        ledgers = [decode(each.body) for each in scene.github.comments(7)]
        told = [each.model_dump_json() for each in ledgers if each]
        return "\n".join([json.dumps(sent, ensure_ascii=False), *written, *told])


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in headers.items() if name.lower() not in LETTING_IN
    }


def unmasked(run: Run) -> str:
    lines = run.log.split("\n")
    return "\n".join(line for line in lines if not line.startswith("::add-mask::"))


def assert_silent(text: str, secrets: Iterable[str] = ALL) -> None:
    for secret in secrets:
        for form in (*encodings(secret), secret[::-1], secret.encode().hex()):
            assert form not in text
        leaks = Leaks([secret])
        assert [line for line in text.split("\n") if leaks.holds(line)] == []


@pytest.fixture
def planted(scene: Scene) -> Planted:
    scene.model.key = KEY
    return Planted(scene)


def opened(scene: Scene) -> None:
    """The usual change, with both credentials in everything somebody writes."""
    words = f"{TOKEN} and {KEY} and {OTHER}"
    base = {
        ".github/architect-review.yml": "agent: .github/own.md\n"
        f"facts: ['{TOKEN} is live']\nlabel: major\n",
        ".github/own.md": AGENT,
        "CLAUDE.md": f"Never write {KEY} down.\n",
        "docs/adr/0001-keys.md": f"# Keys\n\nWe use {TOKEN}.\n",
        "shop/keys.py": f"OLD = '{OTHER}'\n",
    }
    orders = str(HEAD["shop/orders.py"])
    files = {
        "shop/keys.py": f"NEW = '{TOKEN}'\nAPI = '{KEY}'\nD = '{OTHER}'\n",
        "shop/orders.py": f"# {words}\n{orders}",
        f"docs/{TOKEN}.md": f"{words}\n",
        "shop/encoded.py": "".join(
            f"# {FORMS[name](each)}\n" for each in ALL for name in SPELT
        ),
    }
    scene.open(base=base, files=files, body=f"It needs {words}", labels=["x"])
    scene.github.state.pulls[7].title = f"Use {words}"
    scene.github.comment(7, "mona", f"Why {words}?")
    scene.github.review(7, "mona", f"About {words}")


def test_what_is_planted_in_every_input_reaches_nobody(planted: Planted) -> None:
    opened(planted.scene)

    run = planted.act()

    assert run.outputs["status"] == "reviewed", run.log
    told = "a credential of this run stands in the change: it was replaced"
    assert told in run.report["notes"]
    assert f"architect-review: {told}" in run.log
    assert_silent(planted.heard)
    assert_silent(unmasked(run))
    assert any(REPLACED in each.prompt for each in planted.scene.model.requests)
    assert planted.scene.github.comments(7)


def test_what_the_model_says_in_every_field_and_form_reaches_nobody(
    planted: Planted,
) -> None:
    forms = list(FORMS.values())

    def form(at: int) -> str:
        return forms[at % len(forms)](ALL[at % len(ALL)])

    def answer(request: Recorded) -> dict[str, Any]:
        findings = [
            a_finding(
                title=f"No {at}: {form(at)}",
                problem=f"It is {form(at + 1)}",
                scenario=form(at + 2),
                recommendation=form(at + 3),
                suggestion=form(at + 4),
                example=form(at + 5),
                severity="high" if at else "critical",
            )
            for at in range(0, len(forms), 6)
        ]
        return an_answer(
            a_finding(),
            *findings,
            overview=form(2),
            risks=form(3),
            questions=[{"topic": "traffic", "question": form(4)}],
            major_reasons=[{"category": "architecture", "reason": form(5)}],
            change_size="major",
        )

    planted.scene.open()
    planted.scene.model.answer = answer

    run = planted.act(min_severity="low", max_comments="20")

    assert run.outputs["status"] == "partial", run.log
    assert "held a credential of this run" in run.report["why"]
    assert_silent(planted.heard)
    assert_silent(unmasked(run))
    titles = {each["title"] for each in run.report["findings"]}
    assert {a_finding()["title"], WITHHELD} <= titles


def test_a_look_up_for_a_credential_ends_the_conversation(planted: Planted) -> None:
    def answer(request: Recorded) -> Calls | dict[str, Any]:
        if not request.results:
            return Calls((("search", {"pattern": KEY, "glob": "", "side": "after"}),))
        return an_answer()

    planted.scene.open()
    planted.scene.model.answer = answer

    run = planted.act()

    assert run.outputs["status"] == "failed", run.log
    assert_silent(planted.heard + unmasked(run))


@pytest.mark.parametrize("form", ["plain", "base64", "backwards", "zero-width spaces"])
def test_an_endpoint_that_echoes_the_key_in_its_error_is_not_repeated(
    planted: Planted, form: str
) -> None:
    planted.scene.open()
    said = f"bad headers: x-api-key: {FORMS[form](KEY)}"
    planted.scene.model.always(status=400, message=said)

    run = planted.act()

    assert run.outputs["status"] == "failed", run.log
    assert_silent(planted.heard + unmasked(run))


@pytest.mark.parametrize("form", ["plain", "hex", "base64 of git's pair"])
def test_a_server_that_echoes_the_token_in_its_error_is_not_repeated(
    planted: Planted, form: str
) -> None:
    planted.scene.open()
    said = {"message": f"authorization: token {FORMS[form](TOKEN)}"}
    planted.scene.github.fault("POST", "/graphql", Answer(403, said), times=9)

    run = planted.act()

    assert run.outputs["status"] == "failed", run.log
    assert WITHHELD in run.log
    assert_silent(planted.heard + unmasked(run))


def test_what_only_the_last_border_can_see_makes_the_run_partial(
    planted: Planted,
) -> None:
    planted.scene.open()

    run = planted.act(label=TOKEN, fail_on="partial")

    assert (run.outputs["status"], run.code) == ("partial", 1), run.log
    assert "a credential of this run was withheld from" in run.report["why"]
    assert_silent(planted.heard + unmasked(run))


def test_a_dry_run_shows_none(planted: Planted) -> None:
    opened(planted.scene)

    run = planted.act(dry_run="true")

    assert "You review." in run.step_summary
    assert_silent(planted.heard + unmasked(run))


def test_what_is_masked_covers_every_credential_of_the_environment(
    planted: Planted,
) -> None:
    planted.scene.open()
    planted.scene.environ["HTTPS_PROXY"] = "http://me:pass%2Fword-1@127.0.0.1:9"
    planted.scene.environ["NO_PROXY"] = "*"

    run = planted.act()

    masked = [each.data for each in run.commands if each.name == "add-mask"]
    assert masked[:2] == [TOKEN, KEY]
    pair = FORMS["base64 of git's pair"](TOKEN)
    assert {OTHER, "pass%2Fword-1", "pass/word-1"} <= set(masked)
    assert pair.startswith(masked[-1][:-4])


CRASH = """
import sys, threading
from architect_review.app.guarded import guarded, keep_to, secrets_of
from architect_review.adapters.actions import Log
from architect_review.publication.leaks import Guard
from pydantic import SecretStr
import os, requests

def connect(secret):
    local = secret.get_secret_value()
    held = secret
    try:
        requests.get(f"http://x:{local}@127.0.0.1:9/{local}", timeout=1)
    except requests.RequestException as error:
        raise RuntimeError(f"could not reach {error.request.url} with {held!r}")

with guarded(Guard(secrets_of(os.environ))):
    if sys.argv[1] == "action":
        keep_to(Log(sys.stdout).line)
    secret = SecretStr(os.environ["INPUT_GITHUB-TOKEN"])
    if sys.argv[2] == "thread":
        thread = threading.Thread(target=connect, args=(secret,))
        thread.start()
        thread.join()
    else:
        connect(secret)
"""


@pytest.mark.parametrize("where", ["main", "thread"])
@pytest.mark.parametrize("how", ["action", "local"])
def test_a_crash_prints_its_traceback_without_the_credential(
    how: str, where: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH, how, where],
        env={
            "INPUT_GITHUB-TOKEN": TOKEN,
            "PATH": "/usr/bin",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    printed = done.stdout + done.stderr
    assert "Traceback" in printed
    assert ", in connect" in printed
    assert WITHHELD in printed
    assert_silent(printed)
