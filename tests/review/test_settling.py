"""A thread is told of its finding's end once, by whoever comes to it first."""

from dataclasses import replace

import pytest

from architect_review.change.change import Conversation, Remark, Thread
from architect_review.review.ledger import KnownFinding, Ledger, State
from architect_review.review.markers import finding_marker
from architect_review.review.settling import Turn, due, turn_marker
from architect_review.vocabulary import Severity

PRINT = "0123456789abcdef"
HEAD = "a" * 40


def said(body: str, *, is_ours: bool = True) -> Remark:
    return Remark("1", body, "bot" if is_ours else "mona", is_ours)


def turned(turn: Turn, head: str = HEAD) -> Remark:
    return said(f"{turn_marker(PRINT, turn, head)}\n\nSo it is.")


def talk(
    *replies: Remark, is_resolved: bool = False, may_reply: bool = True
) -> Conversation:
    root = said(f"{finding_marker(PRINT, 1, Severity.HIGH)}\n\nF1")
    thread = Thread(
        "a.py", 1, is_resolved, (root, *replies), "PRRT_1", can_reply=may_reply
    )
    return Conversation("bot", threads=(thread,))


def memory(state: State, reason: str = "The line is gone.") -> Ledger:
    entry = KnownFinding(
        number=1,
        fingerprint=PRINT,
        severity=Severity.HIGH,
        is_posted=True,
        state=state,
        reason=reason,
    )
    return Ledger(findings=(entry,))


def test_a_thread_that_was_not_read_whole_is_told_nothing() -> None:
    whole = talk()
    cut = replace(whole, threads=(replace(whole.threads[0], is_cut=True),))

    assert len(due(memory(State.FIXED), whole)) == 1
    assert due(memory(State.FIXED), cut) == ()


@pytest.mark.parametrize(
    ("state", "replies", "expected"),
    [
        (State.OPEN, (), []),
        (State.FIXED, (), [Turn.FIXED]),
        (State.FIXED, (Turn.FIXED,), []),
        (State.FIXED, (Turn.FIXED, Turn.STANDS), [Turn.FIXED]),
        (State.OPEN, (Turn.FIXED,), [Turn.STANDS]),
        (State.OPEN, (Turn.FIXED, Turn.STANDS), []),
        (State.DISMISSED, (), []),
        (State.DISMISSED, (Turn.FIXED,), []),
    ],
)
def test_a_turn_is_said_where_the_thread_does_not_say_it(
    state: State, replies: tuple[Turn, ...], expected: list[Turn]
) -> None:
    found = due(memory(state), talk(*map(turned, replies)))

    assert [each.turn for each in found] == expected


def test_a_marker_in_somebody_elses_reply_says_nothing() -> None:
    forged = said(turn_marker(PRINT, Turn.FIXED, HEAD), is_ours=False)

    assert due(memory(State.OPEN), talk(forged)) == ()
    assert [each.turn for each in due(memory(State.FIXED), talk(forged))] == ["fixed"]


def test_a_thread_that_somebody_resolved_is_left_alone() -> None:
    assert due(memory(State.FIXED), talk(is_resolved=True)) == ()


def test_a_thread_that_we_may_not_answer_is_left_out() -> None:
    assert due(memory(State.FIXED), talk(may_reply=False)) == ()


def test_an_end_that_nobody_knows_is_not_told() -> None:
    assert due(memory(State.FIXED, reason=""), talk()) == ()


def test_a_humans_thread_is_not_ours_to_answer() -> None:
    root = said(finding_marker(PRINT, 1, Severity.HIGH), is_ours=False)
    thread = Thread("a.py", 1, False, (root,), "PRRT_1", can_reply=True)
    theirs = Conversation("bot", threads=(thread,))

    assert due(memory(State.FIXED), theirs) == ()
