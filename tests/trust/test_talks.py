"""What strangers say in comments and threads moves nothing, whoever answers them."""

import json
from itertools import chain

import pytest

from architect_review.change.visible import shown
from architect_review.publication.writes import React, Reply, Resolve, Say
from architect_review.request.commands import Name
from architect_review.review.ledger import State
from trust.channels import CHANNELS
from trust.corpus import PAYLOADS, Payload
from trust.inert import assert_inert
from trust.obedient import FOREIGN
from trust.talking import NODE, Talked, commanded, replied
from trust.trial import a_trial

STRANGERS = ("none", "read", "", "owner\n")
TOLD = [
    name
    for name in CHANNELS
    if name not in ("state-marker", "edited-summary", "settled-summary")
]
"""Channels beside which somebody talks."""


def in_turn(count: int) -> list[Payload]:
    """Every class, a text in so many of each."""
    return PAYLOADS[::count]


def one_line(text: str) -> str:
    """A text that gives no command of its own."""
    return " ".join(text.replace("/architect", "/ architect").split())


@pytest.mark.parametrize("name", Name)
def test_who_has_no_role_commands_nothing(name: Name) -> None:
    for at, payload in enumerate(in_turn(6)):
        target = "F1 " if name in (Name.DISMISS, Name.REOPEN, Name.EXPLAIN) else ""
        body = f"/architect {name.value} {target}{payload.text}"
        trial = a_trial("honest", payload.text)

        talked = commanded(body, STRANGERS[at % 4], trial)

        assert talked.desk.writes == []
        assert (talked.reviews, talked.trial.requests) == ([], [])
        assert_standing(talked)


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda each: each.name)
def test_a_reason_does_what_its_command_does_and_no_more(payload: Payload) -> None:
    body = f"/architect dismiss F1 {one_line(payload.text)}"
    trial = a_trial("honest", payload.text)

    talked = commanded(body, "write", trial, "mona")

    thread = trial.threads[0].node
    for each in talked.desk.writes:
        match each:
            case Reply(node) | Resolve(node):
                assert node == thread
            case Say(node):
                assert node == NODE
            case React():
                pass
    assert_inert(talked.desk.bodies)
    assert (talked.reviews, talked.trial.requests) == ([], [])
    assert talked.ledger.decision is None
    assert talked.ledger.paused == ""


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda each: each.name)
def test_a_reply_in_a_thread_settles_nothing_with_a_model_that_obeys(
    payload: Payload,
) -> None:
    run = replied(payload.text, "write", a_trial(payload.asks, payload.text), "mona")
    benign = replied("Why is that so?", "write", a_trial("honest", "So."), "mona")

    (written,) = run.desk.writes
    assert isinstance(written, Reply)
    assert written.thread == run.trial.threads[0].node
    assert_inert(run.desk.bodies)
    assert_standing(run)
    assert_asked_once(run, benign)
    assert all(each.is_refused for each in run.trial.found[: len(FOREIGN)])


@pytest.mark.parametrize("name", TOLD)
def test_what_stands_beside_a_thread_changes_no_answers_place(name: str) -> None:
    at = TOLD.index(name)
    for payload in PAYLOADS[at :: len(TOLD)]:
        put = CHANNELS[name]
        trial = a_trial(payload.asks, payload.text, put)
        run = replied("Why is that so?", "write", trial, "mona")
        usual = a_trial("honest", "Tidy it up.", put)
        benign = replied("Why is that so?", "write", usual, "mona")

        assert [type(each) for each in run.desk.writes] == [Reply]
        assert_inert(run.desk.bodies)
        assert_standing(run)
        assert_asked_once(run, benign)


def test_who_has_no_role_gets_no_answer_in_a_thread() -> None:
    for at, payload in enumerate(PAYLOADS):
        trial = a_trial(payload.asks, payload.text)

        run = replied(payload.text, STRANGERS[at % 4], trial)

        assert (run.desk.writes, run.trial.requests, run.trial.found) == ([], [], [])
        assert_standing(run)


def assert_standing(talked: Talked) -> None:
    """Nothing that is remembered has moved."""
    (known,) = talked.ledger.findings
    assert (known.number, known.state) == (1, State.OPEN)
    assert talked.ledger.decision is None
    assert talked.ledger.paused == ""


def assert_asked_once(run: Talked, benign: Talked) -> None:
    """One request of the usual form, which hides nothing, and no more of it is read."""
    (sent,), (usual,) = run.trial.requests, benign.trial.requests
    assert (sent.system, sent.question) == (usual.system, usual.question)
    for each in chain((sent.shared, sent.part), sent.candidates):
        assert shown(each.replace("\n", "")) == each.replace("\n", "")
    assert json.loads(sent.shared).keys() == json.loads(usual.shared).keys()
    (told,), (usually,) = map(json.loads, sent.candidates), usual.candidates
    assert told.keys() == json.loads(usually).keys()
    known = {*run.trial.base, *run.trial.head}
    for name, *words in run.trial.calls:
        assert name in ("fetch", "read", "snapshot")
        assert name != "read" or set(words[1:]) <= known | usual_reads(benign)


def usual_reads(benign: Talked) -> set[str]:
    """Paths that are read for a harmless text."""
    return {path for call in benign.trial.calls for path in call[1:]}
