"""The results of a batch, one line for each of its requests."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from architect_review.adapters.anthropic import batch_failure, message
from architect_review.adapters.anthropic.failure import ApiError
from architect_review.adapters.anthropic.outcome import Failed, Whole
from architect_review.encodable import encodable_data
from architect_review.review.reply import Usage


class _Lenient(BaseModel):
    """Fields that are not named here are kept: new ones do no harm."""

    model_config = ConfigDict(extra="allow", frozen=True)


class _Block(_Lenient):
    type: str
    text: str = ""


class _Details(_Lenient):
    category: str | None = None
    explanation: str | None = None


class _Usage(_Lenient):
    input_tokens: int | None = Field(None, ge=0)
    output_tokens: int | None = Field(None, ge=0)
    cache_read_input_tokens: int | None = Field(None, ge=0)
    cache_creation_input_tokens: int | None = Field(None, ge=0)


class _Message(_Lenient):
    content: tuple[_Block, ...] = ()
    stop_reason: str | None = None
    stop_details: _Details | None = None
    usage: _Usage | None = None


class _Error(_Lenient):
    type: str = ""
    message: str = ""


class _ErrorResponse(_Lenient):
    error: _Error = _Error()
    request_id: str | None = None


class _Result(_Lenient):
    type: str
    message: _Message | None = None
    error: _ErrorResponse = _ErrorResponse()


class _Named(_Lenient):
    custom_id: str
    result: dict[str, Any] = {}


class Entry:
    """What became of one request of a batch."""

    def __init__(self, named: _Named) -> None:
        self.custom_id = named.custom_id
        self._result = named.result

    @classmethod
    def read(cls, line: bytes) -> "Entry | None":
        """Read a line of the results; None for one that names no request."""
        try:
            return cls(_Named.model_validate(encodable_data(json.loads(line))))
        except (ValueError, RecursionError):
            return None

    def outcome(self, host: str, model: str) -> Whole | Failed:
        """How it ended. Only what was answered has used anything that is paid for."""
        try:
            result = _Result.model_validate(self._result)
        except ValidationError:
            return Failed(batch_failure.strange(), Usage(calls=1))
        match result.type:
            case "succeeded" if (whole := message.whole(result.message)) is not None:
                return whole
            case "succeeded":
                found = result.message
                used, text = message.usage(found), message.text(found)
                return Failed(batch_failure.strange(), used, text)
            case "errored":
                said = _said(result.error)
                return Failed(batch_failure.errored(said, host, model), Usage(calls=1))
            case "expired":
                return Failed(batch_failure.expired(), Usage())
            case "canceled":
                return Failed(batch_failure.canceled(), Usage())
        return Failed(batch_failure.strange(), Usage(calls=1))


def _said(response: _ErrorResponse) -> ApiError:
    # No status of its own: the batch was answered with 200.
    return ApiError(
        status=200,
        type=response.error.type,
        message=response.error.message,
        request_id=response.request_id or "",
    )
