"""A GitHub event becomes a request or a named reason to do nothing.

To add a trigger, write its reader and list it in `READERS` (see CONTRIBUTING.md).
Here is only decided what is asked for; who may ask is in `permissions`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from architect_review.request.audit_inputs import audit_request
from architect_review.request.audits import AuditRequest, What
from architect_review.request.commands import Command, Name, commands
from architect_review.request.conversation import (
    Closed,
    Commanded,
    CommentKind,
    CommentRef,
    LeadReview,
    ReviewState,
    ThreadReply,
)
from architect_review.request.payloads import Comment, Payload, PullRequest
from architect_review.request.settings import Settings

OPT_OUT_LABEL = "no-architect-review"
REVIEWED_ACTIONS = ("opened", "synchronize", "reopened", "ready_for_review")
OUR_MARKER = "<!-- architect-review:"
"""How our own comments begin or end, also those written with a person's token."""


class Trigger(StrEnum):
    """How a review was asked for."""

    AUTOMATIC = "automatic"
    EDIT = "edit"
    """Another title or text: nothing to review, and the verdict stays."""
    DISPATCH = "dispatch"
    COMMAND = "command"


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
    is_full: bool = False
    """Whether to start over: what earlier reviews read is read again."""


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
"""What the pipeline reviews."""

Asked = (
    PullRequestReview
    | AuditRequest
    | Commanded
    | ThreadReply
    | LeadReview
    | Closed
    | Ignored
)
"""What an event asks for."""


def parse(name: str, payload: Any, settings: Settings) -> Asked:
    """What an event asks for. `name` is GITHUB_EVENT_NAME."""
    read = READERS.get(name)
    if read is None:
        return Ignored(f"the event {name!r} is not one this action reviews on")
    try:
        event = Payload.model_validate(payload)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        return Ignored(f"the {name} event is not shaped as GitHub's are (at {place})")
    return read(event, settings)


def _pull_request(event: Payload, settings: Settings) -> Asked:
    pull = event.pull_request
    if pull is None or event.repository is None:
        return Ignored("the event names no pull request")
    if event.action == "closed":
        return Closed(event.repository.full_name, pull.number, pull.merged)
    trigger = Trigger.AUTOMATIC
    if event.action == "edited":
        trigger = Trigger.AUTOMATIC if _is_retargeted(event) else Trigger.EDIT
    elif event.action not in REVIEWED_ACTIONS:
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
        trigger,
        without_model="a bot opened this pull request" if bot else "",
    )


def _is_retargeted(event: Payload) -> bool:
    """Whether it got another base: another base is another change.

    GitHub does it too, when the branch that a pull request is stacked on is merged.
    """
    changes = event.changes
    return changes is not None and bool(changes.base)


def _dispatch(event: Payload, settings: Settings) -> Asked:
    if event.repository is None:
        return Ignored("the event names no repository")
    repository, what = event.repository.full_name, settings.audit
    if what is not None and what is not What.PULL_REQUEST:
        return audit_request(repository, what, settings)
    if settings.pull_request is None:
        return Ignored(
            "nothing was named: start the workflow with `audit` or with `pull-request`"
            if what is None
            else "no pull request was named: start the workflow with `pull-request`"
        )
    return PullRequestReview(
        repository,
        settings.pull_request,
        Trigger.DISPATCH,
        is_full=what is What.PULL_REQUEST,
    )


def _schedule(event: Payload, settings: Settings) -> Asked:
    if event.repository is None:
        return Ignored("the event names no repository")
    what = settings.audit or What.REPOSITORY
    if what is What.PULL_REQUEST:
        return Ignored("a schedule audits a repository, not a pull request")
    return audit_request(event.repository.full_name, what, settings)


def _issue_comment(event: Payload, settings: Settings) -> Asked:
    issue = event.issue
    if issue is None or issue.pull_request is None:
        return Ignored("the comment is on an issue, not on a pull request")
    # Seen through the comment, a pull request has a number and an author, no head.
    pull = PullRequest(number=issue.number, user=issue.user)
    return _comment(event, pull, CommentKind.ISSUE)


