"""A pull request on which somebody talks, in memory: what is written is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from architect_review.commanding import command
from architect_review.conversing import converse
from architect_review.ports import Opened
from architect_review.publication.writes import Reply, Say, Write
from architect_review.report.report import Report
from architect_review.request.commands import commands
from architect_review.request.conversation import (
    Commanded,
    CommentKind,
    CommentRef,
    ThreadReply,
)
from architect_review.request.events import PullRequestReview
from architect_review.review.ledger import Ledger
from architect_review.review.memory import recall
from trust.trial import INPUTS, Trial

NODE = "PR_7"


@dataclass
class Desk:
    """Where people are answered. `role` is whoever asks is known as."""

    trial: Trial
    known_as: str
    writes: list[Write] = field(default_factory=list)

    def role(self, login: str) -> str:
        return self.known_as

    def open(
        self, policy_paths: Sequence[str], seen: CommentRef | None = None
    ) -> Opened:
        return Opened(self.trial.fetch(policy_paths), NODE)

    def close(self, writes: Sequence[Write]) -> None:
        self.writes += writes

    def is_member(self, team: str, login: str) -> bool | None:
        return None

    def settle(self) -> str:
        return "nothing to settle"

    @property
    def bodies(self) -> list[str]:
        """What was said."""
        return [str(each.body) for each in self.writes if isinstance(each, Say | Reply)]


@dataclass(frozen=True)
class Talked:
    """What came of it."""

    desk: Desk
    trial: Trial
    report: Report
    reviews: list[PullRequestReview]

    @property
    def ledger(self) -> Ledger:
        """What the next run reads back."""
        return recall(self.trial.fetch(()).conversation)


def commanded(body: str, role: str, trial: Trial, author: str = "mallory") -> Talked:
    """Somebody with a role commands below the pull request."""
    trial.comment(author, body)
    asked = Commanded(
        "octo/shop",
        7,
        author,
        CommentRef(int(trial.comments[-1].id), CommentKind.ISSUE, "C1"),
        tuple(commands(body)),
        is_author=False,
    )
    desk, reviews = Desk(trial, role), list[PullRequestReview]()

    def review(request: PullRequestReview) -> Report:
        reviews.append(request)
        raise AssertionError("nobody asked for a review")

    report = command(asked, INPUTS, desk, trial.tools(), review)
    return Talked(desk, trial, report, reviews)


def replied(body: str, role: str, trial: Trial, author: str = "mallory") -> Talked:
    """Somebody with a role replies in the thread of F1."""
    own = trial.threads[0]
    remark = trial._remark(body, author)
    trial.threads[0] = replace(own, remarks=(*own.remarks, remark))
    asked = ThreadReply(
        "octo/shop",
        7,
        author,
        CommentRef(int(remark.id), CommentKind.REVIEW, "R1"),
        int(own.remarks[0].id),
        body,
        is_author=False,
    )
    desk = Desk(trial, role)
    report = converse(asked, INPUTS, {}, desk, trial.tools())
    return Talked(desk, trial, report, [])
