"""What stands at the model's address may do anything: a named end, in time."""

import time
from gzip import compress

import pytest

from adapters.asking_claude import KEY, ask, seconds
from trust_faults.hostile import (
    Behave,
    answer,
    deflate_bomb,
    drip,
    flood,
    gzip_bomb,
    hostile,
    whole,
)

LEFT = 1.0
"""Seconds left of the run."""
SSE = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
ZEROS = gzip_bomb(2**27)
BEHAVIOURS: dict[str, Behave] = {
    "headers, byte by byte": drip(SSE + b"x-long: ", b"x"),
    "the status line, byte by byte": drip(b"", b"H"),
    "the size of a chunk, byte by byte": drip(
        SSE + b"transfer-encoding: chunked\r\n\r\n", b"0"
    ),
    "an event, byte by byte": drip(SSE + b"\r\ndata: ", b"x"),
    "100 without end": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "an error, byte by byte": drip(
        b"HTTP/1.1 400 Bad\r\ncontent-length: 99999\r\n\r\n", b" "
    ),
    "nothing": drip(b"", b""),
    "a header without end": flood(SSE + b"x-long: ", b"x" * 60_000),
    "headers without end": flood(SSE, b"x-more: 1\r\n" * 5_000),
    "zeros, gzipped": whole(ZEROS, kind="text/event-stream", content_encoding="gzip"),
    "zeros, gzipped twice": whole(
        compress(ZEROS), kind="text/event-stream", content_encoding="gzip, gzip"
    ),
    "zeros, deflated": whole(deflate_bomb(2**25), content_encoding="deflate"),
    "zeros, called brotli": whole(ZEROS, content_encoding="br"),
    "an error of zeros": whole(ZEROS, status="400 Bad", content_encoding="gzip"),
    "another protocol": lambda server: iter([b"SSH-2.0-OpenSSH_9.6\r\n"]),
    "103": whole(b"", status="103 Early Hints"),
    "204": whole(b"", status="204 No Content"),
    "304": whole(b"", status="304 Not Modified"),
    "JSON as deep as it is long": whole(
        b"event: message_start\ndata: " + b"[" * 500_000 + b"\n\n",
        kind="text/event-stream",
    ),
    "an error as deep as it is long": whole(b"[" * 500_000, status="400 Bad"),
    "half of it": lambda server: iter([answer(b'{"type": "message"}')[:-5]]),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_hostile_endpoint_ends_in_time_with_a_named_result(name: str) -> None:
    with hostile(BEHAVIOURS[name]) as server:
        begun = time.monotonic()
        reply = ask(server.url, deadline=seconds(LEFT))
        took = time.monotonic() - begun

    assert reply.failure is not None
    assert reply.failure.kind in {"deadline", "unavailable", "invalid", "rejected"}
    assert KEY not in reply.failure.detail
    assert len(reply.failure.detail) < 1_000
    assert took < LEFT + 4
