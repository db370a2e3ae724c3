"""A recorded review, run again with nothing but its folder."""

import base64
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from architect_review.cli import main
from e2e.scene import BASE, HEAD, KEY, TOKEN, Run, Scene, a_finding, an_answer
from e2e.test_secrets import AFTER, BEFORE, IN_WORDS, SECRETS, encodings, row
from standin.github import GitHub
from standin.github.answers import Answer
from standin.messages import Calls, Recorded
from standin.model import Model
from standin.repository import Repository

ECHOED = row("gitlab-token").secret
"""A secret that only the model says."""
LEGACY = row("openai-api-key").secret
"""A secret in a file that the change does not touch."""
BASIC = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
UNTOUCHED = {
    "shop/legacy.py": f'from shop.orders import place\nOLD = "{LEGACY}"\n',
    "deploy/ci.cfg": f"# {TOKEN}\nheader = basic {BASIC}\n# {KEY}\n",
}
FORBIDDEN = [*SECRETS, ECHOED, LEGACY, KEY, TOKEN]
LOOKS = Calls(
    (
        ("read_file", {"path": "shop/legacy.py", "start": 1, "end": 9, "side": "head"}),
        ("read_file", {"path": "../etc/passwd", "start": 1, "end": 9, "side": "head"}),
    )
)
OFFLINE = """\
import sys

def refuse(event, arguments):
    if event.startswith("socket.") or event == "subprocess.Popen":
        raise SystemExit(f"a replay did {event}")

sys.addaudithook(refuse)
from architect_review.cli import main

status = main(sys.argv[1:])
loaded = {"anthropic", "github", "httpx", "requests"} & set(sys.modules)
sys.exit(f"a replay imported {loaded}" if loaded else status)
"""


def answer(request: Recorded) -> Any:
    """A reviewer that looks something up, and a sceptic who agrees."""
    if "verdicts" in request.schema.get("properties", {}):
        verdict = {"why": "It is so.", "path": "", "quote": "", "same_as": 0}
        verdict |= {"verdict": "confirmed", "severity": "high"}
        return {"verdicts": [{"number": number, **verdict} for number in range(1, 4)]}
    if request.tool_names and request.turn == 0:
        return LOOKS
    return an_answer(
        a_finding(),
        a_finding(
            quote="    return None",
            title="A failed order looks placed",
            problem=f"The caller of {KEY} sees {ECHOED} and no error.",
        ),
        overview="A queue beside the database.",
        questions=[{"topic": "traffic", "question": "How many orders an hour?"}],
        change_size="major",
        major_reasons=[{"category": "architecture", "reason": "A queue is new."}],
    )


@dataclass
class Kept:
    """What a recorded run of the action left behind, after both servers are gone."""

    folder: Path
    run: Run
    summary: str
    lead: str
    inline: list[str]
    asked: list[dict[str, Any]]


