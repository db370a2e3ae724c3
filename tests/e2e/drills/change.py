"""Changes of any size, and a pull request that does not wait for us."""

import signal
import time
from typing import Any

from e2e.drills.drill import (
    NOTHING,
    NUMBER,
    TWO,
    WHOLE,
    Arrange,
    Drill,
    Inputs,
    Play,
    always,
    given,
    usual,
)
from e2e.scene import Run, Scene, an_answer
from standin.github import Answer, Limits

REFUSED = Answer(403, b"Write access to repository not granted.")


def limits(*, git: bool = True, **small: int) -> Arrange:
    """GitHub has smaller limits; without `git` its objects cannot be fetched."""

    def arrange(scene: Scene) -> None:
        scene.github.state.limits = Limits(**small)
        if not git:
            scene.github.transfer_fault("/", REFUSED, times=9)

    return arrange


def pushed(files: dict[str, str | bytes | None], **inputs: str) -> Arrange:
    """The pull request has these changes as well."""

    def arrange(scene: Scene) -> Inputs:
        head = scene.github.state.pulls[NUMBER].head
        newer = scene.repository.commit(files, "More", parents=[head])
        scene.github.push(NUMBER, newer)
        return inputs

    return arrange


def lacking(scene: Scene) -> None:
    """GitHub's diff leaves a file's lines out."""
    scene.github.fault(
        "GET",
        r"/pulls/7$",
        Answer(
            200, b"diff --git a/shop/orders.py b/shop/orders.py\nindex 1..2 100644\n"
        ),
    )


def only(files: dict[str, str | bytes | None]) -> Arrange:
    """The pull request changes these files and no others."""

    def arrange(scene: Scene) -> None:
        pull = scene.github.state.pulls[NUMBER]
        head = scene.repository.commit(files, "Only this", parents=[pull.base_sha])
        scene.github.push(NUMBER, head)

    return arrange


def reviewed_before(scene: Scene) -> None:
    """The same head was reviewed already."""
    usual(scene, {"project_lead": "octocat"})


def meanwhile(what: str, newer_title: str = "More") -> Arrange:
    """Something happens to the pull request while the model answers."""

    def arrange(scene: Scene) -> None:
        pull = scene.github.state.pulls[NUMBER]
        newer = scene.repository.commit(
            {"new.py": "x = 1\n"}, newer_title, parents=[pull.head]
        )
        scene.repository.branch("other", pull.base_sha)

        def answer(request: object) -> dict[str, Any]:
            if what == "push":
                scene.github.push(NUMBER, newer)
            elif what == "close":
                pull.state = "closed"
            else:
                pull.base = "other"
            return an_answer(*TWO)

        scene.model.answer = answer

    return arrange


def cancelled(number: signal.Signals, *, after_push: bool = False) -> Play:
    """The job is cancelled while the model is silent."""

    def play(scene: Scene, inputs: Inputs) -> Run:
        scene.model.always(stall=True)
        event = scene.github.event("pull_request", NUMBER)
        options: dict[str, Any] = dict(inputs)
        process = scene.start("pull_request", event, **options)
        end = time.monotonic() + 30
        while not scene.model.requests and time.monotonic() < end:
            time.sleep(0.02)
        if after_push:
            pushed({"new.py": "x = 1\n"})(scene)
        process.send_signal(number)
        process.communicate(timeout=20)
        run = scene.last
        run.code = process.returncode
        return run

    return play


SIZE = [
    Drill("GitHub refuses the diff for its lines (406)", "reviewed, findings, 0",
          WHOLE, "reviewed 4 of 4 files", limits(diff_lines=5)),
    Drill("GitHub refuses the diff for its number of files (406)",
          "reviewed, findings, 0", WHOLE, "reviewed 4 of 4 files",
          limits(diff_files=1)),
    Drill("The diff lacks lines that GitHub counts", "reviewed, findings, 0", WHOLE,
          "reviewed 4 of 4 files", lacking),
    Drill("The diff is refused, git too: rows without a patch", "partial, none, 0",
          "summary: partial", "GitHub sent no lines of",
          limits(git=False, diff_files=1, page_lines=1)),
    Drill("The diff is refused, git too: the list leaves files out",
          "partial, none, 0", "lead told; summary: partial · major change",
          "changed files: 2 are not in this review",
          limits(git=False, diff_files=1, listed_files=3)),
    Drill("The rest of the repository cannot be fetched to be searched",
          "reviewed, findings, 0", WHOLE, "unchanged files were not searched",
          limits(git=False)),
    Drill("More text than the model takes in one request", "reviewed, findings, 0",
          WHOLE, "reviewed 304 of 304 files",
          pushed({f"big/m{n}.py": f"TEXT = {'word ' * 1_500!r}\n" for n in range(300)},
                 max_cost_usd="50")),
    Drill("Only binary files changed", "signals-only, none, 0",
          "summary: signals only", "no changed line needs a reader",
          only({"logo.png": b"\x89PNG\0\3"})),
    Drill("Nothing changed between base and head", "signals-only, none, 0",
          "summary: signals only", "nothing changed between base and head", only({})),
]  # fmt: skip

MOVES = [
    Drill("A push while the model answers", "skipped, none, 0", NOTHING,
          "the head moved to", meanwhile("push")),
    Drill("The pull request is closed while the model answers", "skipped, none, 0",
          NOTHING, "the pull request was closed meanwhile", meanwhile("close")),
    Drill("The base is changed while the model answers", "skipped, none, 0", NOTHING,
          "the base was changed to other meanwhile", meanwhile("retarget")),
    Drill("The same head was reviewed before", "skipped, findings, 0", WHOLE,
          "is reviewed already", reviewed_before),
    Drill("The job is cancelled (SIGINT)", "failed, none, 1",
          "summary: review failed", "the run was cancelled (SIGINT)", given(),
          cancelled(signal.SIGINT)),
    Drill("The job is cancelled (SIGTERM)", "failed, none, 1",
          "summary: review failed", "the run was cancelled (SIGTERM)", given(),
          cancelled(signal.SIGTERM)),
    Drill("The job is cancelled by a push", "failed, none, 1", NOTHING,
          "the run was cancelled (SIGINT)", given(),
          cancelled(signal.SIGINT, after_push=True)),
    Drill("The deadline passes while the model is silent", "partial, none, 0",
          "lead told; summary: partial · major change", "deadline",
          always(stall=True, keep=0, deadline_minutes="0.05")),
]  # fmt: skip
