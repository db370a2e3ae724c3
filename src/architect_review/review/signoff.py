"""The lead's sign-off: what a major change waits for, and what a decision covers.

A decision covers the reasons that the lead had been told of when it was written. It
stands until the change is a major one for a reason that it does not cover, so a push
that changes nothing about that keeps it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from architect_review.change.change import Conversation, Remark
from architect_review.request.commands import REASON_LIMIT, Command, Name, commands
from architect_review.review.ledger import Decision, Ledger
from architect_review.review.markers import told_keys
from architect_review.vocabulary import Status

CONTEXT = "architecture/lead-approval"
"""The commit status's name, which a branch's protection can require."""
DESCRIPTION_LIMIT = 140
"""Characters of a status's description, by GitHub's validation."""
SHA_LENGTH = 40
"""Hex digits of a commit that a command takes: enough of every SHA."""
ALIKE_LIMIT = 20
"""Earlier heads of the same content that an approval may name."""
_LOGIN_LIMIT = 100
_UNKNOWN_HEAD = "0" * SHA_LENGTH


class Mark(StrEnum):
    """A status's state, as GitHub's API writes it."""

    SUCCESS = "success"
    PENDING = "pending"
    FAILURE = "failure"


_STRICTEST = (Mark.FAILURE, Mark.PENDING, Mark.SUCCESS)


@dataclass(frozen=True, slots=True)
class Sign:
    """The status of a head. `description` is one line of what people have to know."""

    mark: Mark
    description: str

    @classmethod
    def of(cls, mark: Mark, text: str) -> "Sign":
        """The same with a description that GitHub takes."""
        line = " ".join(text.split())
        if len(line) > DESCRIPTION_LIMIT:
            line = f"{line[: DESCRIPTION_LIMIT - 1].rstrip()}…"
        return cls(mark, line)


REBASED = Sign.of(Mark.PENDING, "the base is another one now: its review is awaited")
"""Of a head that was reviewed for another base."""


def sign(ledger: Ledger) -> Sign:
    """Where the sign-off of the ledger's head stands."""
    decision = ledger.decision
    if not ledger.is_major and not ledger.major:
        if ledger.status is not Status.FAILED or _is_approved_at(ledger):
            return Sign.of(Mark.SUCCESS, "not a major change")
        text = "the review failed: try `/architect review`, or a lead approves"
        return Sign.of(Mark.PENDING, f"{text}: {approve_line(ledger.head)}")
    waiting = uncovered(ledger.major, decision.reasons if decision else ())
    if decision is None or waiting or not ledger.major:
        count = len(waiting) or 1
        what = "1 major reason waits" if count == 1 else f"{count} major reasons wait"
        text = f"{what} for a lead: {approve_line(ledger.head)} or /architect reject …"
        return Sign.of(Mark.PENDING, text)
    if decision.is_approval:
        text = f"approved by {decision.by} at {decision.sha[:7]}"
        return Sign.of(Mark.SUCCESS, text)
    said = f": {decision.reason}" if decision.reason else ""
    return Sign.of(Mark.FAILURE, f"rejected by {decision.by}{said}")


def approve_line(head: str) -> str:
    """The command that approves a head, ready to be copied.

    With the whole SHA: another commit with the same first digits is easily made.
    """
    return f"/architect approve {head[:SHA_LENGTH]}"


def strictest(own: Sign, others: Mapping[int, Sign]) -> Sign:
    """The status of a head that several open pull requests share.

    `others` are the other pull requests' by number. A commit has one status of a name,
    so it must not say more than the strictest of them.
    """
    worst = min(others, key=lambda each: (_rank(others[each]), each), default=None)
    if worst is None or _rank(own) <= _rank(others[worst]):
        return own
    found = others[worst]
    if found.mark is Mark.PENDING:
        return Sign.of(found.mark, f"#{worst} has the same head and waits for a lead")
    return Sign.of(found.mark, f"#{worst} has the same head: {found.description}")


def _rank(found: Sign) -> int:
    return _STRICTEST.index(found.mark)


def _is_approved_at(ledger: Ledger) -> bool:
    decision = ledger.decision
    return bool(
        decision
        and decision.is_approval
        and ledger.head
        and ledger.head.startswith(decision.sha)
    )


def uncovered(major: Iterable[str], covered: Collection[str]) -> tuple[str, ...]:
    """The keys of reasons that a decision does not cover.

    As with what leads are told: the model's wording of a category that they know of
    is no new reason.
    """
    known = {key.split(":", 1)[0] for key in covered}
    return tuple(
        key
        for key in major
        if key not in covered
        and not (key.endswith(":model") and key.split(":", 1)[0] in known)
    )


