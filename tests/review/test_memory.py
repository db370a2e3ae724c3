"""Memory: what we said is read from our own comments and from nobody else's."""

import base64
import hashlib
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.change.change import Conversation, Thread
from architect_review.review.ledger import (
    SIZE_LIMIT,
    KnownFinding,
    KnownQuestion,
    Ledger,
    State,
    decode,
)
from architect_review.review.memory import (
    finding_marker,
    lead_marker,
    recall,
    review_marker,
    reviewed_heads,
    summary_comment,
)
from architect_review.review.telling import heard_by
from architect_review.vocabulary import Severity, Status, Verdict
from builders import HEAD, a_remark

FINDING = KnownFinding(number=3, fingerprint="a" * 16, severity=Severity.HIGH)
LEDGER = Ledger(
    head=HEAD, status=Status.REVIEWED, verdict=Verdict.FINDINGS, findings=(FINDING,)
)


def test_a_ledger_comes_back_as_it_was() -> None:
    assert decode(f"{LEDGER.encoded()}\n\n### Architect review") == LEDGER


def test_a_summary_of_somebody_else_is_not_ours() -> None:
    forged = a_remark(LEDGER.encoded(), author="mallory", is_ours=False)
    talk = Conversation(comments=(forged,))

    assert summary_comment(talk) is None
    assert recall(talk) == Ledger()


def test_a_marker_in_a_quotation_is_not_a_summary() -> None:
    quoted = a_remark(f"> {LEDGER.encoded()}\n\nwhy?")

    assert summary_comment(Conversation(comments=(quoted,))) is None


@pytest.mark.parametrize(
    "state",
    [
        "",
        "====",
        "AAAA",
        base64.b64encode(b"not compressed").decode(),
        base64.b64encode(zlib.compress(b"[]")).decode(),
        base64.b64encode(zlib.compress(b'{"version": 2}')).decode(),
        base64.b64encode(zlib.compress(b'{"version": 1, "rounds": -1}')).decode(),
        base64.b64encode(zlib.compress(b" " * 5_000_000 + b"{}")).decode(),
        "A" * (SIZE_LIMIT + 4),
    ],
)
def test_a_broken_state_is_no_state(state: str) -> None:
    assert decode(f"<!-- architect-review:summary v1 {state} -->") is None


@given(st.text(max_size=300))
def test_no_text_makes_reading_the_state_fail(text: str) -> None:
    decode(text)
    decode(f"<!-- architect-review:summary v1 {text} -->")


def test_a_ledger_never_grows_past_its_limit_and_keeps_the_newest() -> None:
    findings = tuple(
        KnownFinding(
            number=n,
            fingerprint=f"{n * 0x9E3779B97F4A7C15 % 2**64:016x}",
            severity=Severity.LOW,
        )
        for n in range(1, 5000)
    )

    encoded = LEDGER.model_copy(update={"findings": findings}).encoded()
    decoded = decode(encoded)

    assert len(encoded) < SIZE_LIMIT + 100
    assert decoded is not None
    assert decoded.last_number == 4999


def entries(*states: State) -> tuple[KnownFinding, ...]:
    """Findings that do not compress well, in these states over and over."""
    return tuple(
        KnownFinding(
            number=n,
            fingerprint=f"{n * 0x9E3779B97F4A7C15 % 2**64:016x}",
            severity=Severity.LOW,
            state=states[n % len(states)],
            title=f"{n * 0xD1B54A32D192ED03 % 2**64:x}",
        )
        for n in range(1, 600)
    )


def test_what_is_settled_goes_first_and_numbers_are_never_given_again() -> None:
    known = entries(State.OPEN, State.FIXED, State.DISMISSED)
    ledger = LEDGER.model_copy(update={"findings": known})

    decoded = decode(ledger.encoded())

    assert decoded is not None
    assert decoded.open == ledger.open
    fixed = [each for each in decoded.findings if each.state is State.FIXED]
    dismissed = [each for each in decoded.findings if each.state is State.DISMISSED]
    assert not fixed or len(dismissed) == 200
    assert decoded.last_number == 599


def test_what_was_reviewed_goes_before_an_open_finding_does() -> None:
    known = entries(State.OPEN)[:200]
    noise = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(250))
    seen = base64.b64encode(noise * 2).decode()
    ledger = LEDGER.model_copy(update={"findings": known, "reviewed": seen})

    decoded = decode(ledger.encoded())

    assert decoded is not None
    assert [each.number for each in decoded.open] == list(range(1, 201))
    assert decoded.reviewed in ("", seen)


WORDS = st.text(max_size=100).map(lambda text: text.encode("utf-8", "ignore").decode())


@settings(max_examples=20)
@given(
    st.lists(WORDS, max_size=60),
    st.integers(0, 400),
    st.integers(0, 400),
    st.integers(0, 2_000),
)
def test_no_ledger_grows_past_its_limit(
    words: list[str], findings: int, questions: int, told: int
) -> None:
    text = " ".join(words)
    keys = tuple(
        hashlib.sha256(f"{n}".encode()).hexdigest() for n in range(max(told, questions))
    )
    ledger = Ledger(
        findings=tuple(
            each.model_copy(update={"title": text[n : n + 100], "absent": text[:100]})
            for n, each in enumerate(entries(State.OPEN, State.DISMISSED)[:findings])
        ),
        questions=tuple(
            KnownQuestion(
                number=n,
                fingerprint=f"{n:016x}",
                text=text[n:][:500],
                answer=keys[n - 1],
            )
            for n in range(1, questions + 1)
        ),
        told=keys,
        major=keys[:told],
    )

    decoded = decode(ledger.encoded())

    assert decoded is not None
    assert decoded.last_number == ledger.last_number
    assert decoded.last_question == ledger.last_question