def played(tmp_path: Path, **inputs: str) -> Kept:
    repository = Repository(tmp_path)
    with (
        GitHub(repository.git_dir, token=TOKEN) as github,
        Model(answer, key=KEY) as model,
    ):
        scene = Scene(tmp_path, github, model, repository)
        base = repository.commit({**BASE, **BEFORE, **UNTOUCHED}, "Shop")
        repository.branch("main", base)
        head = repository.commit({**HEAD, **AFTER}, "Publish", parents=[base])
        github.pull(7, head_sha=head, title=f"Tidy up ({IN_WORDS.secret})")
        github.comment(7, "mona", f"I tried {IN_WORDS.secret}")
        inputs = {"project_lead": "octocat", "record": "bundle", **inputs}
        run = scene.act("pull_request", github.event("pull_request", 7), **inputs)
        assert run.outputs["status"] in ("partial", "signals-only"), run.log
        comments = [each.body for each in github.comments(7)]
        kept = Kept(
            scene.home / "temp" / "bundle",
            run,
            comments[-1],
            comments[-2],
            [each.body for each in github.inline(7)],
            [dict(each.body) for each in model.requests],
        )
    assert github.problems == []
    assert model.problems == []
    return kept


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A whole review with findings, questions, secrets and a lead to be told."""
    return played(tmp_path_factory.mktemp("recorded"))


@pytest.fixture
def copy(kept: Kept, tmp_path: Path) -> Path:
    """The bundle, to be tampered with."""
    return shutil.copytree(kept.folder, tmp_path / "copy")


def rewrite(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_a_replay_says_the_same_byte_for_byte_without_network_git_or_sdk(
    kept: Kept,
) -> None:
    paths = {n: os.environ[n] for n in ("PATH", "PYTHONPATH") if n in os.environ}

    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, "replay", str(kept.folder), "--check"],
        env=paths,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("the same, byte for byte\n", "")
    assert done.returncode == 0


def test_what_is_recorded_is_what_was_posted(kept: Kept) -> None:
    told = json.loads((kept.folder / "publication.json").read_text(encoding="utf-8"))

    assert told["summary"] == kept.summary
    assert told["lead"]["body"] == kept.lead
    assert [each["body"] for each in told["inline"]] == kept.inline
    assert told["step_summary"] == kept.run.step_summary
    assert told["report"] == kept.run.report
    assert told["outputs"] == {**kept.run.outputs, "report": ""}
    assert len(kept.inline) > 2
    assert "How many orders an hour?" in kept.summary
    assert f"recorded in {kept.folder}" in kept.run.log


def test_the_summary_is_printed_as_markdown_or_the_report_as_json(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(kept.folder)]) == 0
    assert capsys.readouterr().out == kept.run.step_summary
    assert main(["replay", str(kept.folder), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == kept.run.report
    assert main(["replay", str(kept.folder), "--format", "text"]) == 0
    assert "A retried insert publishes" in capsys.readouterr().out


def test_no_byte_of_a_bundle_belongs_to_a_secret(kept: Kept) -> None:
    files = [path for path in kept.folder.rglob("*") if path.is_file()]
    names = {path.relative_to(kept.folder).parts[0] for path in files}
    content = b"\n".join(path.read_bytes() for path in files)

    assert names == {
        "manifest.json", "change.json", "source.json", "texts.json", "replies.json",
        "publication.json", "calls",
    }  # fmt: skip
    for secret in FORBIDDEN:
        for text in encodings(secret):
            assert text.encode() not in content
    # It is there all the same: in words, in files at rest, in what the model said.
    for kind in ("slack-token", "openai-api-key", "gitlab-token", "own-credential"):
        assert f"«redacted:{kind}»".encode() in content
    assert not [path for path in files if path.stat().st_mode & 0o077]


def test_each_call_is_kept_as_it_was_sent(kept: Kept) -> None:
    calls = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((kept.folder / "calls").iterdir())
    ]

    assert len(calls) == len(kept.asked)
    sent = [json.dumps(body["system"], sort_keys=True) for body in kept.asked]
    for call in calls:
        assert json.dumps(call["request"]["system"], sort_keys=True) in sent
    bodies = [body["messages"] for body in kept.asked]
    first = calls[0]["request"]["messages"]
    assert first in bodies
    (whole,) = {name for call in calls for name in call["outcome"]}
    assert whole == "Whole"


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("publication.json", "A retried insert publishes", "Nothing publishes"),
        ("replies.json", "Publish after the loop, once.", "Never publish."),
        ("manifest.json", '"octocat"', '"mona"'),
    ],
)
def test_a_bundle_that_was_tampered_with_is_told_by_the_check(
    copy: Path,
    file: str,
    before: str,
    after: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rewrite(copy / file, before, after)

    assert main(["replay", str(copy), "--check"]) == 1

    out = capsys.readouterr().out
    assert out.startswith("--- recorded\n+++ replayed\n")
    assert after.strip('"') in out


def test_another_prompt_is_told_with_the_versions(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = json.loads((copy / "replies.json").read_text(encoding="utf-8"))
    asked[0]["requests"][0] = "0" * 64
    (copy / "replies.json").write_text(json.dumps(asked), encoding="utf-8")
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["program"] = "9.8.7"
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    assert main(["replay", str(copy)]) == 2

    captured = capsys.readouterr()
    assert "recorded by version 9.8.7" in captured.err
    assert "the prompt has changed since" in captured.err
    assert captured.out == ""


def test_a_file_that_the_bundle_lacks_is_named_and_never_made_up(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = json.loads((copy / "source.json").read_text(encoding="utf-8"))
    for snapshot in source["snapshots"]:
        snapshot["texts"] = {}
    (copy / "source.json").write_text(json.dumps(source), encoding="utf-8")

    assert main(["replay", str(copy)]) == 2

    assert "does not hold what this program" in capsys.readouterr().err


def test_signals_alone_are_replayed_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = played(tmp_path, key="")

    assert main(["replay", str(kept.folder), "--check"]) == 0
    assert json.loads((kept.folder / "manifest.json").read_text())["calls"] == 0


def test_a_review_that_could_not_be_posted_is_replayed_as_it_was(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.open()
    gone = Answer(500, {"message": "Server Error"})
    scene.github.fault("POST", r"/issues/7/comments$", gone, times=9)

    run = scene.act(
        "pull_request", scene.github.event("pull_request", 7), record="bundle"
    )

    assert run.outputs["status"] == "failed"
    folder = scene.home / "temp" / "bundle"
    assert main(["replay", str(folder), "--check"]) == 0, capsys.readouterr()
    told = json.loads((folder / "publication.json").read_text(encoding="utf-8"))
    assert told["report"] == run.report


def test_a_run_that_came_to_no_end_says_so_in_its_bundle(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.open()
    scene.configure("agent: .claude/agents/none.md\n")

    run = scene.act(
        "pull_request", scene.github.event("pull_request", 7), record="bundle"
    )

    assert run.outputs["status"] == "failed"
    assert main(["replay", str(scene.home / "temp" / "bundle")]) == 2
    told = capsys.readouterr().err
    assert "is no whole recording: the agent .claude/agents/none.md" in told


@pytest.mark.parametrize("folder", ["/etc/bundle", "../bundle", ".", "a/../../b"])
def test_the_action_records_below_the_runners_temporary_folder_only(
    scene: Scene, folder: str
) -> None:
    scene.open()

    run = scene.act(
        "pull_request", scene.github.event("pull_request", 7), record=folder
    )

    assert run.code == 2
    assert "is no folder below the runner's temporary one" in run.log
    assert scene.github.writes == []


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Two commits on main."""
    repository = Repository(tmp_path)
    base = repository.commit({**BASE, **BEFORE, **UNTOUCHED}, "Shop")
    head = repository.commit({**HEAD, **AFTER}, "Publish", parents=[base])
    repository.branch("main", head)
    return repository


