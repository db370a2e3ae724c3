"""Everything one run will say, as data, before any of it is said."""

from collections.abc import Callable
from dataclasses import dataclass

from architect_review.change.change import Change, Conversation
from architect_review.publication.markdown import Markdown
from architect_review.publication.receipt import Receipt
from architect_review.request.policy import Lead, Policy
from architect_review.review.anchors import Anchor
from architect_review.review.conclusion import Review


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told of a major change in this run.

    `leads` are mentioned. `silent` are named by an agent and not known to belong to
    the repository: they are shown and not mentioned. `unknown` says why that could
    not be found out.
    """

    leads: tuple[Lead, ...]
    silent: tuple[Lead, ...] = ()
    unknown: str = ""

    @property
    def handles(self) -> tuple[str, ...]:
        """The handles that are mentioned."""
        return tuple(lead.handle for lead in self.leads)


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
class ThreadReply:
    """What became of a finding, for its thread; a hidden marker names the event.

    `resolve`: True to settle the thread, False to open it again, None to leave it.
    """

    thread: str
    fingerprint: str
    body: Markdown
    resolve: bool | None = None


@dataclass(frozen=True, slots=True)
class LeadComment:
    """The leads' own comment: it mentions and so notifies them."""

    body: Markdown
    handles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """What will be said.

    `summary(receipt)` is the summary comment once it is known what else was really
    said; `long_form(receipt)` is the step summary: the same with everything unfolded.
    `untold` says why the lead cannot be told although there is something to tell.
    `renewed(conversation)` is what this run says where that was said meanwhile.
    """

    change: Change
    policy: Policy
    review: Review
    review_body: Markdown
    inline: tuple[InlineComment, ...]
    filed: tuple[FileComment, ...]
    lead: LeadComment | None
    untold: str
    summary: Callable[[Receipt], Markdown]
    long_form: Callable[[Receipt], Markdown]
    threads: tuple[ThreadReply, ...] = ()
    renewed: "Callable[[Conversation], Publication] | None" = None