def alike(before: Ledger, after: Ledger) -> tuple[str, ...]:
    """Earlier heads that an approval of `after` may name: nothing has changed since."""
    was = before.content, frozenset(before.major)
    if not after.content or was != (after.content, frozenset(after.major)):
        return ()
    heads = dict.fromkeys((*before.alike, before.head))
    return tuple(each for each in heads if each and each != after.head)[-ALIKE_LIMIT:]


def heard(
    ledger: Ledger, conversation: Conversation, at: str, event: int
) -> tuple[str, ...]:
    """The keys of reasons that the lead had been told of at a time.

    `at` is GitHub's time of a comment, `event` its ID. What a lead's comment told
    later is left out: a review may have been under way when it was written.
    """
    early: set[str] = set()
    late: set[str] = set()
    for remark in conversation.comments:
        is_late = _order(remark) >= (at, event)
        (late if is_late else early).update(told_keys(remark))
    return tuple(key for key in ledger.told if key in early or key not in late)


def decide(
    ledger: Ledger, heeded: Iterable[Remark], conversation: Conversation
) -> Ledger:
    """The ledger with the decision that stands: the newest, if it was not taken back.

    `heeded` are the comments that were carried out. A review counts when this identity
    put its rocket on it and it still approves; its approval is taken back when it is
    dismissed, or by a later request for changes of the same person. No approval counts
    where more was said than was read.
    """
    found = [_by_comment(each, ledger, conversation) for each in heeded]
    found += [_by_review(each, ledger, conversation) for each in conversation.reviews]
    known = ledger.decision
    if known is not None and not _is_withdrawn(known, conversation):
        found.append(known)
    standing = [each for each in found if each and is_about(ledger, each)]
    # The ledger's own comes last of equals: it remembers what was covered then.
    newest = max(standing, key=lambda each: (each.at, each.event), default=None)
    if known in standing and newest is not None and _is_same(known, newest):
        newest = known
    if conversation.is_cut and newest is not None and newest.is_approval:
        # What takes it back may be in what was not read.
        newest = None
    return ledger.model_copy(update={"decision": newest})


def is_about(ledger: Ledger, decision: Decision) -> bool:
    """Whether a decision was made for the base that the ledger is of.

    For another base anybody may have been a lead: its own configuration says who is.
    """
    return not ledger.rebased or decision.at > ledger.rebased


def _is_same(one: Decision | None, other: Decision) -> bool:
    return one is not None and (one.event, one.is_review) == (
        other.event,
        other.is_review,
    )


def _by_comment(
    remark: Remark, ledger: Ledger, conversation: Conversation
) -> Decision | None:
    command = signing(remark.body)
    if command is None or not remark.id.isdecimal():
        return None
    return Decision(
        is_approval=command.name is Name.APPROVE,
        sha=command.target or ledger.head or _UNKNOWN_HEAD,
        by=remark.author[:_LOGIN_LIMIT],
        reason=command.text[:REASON_LIMIT],
        reasons=heard(ledger, conversation, *_order(remark)),
        event=int(remark.id),
        at=remark.at,
    )


def _by_review(
    review: Remark, ledger: Ledger, conversation: Conversation
) -> Decision | None:
    counts = review.is_heeded and not review.is_bot and review.id.isdecimal()
    if not counts or review.state != "APPROVED" or not review.commit:
        return None
    decision = Decision(
        is_approval=True,
        sha=review.commit,
        by=review.author[:_LOGIN_LIMIT],
        reasons=heard(ledger, conversation, *_order(review)),
        event=int(review.id),
        at=review.at,
        is_review=True,
    )
    return None if _is_withdrawn(decision, conversation) else decision


def _is_withdrawn(decision: Decision, conversation: Conversation) -> bool:
    if not decision.is_review:
        return False
    return any(
        (review.state == "DISMISSED" and review.id == str(decision.event))
        or (
            review.state == "CHANGES_REQUESTED"
            and review.author.lower() == decision.by.lower()
            and _order(review) > (decision.at, decision.event)
        )
        for review in conversation.reviews
    )


def signing(body: str) -> Command | None:
    """The last `approve` or `reject` of a comment, None without any."""
    found = [
        each
        for each in commands(body)
        if isinstance(each, Command) and each.name in (Name.APPROVE, Name.REJECT)
    ]
    return found[-1] if found else None


def _order(remark: Remark) -> tuple[str, int]:
    """When it was written; the ID tells only between two of one second."""
    return remark.at, int(remark.id) if remark.id.isdecimal() else 0