def _review_comment(event: Payload, settings: Settings) -> Asked:
    if event.pull_request is None:
        return Ignored("the event names no pull request")
    return _comment(event, event.pull_request, CommentKind.REVIEW)


def _comment(event: Payload, pull: PullRequest, kind: CommentKind) -> Asked:
    comment = event.comment
    if comment is None or comment.user is None or event.repository is None:
        return Ignored("the comment has no author")
    if event.action != "created":
        return Ignored(
            f"a comment that was {event.action} commands nothing; write a new one"
        )
    if comment.user.is_bot:
        return Ignored("the comment is a bot's")
    body = comment.body or ""
    if _is_ours(body):
        return Ignored("the comment is this action's own")
    repository, login = event.repository.full_name, comment.user.login
    is_author = comment.user.is_same(pull.user)
    reference = CommentRef(comment.id, kind, comment.node_id)
    is_fork = _is_fork(pull, repository)
    if found := commands(body):
        return Commanded(
            repository,
            pull.number,
            login,
            reference,
            found,
            is_author,
            is_fork,
            head_sha=pull.head.sha if pull.head else "",
            asked_at=comment.created_at,
            thread=_thread(comment, kind),
        )
    first = comment.in_reply_to_id
    if kind is CommentKind.ISSUE or first is None:
        return Ignored("the comment has no command of ours")
    return ThreadReply(
        repository, pull.number, login, reference, first, body, is_author, is_fork
    )


def _is_ours(body: str) -> bool:
    lines = body.strip().splitlines() or [""]
    return any(line.lstrip().startswith(OUR_MARKER) for line in (lines[0], lines[-1]))


def _thread(comment: Comment, kind: CommentKind) -> int | None:
    if kind is CommentKind.ISSUE:
        return None
    return comment.in_reply_to_id or comment.id


def _is_fork(pull: PullRequest, repository: str) -> bool | None:
    if pull.head is None:
        return None
    head = pull.head.repo
    return head is None or head.full_name.lower() != repository.lower()


def _review(event: Payload, settings: Settings) -> Asked:
    pull, review = event.pull_request, event.review
    if pull is None or review is None or event.repository is None:
        return Ignored("the event names no review of a pull request")
    if event.action not in ("submitted", "dismissed"):
        return Ignored(f"a review that was {event.action} signs nothing off")
    if review.user is None:
        return Ignored("the review has no author")
    if review.user.is_bot:
        return Ignored("the review is a bot's")
    state = "dismissed" if event.action == "dismissed" else review.state.lower()
    if state not in list(ReviewState):
        return Ignored(
            "a review that neither approves nor requests changes signs nothing off; "
            "commands are read in comments"
        )
    if not review.commit_id:
        return Ignored("the review names no commit")
    return LeadReview(
        event.repository.full_name,
        pull.number,
        review.user.login,
        review.id,
        ReviewState(state),
        review.commit_id,
        review.user.is_same(pull.user),
    )


def as_review(commanded: Commanded) -> PullRequestReview:
    """The review that a command asks for, in the name of who commands."""
    return PullRequestReview(
        commanded.repository,
        commanded.number,
        Trigger.COMMAND,
        asked_by=commanded.asked_by,
        comment=commanded.comment,
        is_full=any(
            isinstance(each, Command)
            and each.name is Name.REVIEW
            and each.target == "full"
            for each in commanded.commands
        ),
    )


READERS: dict[str, Callable[[Payload, Settings], Asked]] = {
    "pull_request": _pull_request,
    "pull_request_target": _pull_request,
    "workflow_dispatch": _dispatch,
    "schedule": _schedule,
    "issue_comment": _issue_comment,
    "pull_request_review": _review,
    "pull_request_review_comment": _review_comment,
}
