"""Carry out what people command in comments, and answer them."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from architect_review.change.change import Change, Remark, Thread
from architect_review.errors import ArchitectError, PublishError, SettingsError
from architect_review.ports import Desk, Opened, Tools
from architect_review.publication import replies
from architect_review.publication.markdown import Markdown
from architect_review.publication.writes import (
    React,
    Reaction,
    Reply,
    Say,
    Write,
)
from architect_review.report.report import Report
from architect_review.request.commands import Command, Name
from architect_review.request.conversation import Commanded
from architect_review.request.events import PullRequestReview, as_review
from architect_review.request.permissions import Refused, Silent
from architect_review.request.policy import Policy
from architect_review.review import signing
from architect_review.review.ledger import Ledger
from architect_review.review.markers import finding_mark
from architect_review.review.memory import recall
from architect_review.review.orders import Carried, Person, carry_out
from architect_review.review.signing import Signer
from architect_review.talking import ended, in_thread, numbered, opened, settled
from architect_review.vocabulary import Status

Review = Callable[[PullRequestReview], Report]
"""Makes a review and says it; the caller has checked who asks."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A comment with commands, the pull request it is on, and who wrote it."""

    asked: Commanded
    opened: Opened
    policy: Policy
    signer: Signer
    ledger: Ledger
    remark: Remark
    """The comment as it stands now."""

    @property
    def change(self) -> Change:
        return self.opened.change

    @property
    def person(self) -> Person:
        may = self.policy.settings.author_may
        who = self.signer
        return Person(who.login, who.role, who.is_author, who.is_lead, may)

    @property
    def signs_again(self) -> bool:
        """Whether this is a sign-off that counts, and whose status may be missing."""
        signed = _signs(self.asked) and self.policy.settings.lead_gate
        return signed and self.remark.is_heeded

    @property
    def thread(self) -> Thread | None:
        """The review thread that the comment is in, if it is in one."""
        return in_thread(self.change, self.asked.thread)


def command(
    asked: Commanded,
    inputs: Mapping[str, str],
    desk: Desk,
    tools: Tools,
    review: Review,
) -> Report:
    """Carry out the commands of one comment. Raises ArchitectError if it cannot.

    Who has no role here gets no answer at all. Without `review` at most three requests
    are made, and a fourth for somebody in a team of leads.
    """
    tools.progress.step(f"asking for the role of {asked.asked_by}")
    role = desk.role(asked.asked_by)
    case = _opened(asked, role, inputs, desk, tools)
    why = case if isinstance(case, str) else _void(case)
    if isinstance(case, _Case) and case.signs_again:
        why = "; ".join(filter(None, (why, desk.settle())))
    if isinstance(case, str) or why:
        return ended(Status.SKIPPED, why, asked.repository, asked.number, tools)
    carried = _carried(case)
    wants_review = bool(carried.done(Name.REVIEW))
    writes = _writes(case, carried)
    if not wants_review or not carried.is_whole or carried.settles:
        # A review reads from the reactions what is settled.
        writes.append(_reaction(case, is_done=carried.is_whole))
    desk.close(writes)
    told = _told(carried, asked)
    if carried.settles and (carried.done(Name.APPROVE) or carried.done(Name.REJECT)):
        told = "; ".join(filter(None, (told, desk.settle())))
    if wants_review:
        return _reviewed(case, desk, tools, review)
    return ended(Status.SKIPPED, told, asked.repository, asked.number, tools)


def _opened(
    asked: Commanded, role: str, inputs: Mapping[str, str], desk: Desk, tools: Tools
) -> _Case | str:
    """The pull request, with our 👀 on the comment; or why nobody is answered."""
    stranger = Person(asked.asked_by, role, asked.is_author)
    is_stranger = isinstance(stranger.may(Name.STATUS), Silent)
    tools.progress.step(f"reading {asked.repository}#{asked.number}")
    # A lead without a role is answered, and only the base branch names them.
    try:
        found, policy = _greeted(asked, inputs, desk, is_silent=is_stranger)
    except PublishError as error:
        if not asked.is_fork:
            raise
        return f"{error}; a fork's token is read-only on its diff: comment below it"
    who = signing.signer(
        asked.asked_by,
        role,
        policy,
        desk.is_member if _signs(asked) else _not_asked,
        is_author=asked.is_author,
    )
    if is_stranger and not who.is_lead:
        return f"{asked.asked_by} may not command here (role: {role})"
    thread = in_thread(found.change, asked.thread)
    said = thread.remarks if thread else found.change.conversation.comments
    remark = numbered(said, asked.comment.id)
    if remark is None:
        return _unfound(thread, found.change)
    ledger = recall(found.change.conversation)
    return _Case(asked, found, policy, who, ledger, remark)


