"""The thing under review, read once and then never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from architect_review.change.diff import Diff
from architect_review.change.secret_shapes import Kind


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the change."""

    sha: str
    headline: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said on the pull request before this run.

    `is_ours` is GitHub's own word that this identity wrote it; a marker in anyone
    else's text is worth nothing. `is_heeded`: this identity put its 🚀 on it, which it
    does only after checking who commanded and doing what was asked. `is_edited`: it is
    not as it was first written. `node` is its name in GraphQL.
    """

    id: str
    body: str
    author: str
    is_ours: bool
    url: str = ""
    node: str = ""
    is_bot: bool = False
    is_edited: bool = False
    is_heeded: bool = False
    is_altered: bool = False
    """Whether somebody else than its author edited it last: what we wrote in it, and
    what a lead's sign-off rests on, is then worth nothing."""
    at: str = ""
    """When it was written, as GitHub writes it (ISO 8601, UTC): IDs of comments, of
    replies and of reviews are counted apart and say nothing of the order."""
    state: str = ""
    """Of a review: `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED` or `DISMISSED`."""
    commit: str = ""
    """Of a review: the head it names, which a forced push moves along."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A review thread: where it stands and what was said, oldest first.

    `line` is None where the lines are gone. `node` is its name in GraphQL; `can_*` are
    GitHub's word on what this token may do with it.
    """

    path: str
    line: int | None
    is_resolved: bool
    remarks: tuple[Remark, ...]
    node: str = ""
    can_resolve: bool = False
    can_reply: bool = False
    is_cut: bool = False
    """Whether more was said in it than is read."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What stands on the pull request: comments, submitted reviews, threads.

    `viewer` is who we are there, without `[bot]`.
    """

    viewer: str = ""
    comments: tuple[Remark, ...] = ()
    reviews: tuple[Remark, ...] = ()
    threads: tuple[Thread, ...] = ()
    is_cut: bool = False
    """Whether more was said than is read: what is newest is missing then."""


@dataclass(frozen=True, slots=True)
class PolicyFiles:
    """Files that steer the review, read at `commit` (never at the head).

    `texts` holds the files that exist; `asked` every path that was looked for. One
    that ends in a slash stands for the Markdown files directly in that folder.
    """

    commit: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FoundSecret:
    """A secret that the change adds: the line on the head's side, as redacted."""

    path: str
    line: int
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Audited:
    """What a reader of one component of a repository is told beside its files.

    `told` is JSON: the component, the map of all of them, its neighbours. `focus` are
    the categories that were asked for, none for all.
    """

    component: str
    told: Mapping[str, Any]
    focus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A pull request or a range of commits.

    `number` is None for a range. `web_url` is the repository's address on the web,
    without a trailing slash, or "" where there is none. `base_sha` is what the diff
    is taken against as far as known, for people to read.
    """

    repository: str
    number: int | None
    title: str
    description: str
    author: str
    base_ref: str
    base_sha: str
    head_ref: str
    head_sha: str
    diff: Diff
    commits: tuple[Commit, ...] = ()
    labels: tuple[str, ...] = ()
    is_draft: bool = False
    is_fork: bool = False
    is_open: bool = True
    web_url: str = ""
    conversation: Conversation = Conversation()
    policy: PolicyFiles = PolicyFiles()
    notes: tuple[str, ...] = ()
    """What a reader should know of how the change was read."""
    unlisted: int = 0
    """Changed files that the platform counts and does not name: nobody saw them."""
    secrets: tuple[FoundSecret, ...] = ()
    """Those it adds, once they are replaced; unknown before (`redaction`)."""
    audited: Audited | None = None
    """For an audit: every line of a component is a line of this change."""

    @property
    def subject(self) -> str:
        """What is under review, in a word or two."""
        return "pull request" if self.audited is None else "repository"
