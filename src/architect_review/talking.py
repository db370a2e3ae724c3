"""What commands, replies and other events on a pull request have in common."""

from collections.abc import Mapping, Sequence
from typing import Any

from architect_review.change.change import Change, Remark, Thread
from architect_review.ports import Desk, Opened, Tools
from architect_review.publication import replies
from architect_review.publication.receipt import Receipt
from architect_review.publication.writes import Reply, Resolve, Write
from architect_review.report.report import Report
from architect_review.report.withholding import checked
from architect_review.request import policy as policies
from architect_review.request.commands import Name
from architect_review.request.conversation import CommentRef
from architect_review.request.policy import Policy
from architect_review.vocabulary import Status


def opened(
    desk: Desk, inputs: Mapping[str, str], seen: CommentRef | None = None
) -> tuple[Opened, Policy]:
    """A pull request and its rules, as far as people who talk are concerned.

    Raises ArchitectError.
    """
    found = desk.open((policies.config_path(inputs),), seen)
    texts = found.change.policy.texts
    return found, policies.unread(policies.settings_of(inputs, lambda _: texts))


def in_thread(change: Change, first: int | None) -> Thread | None:
    """The review thread that begins with a comment."""
    for thread in change.conversation.threads:
        if thread.remarks and thread.remarks[0].id == str(first):
            return thread
    return None


def numbered(remarks: Sequence[Remark], comment: int) -> Remark | None:
    """The remark with an ID."""
    return next((each for each in remarks if each.id == str(comment)), None)


def settled(
    thread: Thread, comment: int, name: Name, by: str, reason: str, *, is_said: bool
) -> list[Write]:
    """Say in a finding's thread what became of it, once, and resolve or reopen it.

    `is_said`: something else says so there.
    """
    writes: list[Write] = []
    is_said = is_said or replies.is_answered(thread.remarks, comment)
    if thread.can_reply and not is_said:
        text = replies.settled(comment, name, by, reason)
        writes.append(Reply(thread.node, text))
    is_reopened = name is Name.REOPEN
    if thread.can_resolve and thread.is_resolved is is_reopened:
        writes.append(Resolve(thread.node, is_undone=is_reopened))
    return writes


def ended(
    status: Status, why: str, repository: str, number: int, tools: Tools, **facts: Any
) -> Report:
    """A run that made no review, written down."""
    report = Report.ended(
        status, why, repository=repository, pull_request=number, **facts
    )
    report = checked(report, tools.guard)
    for recorder in tools.recorders:
        recorder.record(report, None, Receipt())
    return report
