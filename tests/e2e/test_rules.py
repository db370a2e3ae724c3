"""The base branch's decisions: what the model sees of them, and what never."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from change.planted import body
from e2e.scene import BASE, COMMAND, HEAD, KEY, Scene, an_answer
from standin.model import Model
from standin.repository import Repository, Symlink

QUEUE = "docs/adr/0001-one-publish.md"
DECIDED = "Every order is published at most once."
RECORDS: dict[str, Any] = {
    QUEUE: f"""\
---
status: accepted
applies_to:
  - shop/orders.py
  - shop/queue/
---
# 1. One publish for one order

{DECIDED}
""",
    "docs/adr/0002-colours.md": "# 2. Colours of the web pages\n\nBlue, mostly.\n",
    "docs/adr/0003-cron.md": (
        "# 3. Nightly run\n\n## Status\n\nSuperseded by 4\n\nApplies to: `shop/`\n"
    ),
    "docs/adr/0004-link.md": Symlink("../../shop/orders.py"),
    "docs/adr/diagram.png": b"\x89PNG\0\1",
    "docs/adr/more/0005-deep.md": "# 5. Deep\n",
}
EDITED = {
    QUEUE: "---\nstatus: accepted\n---\n# 1. Publish as often as you like\n",
    "docs/adr/0009-new.md": "# 9. Approve orders\n\nApplies to: shop/orders.py\n",
}


@pytest.fixture
def scene(scene: Scene) -> Scene:
    """The same scene, with a model that finds nothing."""
    scene.model.answer = lambda request: an_answer()
    return scene


def rules_in(prompt: str) -> dict[str, Any]:
    """The project's rules in what the model was sent: what stands before the rest."""
    start = prompt.index('{"decisions"')
    value, _ = json.JSONDecoder().raw_decode(prompt, start)
    return {name: each for name, each in value.items() if "decision" in name}


def assert_right(prompt: str) -> None:
    """The record that applies in full, another by title, and nothing of the rest."""
    rules = rules_in(prompt)
    assert rules == {
        "decisions": {QUEUE: RECORDS[QUEUE]},
        "other_decisions": ["docs/adr/0002-colours.md: 2. Colours of the web pages"],
        "decisions_left_out": "1 superseded, deprecated or rejected",
    }


def test_the_decision_that_applies_is_sent_in_full_and_never_the_heads(
    scene: Scene,
) -> None:
    scene.open(files=EDITED)
    scene.add_to_main(RECORDS)

    run = scene.act("pull_request", scene.github.event("pull_request", 7))

    assert run.outputs["status"] == "reviewed"
    (request,) = scene.model.requests[:1]
    assert_right(request.prompt)


def test_decisions_cost_no_further_request(scene: Scene) -> None:
    scene.open()
    scene.add_to_main(RECORDS)
    scene.github.role("pmcc-project-lead", "triage")

    run = scene.act("pull_request", scene.github.event("pull_request", 7))

    assert run.outputs["lead-notified"] == "true"
    shown = [f"{each.method} {each.path}" for each in scene.github.requests]
    # The context, whole files, and the look before posting.
    assert sum(each.endswith("/graphql") for each in shown) <= 3, shown
    assert len(shown) <= 8, shown


def test_a_protected_path_is_a_signal_also_where_the_globs_are_a_list(
    scene: Scene,
) -> None:
    scene.open()
    scene.add_to_main(RECORDS)

    run = scene.act("pull_request", scene.github.event("pull_request", 7))

    (signal,) = (
        each
        for each in run.report["signals"]
        if each["name"] == "protected-path-changed"
    )
    assert "0001-one-publish.md" in json.dumps(signal)
    assert "0003-cron.md" not in json.dumps(signal)


def test_other_folders_are_read_when_the_configuration_names_them(
    scene: Scene,
) -> None:
    scene.open()
    scene.add_to_main(
        {
            **RECORDS,
            "rfc/12.md": "# Orders keep their notes\n",
            ".github/architect-review.yml": "decisions: [rfc/]\n",
        }
    )

    scene.act("pull_request", scene.github.event("pull_request", 7))

    rules = rules_in(scene.model.requests[0].prompt)
    assert rules == {"decisions": {"rfc/12.md": "# Orders keep their notes\n"}}


def test_a_secret_in_a_decision_is_not_sent(scene: Scene) -> None:
    secret = "ghp_" + body(36)
    scene.open()
    scene.add_to_main({QUEUE: f"# Token {secret}\n\nApplies to: shop/orders.py\n"})

    run = scene.act("pull_request", scene.github.event("pull_request", 7))

    assert "Token «redacted" in scene.model.requests[0].prompt
    assert all(secret not in each.prompt for each in scene.model.requests)
    assert secret not in json.dumps(run.report)


@pytest.fixture
def local(tmp_path: Path) -> Repository:
    """Two commits on main, the second of which edits the decisions too."""
    repository = Repository(tmp_path)
    base = repository.commit({**BASE, **RECORDS}, "Shop")
    head = repository.commit({**HEAD, **EDITED}, "Publish orders", parents=[base])
    repository.branch("main", head)
    return repository


def test_a_local_review_holds_a_change_against_the_bases_decisions(
    local: Repository,
) -> None:
    place = ["--repo", str(local.git_dir), "--base", "main~1", "--head", "main"]
    with Model(lambda request: an_answer(), key=KEY) as model:
        done = subprocess.run(
            [COMMAND, "review", *place],
            env={
                "PATH": os.environ["PATH"],
                "ANTHROPIC_API_KEY": KEY,
                "ANTHROPIC_BASE_URL": model.url,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == 0, done.stderr
    assert_right(model.requests[0].prompt)
