"""Everything that can go wrong at an endpoint, and what becomes of it, in one table."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.asking_claude import (
    KEY,
    QUICK,
    SCHEMA_REFUSED,
    TOOLS_REFUSED,
    a_finding,
    a_request,
    about,
    ask,
    failure,
    seconds,
    titles,
)
from architect_review.adapters.anthropic.form import Form
from architect_review.review.reply import Reply
from standin.messages import EMPTY_ANSWER
from standin.model import Model

COUNT = 8
FINDINGS = [a_finding(f"finding {number}") for number in range(COUNT)]
ANSWER = EMPTY_ANSWER | {"findings": FINDINGS, "overview": "A queue."}
LIMIT = {"error_code": "enforced_spend_limit_reached"}
FULL = "model_context_window_exceeded"
HOUR = {"retry-after": "3600"}
SOON = {"retry-after": "0.01"}
YEARS = {"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"}
PAST = {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}
SHARED = json.dumps({"title": "x" * 30_000})


@dataclass(frozen=True)
class Fault:
    """A fault, how the request ends (`ok` or a kind), calls made, prompts paid for.

    `once` is met by the first call only, `always` by every one. `findings` are those
    that come with the reply, `said` stands in its failure or its notes.
    """

    name: str
    ends: str
    calls: int
    paid: int
    findings: int
    said: str = ""
    once: dict[str, Any] = field(default_factory=dict)
    always: dict[str, Any] = field(default_factory=dict)
    answer: Any = None
    time: float = 60.0


def once(
    name: str, ends: str, calls: int, paid: int, findings: int,
    said: str = "", **fault: Any,
) -> Fault:  # fmt: skip
    return Fault(f"{name}, once", ends, calls, paid, findings, said, once=fault)


def always(
    name: str, ends: str, calls: int, paid: int, findings: int,
    said: str = "", time: float = 60, **fault: Any,
) -> Fault:  # fmt: skip
    return Fault(name, ends, calls, paid, findings, said, always=fault, time=time)


def answering(
    name: str, ends: str, calls: int, paid: int, findings: int, said: str, answer: Any
) -> Fault:
    return Fault(name, ends, calls, paid, findings, said, answer=answer)


AGAIN = "Asked again: "
PLAIN = "written into the question"
BROKE = "of an answer that broke off were used"
FAULTS = [
    # What the model says.                              calls, paid, findings
    always("refusal", "refused", 1, 1, 0, stop_reason="refusal", said="cyber"),
    always("max_tokens", "truncated", 1, 1, 4, stop_reason="max_tokens", said=BROKE),
    always("max_tokens, nothing written", "truncated", 1, 1, 0, keep=0,
           stop_reason="max_tokens", said="fewer files"),
    always("context full", "truncated", 1, 1, 4, stop_reason=FULL, said=BROKE),
    always("context full, nothing written", "truncated", 1, 1, 0, keep=0,
           stop_reason=FULL, said="fewer files"),
    always("fence", "ok", 1, 1, COUNT, fence=True),
    always("prose before the JSON", "ok", 1, 1, COUNT, prose="Here {as asked}: {} "),
    always("ignores the schema", "ok", 2, 2, COUNT, ignore_schema=True, said=PLAIN),
    always("refuses the schema", "ok", 2, 1, COUNT, refuse_schema=SCHEMA_REFUSED,
           said=PLAIN),
    always("refuses tools", "ok", 2, 1, COUNT, refuse_tools=TOOLS_REFUSED,
           said="sent as plain text"),
    always("calls the tool", "ok", 2, 2, COUNT, call_tool=True, said="sent as text"),
    answering("prose only", "invalid", 2, 2, 0, answer="No.", said="not a review"),
    answering("one finding unreadable", "ok", 1, 1, 1, said="1 finding of the reply",
              answer=ANSWER | {"findings": [{}, FINDINGS[0]]}),
    answering("no finding readable", "invalid", 2, 2, 0, said="not a review",
              answer=ANSWER | {"findings": [{}, {}]}),
    # Replies that break off.
    once("drop before a reply", "ok", 2, 1, COUNT, drop_before=True),
    always("drop before a reply", "unavailable", 3, 0, 0, drop_before=True,
           said="could not be reached"),
    once("drop after an event", "ok", 2, 2, COUNT, drop_after=1, said=AGAIN),
    once("drop in the middle", "ok", 2, 2, COUNT, drop_after=5, said=AGAIN),
    always("drop in the middle", "unavailable", 3, 3, 4, drop_after=5, said=BROKE),
    always("drop after an event", "unavailable", 3, 3, 0, drop_after=1,
           said="Tried 3 times"),
    once("overload in the middle", "ok", 2, 2, COUNT, said="overloaded_error",
         error_event="overloaded_error"),
    always("overload in the middle", "unavailable", 3, 3, 2, said=BROKE,
           error_event="overloaded_error"),
    always("error in the middle that stays", "rejected", 1, 1, 2, said=BROKE,
           error_event="permission_error"),
    always("end without its last events", "ok", 1, 1, COUNT, silent_end=True),
    always("stall", "deadline", 1, 1, 2, stall=True, time=0.3, said=BROKE),
    always("pings without end", "deadline", 1, 1, 2, pings=True, time=0.3, said=BROKE),
    # Replies that are none.
    once("web page", "ok", 2, 1, COUNT, html=True, said="text/html"),
    always("web page", "unavailable", 3, 0, 0, html=True, said="base URL"),
    once("JSON instead of a stream", "ok", 2, 1, COUNT, plain=True, said=AGAIN),
    always("JSON instead of a stream", "unavailable", 3, 0, 0, plain=True,
           said="application/json"),
    always("text without end", "invalid", 1, 1, 0, endless="word " * 20_000,
           said="far more"),
    always("compressed bomb", "unavailable", 3, 0, 0, bomb=True, said="compressed"),
    # Refusals.
    always("400", "rejected", 1, 0, 0, status=400, said="refused the request"),
    always("401", "rejected", 1, 0, 0, status=401, said="did not accept the key"),
    always("402", "rejected", 1, 0, 0, status=402, said="credit"),
    always("403", "rejected", 1, 0, 0, status=403, said="another key"),
    always("404", "rejected", 1, 0, 0, status=404,
           said="does not know the model claude-sonnet-5-5"),
    always("413", "rejected", 1, 0, 0, status=413, said="fewer files"),
    always("418", "rejected", 1, 0, 0, status=418, said="refused the request"),
    always("prompt too long", "rejected", 1, 0, 0, most_tokens=9, said="fewer files"),
    always("spend limit", "rejected", 1, 0, 0, status=429, details=LIMIT,
           said="spend limit"),
    once("500", "ok", 2, 1, COUNT, status=500, headers=QUICK),
    always("500", "unavailable", 3, 0, 0, status=500, headers=QUICK, said="later"),
    *(
        fault
        for status in (429, 529)
        for fault in (
            once(f"{status}", "ok", 2, 1, COUNT, status=status),
            once(f"{status}, retry-after", "ok", 2, 1, COUNT, status=status,
                 headers=SOON),
            always(f"{status}", "unavailable", 3, 0, 0, status=status, said="later"),
            always(f"{status}, retry-after", "unavailable", 3, 0, 0, status=status,
                   headers=SOON, said="later"),
            always(f"{status}, retry-after an hour", "unavailable", 1, 0, 0,
                   status=status, headers=HOUR, said="later"),
            always(f"{status}, retry-after a date far off", "unavailable", 1, 0, 0,
                   status=status, headers=YEARS, said="later"),
        )
    ),
    once("429, retry-after a date past", "ok", 2, 1, COUNT, status=429, headers=PAST),
]  # fmt: skip


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(lambda request: ANSWER, key=KEY) as running:
        yield running


def prompt_tokens(reply: Reply[Any]) -> int:
    usage = reply.usage
    return usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_has_a_known_end(model: Model, fault: Fault) -> None:
    request = a_request(shared=SHARED)
    one = model.cache.length(Form().parameters(request, 1))
    if fault.answer is not None:
        model.answer = lambda request: fault.answer
    model.always(**fault.always)
    if fault.once:
        model.next(**fault.once)
    reply = ask(model, request, deadline=seconds(fault.time))
    assert (reply.failure.kind if reply.failure else "ok") == fault.ends
    assert len(model.requests) == fault.calls
    assert round(prompt_tokens(reply) / one) == fault.paid
    assert bool(reply.usage.cost_usd) == bool(fault.paid)
    assert titles(reply) == [f"finding {n}" for n in range(fault.findings)]
    assert fault.said in " ".join([str(reply.failure), *reply.notes])
    assert KEY not in repr(reply)


def test_every_row_of_the_table_is_another_fault() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names)


def test_a_date_to_come_again_is_waited_for(model: Model) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    model.next(status=429, headers={"retry-after": date})
    assert titles(ask(model)) == [finding["title"] for finding in FINDINGS]
    assert len(model.requests) == 2


# Addresses where nobody answers


def test_an_endpoint_that_nobody_serves_is_named() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        reply = ask(f"http://user:{KEY}@127.0.0.1:{port}/api")
    kind, detail = failure(reply)
    assert kind == "unavailable"
    assert detail.startswith(f"127.0.0.1:{port} could not be reached")
    assert (reply.usage.calls, reply.usage.cost_usd) == (1, 0)


def test_a_name_that_has_no_address_is_unreachable() -> None:
    kind, detail = failure(ask(f"http://{'a' * 64}.localhost"))
    assert kind == "unavailable"
    assert "could not be reached" in detail


def test_a_server_without_tls_is_unreachable_by_https(model: Model) -> None:
    kind, detail = failure(ask(model.url.replace("http:", "https:")))
    assert kind == "unavailable"
    assert "SSL" in detail


def test_neither_key_nor_change_follow_a_redirect(model: Model) -> None:
    with Model(lambda request: ANSWER) as other:
        for status in (301, 302, 303, 307, 308):
            model.next(status=status, headers={"location": f"{other.url}/v1/messages"})
            kind, detail = failure(ask(model))
            assert kind == "rejected"
            assert "redirects to another address" in detail
        assert other.requests == []
    assert len(model.requests) == 5


def test_a_line_without_end_is_hung_up_on() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: "
    chunk = b"x" * 1_000_000
    sent = 0

    def serve(listening: socket.socket) -> None:
        nonlocal sent
        connection, _ = listening.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(head)
            try:
                while True:
                    connection.sendall(chunk)
                    sent += len(chunk)
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        reply = ask(f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread.join(5)
    assert failure(reply)[0] == "invalid"
    assert 15_000_000 < sent < 40_000_000


# What is said about it


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 418, 429, 500, 529])
def test_a_refusal_can_be_traced_and_hides_the_key(model: Model, status: int) -> None:
    model.always(status=status, headers=QUICK, message=f"no, {KEY}, not\nyou")
    detail = failure(ask(model))[1]
    assert f"({status} " in detail
    assert "request req_standin: no, ***, not you)" in detail
    assert model.url.removeprefix("http://") in detail


def test_a_wrong_key_is_not_repeated(model: Model) -> None:
    detail = failure(ask(model, api_key=SecretStr("sk-ant-wrong-0123456789")))[1]
    assert "401 authentication_error" in detail
    assert "sk-ant-wrong" not in detail


def test_broken_replies_are_paid_for_too(model: Model) -> None:
    request = a_request(shared=SHARED)
    plain = ask(model, request).usage
    model.next(drop_after=5)
    broken = ask(model, request).usage
    assert broken.calls == 2
    assert broken.output_tokens > plain.output_tokens
    assert broken.cache_read_tokens == 2 * plain.cache_write_tokens > 0


def test_the_pauses_between_tries_grow(model: Model) -> None:
    pauses: list[float] = []
    model.always(drop_after=3)
    reply = ask(model, tries=4, sleep=pauses.append)
    assert "Tried 4 times" in failure(reply)[1]
    assert pauses == sorted(pauses)
    assert len(pauses) == 3
    assert 0 < pauses[0] <= 0.5


def test_the_try_with_the_most_findings_is_used(model: Model) -> None:
    model.always(drop_after=4).next(drop_after=6).next(drop_after=3)
    reply = ask(model, about("worker.py"))
    assert len(titles(reply)) == 6
    assert "6 findings of an answer that broke off were used." in reply.notes
