"""`never-send` holds where people talk, and in audits."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.auditing import architect, run_audit, shop
from e2e.scene import KEY, Scene
from standin.model import Model
from standin.repository import Repository

CONFIG = ".github/architect-review.yml"
WORD = "kingfisher"


def test_a_reply_in_the_thread_of_such_a_file_is_left_to_people(scene: Scene) -> None:
    scene.open()
    scene.github.role("mona", "write")
    scene.act("pull_request", scene.github.event("pull_request", 7))
    scene.model.requests.clear()
    root = next(each for each in scene.github.inline(7) if each.root is None)
    scene.configure("never-send: shop/\n")

    run = scene.act(
        "pull_request_review_comment",
        scene.github.reply_event(root, "mona", "Are you sure?"),
    )

    assert run.outputs["status"] == "skipped", run.log
    assert "shop/orders.py is not sent: `never-send`" in run.log
    assert scene.model.requests == []


def test_the_base_branch_forbids_and_the_workflow_only_adds(scene: Scene) -> None:
    scene.open()
    scene.configure("never-send: shop/\n")

    run = scene.act(
        "pull_request",
        scene.github.event("pull_request", 7),
        never_send="migrations/**",
    )

    assert run.outputs["status"] == "reviewed", run.log
    sent = "\n".join(each.prompt for each in scene.model.requests)
    assert "MAX_RETRIES" not in sent
    assert "drop_column" not in sent
    assert "redis>=5" in sent
    reasons = {each["path"]: each["reason"] for each in run.report["files"]}
    assert reasons["shop/orders.py"] == "not sent: `never-send`"
    assert "drop" in json.dumps(run.report["signals"])


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(architect, key=KEY) as model:
        yield model
        assert model.problems == []


def test_an_audit_sends_no_line_and_no_name_out_of_such_a_file(
    model: Model, tmp_path: Path
) -> None:
    files = {
        **shop(2),
        CONFIG: "never-send: ['shop/orders/rates.py', 'docs/']\n",
        "shop/orders/rates.py": f"class {WORD.title()}:\n    {WORD} = None  "
        f"# DEBT {WORD} critical\n\n\nTOKEN = '{WORD}'\nDATABASE = eval('{WORD}')\n",
        "docs/adr/0001-birds.md": f"# Birds\n\n## Status\n\nAccepted\n\nA {WORD}.\n",
    }
    repository = Repository(tmp_path)
    repository.branch("main", repository.commit(files, "Shop"))

    done = run_audit(repository, tmp_path, url=model.url)

    assert done.code == 0, done.errors
    sent = "\n".join(json.dumps(each.body) for each in model.requests).lower()
    assert WORD not in sent
    assert "shop/orders/rates.py" in sent
    how = {each["path"]: each["reason"] for each in done.report["files"]}
    assert how["shop/orders/rates.py"] == "not sent: `never-send`"