def _unfound(thread: Thread | None, change: Change) -> str:
    """Why a comment is not among those that were read."""
    if thread.is_cut if thread else change.conversation.is_cut:
        what = "thread is too long" if thread else "pull request has too many comments"
        return f"the {what} to be read to its end, or the comment was deleted meanwhile"
    return "the comment was deleted meanwhile"


def _greeted(
    asked: Commanded, inputs: Mapping[str, str], desk: Desk, *, is_silent: bool
) -> tuple[Opened, Policy]:
    try:
        return opened(desk, inputs, None if is_silent else asked.comment)
    except SettingsError:
        if asked.comment.node and not is_silent:
            # The job says why; whoever waits for an answer sees that there is none.
            with suppress(ArchitectError):
                desk.close([React(asked.comment.node, Reaction.CONFUSED)])
        raise


def _signs(asked: Commanded) -> bool:
    return any(
        isinstance(each, Command) and each.name in (Name.APPROVE, Name.REJECT)
        for each in asked.commands
    )


def _not_asked(team: str, login: str) -> bool | None:
    return None


def _void(case: _Case) -> str:
    """Why the comment is not carried out (again), "" when it is to be."""
    if case.remark.is_heeded:
        return "the comment was carried out already"
    if case.remark.is_edited:
        return "the comment was edited meanwhile; write a new one"
    return ""


def _carried(case: _Case) -> Carried:
    """What becomes of each command."""

    def sign(given: Command, ledger: Ledger) -> str:
        answer = signing.by_command(
            case.asked,
            given,
            case.signer,
            ledger,
            case.change,
            case.policy,
        )
        if isinstance(answer, Refused):
            return answer.reason
        return "this is for the project lead" if isinstance(answer, Silent) else ""

    mark = finding_mark(case.thread) if case.thread else None
    return carry_out(
        case.asked.commands,
        case.ledger,
        case.person,
        case.remark,
        sign,
        mark.fingerprint if mark else "",
    )


def _writes(case: _Case, carried: Carried) -> list[Write]:
    """The answer, and in each settled finding's thread what became of it."""
    writes: list[Write] = []
    number, here = case.asked.comment.id, case.thread
    answer = replies.to_commands(
        number,
        carried,
        case.person,
        case.change,
        is_gated=case.policy.settings.lead_gate,
    )
    if answer is not None:
        writes += _say(case, answer)
    if not carried.is_whole:
        return writes
    for each in (*carried.done(Name.DISMISS), *carried.done(Name.REOPEN)):
        if each.finding is None or not isinstance(each.reading, Command):
            continue
        thread = replies.thread_of(case.change, each.finding)
        if thread is None:
            continue
        writes += settled(
            thread,
            number,
            each.reading.name,
            case.person.login,
            each.reading.text,
            is_said=answer is not None and thread == here,
        )
    return writes


def _say(case: _Case, body: Markdown) -> list[Write]:
    """An answer where the comment stands, once."""
    thread = case.thread
    said = thread.remarks if thread else case.change.conversation.comments
    if replies.is_answered(said, case.asked.comment.id):
        return []
    if thread and thread.can_reply:
        return [Reply(thread.node, body)]
    return [Say(case.opened.node, body)]


def _reaction(case: _Case, *, is_done: bool) -> React:
    return React(case.remark.node, Reaction.ROCKET if is_done else Reaction.CONFUSED)


def _reviewed(case: _Case, desk: Desk, tools: Tools, review: Review) -> Report:
    """Make the review that was asked for, and say on the comment how it went."""
    request = as_review(case.asked)
    try:
        report = review(request)
    except ArchitectError as error:
        _tell(case, desk, tools, str(error))
        raise
    is_made = report.status not in (Status.FAILED, Status.SKIPPED)
    _tell(case, desk, tools, "" if is_made else report.why or report.status.value)
    return report


def _tell(case: _Case, desk: Desk, tools: Tools, why: str) -> None:
    """React to the comment; a failure to do so costs no review."""
    number = case.asked.comment.id
    writes: list[Write] = []
    if why:
        writes += _say(case, replies.on_review(number, why=why))
    elif _has_moved(case):
        note = replies.on_review(number, head=case.change.head_sha)
        writes += _say(case, note)
    try:
        desk.close([*writes, _reaction(case, is_done=not why)])
    except ArchitectError as error:
        tools.progress.step(f"the comment could not be answered: {error}")


def _has_moved(case: _Case) -> bool:
    """Whether the head is newer than the comment, as far as can be told."""
    asked, opened = case.asked, case.opened
    if asked.head_sha:
        return asked.head_sha != opened.change.head_sha
    return bool(asked.asked_at) and opened.committed_at > asked.asked_at


def _told(carried: Carried, asked: Commanded) -> str:
    """What a run did that made no review, in one line."""
    said = [
        f"`{each.name.value if each.name else '?'}` {each.end.value}"
        f"{f' ({each.problem})' if each.problem else ''}"
        for each in carried.outcomes
    ]
    return f"{asked.asked_by} commanded: {'; '.join(said)}"
