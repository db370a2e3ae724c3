"""What people say on a pull request, as requests: commands, replies, reviews."""

from dataclasses import dataclass, field
from enum import StrEnum

from architect_review.request.commands import Command, Name, Reading


class CommentKind(StrEnum):
    """Which of GitHub's two comment APIs a comment belongs to."""

    ISSUE = "issues"
    REVIEW = "pulls"


@dataclass(frozen=True, slots=True)
class CommentRef:
    """The comment that carried a command.

    `node` is its other name, in GraphQL; "" where the payload does not say.
    """

    id: int
    kind: CommentKind
    node: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Commanded:
    """Somebody commands in a comment. Their role is to be checked for each command.

    `is_author`: the pull request is theirs. `is_fork`, `head_sha`: None and "" where
    the payload does not say (`issue_comment`). `asked_at` is when the comment was
    written, as GitHub writes it (ISO 8601, UTC), or "". `thread` is the first comment
    of the review thread it was written in, None outside of one.
    """

    repository: str
    number: int
    asked_by: str
    comment: CommentRef
    commands: tuple[Reading, ...]
    is_author: bool
    is_fork: bool | None = None
    head_sha: str = ""
    asked_at: str = ""
    thread: int | None = None

    @property
    def asks_for_review(self) -> bool:
        """Whether one of the commands is `review`."""
        return any(
            isinstance(each, Command) and each.name is Name.REVIEW
            for each in self.commands
        )


@dataclass(frozen=True, slots=True)
class ThreadReply:
    """Somebody replies in a review thread, ours or not, without a command.

    `in_reply_to` is the first comment of the thread, `body` an unknown person's text.
    """

    repository: str
    number: int
    author: str
    comment: CommentRef
    in_reply_to: int
    body: str
    is_author: bool
    is_fork: bool | None = None


class ReviewState(StrEnum):
    """What a person's review says, as far as it bears on the sign-off."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class LeadReview:
    """Somebody, perhaps a lead, approved at a commit or takes an approval back.

    A dismissed review may have said anything before. `author` is the reviewer's login,
    `is_author` whether the pull request is theirs, `commit_sha` the head reviewed.
    """

    repository: str
    number: int
    author: str
    review_id: int
    state: ReviewState
    commit_sha: str
    is_author: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """A pull request was closed: what became of its findings can be counted."""

    repository: str
    number: int
    is_merged: bool
