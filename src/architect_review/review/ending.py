"""How a run ended: what was read, what was not, and why."""

from collections.abc import Sequence
from dataclasses import replace

from architect_review.prompt.answer import Answer
from architect_review.prompt.coverage import REVIEWED_BEFORE, FileCoverage, left_out
from architect_review.review.inquiry import Inquiry
from architect_review.review.reply import Reply
from architect_review.signals import Signals
from architect_review.vocabulary import How, Status


def covered(
    coverage: Sequence[FileCoverage], replies: Sequence[Reply[Answer]]
) -> tuple[FileCoverage, ...]:
    """An answer that broke off counts; a file may be divided over several replies."""
    answered = {path for reply in replies if reply.answer for path in reply.paths}
    failed = {
        path: f"the model gave no answer ({reply.failure.kind})"
        for reply in replies
        if reply.failure and not reply.answer
        for path in reply.paths
    }
    unread = {path: why for path, why in failed.items() if path not in answered}
    return tuple(
        replace(each, reason=f"read in part: {failed[each.path]}", is_gap=True)
        if each.path in failed and each.path in answered
        else each
        for each in left_out(coverage, unread)
    )


def ended(
    found: Signals,
    coverage: Sequence[FileCoverage],
    inquiry: Inquiry,
    unlisted: int,
) -> tuple[Status, str]:
    """The status and why it is not `reviewed`.

    Where earlier reviews have read every line, there is nothing left to ask.
    """
    replies, without_model = inquiry.replies, inquiry.without_model
    failures = [reply.failure for reply in replies if reply.failure]
    if without_model:
        return Status.SIGNALS_ONLY, without_model
    if failures and not any(reply.answer for reply in replies):
        first = failures[0]
        bounded = first.kind in ("deadline", "cost-cap")
        return (Status.PARTIAL if bounded else Status.FAILED), first.detail
    if not coverage:
        return Status.SIGNALS_ONLY, "nothing changed between base and head"
    missing = [each for each in coverage if each.is_gap]
    if missing or unlisted:
        lacking, every = len(missing) + unlisted, len(coverage) + unlisted
        whole = " in full" if any(each.how is How.READ for each in missing) else ""
        return Status.PARTIAL, f"{lacking} of {every} files were not read{whole}"
    if not replies and not any(each.reason == REVIEWED_BEFORE for each in coverage):
        return Status.SIGNALS_ONLY, "no changed line needs a reader"
    if failures:
        return Status.PARTIAL, f"an answer is not whole: {failures[0].detail}"
    if inquiry.lacks:
        return Status.PARTIAL, inquiry.lacks
    if found.gaps:
        return Status.PARTIAL, f"{found.gaps[0].detector}: {found.gaps[0].reason}"
    return Status.REVIEWED, ""


def reads(coverage: Sequence[FileCoverage], inquiry: Inquiry) -> frozenset[str]:
    """The files whose every changed line a model has answered for."""
    answered = {
        path for reply in inquiry.replies if reply.answer for path in reply.paths
    }
    return frozenset(
        each.path
        for each in coverage
        if each.how is How.READ and not each.is_gap and each.path in answered
    )


def read_files(coverage: Sequence[FileCoverage]) -> tuple[int, int]:
    """Files read, now or by an earlier review, and files that should have been."""
    read = sum(
        each.how is How.READ or each.reason == REVIEWED_BEFORE for each in coverage
    )
    gaps = sum(each.is_gap and each.how is not How.READ for each in coverage)
    return read, read + gaps
