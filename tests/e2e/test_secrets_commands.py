"""What the commands of a person print, write and send holds no credential."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from architect_review.publication.leaks import Guard
from e2e.scene import COMMAND, TOKEN, a_finding, an_answer
from e2e.test_secrets_planted import assert_silent
from standin.messages import Recorded
from standin.model import Model
from trust_secrets.planting import FORMS, KEY, OWN

TITLE = "Retry charges"
QUOTE = "TRIES = 5"


def run(folder: Path, *arguments: str | Path, url: str = "") -> tuple[str, int]:
    """All that the command prints, and its exit status."""
    done = subprocess.run(
        [COMMAND, *map(str, arguments)],
        env={
            "PATH": os.environ["PATH"],
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": url,
            "GITHUB_TOKEN": TOKEN,
        },
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr, done.returncode


def written(folder: Path) -> str:
    files = (path for path in folder.rglob("*") if path.is_file())
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


def told(request: Recorded) -> dict[str, Any]:
    """A model, and a judge, who say the credentials in every form."""
    forms = [form(OWN[at % 2]) for at, form in enumerate(FORMS.values())]
    if "matches" in request.schema_names:
        found = json.loads(request.prompt[request.prompt.index("{") :].split("\n\n")[0])
        rows = [each["finding"] for each in found["findings"]]
        return {
            "matches": [
                {"finding": each, "reason": forms[at], "golden": ""}
                for at, each in enumerate(rows)
            ]
        }
    lines = {"path": "shop.py", "quote": QUOTE, "line": 1}
    return an_answer(
        a_finding(**lines),
        *(
            a_finding(**lines, title=f"No {at} {form}", problem=form)
            for at, form in enumerate(forms[::9])
        ),
        overview=forms[3],
    )


def test_an_evaluation(tmp_path: Path) -> None:
    cases, repos = tmp_path / "cases", tmp_path / "repos" / "one"
    words = f"{TITLE} with {TOKEN} and {KEY}"
    case = {
        "id": "one",
        "pr_title": words,
        "pr_body": words,
        "major_change": "false",
        "golden": [
            {
                "id": "g1",
                "tier": "A",
                "competency": "error handling",
                "description": f"It is posted again ({KEY})",
                "path": "shop.py",
                "severity": "high",
                "category": "error-handling",
            }
        ],
    }
    for side, tries in (("base", 3), ("head", 5)):
        (repos / side).mkdir(parents=True)
        text = f"TRIES = {tries}\nTOKEN = '{TOKEN}'\n"
        (repos / side / "shop.py").write_text(text, encoding="utf-8")
    cases.mkdir()
    (cases / "one.json").write_text(json.dumps(case), encoding="utf-8")
    out = tmp_path / "out"
    with Model(told, key=KEY) as model:
        said, _ = run(
            tmp_path, "eval", cases, "--repos", repos.parent, "--output", out,
            "--format", "json", url=model.url,
        )  # fmt: skip
        sent = [json.dumps(each.body, ensure_ascii=False) for each in model.requests]

    assert sent, said
    assert (out / "results.json").exists(), said
    assert_silent(said + written(out) + "\n".join(sent), OWN)


@pytest.mark.parametrize("name", ["plain", "base64", "backwards", "zero-width spaces"])
@pytest.mark.parametrize("command", ["config", "doctor", "init", "replay"])
def test_what_reads_a_clone(command: str, name: str, tmp_path: Path) -> None:
    form = FORMS[name]
    clone = tmp_path / "clone"
    subprocess.run(["git", "init", "-q", clone], check=True, timeout=30)
    config = clone / ".github" / "architect-review.yml"
    config.parent.mkdir()
    label = json.dumps(f"x {form(KEY)}")
    config.write_text(f"project-lead: {label}\n{label}: 1\n", encoding="utf-8")
    given: dict[str, list[str | Path]] = {
        "config": ["config", "check", clone],
        "doctor": ["doctor", clone],
        "init": ["init", clone, "--print", "--lead", form(KEY)],
        "replay": ["replay", clone / form(KEY).replace("/", "_")],
    }

    said, code = run(tmp_path, *given[command])

    assert not Guard(OWN).holds(said), said
    assert "Traceback" not in said
    assert code in (0, 1, 2)
