"""What is printed and written down has nowhere to go: said in a line, never lost."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.scene import BASE, COMMAND, HEAD, KEY, Scene, a_finding, an_answer
from standin.model import Model
from standin.repository import Repository


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(lambda request: an_answer(a_finding()), key=KEY) as model:
        yield model
        assert model.problems == []


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    """The arguments of a review of two commits."""
    repository = Repository(tmp_path)
    base = repository.commit(BASE, "Shop")
    repository.branch("main", repository.commit(HEAD, "Publish", parents=[base]))
    return ["--repo", str(repository.git_dir), "--base", "main~1", "--head", "main"]


def run(
    *arguments: str | Path, out: int = subprocess.PIPE, **environ: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        env={"PATH": os.environ["PATH"], **environ},
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("arguments", [["review"], ["review", "--format=json"]])
def test_a_pager_that_is_left_ends_the_command_without_a_word(
    place: list[str], arguments: list[str]
) -> None:
    read, write = os.pipe()
    os.close(read)
    done = run(*arguments, *place, out=write)
    os.close(write)

    assert done.returncode == 141
    assert [line for line in done.stderr.splitlines() if line[0] != "·"] == []


def test_a_full_disk_is_named(place: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = run("review", *place, out=full.fileno())

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "architect-review: standard output cannot be written: "
        "[Errno 28] No space left on device"
    )


def test_a_terminal_that_cannot_show_a_letter_shows_the_rest(place: list[str]) -> None:
    done = run("review", *place, PYTHONIOENCODING="ascii")

    assert done.returncode == 0, done.stderr
    assert "Drops column `notes` of table `orders`." in done.stdout


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("no/review.txt", "no does not exist"),
        (".", "is a folder: name a file"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_before_it_costs(
    place: list[str], model: Model, tmp_path: Path, name: str, why: str
) -> None:
    output = ["--output", str(tmp_path / name)]
    url = model.url
    done = run("review", *place, *output, ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=url)

    assert done.returncode == 2
    assert why in done.stderr
    assert model.requests == []


def test_a_full_disk_of_the_runner_costs_nobody_the_review(scene: Scene) -> None:
    scene.open()
    scene.environ["GITHUB_STEP_SUMMARY"] = "/dev/full"
    done = scene.act("pull_request", scene.github.event("pull_request", 7))

    assert done.code == 2
    assert "the step summary cannot be written: [Errno 28]" in done.log
    assert "Traceback" not in done.log
    assert len(scene.github.reviews(7)) == 1


@pytest.mark.parametrize("folder", ["docs", "."])
def test_an_audit_touches_no_folder_with_files_of_others(
    place: list[str], tmp_path: Path, folder: str
) -> None:
    ours = tmp_path / "work"
    kept = {"docs/adr/0001-x.md": "# Ours\n", ".gitignore": "build\n", "docs/a": "a"}
    for name, text in kept.items():
        (ours / name).parent.mkdir(parents=True, exist_ok=True)
        (ours / name).write_text(text)

    done = run("audit", place[1], "--ref", "main", "--output", ours / folder)

    assert done.returncode == 2
    assert "holds files that are not of an audit: give a new folder" in done.stderr
    left = {
        each.relative_to(ours).as_posix(): each.read_text()
        for each in ours.rglob("*")
        if each.is_file()
    }
    assert left == kept


def test_an_audit_writes_again_where_one_has_written(
    place: list[str], tmp_path: Path
) -> None:
    where: list[str | Path] = [
        place[1],
        "--ref",
        "main",
        "--no-model",
        "--output",
        tmp_path / "audit",
    ]
    state: list[str | Path] = ["--state", tmp_path / "audit" / "state"]
    first = run("audit", *where, *state)
    second = run("audit", *where, *state)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    _, written = second.stdout.split("WRITTEN\n")
    names = [Path(line.strip()).name for line in written.splitlines()]
    assert names == [
        "baseline.json", "report.html", "report.json", "report.md", "report.sarif"
    ]  # fmt: skip


def test_a_part_of_an_audit_names_no_files(place: list[str], tmp_path: Path) -> None:
    where: list[str | Path] = [
        place[1],
        "--ref",
        "main",
        "--no-model",
        "--output",
        tmp_path / "audit",
    ]
    run("audit", *where)
    state: list[str | Path] = ["--state", tmp_path / "state"]
    done = run("audit", *where, *state, "--part", "1/1")

    assert done.returncode == 0, done.stderr
    assert "WRITTEN" not in done.stdout