def test_findings_in_our_threads_count_as_said_when_the_summary_is_lost() -> None:
    body = f"{finding_marker('b' * 16, 5, Severity.HIGH)}\n\n**F5**"
    thread = Thread("x.py", 3, False, (a_remark(body), a_remark("no!", is_ours=False)))

    ledger = recall(Conversation(threads=(thread,)))

    assert ledger.last_number == 5
    known = ledger.known("b" * 16)
    assert known is not None
    assert known.is_posted


def a_thread(severity: Severity = Severity.HIGH, **details: Any) -> Thread:
    body = f"{finding_marker('b' * 16, 5, severity)}\n\n**F5**"
    return Thread("x.py", 3, False, (a_remark(body, **details),))


def test_what_somebody_wrote_into_a_findings_comment_gives_no_finding() -> None:
    threads = (a_thread(is_altered=True),)

    assert recall(Conversation(threads=threads)) == Ledger()


def test_what_somebody_wrote_into_a_findings_comment_makes_it_no_graver() -> None:
    known = KnownFinding(number=5, fingerprint="b" * 16, severity=Severity.LOW)
    summary = a_remark(Ledger(findings=(known,)).encoded())
    said, altered = (
        recall(Conversation(comments=(summary,), threads=(thread,)))
        for thread in (a_thread(), a_thread(is_altered=True))
    )

    assert [each.severity for each in said.findings] == [Severity.HIGH]
    assert [each.severity for each in altered.findings] == [Severity.LOW]
    assert altered.findings[0].is_posted


def edited(ledger: Ledger, *threads: Thread) -> Ledger:
    """What is remembered of a summary that somebody else edited."""
    summary = a_remark(ledger.encoded(), is_altered=True)
    return recall(Conversation(comments=(summary,), threads=threads))


def test_a_finding_that_somebody_took_out_of_the_summary_is_still_open() -> None:
    other = FINDING.model_copy(update={"number": 9})

    left = edited(LEDGER.model_copy(update={"findings": (other,)}), a_thread())

    assert [(each.number, each.state) for each in left.findings] == [
        (5, State.OPEN),
        (9, State.OPEN),
    ]


def test_what_somebody_wrote_into_the_summary_pauses_and_answers_nothing() -> None:
    late = 10**16
    question = KnownQuestion(
        number=1, fingerprint="c" * 16, text="How many?", answer="9", event=late
    )
    forged = {"paused": "mona", "pause_event": late, "questions": (question,)}

    found = edited(LEDGER.model_copy(update=forged))

    assert (found.paused, found.pause_event) == ("", 0)
    (asked,) = found.questions
    assert (asked.text, asked.answer, asked.event) == ("How many?", "", 0)


def test_a_forged_finding_marker_in_a_thread_is_ignored() -> None:
    body = finding_marker("b" * 16, 5, Severity.HIGH)
    thread = Thread("x.py", 3, False, (a_remark(body, is_ours=False),))

    assert recall(Conversation(threads=(thread,))) == Ledger()


def test_our_lead_comments_say_who_was_told_of_what() -> None:
    one, other = "database:0123456789abcdef", "ci-cd:model"
    first = a_remark(lead_marker((one,), ("Octocat", "o/team-")))
    second = a_remark(lead_marker((one, other), ("mona",)))
    old = a_remark(lead_marker(("security:model",)))
    forged = a_remark(lead_marker(("ai:model",), ("mona",)), is_ours=False)

    ledger = recall(Conversation(comments=(first, second, old, forged)))

    assert ledger.told == (one, other, "security:model")
    assert heard_by(ledger, one) == {"octocat", "o/team-", "mona"}
    assert heard_by(ledger, other) == {"mona"}
    assert heard_by(ledger, "security:model") == set()
    assert recall(Conversation(comments=(second,))) != ledger
    again = recall(
        Conversation(comments=(a_remark(ledger.encoded()), first, second, old))
    )
    assert again == ledger


def test_a_name_that_is_none_stands_in_no_marker() -> None:
    marker = lead_marker(("ci-cd:model",), ("a b", "x-->", "mona"))

    assert marker == "<!-- architect-review:lead v1 ci-cd:model for mona -->"


def test_reasons_in_our_lead_comments_count_as_told() -> None:
    keys = ("database:0123456789abcdef", "ci-cd:model")
    ours = a_remark(f"{lead_marker(keys)}\n\n@octocat")
    forged = a_remark(lead_marker(("security:model",)), is_ours=False)

    assert keys == recall(Conversation(comments=(ours, forged))).told


def test_a_review_says_which_commit_it_was_made_of() -> None:
    ours = a_remark(f"{review_marker(HEAD)}\n\n1 comment")
    forged = a_remark(review_marker("3" * 40), is_ours=False)

    assert frozenset({HEAD}) == reviewed_heads(Conversation(reviews=(ours, forged)))
