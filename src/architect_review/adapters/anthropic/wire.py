"""Bounds on what an endpoint may send and on how long it may hold a connection."""

import contextlib
import email.utils
import socket
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx2

WIRE_LIMIT = 16 * 1024 * 1024
"""Bytes of one response. 32,000 tokens, one an event, take about a quarter of it."""
RESULTS_LIMIT = 4 * 1024 * 1024 * 1024
"""Bytes of a batch's results: 100,000 answers of 40 KB. They are read line by line."""

_CONNECT_SECONDS = 5.0
_READ_SECONDS = 600.0
_NO_TIME = 0.001
_COMPRESSED = "architect_review.compressed"


class EndlessError(Exception):
    """A response, or one line of a batch's results, passed its limit."""


class Hooks:
    """What is done to every request and response. `left`: seconds left of the run."""

    def __init__(self, left: Callable[[], float], spend_limit: str) -> None:
        self._left = left
        self._spend_limit = spend_limit.encode()
        self._headers = _Headers(left)

    def request(self, request: httpx2.Request) -> None:
        """Let no step of a request take longer than the run may."""
        left = max(self._left(), _NO_TIME)
        request.extensions["timeout"] = httpx2.Timeout(
            min(left, _READ_SECONDS), connect=min(left, _CONNECT_SECONDS)
        ).as_dict()
        request.extensions["trace"] = self._headers.watch
        # A few compressed kilobytes can become gigabytes here.
        request.headers["accept-encoding"] = "identity"

    def response(self, response: httpx2.Response) -> None:
        """Bound the body, refuse a compressed one, and end waits that are no use."""
        if response.headers.pop("content-encoding", "identity") != "identity":
            response.extensions[_COMPRESSED] = True
        is_results = response.request.url.path.endswith("/results")
        limit = RESULTS_LIMIT if is_results else WIRE_LIMIT
        response.stream = _Bounded(response.stream, self._left, limit)
        if not response.is_error:
            return
        useless = response.status_code == 429 and self._is_spend_limit(response)
        # The SDK waits as long as it is told to; a job cannot.
        if useless or asked_wait(response.headers) > self._left():
            response.headers["x-should-retry"] = "false"

    def _is_spend_limit(self, response: httpx2.Response) -> bool:
        return self._spend_limit in response.read()


class _Headers:
    """Hangs up on headers that do not end before the run: each byte is in time.

    Of a connection that is kept nothing tells which socket it has, so that all are
    closed; the run has no time for any of them by then.
    """

    def __init__(self, left: Callable[[], float]) -> None:
        self._left = left
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._own = threading.local()

    def watch(self, event: str, about: Mapping[str, Any]) -> None:
        """Follow one request; the events are httpcore's (its docs, "Extensions")."""
        step, _, moment = event.rpartition(".")
        if step.endswith(("connect_tcp", "start_tls")) and moment == "complete":
            connection = about["return_value"].get_extra_info("socket")
            if connection is not None:
                self._sockets.add(connection)
        elif step.endswith("receive_response_headers"):
            if moment == "started":
                self._own.timer = _timer(self._left(), self._hang_up)
            else:
                self._own.timer.cancel()

    def _hang_up(self) -> None:
        for each in tuple(self._sockets):
            _shut(each)


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: object, left: Callable[[], float], limit: int) -> None:
        if not isinstance(stream, httpx2.SyncByteStream):
            raise TypeError("the client is synchronous, so its streams are")
        self._stream = stream
        self._left = left
        self._limit = limit

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > self._limit:
                raise EndlessError
            if self._left() <= 0:
                raise httpx2.ReadTimeout("the run has no time left")
            yield chunk

    def close(self) -> None:
        self._stream.close()


def is_compressed(response: httpx2.Response) -> bool:
    """Whether the body came compressed although that was not asked for."""
    return _COMPRESSED in response.extensions


def lines(response: httpx2.Response) -> Iterator[bytes]:
    """The lines of a body as they come. Raises EndlessError."""
    rest = b""
    for chunk in response.iter_bytes():
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > WIRE_LIMIT:
            raise EndlessError
    yield rest


def asked_wait(headers: httpx2.Headers) -> float:
    """Seconds that `retry-after` asks for; 0 when it is absent or makes no sense."""
    if (milliseconds := headers.get("retry-after-ms", "")).isdecimal():
        return float(milliseconds) / 1000
    after = headers.get("retry-after", "")
    if after.replace(".", "", 1).isdecimal():
        return float(after)
    date = email.utils.parsedate_tz(after)
    try:
        return 0.0 if date is None else email.utils.mktime_tz(date) - time.time()
    except (OverflowError, ValueError):  # a year that no calendar has
        return 0.0


@contextlib.contextmanager
def cut_off(response: httpx2.Response, seconds: float) -> Iterator[threading.Event]:
    """Hang up after some seconds: pings and silence give no event to check at."""
    cut = threading.Event()
    network = response.extensions.get("network_stream")
    connection = network.get_extra_info("socket") if network else None

    def hang_up() -> None:
        cut.set()
        if connection is not None:
            _shut(connection)

    timer = _timer(seconds, hang_up)
    try:
        yield cut
    finally:
        timer.cancel()


def _timer(seconds: float, act: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(min(max(seconds, 0), threading.TIMEOUT_MAX), act)
    timer.daemon = True
    timer.start()
    return timer


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
