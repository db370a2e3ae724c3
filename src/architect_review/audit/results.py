"""What the review of one component came to, as it is kept for later runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from architect_review.prompt.answer import RawQuestion
from architect_review.prompt.coverage import FileCoverage
from architect_review.review.finding import Finding
from architect_review.review.reply import Usage


@dataclass(frozen=True, slots=True)
class ComponentReview:
    """A component's findings after every check, and what was said of it.

    `key` is the digest of all that the review rests on: files, agent, settings. The
    findings have no numbers yet. `failure` says why the review is not whole, ""
    when it is; only whole ones are kept. `is_reused`: an earlier run made it.
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
    failure: str = ""
    is_reused: bool = False
