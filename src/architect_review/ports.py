"""What the pipeline needs from the outside, and nothing more."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from architect_review.change.change import Change
from architect_review.change.mentions import Mentions
from architect_review.prompt.request import ModelRequest
from architect_review.publication.publication import Publication, Receipt
from architect_review.report.report import Report
from architect_review.review.reply import Reply


class Source(Protocol):
    """Where a change comes from. Every method raises an ArchitectError on failure."""

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        """Read the change, and these policy files at the tip of the base."""
        ...

    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]:
        """Texts of files at a commit; what is no text is absent from the answer."""
        ...

    def search(self, sha: str, words: Collection[str]) -> Mentions:
        """Where words stand at a commit. A failure is named in it, never raised."""
        ...

    def role(self, login: str) -> str:
        """The role of a person in the repository: `admin`, …, `read`, `none`."""
        ...


class Reviewer(Protocol):
    """A model that answers."""

    def review(self, requests: Sequence[ModelRequest]) -> Sequence[Reply]:
        """Answer every request, in order. A failure is a Reply too, never raised.

        A request that had to be divided has several replies.
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
