"""Post one review, whatever GitHub says to it.

A review is all or nothing: one comment that GitHub does not take refuses it whole and
is not named. Nothing is ever posted twice: after an answer that leaves it open whether
the review was made, it is looked for by its marker first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.comments import Comments
from architect_review.adapters.github.errors import GitHubError
from architect_review.publication.publication import InlineComment, Publication

PENDING = "one pending review"
"""GitHub's words when this identity left a review unsubmitted."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The review's address, and the fingerprints of comments that were not taken."""

    url: str
    refused: frozenset[str] = frozenset()


class ReviewPoster:
    """Posts a publication's review to its pull request."""

    def __init__(self, client: Client, pull: str, publication: Publication) -> None:
        self._client = client
        self._path = f"{pull}/reviews"
        self._publication = publication
        self._said = Comments(client, publication.change.conversation.viewer)

    def post(self) -> Posted:
        """Post what GitHub takes. Raises GitHubError for other refusals."""
        comments = self._publication.inline
        if not comments:
            return Posted("")
        try:
            return Posted(self._submit(comments))
        except GitHubError as error:
            if error.status != 422:
                raise
            if error.says(PENDING) and self._discard_pending():
                return self._after_pending()
            return self._without_refused()

    def _after_pending(self) -> Posted:
        try:
            return Posted(self._submit(self._publication.inline))
        except GitHubError as error:
            if error.status != 422:
                raise
            return self._without_refused()

    def _without_refused(self) -> Posted:
        """Find the comments that GitHub does not take, and post the others."""
        comments = self._publication.inline
        taken = self._taken(comments)
        refused = frozenset(each.fingerprint for each in comments if each not in taken)
        return Posted(self._submit(taken) if taken else "", refused)

    def _taken(self, comments: Sequence[InlineComment]) -> list[InlineComment]:
        """Bisect with drafts that nobody sees and that are deleted at once."""
        if self._draft(comments):
            return list(comments)
        if len(comments) == 1:
            return []
        half = len(comments) // 2
        return self._taken(comments[:half]) + self._taken(comments[half:])

    def _draft(self, comments: Sequence[InlineComment]) -> bool:
        body = {
            "commit_id": self._publication.change.head_sha,
            "comments": [line_comment(each) for each in comments],
        }
        try:
            draft = self._client.send("POST", self._path, "trying comments", body)
        except GitHubError as error:
            if error.status != 422:
                raise
            return False
        self._delete(draft["id"])
        return True

    def _submit(self, comments: Sequence[InlineComment]) -> str:
        body = {
            "commit_id": self._publication.change.head_sha,
            "event": "COMMENT",
            "body": self._publication.review_body,
            "comments": [line_comment(each) for each in comments],
        }
        answer = self._said.once(self._path, body, "posting the review")
        return str(answer.get("html_url") or "")

    def _discard_pending(self) -> bool:
        """Delete the draft that a run before left behind; nobody else sees it."""
        found = [
            review["id"]
            for review in self._said.ours(self._path, "looking for a pending review")
            if review["state"] == "PENDING"
        ]
        for number in found:
            self._delete(number)
        return bool(found)

    def _delete(self, number: int) -> None:
        path = f"{self._path}/{number}"
        self._client.send("DELETE", path, "deleting a draft review", {})


def line_comment(comment: InlineComment) -> dict[str, Any]:
    """A comment as the review API takes it."""
    anchor = comment.anchor
    entry: dict[str, Any] = {
        "path": anchor.path,
        "body": comment.body,
        "line": anchor.end,
        "side": anchor.side.value,
    }
    if anchor.start < anchor.end:
        # A start that equals the line is refused.
        entry |= {"start_line": anchor.start, "start_side": anchor.side.value}
    return entry