def reviewed(repository: Repository, *options: str) -> int:
    place = ["--repo", str(repository.git_dir), "--base", "main~1", "--head", "main"]
    return main(["review", *place, *options])


def test_a_local_review_is_recorded_and_replayed_without_its_repository(
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "new" / "bundle"
    with Model(answer, key=KEY) as model:
        monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", model.url)
        monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
        code = reviewed(repository, "--record", str(folder), "--format", "markdown")
    said = capsys.readouterr()
    assert (code, model.problems) == (0, []), said.err
    assert f"recorded in {folder}" in said.err
    shutil.rmtree(repository.git_dir)

    assert main(["replay", str(folder)]) == 0
    assert capsys.readouterr().out == said.out
    assert main(["replay", str(folder), "--check"]) == 0
    content = b"".join(each.read_bytes() for each in folder.rglob("*.json"))
    for secret in [*SECRETS, ECHOED, LEGACY, KEY]:
        for text in encodings(secret):
            assert text.encode() not in content
    assert model.url.encode() not in content
    assert str(tmp_path).encode() not in content


def test_a_recording_needs_a_new_folder_of_its_own_and_something_to_record(
    repository: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()

    for folder, expected in [
        (tmp_path / "full", "is not empty"),
        (tmp_path / "full" / "mine", "cannot be recorded to"),
        (tmp_path / ".git" / "x", "lies in a .git folder"),
    ]:
        assert reviewed(repository, "--no-model", "--record", str(folder)) == 2
        assert expected in capsys.readouterr().err
    assert not (tmp_path / ".git").exists()
    assert reviewed(repository, "--dry-run", "--record", str(tmp_path / "new")) == 2
    assert "a dry run" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
