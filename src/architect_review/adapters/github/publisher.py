"""Say on a pull request what was decided: one review, the lead's comment, the summary.

The summary comes last because it says what the others did, and carries the memory
that the next run reads.
"""

from dataclasses import replace

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.comments import Comments
from architect_review.adapters.github.errors import PERMISSIONS, GitHubError
from architect_review.adapters.github.marks import labelled, requested
from architect_review.adapters.github.meanwhile import look
from architect_review.adapters.github.reviews import ReviewPoster
from architect_review.adapters.github.statuses import announced, confirmed
from architect_review.adapters.github.threads import answered
from architect_review.change.change import Change
from architect_review.errors import PublishError
from architect_review.publication.interruption import interrupted
from architect_review.publication.publication import FileComment, Publication
from architect_review.publication.receipt import Receipt
from architect_review.review.joining import overtaken
from architect_review.review.memory import recall, summary_comment


class PullRequestPublisher:
    """Writes to pull requests, as the identity of the client's token."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def publish(self, publication: Publication, receipt: Receipt) -> Receipt:
        """Say everything, or say in the receipt why nothing could be said.

        Raises PublishError when GitHub failed in the middle; a second run then makes
        it whole.
        """
        change = publication.change
        try:
            stale, said = look(self._client, change)
            stale = stale or overtaken(change, publication.review.ledger, said)
            if stale:
                return replace(receipt, stale=stale)
            if publication.renewed and said != change.conversation:
                publication = publication.renewed(said)
                receipt = replace(receipt, met=said)
            return self._publish(publication, receipt)
        except GitHubError as error:
            if error.is_permission:
                return replace(receipt, unposted=_may_not(change, error))
            raise PublishError(str(error)) from error

    def interrupt(self, change: Change, why: str) -> bool:
        """Say on the summary that a run was broken off; returns whether it was said.

        Not when the head has moved on, nor when this head's review was said after
        all. Raises GitHubError.
        """
        stale, now = look(self._client, change)
        if stale or recall(now).is_of(change.head_sha, change.base_ref):
            return False
        said = Comments(self._client, change.conversation.viewer)
        known, text = summary_comment(now), interrupted(change, now, why)
        if known is None:
            said.once(_conversation(change), {"body": text}, "posting the summary")
            return True
        return said.edited(_comment(change, known.id), text, "updating the summary")

    def _publish(self, publication: Publication, receipt: Receipt) -> Receipt:
        change = publication.change
        said = Comments(self._client, change.conversation.viewer)
        review = ReviewPoster(self._client, _pull(change), publication).post()
        refused = review.refused | {
            each.fingerprint
            for each in publication.filed
            if not _file_comment(said, change, each)
        }
        receipt = replace(receipt, refused=refused, review_url=review.url)
        receipt = answered(self._client, publication, receipt)
        receipt = requested(self._client, publication, receipt)
        receipt = _tell(said, publication, receipt)
        receipt = labelled(self._client, publication, receipt)
        receipt = announced(self._client, publication, receipt)
        url = _summary(said, change, publication.summary(receipt))
        receipt = replace(receipt, summary_url=url)
        return confirmed(self._client, publication, receipt)


def _pull(change: Change) -> str:
    return f"/repos/{change.repository}/pulls/{change.number}"


def _conversation(change: Change) -> str:
    return f"/repos/{change.repository}/issues/{change.number}/comments"


def _comment(change: Change, number: str | int) -> str:
    return f"/repos/{change.repository}/issues/comments/{number}"


def _may_not(change: Change, error: GitHubError) -> str:
    """What the token lacks, and the line that gives it."""
    if change.is_fork:
        return (
            "the token of a pull request from a fork is read-only; a maintainer gets "
            "the comments with `/architect review`"
        )
    needs = f" (GitHub asks for {error.needs})" if error.needs else ""
    return f"the token may not write here{needs}: give the job `{PERMISSIONS}`"


def _file_comment(said: Comments, change: Change, comment: FileComment) -> bool:
    body = {
        "commit_id": change.head_sha,
        "path": comment.path,
        "subject_type": "file",
        "body": comment.body,
    }
    try:
        said.once(f"{_pull(change)}/comments", body, f"commenting on {comment.path}")
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
    path = _conversation(publication.change)
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
        or said.edited(_comment(change, known.id), body, "updating the summary")
    ):
        return known.url
    path = _conversation(change)
    answer = said.once(path, {"body": body}, "posting the summary")
    return str(answer.get("html_url") or "")
