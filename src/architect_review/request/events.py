"""A GitHub event becomes a request or a named reason to do nothing.

To add a trigger, write its reader and list it in `READERS` (see CONTRIBUTING.md).
Payloads are GitHub's webhook bodies (docs.github.com, "Webhook events and payloads");
only what is used is read, so old and incomplete ones pass too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from architect_review.request.commands import Command, commands
from architect_review.request.settings import Settings

OPT_OUT_LABEL = "no-architect-review"
REVIEWED_ACTIONS = ("opened", "synchronize", "reopened", "ready_for_review")


class Trigger(StrEnum):
    """How a review was asked for."""

    AUTOMATIC = "automatic"
    DISPATCH = "dispatch"
    COMMAND = "command"


class CommentKind(StrEnum):
    """Which of GitHub's two comment APIs a comment belongs to."""

    ISSUE = "issues"
    REVIEW = "pulls"


@dataclass(frozen=True, slots=True)
class CommentRef:
    """The comment that carried a command."""

    id: int
    kind: CommentKind


@dataclass(frozen=True, slots=True)
class PullRequestReview:
    """Review one pull request.

    `asked_by` is a login whose role must be checked before anything is done, or ""
    when the event itself is the permission. `without_model` asks for signals alone.
    """

    repository: str
    number: int
    trigger: Trigger
    asked_by: str = ""
    comment: CommentRef | None = None
    without_model: str = ""
    """Why the model is not to be asked; "" when it is."""


@dataclass(frozen=True, slots=True)
class RangeReview:
    """Review a range of commits of a local repository."""

    path: str
    base: str | None
    head: str
    without_model: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing is to be done, for this reason."""

    reason: str


Request = PullRequestReview | RangeReview


class _Partial(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Actor(_Partial):
    login: str
    type: str = "User"

    @property
    def is_bot(self) -> bool:
        return self.type == "Bot" or self.login.endswith("[bot]")


class _Label(_Partial):
    name: str


class _Repository(_Partial):
    full_name: str


class _PullRequest(_Partial):
    number: int
    draft: bool = False
    user: _Actor | None = None
    labels: tuple[_Label, ...] = ()


class _Issue(_Partial):
    number: int
    pull_request: dict[str, Any] | None = None
    state: str = "open"


class _Comment(_Partial):
    id: int
    body: str | None = None
    user: _Actor | None = None


class _Payload(_Partial):
    action: str = ""
    repository: _Repository | None = None
    pull_request: _PullRequest | None = None
    issue: _Issue | None = None
    comment: _Comment | None = None


def parse(name: str, payload: Any, settings: Settings) -> PullRequestReview | Ignored:
    """What an event asks for. `name` is GITHUB_EVENT_NAME."""
    read = READERS.get(name)
    if read is None:
        return Ignored(f"the event {name!r} is not one this action reviews on")
    try:
        event = _Payload.model_validate(payload)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        return Ignored(f"the {name} event is not shaped as GitHub's are (at {place})")
    return read(event, settings)


def _pull_request(event: _Payload, settings: Settings) -> PullRequestReview | Ignored:
    pull = event.pull_request
    if pull is None or event.repository is None:
        return Ignored("the event names no pull request")
    if event.action not in REVIEWED_ACTIONS:
        return Ignored(
            f"nothing to review when a pull request is {event.action or 'touched'}"
        )
    if pull.draft:
        return Ignored("the pull request is a draft; it is reviewed when it is ready")
    if any(label.name == OPT_OUT_LABEL for label in pull.labels):
        return Ignored(f"the pull request has the label {OPT_OUT_LABEL}")
    bot = pull.user is not None and pull.user.is_bot
    return PullRequestReview(
        event.repository.full_name,
        pull.number,
        Trigger.AUTOMATIC,
        without_model="a bot opened this pull request" if bot else "",
    )


def _dispatch(event: _Payload, settings: Settings) -> PullRequestReview | Ignored:
    if event.repository is None:
        return Ignored("the event names no repository")
    if settings.pull_request is None:
        return Ignored(
            "no pull request was named: start the workflow with `pull-request`"
        )
    return PullRequestReview(
        event.repository.full_name, settings.pull_request, Trigger.DISPATCH
    )


def _issue_comment(event: _Payload, settings: Settings) -> PullRequestReview | Ignored:
    if event.issue is None or event.issue.pull_request is None:
        return Ignored("the comment is on an issue, not on a pull request")
    return _command(event, event.issue.number, CommentKind.ISSUE)


def _review_comment(event: _Payload, settings: Settings) -> PullRequestReview | Ignored:
    if event.pull_request is None:
        return Ignored("the event names no pull request")
    return _command(event, event.pull_request.number, CommentKind.REVIEW)


def _command(
    event: _Payload, number: int, kind: CommentKind
) -> PullRequestReview | Ignored:
    comment = event.comment
    if comment is None or comment.user is None or event.repository is None:
        return Ignored("the comment has no author")
    if event.action != "created":
        return Ignored(
            f"a comment that was {event.action} commands nothing; write a new one"
        )
    if comment.user.is_bot:
        return Ignored("the comment is a bot's")
    found = commands(comment.body or "")
    if not found:
        return Ignored("the comment has no command of ours")
    if Command("review") not in [Command(each.name) for each in found]:
        return Ignored(f"unknown command `/architect {found[0].name}`")
    return PullRequestReview(
        event.repository.full_name,
        number,
        Trigger.COMMAND,
        asked_by=comment.user.login,
        comment=CommentRef(comment.id, kind),
    )


READERS: dict[str, Callable[[_Payload, Settings], PullRequestReview | Ignored]] = {
    "pull_request": _pull_request,
    "pull_request_target": _pull_request,
    "workflow_dispatch": _dispatch,
    "issue_comment": _issue_comment,
    "pull_request_review_comment": _review_comment,
}
