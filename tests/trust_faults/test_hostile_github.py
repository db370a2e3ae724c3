"""What stands at the API's address may do anything: a named error, in time."""

import time
from collections.abc import Callable
from gzip import compress
from typing import Any

import pytest
from pydantic import SecretStr

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.errors import GitHubError
from architect_review.adapters.github.wire import ANSWER_LIMIT, SLOWNESS
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

TOKEN = "ghs_plantedtoken0123456789"
QUICK = 0.15
"""Seconds of silence where an answer is to be too slow, and where it is not."""
PATIENT = 3.0
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
MOVED = b"HTTP/1.1 302 Found\r\nlocation: /api/v3/other\r\n"
DIFF = "application/vnd.github.diff"

ASKED: dict[str, Callable[[Client], Any]] = {
    "an object": lambda client: client.get("/repos/o/r/pulls/7", "reading"),
    "a list": lambda client: client.get("/repos/o/r/issues", "reading", page=1),
    "a diff": lambda client: client.text("/repos/o/r/pulls/7", DIFF, "reading"),
    "GraphQL": lambda client: client.graphql("query { viewer }", {}, "reading"),
    "a write": lambda client: client.send("POST", "/repos/o/r/x", "writing", {"a": 1}),
    "a mutation": lambda client: client.mutate("mutation { a }", {}, "writing"),
}
SLOW: dict[str, Behave] = {
    "a body, byte by byte": drip(HEAD + b"content-length: 100000\r\n\r\n["),
    "chunks, byte by byte": drip(
        HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n"
    ),
    "the size of a chunk, byte by byte": drip(
        HEAD + b"transfer-encoding: chunked\r\n\r\n", b"0"
    ),
    "a body without a length, byte by byte": drip(HEAD + b"\r\n["),
    "headers, byte by byte": drip(HEAD + b"x-long: ", b"x"),
    "the status line, byte by byte": drip(b"", b"H"),
    "100 without end": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "nothing": drip(b"", b""),
}
LARGE: dict[str, Behave] = {
    "a body without end": flood(HEAD + b"\r\n[", b"1," * 500_000),
    "a gigabyte of zeros, packed": whole(gzip_bomb(), content_encoding="gzip"),
    "zeros, deflated": whole(deflate_bomb(), content_encoding="deflate"),
    "zeros, packed twice": whole(compress(gzip_bomb()), content_encoding="gzip, gzip"),
    "a redirect with a body without end": flood(MOVED + b"\r\n", b"x" * 500_000),
    "a redirect with a gigabyte of zeros, packed": whole(
        gzip_bomb(),
        status="302 Found",
        location="/api/v3/other",
        content_encoding="gzip",
    ),
    "a header without end": flood(HEAD + b"x-long: ", b"x" * 60_000),
    "headers without end": flood(HEAD, b"x-more: 1\r\n" * 5_000),
}
ODD: dict[str, Behave] = {
    "103": whole(b"", status="103 Early Hints"),
    "202 without end": whole(b"{}", status="202 Accepted"),
    "304": whole(b"", status="304 Not Modified"),
    "300": whole(b"{}", status="300 Multiple Choices"),
    "301 without a place": whole(b"{}", status="301 Moved Permanently"),
    "a loop": whole(b"", status="307 Temporary Redirect", location="/loop"),
    "a place that is no address": whole(
        b"", status="308 Permanent Redirect", location="http://[::1:99999/"
    ),
    "a place that is no text": flood(
        b"HTTP/1.1 302 Found\r\nlocation: /\xff\r\n\r\n", b"x" * 500_000
    ),
    "half of it": lambda server: iter([answer(b'{"data": {"a": 1}}')[:-7]]),
    "packed, and it is not": whole(b"{}", content_encoding="gzip"),
    "another protocol": lambda server: iter([b"SSH-2.0-OpenSSH_9.6\r\n"]),
}
NO_JSON: dict[str, Behave] = {
    "a web page": whole(b"<html>Sign in</html>", kind="text/html"),
    "half JSON": whole(b'{"data": {"a": '),
    "JSON as deep as it is long": whole(b"[" * 1_000_000),
    "an object as deep as it is long": whole(b'{"a":' * 500_000),
    "nothing": whole(b""),
    "null": whole(b"null"),
    "a number": whole(b"17"),
    "bytes that are no text": whole(b'{"\xff\xfe\x00'),
}


