"""What is said to people who command or reply, as Markdown.

Every one of these comments begins with a marker that names the comment it answers, so
that a run that is repeated finds its answer.
"""

from collections.abc import Iterable

from architect_review.change.change import Change, Remark, Thread
from architect_review.publication.markdown import Markdown, link
from architect_review.publication.places import Places
from architect_review.publication.rendering import render
from architect_review.request.commands import PREFIX, USAGE, Command, Name
from architect_review.request.permissions import Allowed
from architect_review.review.ledger import KnownFinding, State
from architect_review.review.markers import finding_mark
from architect_review.review.memory import summary_comment
from architect_review.review.orders import Carried, End, Outcome, Person
from architect_review.review.signoff import sign
from architect_review.vocabulary import Status

_MARKER = "<!-- architect-review:reply v1 "
_SAID_BY_REACTION = frozenset(
    (
        Name.DISMISS,
        Name.REOPEN,
        Name.ANSWER,
        Name.APPROVE,
        Name.REJECT,
        Name.PAUSE,
        Name.RESUME,
        Name.REVIEW,
    )
)
"""Commands of which a reaction says all there is to say, when they were done."""


def is_answered(remarks: Iterable[Remark], comment: int) -> bool:
    """Whether one of these remarks is our reply to a comment."""
    return any(
        each.is_ours and each.body.lstrip().startswith(f"{_MARKER}{comment} ")
        for each in remarks
    )


def answers(remarks: Iterable[Remark]) -> int:
    """How many of these remarks are replies of ours."""
    return sum(
        each.is_ours and each.body.lstrip().startswith(_MARKER) for each in remarks
    )


def thread_of(change: Change, finding: KnownFinding) -> Thread | None:
    """The thread of ours that a finding has."""
    for thread in change.conversation.threads:
        mark = finding_mark(thread)
        if mark is not None and mark.fingerprint == finding.fingerprint:
            return thread
    return None


def to_commands(
    comment: int, carried: Carried, person: Person, change: Change, *, is_gated: bool
) -> Markdown | None:
    """The answer to a comment's commands; None when a reaction says it all.

    `is_gated`: a major change waits for the lead's sign-off.
    """
    outcomes = carried.outcomes
    told = [each for each in outcomes if not _is_silent(each)]
    if not told:
        return None
    ledger = carried.ledger
    mine = [USAGE[name] for name in Name if isinstance(person.may(name), Allowed)]
    return _marked(
        comment,
        render(
            "reply.md.j2",
            links=Places(change).links,
            outcomes=outcomes,
            line=_line,
            ledger=ledger,
            signed=sign(ledger).description if is_gated and ledger.head else "",
            change=change,
            place=Places(change).place,
            explained=lambda finding: _explained(change, finding),
            link=link,
            usages=mine,
            every=len(Name),
            End=End,
            Name=Name,
            State=State,
            Status=Status,
        ),
    )


def settled(comment: int, name: Name, by: str, reason: str) -> Markdown:
    """The line in a finding's thread that says what became of it, and by whom."""
    values = {"name": name, "by": by, "reason": reason, "Name": Name}
    return _marked(comment, render("reply-settled.md.j2", links=_nowhere, **values))


def to_reply(
    comment: int, text: str, number: int, change: Change, *, withdraws: bool
) -> Markdown:
    """The reviewer's answer in a finding's thread."""
    links = Places(change).links
    values = {"text": text, "number": number, "withdraws": withdraws}
    return _marked(comment, render("reply-thread.md.j2", links=links, **values))


def on_review(comment: int, *, why: str = "", head: str = "") -> Markdown:
    """Why a review that was asked for did not come about, or that its head is newer."""
    values = {"failed": bool(why), "why": why, "head": head}
    return _marked(comment, render("reply-review.md.j2", links=_nowhere, **values))


def _marked(comment: int, body: Markdown) -> Markdown:
    return Markdown(f"{_MARKER}{comment} -->\n\n{body}")


def _nowhere(href: str) -> bool:
    return False


def _is_silent(outcome: Outcome) -> bool:
    return outcome.end is End.DONE and outcome.name in _SAID_BY_REACTION


def _line(outcome: Outcome) -> str:
    """A command as it is named in an answer to several."""
    reading = outcome.reading
    if not isinstance(reading, Command):
        return reading.line or PREFIX
    return f"{PREFIX} {reading.name.value} {reading.target}".rstrip()


def _explained(change: Change, finding: KnownFinding) -> str:
    """Where a finding was said: its thread, else the summary, else ""."""
    thread = thread_of(change, finding)
    if thread is not None:
        return thread.remarks[0].url
    summary = summary_comment(change.conversation)
    return summary.url if summary else ""
