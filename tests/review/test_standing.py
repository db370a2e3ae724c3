"""What people settled is read back from what they said, once and in their order."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from architect_review.change.change import Conversation, Remark, Thread
from architect_review.request.commands import Command, Name
from architect_review.review.ledger import (
    KnownFinding,
    KnownQuestion,
    Ledger,
    State,
)
from architect_review.review.markers import finding_marker
from architect_review.review.memory import notices, recall
from architect_review.review.standing import Heeded, events, heed, stand
from architect_review.vocabulary import Severity
from builders import a_remark

LEDGER = Ledger(
    findings=tuple(
        KnownFinding(number=n, fingerprint=f"{n:016x}", severity=Severity.HIGH)
        for n in (1, 2, 3)
    ),
    questions=(KnownQuestion(number=2, fingerprint="c" * 16, text="How many?"),),
)


def a_command(number: int, body: str, **details: Any) -> Remark:
    """A comment of mona's that was carried out."""
    values = {"author": "mona", "is_ours": False, "is_heeded": True} | details
    return a_remark(body, id=str(number), **values)


def a_thread(fingerprint: str, number: int, *replies: Remark) -> Thread:
    ours = a_remark(f"{finding_marker(fingerprint, number, Severity.HIGH)}\n\n**F**")
    return Thread("x.py", 3, False, (ours, *replies))


def standing(*comments: Remark, threads: tuple[Thread, ...] = ()) -> Ledger:
    return stand(LEDGER, Conversation(comments=comments, threads=threads))


def state(ledger: Ledger, number: int) -> tuple[State, str, str]:
    found = ledger.numbered_as(number)
    assert found is not None
    return found.state, found.reason, found.by


def test_a_dismissal_that_was_carried_out_stands_with_its_reason() -> None:
    ledger = standing(a_command(5, "/architect dismiss F2 it is meant so"))

    assert state(ledger, 2) == (State.DISMISSED, "it is meant so", "mona")
    assert state(ledger, 1) == (State.OPEN, "", "")
    assert [each.number for each in ledger.open] == [1, 3]


def test_a_reopened_finding_is_open_and_the_older_dismissal_stays_dead() -> None:
    dismissal = a_command(5, "/architect dismiss F2 fine")
    again = a_command(6, "/architect reopen F2", author="ada")

    ledger = standing(again, dismissal)

    assert state(ledger, 2) == (State.OPEN, "", "ada")
    assert stand(ledger, Conversation(comments=(dismissal,))) == ledger


def test_what_nobody_carried_out_was_edited_or_is_a_bots_does_not_count() -> None:
    body = "/architect dismiss F2 fine"

    for details in ({"is_heeded": False}, {"is_edited": True}, {"is_bot": True}):
        assert standing(a_command(5, body, **details)) == LEDGER
    assert standing(a_command(5, f"<!-- architect-review:x -->\n{body}")) == LEDGER


def test_a_command_in_a_thread_and_one_beside_it_stand_in_the_order_of_time() -> None:
    # GitHub counts the IDs of the two kinds of comments apart.
    first = a_command(9_000, "/architect dismiss F1 fine", at="2026-02-01T09:00:00Z")
    then = a_command(20, "/architect reopen F1", at="2026-02-01T09:00:05Z")
    thread = a_thread(f"{1:016x}", 1, then)

    ledger = standing(first, threads=(thread,))

    assert state(ledger, 1)[0] is State.OPEN
    talk = Conversation(comments=(first,), threads=(thread,))
    assert [each.id for each in events(talk)] == [9_000, 20]


def test_a_plain_reply_that_means_a_dismissal_settles_its_threads_finding() -> None:
    reply = a_command(8, "By design: the caller\nholds the lock.")

    ledger = standing(threads=(a_thread(f"{3:016x}", 3, reply),))

    assert state(ledger, 3)[0] is State.DISMISSED
    assert state(ledger, 3)[1] == "By design: the caller holds the lock."