def client(url: str, timeout: float = PATIENT) -> Client:
    return Client(
        SecretStr(TOKEN), f"{url}/api/v3", timeout=timeout, tries=1, sleep=print
    )


def error(behave: Behave, asked: str, timeout: float = PATIENT) -> tuple[str, float]:
    """What is said of it, and the seconds it took."""
    with hostile(behave) as server:
        begun = time.monotonic()
        with pytest.raises(GitHubError) as caught:
            ASKED[asked](client(server.url, timeout))
        seconds = time.monotonic() - begun
        assert server.sent < 3 * ANSWER_LIMIT
    assert TOKEN not in str(caught.value)
    assert len(str(caught.value)) < 500
    return str(caught.value), seconds


@pytest.mark.parametrize("asked", ["an object", "a diff", "a mutation"])
@pytest.mark.parametrize("name", SLOW)
def test_a_slow_answer_is_given_up(name: str, asked: str) -> None:
    said, seconds = error(SLOW[name], asked, QUICK)

    assert "Timeout" in said
    assert seconds < SLOWNESS * QUICK + 2


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("asked", ["a diff", "GraphQL"])
def test_a_large_answer_is_hung_up_on(name: str, asked: str) -> None:
    said, _ = error(LARGE[name], asked)

    assert "did not answer" in said
    assert "longer than" in said or "header" in name


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("asked", ASKED)
def test_an_odd_answer_is_a_named_error(name: str, asked: str) -> None:
    said, _ = error(ODD[name], asked)

    assert "did not answer" in said


@pytest.mark.parametrize("name", NO_JSON)
@pytest.mark.parametrize("asked", ["an object", "a list", "GraphQL"])
def test_an_answer_that_is_not_what_was_asked_for_is_a_named_error(
    name: str, asked: str
) -> None:
    said, _ = error(NO_JSON[name], asked)

    assert "did not answer" in said


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("asked", ASKED)
def test_the_token_does_not_follow_a_redirect_to_another_server(
    asked: str, status: int
) -> None:
    with hostile(whole(b"{}")) as other:
        for place in (other.url, other.url.replace("127.0.0.1", "localhost")):
            behave = whole(b"", status=f"{status} Moved", location=f"{place}/api/v3/x")
            said, _ = error(behave, asked)
            assert "which is not followed" in said
        assert other.heard == []


def test_a_redirect_on_the_same_server_is_followed() -> None:
    begun: list[bytes] = []

    def behave(server: Any) -> Any:
        begun.append(server.heard[-1].split(b"\r\n")[0])
        if b"/repos/" in begun[-1]:
            yield answer(b"", status="301 Moved", location="/api/v3/repositories/1")
        else:
            yield answer(b'{"id": 1}')

    with hostile(behave) as server:
        assert client(server.url).get("/repos/o/old", "reading")["id"] == 1
    assert begun[1] == b"GET /api/v3/repositories/1 HTTP/1.1"


@pytest.mark.parametrize(
    "headers",
    [
        {"retry_after": "²"},
        {"retry_after": "9" * 5_000},
        {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "9" * 5_000},
        {"x_ratelimit_remaining": "inf", "x_ratelimit_limit": "nan"},
        {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "inf"},
    ],
    ids=str,
)
def test_limits_that_are_no_numbers_are_a_refusal_all_the_same(
    headers: dict[str, str],
) -> None:
    for status in ("403 Forbidden", "200 OK"):
        body = b'{"message": "secondary rate limit"}'
        behave = whole(body, status=status, **headers)
        with hostile(behave) as server:
            try:
                ASKED["an object"](client(server.url))
            except GitHubError as found:
                assert len(str(found)) < 500  # noqa: PT017 - a 200 may be read
