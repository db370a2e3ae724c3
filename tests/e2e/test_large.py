"""Pull requests past GitHub's limits: every file and line accounted for."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.scene import KEY, TOKEN, Run, Scene, a_finding, an_answer
from standin.github import Answer, GitHub, Limits
from standin.model import Model
from standin.repository import Files, Repository

REFUSED = Answer(403, b"Write access to repository not granted.")
Opened = Callable[..., Scene]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Open a pull request on a GitHub with limits of its own."""
    repository = Repository(tmp_path)
    running: list[Any] = []

    def opened(
        before: Files,
        after: Files,
        limits: Limits | None = None,
        later: Files | None = None,
    ) -> Scene:
        github = GitHub(repository.git_dir, token=TOKEN, limits=limits).__enter__()
        model = Model(lambda request: an_answer(a_finding()), key=KEY).__enter__()
        running.extend((github, model))
        base = repository.commit(before, "Begin")
        head = repository.commit(after, "Change", parents=[base])
        tip = repository.commit(later, "Go on", parents=[base]) if later else base
        repository.branch("main", tip)
        github.pull(7, head_sha=head)
        return Scene(tmp_path, github, model, repository)

    yield opened
    for each in running:
        each.__exit__(None, None, None)
        assert each.problems == []


def act(scene: Scene, **inputs: str) -> Run:
    run = scene.act("pull_request", scene.github.event("pull_request", 7), **inputs)
    assert run.code == 0, run.log
    assert TOKEN not in run.log.replace(f"::add-mask::{TOKEN}", "")
    return run


def totals(run: Run) -> tuple[int, int, int]:
    files = run.report["files"]
    return (
        len(files),
        sum(each["additions"] for each in files),
        sum(each["deletions"] for each in files),
    )


def counted(scene: Scene) -> tuple[int, int, int]:
    shown = scene.github.pull_json(7)
    return shown["changed_files"], shown["additions"], shown["deletions"]


def many(count: int) -> dict[str, str]:
    return {f"shop/part{n % 9}/m{n}.py": f"VALUE = {n}\n" for n in range(count)}


def asked_for_the_diff(scene: Scene) -> int:
    """How often GitHub was asked for the diff as text."""
    path = "/repos/octo/project/pulls/7"
    return sum(each.path == path for each in scene.github.requests)


def test_320_files_are_all_reviewed_without_asking_for_a_refused_diff(
    opened: Opened,
) -> None:
    scene = opened({"kept": "x\n"}, many(320))

    run = act(scene)

    assert totals(run) == counted(scene) == (320, 320, 0)
    assert run.outputs["status"] == "reviewed"
    assert run.outputs["coverage"] == "320/320"
    assert {each.status for each in scene.github.transfers} == {200}
    assert asked_for_the_diff(scene) == 0
    assert len(scene.github.requests) <= 8
    assert not any(each.path.endswith("/files") for each in scene.github.requests)


def test_of_many_edited_files_the_weightiest_are_checked_and_the_rest_counted(
    opened: Opened,
) -> None:
    before = {path: f"{text}OTHER = 1\n" for path, text in many(340).items()}
    manifest = '[project]\nname = "shop"\nversion = "1"\ndependencies = [{}]\n'
    scene = opened(
        {**before, "z/pyproject.toml": manifest.format("")},
        {**many(340), "z/pyproject.toml": manifest.format('"redis>=5"')},
    )

    run = act(scene)

    assert totals(run) == counted(scene) == (341, 1, 341)
    assert "architectural-dependency" in {
        each["name"] for each in run.report["signals"]
    }
    assert run.report["gaps"] == {
        "files": "41 of 341 files were not read whole: checks that compare "
        "whole files saw the rest"
    }
    assert run.outputs["status"] == "partial"
    assert len(scene.github.requests) <= 9
    queries = [each for each in scene.github.requests if each.kind == "graphql"]
    # The second is the look before posting.
    assert len(queries) == 2, "files are read from the objects at hand"


def test_a_change_over_the_line_limit_is_counted_to_the_line(opened: Opened) -> None:
    rows = "".join(f"    {n},\n" for n in range(8_000))
    after = {f"shop/table{n}.py": f"ROWS = [\n{rows}]\n" for n in range(3)}
    scene = opened({"shop/table1.py": f"ROWS = [\n{rows[:80]}]\n"}, after)

    run = act(scene)

    assert totals(run) == counted(scene)
    assert totals(run)[1] > 20_000
    assert run.outputs["status"] == "reviewed"
    assert asked_for_the_diff(scene) == 0


