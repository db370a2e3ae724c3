"""What a run says on a pull request, from a look at it to the summary.

It may begin again, and then goes on from what stands there: its own words, too, are
known by their markers.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.comments import Comments
from architect_review.adapters.github.errors import GitHubError, LaterError
from architect_review.adapters.github.marks import labelled, requested
from architect_review.adapters.github.meanwhile import look
from architect_review.adapters.github.reviews import ReviewPoster
from architect_review.adapters.github.statuses import announced, confirmed
from architect_review.adapters.github.threads import answered
from architect_review.change.change import Change
from architect_review.publication.publication import FileComment, Publication
from architect_review.publication.receipt import Receipt
from architect_review.review.joining import overtaken
from architect_review.review.ledger import MARKER
from architect_review.review.memory import summary_comment

FRESH_SECONDS = 5
"""How long a look is believed; a usual run needs less for all that it says."""


class Speech:
    """One attempt to say everything. Where it `begins_again`, LaterError ends it."""

    def __init__(
        self, client: Client, clock: Callable[[], float], *, begins_again: bool
    ) -> None:
        self._patient = client
        self._client = client.unwaiting(begins_again=begins_again)
        self._begins_again = begins_again
        self._clock = clock
        self._receipt = Receipt()
        self._looked = 0.0

    def say(self, publication: Publication, receipt: Receipt) -> Receipt:
        """Look, and say what is still to be said. Raises GitHubError and LaterError."""
        self._receipt = receipt
        change = publication.change
        self._looked = self._clock()
        stale, said = look(self._patient, change)
        stale = stale or overtaken(change, publication.review.ledger, said)
        if stale:
            return replace(receipt, stale=stale)
        if publication.renewed and said != change.conversation:
            publication = publication.renewed(said)
            self._receipt = replace(receipt, met=said)
        return self._say(publication)

    def said_of(self, begun: Receipt) -> Receipt:
        """The receipt to begin again with: what was said by this run is said."""
        mine = self._receipt
        return replace(
            begun,
            refused=mine.refused,
            leads=mine.leads,
            lead_notified=mine.lead_notified,
            review_url=mine.review_url,
        )

    def _say(self, publication: Publication) -> Receipt:
        client, change = self._client, publication.change
        said = Comments(client, change.conversation.viewer)
        review = ReviewPoster(client, pull_path(change), publication).post()
        url = review.url or self._receipt.review_url
        refused = self._receipt.refused | review.refused
        self._receipt = replace(self._receipt, refused=refused, review_url=url)
        refused |= {
            each.fingerprint
            for each in publication.filed
            if not _file_comment(said, change, each)
        }
        self._receipt = replace(self._receipt, refused=refused)
        for step in (answered, requested):
            self._receipt = step(client, publication, self._receipt)
        self._look_again()
        self._receipt = _tell(said, publication, self._receipt)
        for step in (labelled, announced):
            self._receipt = step(client, publication, self._receipt)
        self._look_again()
        url = _summary(said, change, publication.summary(self._receipt))
        receipt = replace(self._receipt, summary_url=url)
        # Nothing is said behind it, so it may wait.
        return confirmed(self._patient, publication, receipt)

    def _look_again(self) -> None:
        """Begin again when the look is too old: a write may take long, too."""
        if self._begins_again and self._clock() - self._looked > FRESH_SECONDS:
            raise LaterError(0)


def pull_path(change: Change) -> str:
    """The API path of a pull request."""
    return f"/repos/{change.repository}/pulls/{change.number}"


def talk_path(change: Change) -> str:
    """The API path of its conversation."""
    return f"/repos/{change.repository}/issues/{change.number}/comments"


def comment_path(change: Change, number: str | int) -> str:
    """The API path of a comment in it."""
    return f"/repos/{change.repository}/issues/comments/{number}"


def _file_comment(said: Comments, change: Change, comment: FileComment) -> bool:
    body = {
        "commit_id": change.head_sha,
        "path": comment.path,
        "subject_type": "file",
        "body": comment.body,
    }
    try:
        doing = f"commenting on {comment.path}"
        said.once(f"{pull_path(change)}/comments", body, doing)
    except GitHubError as error:
        if error.status != 422:
            raise
        return False
    return True


def _tell(said: Comments, publication: Publication, receipt: Receipt) -> Receipt:
    """Tell the lead; a failure costs neither the review nor the summary."""
    lead = publication.lead
    if lead is None:
        return receipt
    path = talk_path(publication.change)
    try:
        said.once(path, {"body": lead.body}, "telling the project lead")
    except GitHubError as error:
        if error.is_permission:
            raise
        return replace(receipt, leads=lead.handles, untold=str(error))
    return replace(receipt, leads=lead.handles, lead_notified=True)


def _summary(said: Comments, change: Change, body: str) -> str:
    known = summary_comment(change.conversation)
    if known is not None and (
        known.body == body
        or said.edited(comment_path(change, known.id), body, "updating the summary")
    ):
        return known.url
    path, doing = talk_path(change), "posting the summary"
    found: dict[str, Any] | None
    try:
        found = said.posted(path, {"body": body}, doing)
    except GitHubError as error:
        if not error.is_uncertain:
            raise
        # Ours, or that of another run that came first: there is one.
        found = said.found(path, MARKER)
        if found is None:
            found = said.posted(path, {"body": body}, doing)
        elif found["body"] != body:
            said.edited(comment_path(change, found["id"]), body, doing)
    return str(found.get("html_url") or "")
