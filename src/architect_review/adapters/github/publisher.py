"""Say on a pull request what was decided: one review, the lead's comment, the summary.

The summary comes last because it says what the others did, and carries the memory
that the next run reads.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.comments import Comments
from architect_review.adapters.github.errors import (
    PERMISSIONS,
    GitHubError,
    LaterError,
)
from architect_review.adapters.github.meanwhile import look
from architect_review.adapters.github.speech import Speech
from architect_review.adapters.github.speech import comment_path as _comment
from architect_review.adapters.github.speech import talk_path as _conversation
from architect_review.change.change import Change
from architect_review.errors import PublishError
from architect_review.publication.interruption import interrupted
from architect_review.publication.publication import Publication
from architect_review.publication.receipt import Receipt
from architect_review.review.memory import recall, summary_comment

TRIES = 3
"""Times that a run begins to speak."""


class PullRequestPublisher:
    """Writes to pull requests, as the identity of the client's token."""

    def __init__(
        self, client: Client, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._clock = clock

    def publish(self, publication: Publication, receipt: Receipt) -> Receipt:
        """Say everything, or say in the receipt why nothing could be said.

        What has to wait for the rate begins again with another look: others, too, may
        have spoken meanwhile. Raises PublishError when GitHub failed in the middle; a
        second run then makes it whole.
        """
        change, done = publication.change, receipt
        try:
            for left in reversed(range(TRIES)):
                speech = Speech(self._client, self._clock, begins_again=bool(left))
                try:
                    return speech.say(publication, done)
                except LaterError as later:
                    done = speech.said_of(receipt)
                    self._client.pause(later.seconds)
        except GitHubError as error:
            if error.is_permission:
                return replace(done, unposted=_may_not(change, error))
            raise PublishError(str(error)) from error
        raise AssertionError("unreachable")

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


def _may_not(change: Change, error: GitHubError) -> str:
    """What the token lacks, and the line that gives it."""
    if change.is_fork:
        return (
            "the token of a pull request from a fork is read-only; a maintainer gets "
            "the comments with `/architect review`"
        )
    needs = f" (GitHub asks for {error.needs})" if error.needs else ""
    return f"the token may not write here{needs}: give the job `{PERMISSIONS}`"