def test_a_diff_that_is_refused_all_the_same_comes_through_git(opened: Opened) -> None:
    scene = opened(
        {"a.py": "A = 1\n"},
        {"a.py": "A = 2\n", "b.py": "B = 1\n"},
        Limits(diff_lines=5),
    )

    run = act(scene)

    assert totals(run) == counted(scene) == (2, 2, 1)
    assert run.outputs["status"] == "reviewed"
    assert asked_for_the_diff(scene) == 1
    assert scene.github.transfers


def test_a_diff_that_lacks_lines_comes_through_git(opened: Opened) -> None:
    scene = opened({"a.py": "A = 1\n"}, {"a.py": "A = 2\n", "b.py": "B = 1\n"})
    short = (
        b"diff --git a/a.py b/a.py\nindex 1..2 100644\n--- a/a.py\n+++ b/a.py\n"
        b"@@ -1 +1 @@\n-A = 1\n+A = 2\n"
        b"diff --git a/b.py b/b.py\nnew file mode 100644\nindex 0..1\n"
    )
    scene.github.fault("GET", r"/pulls/7$", Answer(200, short))

    run = act(scene)

    assert totals(run) == counted(scene) == (2, 2, 1)
    assert scene.github.transfers


def test_a_base_that_moved_on_adds_nothing_to_the_change(opened: Opened) -> None:
    scene = opened(
        {"kept.py": "x = 1\n", "both.py": "y = 1\n"},
        many(310),
        later={"kept.py": "x = 2\n", "new.py": "z = 1\n", "both.py": None},
    )

    run = act(scene)

    assert totals(run) == counted(scene) == (310, 310, 0)
    assert scene.github.transfers


def test_without_git_what_github_did_not_send_is_named_with_the_reason(
    opened: Opened,
) -> None:
    after = {f"f{n}.py": f"A = {n}\nB = {n}\n" for n in range(4)}
    scene = opened({"kept": "x\n"}, after, Limits(diff_files=1, page_lines=4))
    scene.github.transfer_fault("/info/refs", REFUSED)

    run = act(scene)

    assert run.outputs["status"] == "partial"
    reasons = {each["path"]: each["reason"] for each in run.report["files"]}
    assert set(reasons) == set(after)
    lacking = [path for path, reason in reasons.items() if reason]
    assert lacking
    assert {reasons[path] for path in lacking} == {"GitHub did not send its lines"}
    note, search = run.report["notes"]
    assert search.startswith("unchanged files were not searched: git could not fetch")
    assert note.startswith(
        f"GitHub sent no lines of {len(lacking)} files, and git could"
    )
    assert "403" in note
    assert f"{len(lacking)} of 4 files were not read" in run.step_summary


def test_without_git_a_list_that_has_every_line_is_enough(opened: Opened) -> None:
    scene = opened(
        {"kept": "x\n"}, {"a.py": "A = 1\n", "b.bin": b"\0"}, Limits(diff_files=1)
    )
    scene.github.transfer_fault("/info/refs", REFUSED)

    run = act(scene)

    assert totals(run) == counted(scene)
    assert run.outputs["status"] == "reviewed"
    (note,) = run.report["notes"]
    assert note.startswith("unchanged files were not searched: git could not fetch")


def test_files_that_even_the_list_leaves_out_are_counted_as_not_read(
    opened: Opened,
) -> None:
    scene = opened({"kept": "x\n"}, many(12), Limits(diff_files=1, listed_files=9))
    scene.github.transfer_fault("/git-upload-pack", REFUSED, times=3)

    run = act(scene)

    assert run.outputs["status"] == "partial"
    assert run.report["why"] == "3 of 12 files were not read"
    assert run.report["notes"][0] == (
        "GitHub names only 9 of 12 changed files: 3 are not in this review"
    )
    assert "reviewed 9 of 12 files" in run.step_summary


def test_the_machines_git_configuration_is_not_read(opened: Opened) -> None:
    scene = opened({"kept": "x\n"}, {"a.py": "A = 1\n"}, Limits(diff_files=0))
    home = scene.folder / "home"
    home.mkdir()
    config = f'[url "http://127.0.0.1:9/"]\n\tinsteadOf = {scene.github.url}/\n'
    (home / ".gitconfig").write_text(config, encoding="utf-8")
    scene.environ["HOME"] = str(home)

    run = act(scene)

    assert run.outputs["status"] == "reviewed"
    assert {each.status for each in scene.github.transfers} == {200}


def test_nothing_that_was_fetched_stays_behind(opened: Opened) -> None:
    scene = opened({"kept": "x\n"}, many(310))
    temporary = scene.folder / "temporary"
    temporary.mkdir()
    scene.environ["TMPDIR"] = str(temporary)

    act(scene)

    assert scene.github.transfers
    assert list(temporary.iterdir()) == []
