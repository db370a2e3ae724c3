"""One Messages API endpoint, through the SDK. The only module that imports it."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import anthropic
import httpx2
from anthropic.lib.streaming import MessageStream

from architect_review.adapters.anthropic import failure, wire
from architect_review.adapters.anthropic.outcome import (
    Cut,
    Declined,
    Failed,
    Outcome,
    TooLarge,
    Whole,
)
from architect_review.review.reply import Usage

TEXT_LIMIT = 4_000_000
"""Characters of one answer; 128,000 tokens of JSON are an eighth of that."""

# A placeholder such as "none" is a word of error messages, not a secret.
_SHORTEST_SECRET = 8
# An error event comes after the status line, so the SDK reports it with status 200.
_PASSING = {"overloaded_error", "api_error", "rate_limit_error", "timeout_error"}
# The SDK wraps neither what breaks after the first byte nor an event that is no JSON.
_FAULTS = (
    httpx2.TransportError,
    httpx2.DecodingError,
    json.JSONDecodeError,
    UnicodeDecodeError,
)


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
        hooks = wire.Hooks(left, failure.SPEND_LIMIT)
        self._client = anthropic.Anthropic(
            api_key=key,
            auth_token=token,
            base_url=base_url,
            max_retries=2,
            http_client=anthropic.DefaultHttpxClient(
                # Neither the key nor a private change follows to another address.
                follow_redirects=False,
                event_hooks={"request": [hooks.request], "response": [hooks.response]},
            ),
        )

    def close(self) -> None:
        """Close the connections that are kept for further requests."""
        self._client.close()

    def call(self, parameters: dict[str, Any], begun: Callable[[], None]) -> Outcome:
        """Send one request and read its stream to the end.

        `begun` is called when the first event of an answer has come, from which on
        what the request marked is in the provider's cache.
        """
        model = str(parameters["model"])
        try:
            with self._client.messages.stream(**parameters) as stream:
                return self._read(stream, model, begun)
        except anthropic.APIStatusError as error:
            return self._refused(error, model)
        except anthropic.APIConnectionError as error:
            return self._unreached(str(error.__cause__ or ""))
        except httpx2.TransportError as error:  # in the middle of an error's body
            return self._unreached(str(error))
        except wire.EndlessError:
            return Failed(failure.endless(self._host), Usage(calls=1))

    def _unreached(self, cause: str) -> Outcome:
        if self._left() <= 0:
            return Failed(failure.out_of_time(), Usage(calls=1))
        reason = failure.unreachable(self._host, self._without_secret(cause))
        return Failed(reason, Usage(calls=1))

    def _read(
        self, stream: MessageStream[None], model: str, begun: Callable[[], None]
    ) -> Outcome:
        fault = ""
        size = 0
        try:
            with wire.cut_off(stream.response, self._left()) as cut:
                for event in stream:
                    begun()
                    size += len(event.text) if event.type == "text" else 0
                    if size > TEXT_LIMIT:
                        raise wire.EndlessError
                    if self._left() <= 0:
                        cut.set()
                        break
        except anthropic.APIStatusError as error:
            if error.type not in _PASSING:
                return self._refused(error, model, stream)
            fault = f"{self._host} reported {error.type} in the middle of its answer."
        except wire.EndlessError:
            reason = failure.endless(self._host)
            return Failed(reason, _usage(stream), _text(stream))
        except _FAULTS as error:
            fault = f"The answer of {self._host} broke off ({type(error).__name__})."
        if (whole := _whole(stream)) is not None:
            return whole
        if cut.is_set() or self._left() <= 0:
            return Failed(failure.out_of_time(), _usage(stream), _text(stream))
        if wire.is_compressed(stream.response):
            fault = f"{self._host} compressed its answer, which was not asked for."
        return Cut(fault or self._why_empty(stream), _usage(stream), _text(stream))

    def _why_empty(self, stream: MessageStream[None]) -> str:
        if _snapshot(stream) is not None:
            return f"The answer of {self._host} ended too early."
        kind = stream.response.headers.get("content-type", "no content type")
        return (
            f"{self._host} answered with {kind.split(';')[0]}, not with a model's "
            "stream of events. Check the base URL."
        )

    def _refused(
        self,
        error: anthropic.APIStatusError,
        model: str,
        stream: MessageStream[None] | None = None,
    ) -> Outcome:
        said = self._api_error(error)
        reason = failure.explain(said, self._host, model)
        usage = Usage(calls=1) if stream is None else _usage(stream)
        if failure.is_too_large(said):
            return TooLarge(reason, usage)
        if error.status_code in (400, 422):
            return Declined(error.api_message or str(error), reason, usage)
        text = "" if stream is None else _text(stream)
        return Failed(reason, usage, text, failure.is_general(said))

    def _api_error(self, error: anthropic.APIStatusError) -> failure.ApiError:
        message = str(error.api_message or error.message)
        if message.lstrip().startswith("<"):
            message = "a web page"
        return failure.ApiError(
            status=error.status_code,
            type=str(error.type or ""),
            code=error.error_code or "",
            message=self._without_secret(message),
            request_id=error.request_id or "",
        )

    def _without_secret(self, text: str) -> str:
        if len(self._secret) < _SHORTEST_SECRET:
            return text
        return text.replace(self._secret, "***")


def _snapshot(stream: MessageStream[None]) -> Any:
    try:
        return stream.current_message_snapshot
    except AssertionError:  # the SDK's word for "no event came"
        return None


def _text(stream: MessageStream[None]) -> str:
    """What has come of the answer so far."""
    message = _snapshot(stream)
    blocks = message.content if message is not None else []
    return "".join(block.text for block in blocks if block.type == "text")


def _whole(stream: MessageStream[None]) -> Whole | None:
    message = _snapshot(stream)
    if message is None or message.stop_reason is None:
        return None
    details = message.stop_details
    said = (details.category, details.explanation) if details else ()
    return Whole(
        text=_text(stream),
        stop_reason=message.stop_reason,
        refusal=": ".join(str(part) for part in said if part),
        usage=_usage(stream),
        content=tuple(_blocks(message)),
    )


_BLOCKS = {
    "text": ("text",),
    "thinking": ("thinking", "signature"),
    "redacted_thinking": ("data",),
    "tool_use": ("id", "name", "input"),
}
"""Blocks that an answer is sent back with, unchanged, when its tools are answered, and
their fields (docs.claude.com, "Extended thinking": preserving thinking blocks)."""


def _blocks(message: Any) -> Iterator[dict[str, Any]]:
    for block in message.content:
        fields = _BLOCKS.get(block.type, ())
        whole = {name: getattr(block, name, None) for name in fields}
        # Gateways leave out signatures, and the API takes no empty text.
        if whole.get("text") if block.type == "text" else fields:
            known = {name: value for name, value in whole.items() if value is not None}
            yield {"type": block.type, **known}


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
        output = max(output, int(len(_text(stream).encode()) / 1.8))
    return Usage(
        input_tokens=count("input_tokens"),
        output_tokens=output,
        cache_read_tokens=count("cache_read_input_tokens"),
        cache_write_tokens=count("cache_creation_input_tokens"),
        calls=1,
    )
