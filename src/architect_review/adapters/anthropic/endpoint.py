"""One Messages API endpoint, through the SDK. The only module that imports it."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any, Self
from urllib.parse import urlsplit

import anthropic
import httpx2
from anthropic.lib.streaming import MessageStream

from architect_review.adapters.anthropic import failure
from architect_review.adapters.anthropic.outcome import (
    Cut,
    Declined,
    Failed,
    Outcome,
    Whole,
)
from architect_review.errors import ModelError
from architect_review.review.reply import Usage

_CONNECT_SECONDS = 5.0
_READ_SECONDS = 600.0
_NO_TIME = 0.001
# A placeholder such as "none" is a word of error messages, not a secret.
_SHORTEST_SECRET = 8
# An error event comes after the status line, so the SDK reports it with status 200.
_PASSING = {"overloaded_error", "api_error", "rate_limit_error", "timeout_error"}
# The SDK wraps neither what breaks after the first byte nor an event that is no JSON.
_FAULTS = (httpx2.TransportError, httpx2.DecodingError, json.JSONDecodeError)


class Endpoint:
    """A connection that no call holds longer than the run may last.

    Give `key` (sent as the bearer token) or `token`; both are sent alike, and nothing
    is read from the environment for either. `left` tells the seconds left of the run.
    """

    def __init__(
        self, *, key: str | None, token: str | None, base_url: str,
        left: Callable[[], float],
    ) -> None:  # fmt: skip
        self._secret = key or token or ""
        self._left = left
        parts = urlsplit(base_url)
        self._host = parts.netloc.rpartition("@")[2]
        self._client = anthropic.Anthropic(
            api_key=key,
            auth_token=token,
            base_url=base_url,
            max_retries=2,
            http_client=anthropic.DefaultHttpxClient(
                event_hooks={
                    "request": [self._limit_time],
                    "response": [self._limit_wait],
                }
            ),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def call(self, parameters: dict[str, Any]) -> Outcome:
        """Send one request and read its stream to the end."""
        model = str(parameters["model"])
        try:
            with self._client.messages.stream(**parameters) as stream:
                return self._read(stream, model)
        except anthropic.APIStatusError as error:
            return self._refused(error, model)
        except anthropic.APIConnectionError:
            late = self._left() <= 0
            reason = failure.out_of_time() if late else failure.unreachable(self._host)
            return Failed(reason, Usage(calls=1))

    def _read(self, stream: MessageStream[None], model: str) -> Outcome:
        fault = ""
        try:
            with self._cut_off(stream.response) as cut_off:
                for _ in stream:
                    if self._left() <= 0:
                        cut_off.set()
                        break
        except anthropic.APIStatusError as error:
            if error.type not in _PASSING:
                return Failed(self._explain(error, model), _usage(stream))
            fault = f"{self._host} reported {error.type} in the middle of its answer."
        except _FAULTS as error:
            fault = f"The answer of {self._host} broke off ({type(error).__name__})."
        if (whole := _whole(stream)) is not None:
            return whole
        if cut_off.is_set():
            return Failed(failure.out_of_time(), _usage(stream))
        return Cut(fault or self._why_empty(stream), _usage(stream))

    def _why_empty(self, stream: MessageStream[None]) -> str:
        if _snapshot(stream) is not None:
            return f"The answer of {self._host} ended too early."
        kind = stream.response.headers.get("content-type", "no content type")
        return (
            f"{self._host} answered with {kind.split(';')[0]}, not with a model's "
            "stream of events. Check the base URL."
        )

    def _refused(self, error: anthropic.APIStatusError, model: str) -> Outcome:
        reason = self._explain(error, model)
        if error.status_code in (400, 422):
            said = error.api_message or str(error)
            return Declined(said, reason, Usage(calls=1))
        return Failed(reason, Usage(calls=1))

    def _explain(self, error: anthropic.APIStatusError, model: str) -> ModelError:
        message = str(error.api_message or error.message)
        if message.lstrip().startswith("<"):
            message = "a web page"
        if len(self._secret) >= _SHORTEST_SECRET:
            message = message.replace(self._secret, "***")
        return failure.explain(
            failure.ApiError(
                status=error.status_code,
                type=str(error.type or ""),
                code=error.error_code or "",
                message=message,
                request_id=error.request_id or "",
            ),
            self._host,
            model,
        )

    def _limit_time(self, request: httpx2.Request) -> None:
        left = max(self._left(), _NO_TIME)
        request.extensions["timeout"] = httpx2.Timeout(
            min(left, _READ_SECONDS), connect=min(left, _CONNECT_SECONDS)
        ).as_dict()

    def _limit_wait(self, response: httpx2.Response) -> None:
        # The SDK waits as long as it is told to; a job cannot.
        if response.is_error and _asked_wait(response.headers) > self._left():
            response.headers["x-should-retry"] = "false"

    @contextlib.contextmanager
    def _cut_off(self, response: httpx2.Response) -> Iterator[threading.Event]:
        """End a read that has no end: pings and silence give no event to check at."""
        cut = threading.Event()
        network = response.extensions.get("network_stream")
        connection = network.get_extra_info("socket") if network else None

        def hang_up() -> None:
            cut.set()
            if connection is not None:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)

        timer = threading.Timer(
            min(max(self._left(), 0), threading.TIMEOUT_MAX), hang_up
        )
        timer.daemon = True
        timer.start()
        try:
            yield cut
        finally:
            timer.cancel()


def _asked_wait(headers: httpx2.Headers) -> float:
    """Seconds that `retry-after` asks for; without end when it names a date."""
    if (milliseconds := headers.get("retry-after-ms", "")).isdecimal():
        return int(milliseconds) / 1000
    if not (after := headers.get("retry-after", "")):
        return 0
    return float(after) if after.replace(".", "", 1).isdecimal() else float("inf")


def _snapshot(stream: MessageStream[None]) -> Any:
    try:
        return stream.current_message_snapshot
    except AssertionError:  # the SDK's word for "no event came"
        return None


def _text(message: Any) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


def _whole(stream: MessageStream[None]) -> Whole | None:
    message = _snapshot(stream)
    if message is None or message.stop_reason is None:
        return None
    details = message.stop_details
    said = (details.category, details.explanation) if details else ()
    return Whole(
        text=_text(message),
        stop_reason=message.stop_reason,
        refusal=": ".join(str(part) for part in said if part),
        usage=_usage(stream),
    )


def _usage(stream: MessageStream[None]) -> Usage:
    """What the endpoint reported; gateways leave out what they do not count.

    A stream that broke off never reported its output. The text that arrived is
    counted then, at 1.8 bytes a token.
    """
    message = _snapshot(stream)
    if message is None:
        return Usage(calls=1)
    reported = getattr(message, "usage", None)

    def count(name: str) -> int:
        return getattr(reported, name, 0) or 0

    output = count("output_tokens")
    if message.stop_reason is None:
        output = max(output, int(len(_text(message).encode()) / 1.8))
    return Usage(
        input_tokens=count("input_tokens"),
        output_tokens=output,
        cache_read_tokens=count("cache_read_input_tokens"),
        cache_write_tokens=count("cache_creation_input_tokens"),
        calls=1,
    )