def test_the_same_words_outside_of_our_thread_settle_nothing() -> None:
    theirs = Thread("x.py", 3, False, (a_command(8, "By design."),))

    assert standing(a_command(7, "By design."), threads=(theirs,)) == LEDGER


def test_an_answer_stands_at_its_question() -> None:
    ledger = standing(
        a_command(5, "/architect answer Q2 about 40 a day"),
        a_command(6, "/architect answer Q9 nothing"),
    )

    (question,) = ledger.questions
    assert (question.answer, question.by) == ("about 40 a day", "mona")


def test_pause_and_resume_take_turns() -> None:
    pause, resume = (
        a_command(5, "/architect pause"),
        a_command(6, "/architect resume"),
    )

    assert standing(pause).paused == "mona"
    assert standing(pause, resume).paused == ""
    assert standing(resume, pause).paused == ""


def test_commands_that_settle_nothing_change_nothing() -> None:
    for name in (Name.HELP, Name.STATUS, Name.EXPLAIN, Name.REVIEW):
        assert heed(LEDGER, Heeded(5, "mona", Command(name, "F1"))) == LEDGER


BODIES = st.sampled_from(
    [
        "/architect dismiss F1 a",
        "/architect dismiss F1 b\n/architect pause",
        "/architect reopen F1",
        "/architect dismiss F2 c",
        "/architect reopen F2",
        "/architect answer Q2 many",
        "/architect answer Q2 few",
        "/architect pause",
        "/architect resume",
        "/architect dismiss F1 x\n/architect reopen F1",
        "thanks!",
    ]
)


@given(st.lists(BODIES, max_size=8), st.lists(st.integers(0, 8), max_size=4))
def test_it_does_not_matter_how_often_or_where_what_was_said_is_counted(
    bodies: list[str], stops: list[int]
) -> None:
    said = [a_command(10 + at, body) for at, body in enumerate(bodies)]
    whole = stand(LEDGER, Conversation(comments=tuple(said)))

    step = LEDGER
    for stop in (*sorted(stops), len(said)):
        step = stand(step, Conversation(comments=tuple(said[:stop])))

    assert step == whole
    assert stand(whole, Conversation(comments=tuple(said))) == whole
    # A comment that is deleted later loses nothing.
    assert stand(whole, Conversation(comments=tuple(said[::2]))) == whole


def test_a_lost_memory_is_rebuilt_from_threads_and_what_was_settled() -> None:
    talk = Conversation(
        comments=(a_command(5, "/architect dismiss F4 fine"),),
        threads=(a_thread("a" * 16, 4), a_thread("b" * 16, 5)),
    )

    ledger = recall(talk)

    assert state(ledger, 4) == (State.DISMISSED, "fine", "mona")
    assert state(ledger, 5)[0] is State.OPEN
    assert ledger.findings[0].path == "x.py"


def test_a_settled_entry_that_went_does_not_come_back_open() -> None:
    known = KnownFinding(number=9, fingerprint="e" * 16, severity=Severity.LOW)
    body = Ledger(findings=(known,)).encoded()
    talk = Conversation(comments=(a_remark(body),), threads=(a_thread("a" * 16, 4),))

    assert state(recall(talk), 4)[0] is State.FIXED


def test_broken_and_forged_memories_are_ignored_and_said() -> None:
    broken = a_remark("<!-- architect-review:summary v1 AAAA -->\n\n### Review")
    forged = a_remark(LEDGER.encoded(), author="mallory", is_ours=False)

    assert recall(Conversation(comments=(broken, forged))).findings == ()
    assert notices(Conversation(comments=(broken, forged))) == (
        "the summary's memory could not be read; it was rebuilt from the threads",
        "a comment by mallory looks like this action's summary; it was ignored",
    )
    assert notices(Conversation(comments=(a_remark(LEDGER.encoded()),))) == ()
