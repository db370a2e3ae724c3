"""GitHub's webhook bodies, as far as they are read.

Shapes: docs.github.com, "Webhook events and payloads". Only what is used is here and
most of it has a default, so old and incomplete payloads pass too.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Partial(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Actor(_Partial):
    """A user; a deleted one is null where it stood."""

    login: str
    type: str = "User"

    @property
    def is_bot(self) -> bool:
        """Whether it is an App or a bot, by its type or by its name."""
        return self.type == "Bot" or self.login.endswith("[bot]")

    def is_same(self, other: "Actor | None") -> bool:
        """Whether both are one account; logins ignore case."""
        return other is not None and self.login.lower() == other.login.lower()


class Label(_Partial):
    """A label."""

    name: str


class Repository(_Partial):
    """A repository."""

    full_name: str


class Head(_Partial):
    """A pull request's head; `repo` is null when its fork was deleted."""

    sha: str = ""
    repo: Repository | None = None


class PullRequest(_Partial):
    """A pull request."""

    number: int
    draft: bool = False
    merged: bool = False
    user: Actor | None = None
    labels: tuple[Label, ...] = ()
    head: Head | None = None


class Issue(_Partial):
    """An issue, or a pull request's conversation: then `pull_request` is there."""

    number: int
    pull_request: dict[str, Any] | None = None
    user: Actor | None = None


class Comment(_Partial):
    """A comment in a conversation or on a diff."""

    id: int
    node_id: str = ""
    body: str | None = None
    user: Actor | None = None
    created_at: str = ""
    in_reply_to_id: int | None = None


class Review(_Partial):
    """A submitted review; `commit_id` is the head it was made on."""

    id: int
    state: str = ""
    commit_id: str | None = None
    user: Actor | None = None


class Changes(_Partial):
    """What an edit replaced; `base` is there when a pull request got another one."""

    base: dict[str, Any] | None = None


class Payload(_Partial):
    """Any event."""

    action: str = ""
    repository: Repository | None = None
    pull_request: PullRequest | None = None
    issue: Issue | None = None
    comment: Comment | None = None
    review: Review | None = None
    changes: Changes | None = None
