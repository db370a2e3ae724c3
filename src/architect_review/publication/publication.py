"""Everything one run will say, as data, before any of it is said."""

from collections.abc import Callable
from dataclasses import dataclass

from architect_review.change.change import Change
from architect_review.publication.markdown import Markdown
from architect_review.request.policy import Lead, Policy
from architect_review.review.anchors import Anchor
from architect_review.review.conclusion import Review


@dataclass(frozen=True, slots=True)
class Addressee:
    """The lead for this run. `may_notify`: the platform says they belong here."""

    lead: Lead
    may_notify: bool


@dataclass(frozen=True, slots=True)
class InlineComment:
    """A finding on its lines."""

    fingerprint: str
    anchor: Anchor
    body: Markdown


@dataclass(frozen=True, slots=True)
class FileComment:
    """A finding on its file: its lines are not known beyond doubt."""

    fingerprint: str
    path: str
    body: Markdown


@dataclass(frozen=True, slots=True)
class LeadComment:
    """The lead's own comment: it mentions and so notifies them."""

    body: Markdown
    handle: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What will be said.

    `summary(refused, told)` is the summary comment once it is known which findings'
    comments were not accepted and whether the lead was told in this run.
    `long_form` is the step summary: the same with everything unfolded.
    """

    change: Change
    policy: Policy
    review: Review
    review_body: Markdown
    inline: tuple[InlineComment, ...]
    filed: tuple[FileComment, ...]
    lead: LeadComment | None
    summary: Callable[[frozenset[str], bool], Markdown]
    long_form: Callable[[frozenset[str], tuple[str, ...]], Markdown]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was really said.

    `refused` are fingerprints whose comments were not accepted; `unposted` says why
    nothing at all could be written, and `stale` why nothing was to be said any more;
    both are "" otherwise.
    """

    refused: frozenset[str] = frozenset()
    lead: str = ""
    lead_notified: bool = False
    review_url: str = ""
    summary_url: str = ""
    unposted: str = ""
    stale: str = ""
    notes: tuple[str, ...] = ()
