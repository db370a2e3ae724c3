"""A scene with a lead who signs off, and what people do in it."""

from collections.abc import Mapping
from typing import Any

from e2e.scene import HEAD, Run, Scene, an_answer
from standin.github.permissions import SIGNING
from standin.github.state import IssueComment, Status

CONTEXT = "architecture/lead-approval"
SMALL: dict[str, str | bytes | None] = {
    "pyproject.toml": str(HEAD["pyproject.toml"]).replace(', "redis>=5"', ""),
    "migrations/versions/0002_drop_notes.py": None,
}
NEW_REASON: dict[str, str | bytes | None] = {
    "pyproject.toml": str(HEAD["pyproject.toml"]).replace(
        '"redis>=5"', '"redis>=5", "pika"'
    )
}
SAME_REASONS: dict[str, str | bytes | None] = {"docs/more.md": "# More\n"}
GATE = {"project_lead": "octocat", "lead_gate": "true"}


def set_up(scene: Scene) -> Scene:
    """Open a major change that waits for `octocat`; `mona` and the author may write."""
    scene.github.permit(SIGNING)
    for login in ("octocat", "mona", "ada"):
        scene.github.role(login, "write")
    scene.model.answer = lambda request: an_answer()
    scene.open()
    return scene


def review(scene: Scene, number: int = 7, **more: Any) -> Run:
    event = scene.github.event("pull_request", number, action="synchronize")
    run = scene.act("pull_request", event, **{**GATE, **more})
    assert run.code == 0, run.log
    return run


def push(scene: Scene, files: Mapping[str, str | bytes | None]) -> None:
    head = scene.github.state.pulls[7].head
    scene.github.push(7, scene.repository.commit(dict(files), "More", parents=[head]))


def head_of(scene: Scene, number: int = 7) -> str:
    return scene.github.state.pulls[number].head


def status(scene: Scene, number: int = 7) -> Status | None:
    return scene.github.status(head_of(scene, number), CONTEXT)


def mark(scene: Scene, number: int = 7) -> str:
    found = status(scene, number)
    return found.state if found else "none"


def command(
    scene: Scene, author: str, line: str, number: int = 7, **more: Any
) -> tuple[Run, IssueComment]:
    """Let somebody comment, and the run that this starts come to its end."""
    event = scene.github.comment_event(number, author, f"/architect {line}")
    run = scene.act("issue_comment", event, **{**GATE, **more})
    assert run.code == 0, run.log
    commands = [
        each
        for each in scene.github.comments(number)
        if each.id == event["comment"]["id"]
    ]
    return run, commands[0]


def reactions(comment: IssueComment) -> list[str]:
    return [content for _, _, content in comment.reactions]


def approve(scene: Scene, author: str = "octocat", **more: Any) -> IssueComment:
    return command(scene, author, f"approve {head_of(scene)}", **more)[1]


def by_review(
    scene: Scene, author: str, state: str = "APPROVED", **details: Any
) -> Run:
    event = scene.github.review_event(7, author, state=state, **details)
    run = scene.act("pull_request_review", event, **GATE)
    assert run.code == 0, run.log
    return run
