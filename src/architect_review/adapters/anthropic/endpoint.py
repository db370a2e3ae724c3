"""Calls to the Messages API, each read as a stream, through the SDK."""

from collections.abc import Callable
from typing import Any

import anthropic
import httpx2

from architect_review.adapters.anthropic import failure, message, streamed, wire
from architect_review.adapters.anthropic.connection import Connection
from architect_review.adapters.anthropic.outcome import (
    Cut,
    Declined,
    Failed,
    Outcome,
    TooLarge,
)
from architect_review.review.reply import Usage

TEXT_LIMIT = 4_000_000
"""Characters of one answer; 128,000 tokens of JSON are an eighth of that."""

# An error event comes after the status line, so the SDK reports it with status 200.
_PASSING = {"overloaded_error", "api_error", "rate_limit_error", "timeout_error"}
# The SDK does not wrap what breaks after the first byte.
_FAULTS = (httpx2.TransportError, httpx2.DecodingError, RecursionError)


class Endpoint:
    """Where requests are answered at once. It may be called from several threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._host = connection.host

    def call(
        self,
        parameters: dict[str, Any],
        begun: Callable[[], None],
        left: Callable[[], float],
    ) -> Outcome:
        """Send one request and read its stream to the end.

        `begun` is called when the first event of an answer has come, from which on
        what the request marked is in the provider's cache. `left` tells the seconds
        that this call may still take.
        """
        model = str(parameters["model"])
        try:
            create = self._connection.client.messages.create
            with create(**parameters, stream=True) as stream:
                return self._read(stream, model, begun, left)
        except anthropic.APIStatusError as error:
            return self._refused(error, model)
        except anthropic.APIConnectionError as error:
            cause = str(error.__cause__ or "")
        except httpx2.TransportError as error:  # in the middle of an error's body
            cause = str(error)
        except wire.EndlessError:
            return Failed(failure.endless(self._host), Usage(calls=1))
        return Failed(self._connection.unreached(cause, left), Usage(calls=1))

    def _read(
        self,
        stream: anthropic.Stream[Any],
        model: str,
        begun: Callable[[], None],
        left: Callable[[], float],
    ) -> Outcome:
        fault = ""
        size = 0
        arrived = streamed.Message()
        try:
            with wire.cut_off(stream.response, left()) as cut:
                for event in streamed.events(stream):
                    begun()
                    size += arrived.add(event)
                    if size > TEXT_LIMIT:
                        raise wire.EndlessError
                    if left() <= 0:
                        cut.set()
                        break
        except anthropic.APIStatusError as error:
            if str(error.type) not in _PASSING:
                return self._refused(error, model, arrived)
            fault = f"{self._host} reported {error.type} in the middle of its answer."
        except wire.EndlessError:
            return Failed(failure.endless(self._host), *_used(arrived))
        except streamed.StrangeEventError as error:
            fault = f"{self._host} sent an event that is none of the API's ({error})."
        except _FAULTS as error:
            fault = f"The answer of {self._host} broke off ({type(error).__name__})."
        if (whole := message.whole(arrived)) is not None:
            return whole
        if cut.is_set() or left() <= 0:
            return Failed(failure.out_of_time(), *_used(arrived))
        if wire.is_compressed(stream.response):
            fault = f"{self._host} compressed its answer, which was not asked for."
        return Cut(fault or self._why_empty(stream, arrived), *_used(arrived))

    def _why_empty(
        self, stream: anthropic.Stream[Any], arrived: streamed.Message
    ) -> str:
        if arrived.has_begun:
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
        arrived: streamed.Message | None = None,
    ) -> Outcome:
        said = self._connection.api_error(error)
        reason = failure.explain(said, self._host, model)
        usage, text = (Usage(calls=1), "") if arrived is None else _used(arrived)
        if failure.is_too_large(said):
            return TooLarge(reason, usage)
        if error.status_code in (400, 422):
            return Declined(error.api_message or str(error), reason, usage)
        return Failed(reason, usage, text, failure.is_general(said))


def _used(arrived: streamed.Message) -> tuple[Usage, str]:
    """What was used, and what came of the answer."""
    found = arrived if arrived.has_begun else None
    return message.usage(found), message.text(found)
