"""What the stand-in knows: pull requests and everything said on them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from standin.github.history import History
from standin.github.hunks import locate

_START = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
_LEVELS = ("none", "read", "write", "admin")


@dataclass(frozen=True, slots=True)
class Limits:
    """GitHub's limits, small ones for small tests.

    `diff_files`, `diff_lines` and `diff_bytes` hold for a diff as text; `page_lines`
    is where the rows of a list of files lose their patches; `file_lines` is one
    file's; `contents` is in bytes; `body` in characters, as GitHub's message has it
    (comments were seen to take 262,144 bytes; the stricter rule is played).
    `statuses` are for one commit and context.
    """

    diff_files: int = 300
    diff_lines: int = 20_000
    diff_bytes: int = 1_000_000
    file_lines: int = 20_000
    page_lines: int = 20_000
    listed_files: int = 3_000
    listed_commits: int = 250
    compared_files: int = 300
    body: int = 65_536
    contents: int = 1_048_576
    statuses: int = 1_000
    status_description: int = 140


Reactions = list[tuple[int, str, str]]
"""Id, author and content, as REST names it (`+1`, `eyes`), of each reaction."""


@dataclass(frozen=True, slots=True)
class Status:
    """A commit status; a newer one of the same context takes its place."""

    id: int
    sha: str
    context: str
    state: str
    description: str | None
    target_url: str | None
    author: str
    created: str


@dataclass(slots=True)
class IssueComment:
    """A comment on the conversation of a pull request."""

    id: int
    number: int
    author: str
    body: str
    created: str
    updated: str
    minimized: str | None = None
    editor: str | None = None
    reactions: Reactions = field(default_factory=list)


@dataclass(slots=True)
class Review:
    """A review; `state` is GitHub's, `submitted` None while it is PENDING."""

    id: int
    number: int
    author: str
    body: str
    state: str
    commit: str
    created: str
    submitted: str | None
    updated: str
    minimized: str | None = None
    editor: str | None = None
    reactions: Reactions = field(default_factory=list)


@dataclass(slots=True)
class Inline:
    """A comment on a line, a range or a file (`line` None) of a diff.

    `commit` is the commit it was written on, `base` the merge base then. `root` is
    the comment that began the thread, None for that one itself.
    """

    id: int
    number: int
    review: int
    author: str
    body: str
    path: str
    side: str
    line: int | None
    start_side: str | None
    start_line: int | None
    commit: str
    base: str
    diff_hunk: str
    position: int
    created: str
    updated: str
    root: int | None = None
    minimized: str | None = None
    resolved_by: str | None = None
    editor: str | None = None
    reactions: Reactions = field(default_factory=list)


