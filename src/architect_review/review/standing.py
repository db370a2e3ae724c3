"""What people settled on the pull request, read back from what they said there.

A command's comment is its own record. A run that carried out all that a comment asks
for puts its rocket on it, and on no other: from then on the comment counts, in every
later reading, whatever became of the summary meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from architect_review.change.change import Conversation, Remark
from architect_review.request.commands import REASON_LIMIT, Command, Name, commands
from architect_review.request.dismissals import means_dismissal
from architect_review.review.ledger import (
    NUMBERS_BELIEVED,
    KnownFinding,
    Ledger,
    State,
)
from architect_review.review.markers import OURS, finding_mark
from architect_review.review.signoff import decide

_LOGIN_LIMIT = 100
_IDS = 1_000_000
"""Comments of one second are in the order of their IDs."""

_NUMBERED = frozenset((Name.EXPLAIN, Name.DISMISS, Name.REOPEN, Name.ANSWER))
"""Commands that are about a finding or a question."""


@dataclass(frozen=True, slots=True)
class Heeded:
    """One command that was carried out: by whom, and the ID of the comment it is in.

    `fingerprint` is that of the finding whose thread it was said in, "" elsewhere. A
    plain reply that settles its thread's finding is a dismissal without a target. `at`
    is when it was written (ISO 8601), "" where that is not known.
    """

    id: int
    author: str
    command: Command
    fingerprint: str = ""
    at: str = ""

    @property
    def order(self) -> int:
        """Grows with time, also from a comment to a reply: their IDs do not."""
        try:
            written = int(datetime.fromisoformat(self.at).timestamp())
        except ValueError:
            return self.id
        return written * _IDS + self.id % _IDS


def events(conversation: Conversation) -> tuple[Heeded, ...]:
    """What was carried out, oldest first; of one comment's contradictions the last."""
    found: dict[tuple[int, str], Heeded] = {}
    for remark, fingerprint in _heeded(conversation):
        for event in read(remark, fingerprint):
            found[event.id, _slot(event)] = event
    return tuple(sorted(found.values(), key=lambda event: event.order))


def read(remark: Remark, fingerprint: str = "") -> tuple[Heeded, ...]:
    """What a comment commands, whoever may: the caller has checked that.

    `fingerprint` is that of the finding whose thread the comment replies in.
    """
    said = [each for each in commands(remark.body) if isinstance(each, Command)]
    if not said and fingerprint and means_dismissal(remark.body):
        reason = " ".join(remark.body.split())[:REASON_LIMIT]
        said = [Command(Name.DISMISS, text=reason)]
    return tuple(
        Heeded(int(remark.id), remark.author, each, fingerprint, remark.at)
        for each in said
    )


def stand(ledger: Ledger, conversation: Conversation) -> Ledger:
    """The ledger with everything that was carried out on the pull request.

    What is older than an entry's `event` no longer counts for that entry, so it does
    not matter how often this is done.
    """
    for event in events(conversation):
        ledger = heed(ledger, event)
    heeded = [remark for remark, _ in _heeded(conversation)]
    return decide(ledger, heeded, conversation)


def named(conversation: Conversation) -> tuple[int, int]:
    """The highest F and the highest Q number that a command was carried out for."""
    highest = {"F": 0, "Q": 0}
    for each in events(conversation):
        if each.command.name in _NUMBERED and each.command.target:
            letter, number = each.command.target[0], int(each.command.target[1:])
            if number < NUMBERS_BELIEVED:
                highest[letter] = max(highest[letter], number)
    return highest["F"], highest["Q"]


def heed(ledger: Ledger, event: Heeded) -> Ledger:
    """The ledger with one command carried out; the same where there is nothing to it.

    Commands that settle nothing, unknown numbers and comments that are older than what
    settled the matter leave it as it is; a lead's are for `signoff.decide`.
    """
    match event.command.name:
        case Name.DISMISS | Name.REOPEN:
            return _with_finding(ledger, event)
        case Name.ANSWER:
            return _with_answer(ledger, event)
        case Name.PAUSE | Name.RESUME if event.order > ledger.pause_event:
            is_pause = event.command.name is Name.PAUSE
            paused = event.author[:_LOGIN_LIMIT] if is_pause else ""
            update = {"paused": paused, "pause_event": event.order}
            return ledger.model_copy(update=update)
    return ledger


def _heeded(conversation: Conversation) -> Iterator[tuple[Remark, str]]:
    """Comments that count, each with the finding whose thread it is in."""
    for remark in conversation.comments:
        if _counts(remark):
            yield remark, ""
    for thread in conversation.threads:
        mark = finding_mark(thread)
        for remark in thread.remarks:
            if _counts(remark):
                yield remark, mark.fingerprint if mark else ""


def _counts(remark: Remark) -> bool:
    # Not `is_ours`: with a person's own token their commands are "ours" too.
    return (
        remark.is_heeded
        and not remark.is_edited
        and not remark.is_bot
        and not remark.body.lstrip().startswith(OURS)
        and remark.id.isdecimal()
    )


def _slot(event: Heeded) -> str:
    """What the command decides over, of which there can be one decision."""
    name = event.command.name
    if name in (Name.PAUSE, Name.RESUME):
        return "pause"
    if name in (Name.APPROVE, Name.REJECT):
        return "decision"
    return event.command.target or name.value


def _target(ledger: Ledger, event: Heeded) -> KnownFinding | None:
    target = event.command.target
    if target:
        return ledger.numbered_as(int(target.removeprefix("F")))
    return ledger.known(event.fingerprint)


def _with_finding(ledger: Ledger, event: Heeded) -> Ledger:
    target = _target(ledger, event)
    if target is None or event.order <= target.event:
        return ledger
    is_dismissal = event.command.name is Name.DISMISS
    settled = target.model_copy(
        update={
            "state": State.DISMISSED if is_dismissal else State.OPEN,
            "reason": event.command.text[:REASON_LIMIT] if is_dismissal else "",
            "by": event.author[:_LOGIN_LIMIT],
            "event": event.order,
        }
    )
    findings = tuple(
        settled if each.number == target.number else each for each in ledger.findings
    )
    return ledger.model_copy(update={"findings": findings})


def _with_answer(ledger: Ledger, event: Heeded) -> Ledger:
    number = int(event.command.target.removeprefix("Q"))
    update = {
        "answer": event.command.text,
        "by": event.author[:_LOGIN_LIMIT],
        "event": event.order,
    }
    questions = tuple(
        each.model_copy(update=update)
        if each.number == number and event.order > each.event
        else each
        for each in ledger.questions
    )
    return ledger.model_copy(update={"questions": questions})
