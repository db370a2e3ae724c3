"""What the pipeline needs from the outside, and nothing more."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from architect_review.change.change import Change
from architect_review.change.snapshot import Snapshot
from architect_review.evidence.lookups import Look
from architect_review.prompt.expected import T
from architect_review.prompt.request import ModelRequest
from architect_review.publication.leaks import Guard
from architect_review.publication.publication import Publication
from architect_review.publication.receipt import Receipt
from architect_review.publication.writes import Write
from architect_review.report.report import Report
from architect_review.request.conversation import CommentRef
from architect_review.request.settings import Settings
from architect_review.review.reply import Reply


class Source(Protocol):
    """Where a change comes from. Every method raises an ArchitectError on failure."""

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        """Read the change, and these policy files at the tip of the base.

        A path that ends in a slash stands for the Markdown files directly in that
        folder, here and in `read`.
        """
        ...

    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]:
        """Texts of files at a commit; what is no text is absent from the answer."""
        ...

    def snapshot(self, sha: str) -> Snapshot:
        """All files of a commit: of the head, or of what it is compared with.

        For a change's `base_sha` they are those of the merge base. Nothing is read, and
        nothing raised, before it is used; it may be used from several threads.
        """
        ...

    def role(self, login: str) -> str:
        """The role of a person in the repository: `admin`, …, `read`, `none`."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A pull request as somebody finds it who talks about it.

    `change` is without its diff. `node` is its name in GraphQL, where comments are
    added. `committed_at` is when its head was committed, by the
    committer's clock (ISO 8601, UTC), or "".
    """

    change: Change
    node: str
    committed_at: str = ""


class Desk(Protocol):
    """Where people on one pull request are answered. Raises ArchitectErrors."""

    def role(self, login: str) -> str:
        """The role of a person in the repository: `admin`, …, `read`, `none`.

        A role of an organisation's own counts as the one that it is made from.
        """
        ...

    def open(
        self, policy_paths: Sequence[str], seen: CommentRef | None = None
    ) -> Opened:
        """Read the pull request without its diff, and policy files as `Source` does.

        With `seen` that comment gets our 👀. Raises SourceError when the pull request
        or the comment is gone.
        """
        ...

    def close(self, writes: Sequence[Write]) -> None:
        """Write everything down, in this order, on the pull request opened before.

        One that is refused does not stop the others. Raises PublishError for it.
        """
        ...

    def is_member(self, team: str, login: str) -> bool | None:
        """Whether a login is in `organisation/team`; None when it cannot be known."""
        ...

    def settle(self) -> str:
        """Let the status of the lead's sign-off say what is known by now.

        Returns why it could not, or "".
        """
        ...


class Reviewer(Protocol):
    """A model that answers."""

    def review(
        self, requests: Sequence[ModelRequest[T]], look: Look
    ) -> Sequence[Reply[T]]:
        """Answer every request, in order. A failure is a Reply too, never raised.

        A request that had to be divided has several replies. `look` answers what the
        model looks up; it is called from several threads.
        """
        ...


class Publisher(Protocol):
    """Somewhere a review is said while the run goes on."""

    def publish(self, publication: Publication, receipt: Receipt) -> Receipt:
        """Say it; the receipt tells what earlier publishers did and is passed on.

        Raises PublishError when it failed in the middle.
        """
        ...


class Recorder(Protocol):
    """Somewhere the end of a run is written down, whatever the end was."""

    def record(
        self, report: Report, publication: Publication | None, receipt: Receipt
    ) -> None:
        """Write it down; `publication` is None for a run that ended early."""
        ...


class Progress(Protocol):
    """Where a person sees how far a run got."""

    def step(self, text: str) -> None:
        """Say what is being done now."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything outside that a run uses."""

    source: Source
    reviewer: Callable[[Settings], Reviewer]
    publishers: Sequence[Publisher]
    recorders: Sequence[Recorder]
    progress: Progress
    elapsed: Callable[[], float]
    """Seconds since the run began."""
    guard: Guard = field(default_factory=Guard)
    """Keeps the run's own credentials in."""
    settle: Callable[[], str] = lambda: ""
    """As the `Desk` has it."""
