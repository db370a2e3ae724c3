"""Say on a pull request what was decided: one review, the lead's comment, the summary.

The summary comes last because it says what the others did, and carries the memory
that the next run reads.
"""

from typing import Any

from architect_review.adapters.github.client import Client, GitHubError
from architect_review.errors import PublishError
from architect_review.publication.publication import (
    FileComment,
    InlineComment,
    LeadComment,
    Publication,
    Receipt,
)
from architect_review.review.memory import summary_comment


class PullRequestPublisher:
    """Writes to the pull request a publication is about."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def publish(self, publication: Publication, receipt: Receipt) -> Receipt:
        """Say everything, or say in the receipt why nothing could be said.

        Raises PublishError when GitHub failed in the middle.
        """
        try:
            return self._publish(publication)
        except GitHubError as error:
            if error.status == 403:
                return Receipt(unposted=f"the token may not write here: {error}")
            raise PublishError(str(error)) from error

    def _publish(self, publication: Publication) -> Receipt:
        change = publication.change
        pull = f"/repos/{change.repository}/pulls/{change.number}"
        issue = f"/repos/{change.repository}/issues/{change.number}"
        if stale := self._stale(pull, change.head_sha):
            return Receipt(unposted=stale)
        refused, review_url = self._review(pull, publication)
        refused |= {
            each.fingerprint
            for each in publication.filed
            if not self._file_comment(pull, change.head_sha, each)
        }
        lead = publication.lead
        if lead is not None:
            self._lead_comment(issue, lead)
        body = publication.summary(frozenset(refused), lead is not None)
        return Receipt(
            refused=frozenset(refused),
            lead=lead.handle if lead else "",
            lead_notified=lead is not None,
            review_url=review_url,
            summary_url=self._summary(issue, publication, body),
        )

    def _stale(self, pull: str, head: str) -> str:
        now = self._client.get(pull, "checking the head before posting")
        if now["state"] != "open":
            return "the pull request was closed meanwhile"
        if now["head"]["sha"] != head:
            return f"the head moved to {now['head']['sha'][:7]} meanwhile"
        return ""

    def _review(self, pull: str, publication: Publication) -> tuple[set[str], str]:
        """Post the review; on a refused anchor its findings go to the summary."""
        inline = publication.inline
        if not inline:
            return set(), ""
        body = {
            "commit_id": publication.change.head_sha,
            "event": "COMMENT",
            "body": publication.review_body,
            "comments": [_line_comment(each) for each in inline],
        }
        try:
            answer = self._client.send(
                "POST", f"{pull}/reviews", "posting the review", body
            )
        except GitHubError as error:
            if error.status != 422:
                raise
            return {each.fingerprint for each in inline}, ""
        return set(), str(answer.get("html_url") or "")

    def _file_comment(self, pull: str, head: str, comment: FileComment) -> bool:
        body = {
            "commit_id": head,
            "path": comment.path,
            "subject_type": "file",
            "body": comment.body,
        }
        doing = f"commenting on {comment.path}"
        try:
            self._client.send("POST", f"{pull}/comments", doing, body)
        except GitHubError as error:
            if error.status != 422:
                raise
            return False
        return True

    def _lead_comment(self, issue: str, lead: LeadComment) -> None:
        self._client.send(
            "POST", f"{issue}/comments", "telling the project lead", {"body": lead.body}
        )

    def _summary(self, issue: str, publication: Publication, body: str) -> str:
        known = summary_comment(publication.change.conversation)
        if known is None:
            doing = "posting the summary"
            answer = self._client.send(
                "POST", f"{issue}/comments", doing, {"body": body}
            )
            return str(answer.get("html_url") or "")
        if known.body != body:
            path = f"/repos/{publication.change.repository}/issues/comments/{known.id}"
            self._client.send("PATCH", path, "updating the summary", {"body": body})
        return known.url


def _line_comment(comment: InlineComment) -> dict[str, Any]:
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
