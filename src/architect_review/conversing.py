"""Answer replies in the threads of our findings: settle them, or ask the reviewer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from architect_review.change.change import Change, Remark, Thread
from architect_review.change.never_sent import REASON, NeverSent
from architect_review.change.redaction import redact_change, redact_text
from architect_review.evidence.lookups import Lookups
from architect_review.ports import Desk, Tools
from architect_review.preparation import policy_reader
from architect_review.prompt.request import ModelRequest
from architect_review.publication import replies
from architect_review.publication.writes import React, Reaction, Reply
from architect_review.report.parts import ReportUsage
from architect_review.report.report import Report
from architect_review.request import policy as policies
from architect_review.request.commands import REASON_LIMIT, Name
from architect_review.request.conversation import ThreadReply
from architect_review.request.dismissals import means_dismissal
from architect_review.request.permissions import Allowed
from architect_review.request.settings import NO_MODEL_KEY, Settings
from architect_review.review import signing, thread_talk
from architect_review.review.ledger import KnownFinding, State
from architect_review.review.markers import finding_mark
from architect_review.review.memory import recall
from architect_review.review.orders import Person
from architect_review.review.reply import Reply as Answered
from architect_review.review.reply import Usage
from architect_review.review.thread_talk import RawReplies
from architect_review.talking import ended, in_thread, numbered, opened, settled
from architect_review.vocabulary import Status

ANSWERS_LIMIT = 5
"""Replies of ours in one thread; whoever has more to discuss finds a person."""


@dataclass(frozen=True, slots=True)
class _Talk:
    """A reply, the thread of ours that it is in, and the finding it is about."""

    change: Change
    thread: Thread
    remark: Remark
    finding: KnownFinding


def converse(
    asked: ThreadReply,
    inputs: Mapping[str, str],
    pins: Mapping[str, str],
    desk: Desk,
    tools: Tools,
) -> Report:
    """Answer one reply, or leave it. Raises ArchitectError if it cannot."""

    def done(why: str) -> Report:
        return ended(Status.SKIPPED, why, asked.repository, asked.number, tools)

    found, policy = opened(desk, inputs)
    talk = _talk(asked, found.change)
    if isinstance(talk, str):
        return done(talk)
    nobody = signing.signer(
        asked.author, "none", policy, lambda *_: None, is_author=asked.is_author
    )
    person = Person(
        asked.author,
        desk.role(asked.author),
        asked.is_author,
        nobody.is_lead,
        policy.settings.author_may,
    )
    if means_dismissal(asked.body) and isinstance(person.may(Name.DISMISS), Allowed):
        return done(_dismissed(talk, asked, desk))
    if not isinstance(person.may(Name.EXPLAIN), Allowed):
        return done(f"{asked.author} is not answered here (role: {person.role})")
    if talk.thread.path in NeverSent(policy.settings.never_send):
        return done(f"the reply is not answered: {talk.thread.path} is {REASON}")
    if not policy.settings.has_model:
        return done(f"{NO_MODEL_KEY}: the reply is not answered")
    if replies.answers(talk.thread.remarks) >= ANSWERS_LIMIT:
        return done(f"{ANSWERS_LIMIT} replies were made in this thread already")
    return _answered(talk, asked, inputs, pins, desk, tools)


def _answered(
    talk: _Talk,
    asked: ThreadReply,
    inputs: Mapping[str, str],
    pins: Mapping[str, str],
    desk: Desk,
    tools: Tools,
) -> Report:
    """Ask the reviewer, and say in the thread what it answers."""
    about = asked.repository, asked.number, tools
    prepared = _prepared(asked, inputs, pins, tools)
    if prepared is None or not talk.thread.can_reply:
        why = "the reply, or the right to answer it, is gone"
        return ended(Status.SKIPPED, why, *about)
    question, change, settings = prepared
    tools.progress.step("asking the reviewer")
    look = Lookups(
        lambda: tools.source.snapshot(change.base_sha),
        lambda: tools.source.snapshot(change.head_sha),
        NeverSent.of(settings.never_send, change),
    )
    answers = tools.reviewer(settings).review([question], look)
    why, status = _said(talk, asked, answers, change, desk)
    return ended(
        status,
        why,
        *about,
        fail_on=settings.fail_on,
        agent=question.agent,
        model=question.model,
        usage=ReportUsage.of(sum((each.usage for each in answers), Usage())),
    )


def _talk(asked: ThreadReply, change: Change) -> _Talk | str:
    """What the reply is about; or why it is left alone."""
    thread = in_thread(change, asked.in_reply_to)
    mark = finding_mark(thread) if thread else None
    if thread is None or mark is None:
        return "the thread is not about a finding of this action"
    remark = numbered(thread.remarks, asked.comment.id)
    if remark is None:
        cut = ", or its thread is too long to be read" if thread.is_cut else ""
        return f"the reply was deleted meanwhile{cut}"
    if remark.is_edited:
        return "the reply was edited meanwhile"
    if remark.is_heeded or replies.is_answered(thread.remarks, asked.comment.id):
        return "the reply was answered already"
    finding = recall(change.conversation).known(mark.fingerprint)
    if finding is None:
        return "the finding is not remembered any more"
    return _Talk(change, thread, remark, finding)


def _dismissed(talk: _Talk, asked: ThreadReply, desk: Desk) -> str:
    """Settle the finding; returns what was done. Our 🚀 is the record of it."""
    name, finding = f"F{talk.finding.number}", talk.finding
    if finding.state is not State.OPEN:
        return f"{name} is {finding.state.value} already"
    reason = " ".join(talk.remark.body.split())[:REASON_LIMIT]
    acknowledged = settled(
        talk.thread,
        asked.comment.id,
        Name.DISMISS,
        asked.author,
        reason,
        is_said=False,
    )
    desk.close([*acknowledged, React(talk.remark.node, Reaction.ROCKET)])
    return f"{asked.author} dismissed {name}"


def _prepared(
    asked: ThreadReply, inputs: Mapping[str, str], pins: Mapping[str, str], tools: Tools
) -> tuple[ModelRequest[RawReplies], Change, Settings] | None:
    """What to ask, of which change, under which settings; None: the reply is gone."""
    tools.progress.step("reading the change")
    change = redact_change(tools.source.fetch(policies.wanted(inputs)))
    thread = in_thread(change, asked.in_reply_to)
    remark = numbered(thread.remarks, asked.comment.id) if thread else None
    if thread is None or remark is None:
        return None
    policy = policies.load(inputs, policy_reader(change, tools.source), pins)
    never = NeverSent.of(policy.settings.never_send, change)
    texts = never.texts(tools.source.read(change.head_sha, [thread.path]))
    head = redact_text(texts.get(thread.path, ""))
    sent = never.change(change)
    question = thread_talk.request(thread, remark, sent, head, policy)
    return question, change, policy.settings


def _said(
    talk: _Talk,
    asked: ThreadReply,
    answers: Sequence[Answered[RawReplies]],
    change: Change,
    desk: Desk,
) -> tuple[str, Status]:
    """Say in the thread what the reviewer answers; returns what was done."""
    answer = thread_talk.said(answers)
    if answer is None:
        failures = [each.failure for each in answers if each.failure]
        if failures:
            return f"no answer: {failures[0].detail}", Status.FAILED
        return "the reply needs no answer", Status.SKIPPED
    number = talk.finding.number
    body = replies.to_reply(
        asked.comment.id, answer.text, number, change, withdraws=answer.withdraw
    )
    desk.close([Reply(talk.thread.node, body)])
    return f"{asked.author} was answered about F{number}", Status.SKIPPED
