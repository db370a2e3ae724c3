"""What the review of one component came to, as it is kept for later runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from architect_review.prompt.answer import RawQuestion
from architect_review.prompt.coverage import FileCoverage
from architect_review.review.finding import Finding
from architect_review.review.reply import Usage
from architect_review.vocabulary import Status


@dataclass(frozen=True, slots=True)
class ComponentReview:
    """A component's findings after every check, and what was said of it.

    `key` is the digest of all that the review rests on: files, agent, settings. The
    findings have no numbers yet. `status` is `reviewed` when the review is whole, and
    `failure` says why it is not. `is_settled`: asking again about the same content
    would bring no more; only such reviews are kept. `is_reused`: an earlier run made
    it.
    """

    key: str
    name: str
    findings: tuple[Finding, ...] = ()
    sections: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[RawQuestion, ...] = ()
    coverage: tuple[FileCoverage, ...] = ()
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    notes: tuple[str, ...] = ()
    status: Status = Status.REVIEWED
    failure: str = ""
    is_settled: bool = False
    is_reused: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is lacking."""
        return self.status is Status.REVIEWED

    @property
    def read_paths(self) -> frozenset[str]:
        """The files of which nothing is lacking."""
        return frozenset(each.path for each in self.coverage if not each.is_gap)
