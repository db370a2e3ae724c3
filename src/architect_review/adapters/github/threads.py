"""Tell our threads what became of their findings, all in one request."""

from collections.abc import Iterator
from dataclasses import replace

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.errors import GitHubError
from architect_review.adapters.github.mutations import Outcome, send
from architect_review.publication.publication import Publication, ThreadReply
from architect_review.publication.receipt import Receipt
from architect_review.publication.writes import Reply, Resolve, Write


def answered(client: Client, publication: Publication, receipt: Receipt) -> Receipt:
    """Say and settle what is due; a failure costs neither review nor summary.

    The next run says what this one could not.
    """
    writes = [each for reply in publication.threads for each in _writes(reply)]
    try:
        outcomes = send(client, writes, "answering in threads")
    except GitHubError as error:
        return _noted(receipt, f"the threads of earlier findings: {error}")
    lost = [each for each in outcomes if not each.is_done]
    return _noted(receipt, _told(lost)) if lost else receipt


def _writes(reply: ThreadReply) -> Iterator[Write]:
    yield Reply(reply.thread, reply.body)
    if reply.resolve is not None:
        yield Resolve(reply.thread, is_undone=not reply.resolve)


def _told(lost: list[Outcome]) -> str:
    what = "1 answer" if len(lost) == 1 else f"{len(lost)} answers"
    return f"{what} in threads of earlier findings failed: {lost[0].error}"


def _noted(receipt: Receipt, note: str) -> Receipt:
    return replace(receipt, notes=(*receipt.notes, note))
