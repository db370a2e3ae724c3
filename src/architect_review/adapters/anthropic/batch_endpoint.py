"""The Message Batches API, through the SDK."""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import anthropic
import httpx2
from anthropic.types.messages import MessageBatch

from architect_review.adapters.anthropic import batch_failure, failure, wire
from architect_review.adapters.anthropic.connection import Connection

_PATH = "/v1/messages/batches"
_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_TRIES = 3
# With these nothing was taken, so that it can be sent again.
_REFUSED_FOR_NOW = (429, 529)
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout)
_BROKEN = (httpx2.DecodingError, json.JSONDecodeError, UnicodeDecodeError)


class BatchEndpoint:
    """Where requests are handed in together and answered within a day.

    Every method raises ModelError.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._client = connection.client
        self.host = connection.host

    def create(
        self,
        requests: Sequence[Mapping[str, Any]],
        sleep: Callable[[float], None],
        left: Callable[[], float],
    ) -> str:
        """Hand in requests with their `custom_id` and `params`. Returns the batch's id.

        It is never sent twice where the first may have been taken: both would be paid
        for.
        """
        tried = 1
        while True:
            try:
                return self._created(requests)
            except anthropic.APIStatusError as error:
                said = self._connection.api_error(error)
                waits = said.status in _REFUSED_FOR_NOW and tried < _TRIES
                pause = 0.5 * 2**tried * (1 - 0.25 * random.random())  # noqa: S311
                pause = max(pause, wire.asked_wait(error.response.headers))
                if not waits or failure.is_spend_limit(said) or pause >= left():
                    model = str(requests[0]["params"]["model"])
                    raise batch_failure.submitting(said, self.host, model) from None
            sleep(pause)
            tried += 1

    def _created(self, requests: Sequence[Mapping[str, Any]]) -> str:
        try:
            found: object = self._client.post(
                _PATH,
                cast_to=MessageBatch,
                body={"requests": list(requests)},
                options={"max_retries": 0},
            )
        except anthropic.APIConnectionError as error:
            reason = self._connection.unreached(str(error.__cause__ or ""))
            if isinstance(error.__cause__, _NEVER_SENT):
                raise reason from None
            raise batch_failure.PerhapsTakenError(reason) from None
        except httpx2.TransportError as error:  # in the middle of an error's body
            reason = self._connection.unreached(str(error))
            raise batch_failure.PerhapsTakenError(reason) from None
        except (wire.EndlessError, *_BROKEN):
            raise batch_failure.no_batch(self.host) from None
        batch = getattr(found, "id", None)
        if not isinstance(batch, str) or not _ID.fullmatch(batch):
            raise batch_failure.no_batch(self.host)
        return batch

    def is_ended(self, batch: str) -> bool:
        """Whether the batch has results. Raises also when they are no longer kept."""
        self._check(batch)
        with self._explained(batch):
            found = self._client.messages.batches.retrieve(batch)
        status = getattr(found, "processing_status", None)
        if status not in ("in_progress", "canceling", "ended"):
            raise batch_failure.no_batch(self.host)
        if getattr(found, "archived_at", None) is not None:
            raise batch_failure.unknown(self.host, batch)
        return bool(status == "ended")

    def results(self, batch: str) -> Iterator[bytes]:
        """The lines of an ended batch's results, in no order.

        They are read below our own base URL: the address that a gateway passes on may
        be another's, who would be shown the key.
        """
        self._check(batch)
        with self._explained(batch):
            found: object = self._client.get(
                f"{_PATH}/{batch}/results",
                cast_to=httpx2.Response,
                options={"headers": {"Accept": "application/binary"}},
                stream=True,
                stream_cls=anthropic.Stream[Any],
            )
            if not isinstance(found, httpx2.Response):
                raise TypeError("the SDK hands over the response that was asked for")
            with closing(found):
                yield from wire.lines(found)

    def cancel(self, batch: str) -> None:
        """End a batch before its time; what is answered by then stays."""
        self._check(batch)
        with self._explained(batch):
            self._client.messages.batches.cancel(batch)

    def _check(self, batch: str) -> None:
        if not _ID.fullmatch(batch):
            raise batch_failure.unknown(self.host, batch)

    @contextmanager
    def _explained(self, batch: str) -> Iterator[None]:
        try:
            yield
        except anthropic.APIStatusError as error:
            said = self._connection.api_error(error)
            raise batch_failure.asking(said, self.host, batch) from None
        except anthropic.APIConnectionError as error:
            cause = str(error.__cause__ or "")
            raise self._connection.unreached(cause) from None
        except httpx2.TransportError as error:
            raise self._connection.unreached(str(error)) from None
        except wire.EndlessError:
            raise failure.endless(self.host) from None
        except _BROKEN as error:
            raise batch_failure.broken(self.host, type(error).__name__) from None