@dataclass(slots=True)
class Pull:
    """A pull request. `base` and `branch` are branch names; `heads` every head."""

    id: int
    number: int
    title: str
    body: str | None
    author: str
    base: str
    base_sha: str
    branch: str
    head: str
    fork: bool
    draft: bool
    labels: list[str]
    created: str
    updated: str
    state: str = "open"
    merged: bool = False
    merged_by: str | None = None
    closed_at: str | None = None
    heads: list[str] = field(default_factory=list)
    reactions: Reactions = field(default_factory=list)
    comments: list[IssueComment] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    inline: list[Inline] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Say what GraphQL calls its state: OPEN, CLOSED or MERGED."""
        return "MERGED" if self.merged else self.state.upper()


@dataclass(slots=True)
class Issue:
    """An issue that is no pull request. `editor` has changed its body last."""

    id: int
    number: int
    title: str
    body: str | None
    author: str
    labels: list[str]
    created: str
    updated: str
    state: str = "open"
    state_reason: str | None = None
    closed_at: str | None = None
    editor: str | None = None
    is_deleted: bool = False
    comments: list[IssueComment] = field(default_factory=list)


class State:
    """One repository, the identity that talks to it, and what that may do."""

    def __init__(
        self,
        history: History,
        full_name: str,
        viewer: str,
        permissions: dict[str, str],
        *,
        private: bool,
        limits: Limits,
    ) -> None:
        self.history = history
        self.owner, _, self.name = full_name.partition("/")
        self.viewer = viewer
        self.permissions = permissions
        self.private = private
        self.limits = limits
        self.default_branch = "main"
        self.may_approve = False
        self.has_issues = True
        self.pulls: dict[int, Pull] = {}
        self.issues: dict[int, Issue] = {}
        self.labels: set[str] = set()
        self.roles: dict[str, str] = {self.owner: "admin"}
        self.custom_roles: dict[str, str] = {}
        self.teams: dict[str, dict[str, tuple[str, str]]] = {}
        self.nobodies: set[str] = set()
        self.statuses: list[Status] = []
        self.refusals: list[tuple[str, str, str]] = []
        self.problems: list[str] = []
        self.withheld: set[str] = set()
        self._ids = count(1001)
        self._minutes = count()

    def next_id(self) -> int:
        """Return an id that nothing else has."""
        return next(self._ids)

    def now(self) -> str:
        """Return the time; every call is a second later than the one before."""
        moment = _START + timedelta(seconds=next(self._minutes))
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def may(self, name: str, level: str) -> bool:
        """Say whether the token has a permission at a level or above."""
        public = not self.private and name != "members"
        if name == "metadata" or (level == "read" and public):
            return True
        held = self.permissions.get(name, "none")
        return _LEVELS.index(held) >= _LEVELS.index(level)

    def talk(self, number: int) -> Pull | Issue | None:
        """Return the pull request or the issue with a number; None for neither."""
        found = self.issues.get(number)
        if found is not None:
            return None if found.is_deleted else found
        return self.pulls.get(number)

    def problem(self, text: str) -> None:
        """Keep something that a client, or the stand-in itself, did wrong."""
        self.problems.append(text)

    def base_tip(self, pull: Pull) -> str:
        """Return the commit that the base branch is at now."""
        return self.history.resolve(f"refs/heads/{pull.base}") or pull.base_sha

    def merge_base(self, pull: Pull, head: str) -> str:
        """Return where the base branch and `head` parted."""
        return self.history.merge_base(self.base_tip(pull), head)

    def commits(self, pull: Pull) -> list[str]:
        """Return the commits of a pull request, oldest first."""
        return self.history.between(self.base_tip(pull), pull.head)

    def visible_reviews(self, pull: Pull) -> list[Review]:
        """Return the reviews the viewer sees: a pending one only its author does."""
        return [
            review
            for review in pull.reviews
            if review.state != "PENDING" or review.author == self.viewer
        ]

    def published_inline(self, pull: Pull) -> list[Inline]:
        """Return the inline comments of submitted reviews."""
        pending = {each.id for each in pull.reviews if each.state == "PENDING"}
        return [each for each in pull.inline if each.review not in pending]

    def pending(self, pull: Pull) -> Review | None:
        """Return the viewer's own pending review, or None."""
        own = (each for each in pull.reviews if each.author == self.viewer)
        return next((each for each in own if each.state == "PENDING"), None)

    def current_line(self, pull: Pull, comment: Inline) -> int | None:
        """Return where a commented line is in the diff of the head; None: outdated."""
        return self._current(pull, comment, comment.side, comment.line)

    def current_start(self, pull: Pull, comment: Inline) -> int | None:
        """Return where a commented range starts now; None: outdated, or no range."""
        side = comment.start_side or comment.side
        return self._current(pull, comment, side, comment.start_line)

    def _current(
        self, pull: Pull, comment: Inline, side: str, line: int | None
    ) -> int | None:
        if line is None:
            return None
        before, after = comment.commit, pull.head
        if side == "LEFT":
            before, after = comment.base, self.merge_base(pull, pull.head)
        moved = self.history.moved_line(comment.path, line, before, after)
        changes = self.history.changes(self.base_tip(pull), pull.head)
        patches = (each.patch for each in changes if each.path == comment.path)
        patch = next(patches, None)
        if moved is None or patch is None or locate(patch, side, moved) is None:
            return None
        return moved

    def association(self, login: str) -> str:
        """Return the author association, which says less than it seems to."""
        if login == self.owner:
            return "OWNER"
        role = self.roles.get(login, "none")
        return "NONE" if role == "none" else "COLLABORATOR"
