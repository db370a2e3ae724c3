"""What went wrong at an endpoint, in one sentence that says what to do."""

import re
from dataclasses import dataclass

from architect_review.errors import ModelError

SPEND_LIMIT = "enforced_spend_limit_reached"
_BY_STATUS = {
    401: "{host} did not accept the key. Check that it is complete and meant for this "
    "endpoint.",
    402: "{host} asks for payment. Check the credit of the account.",
    403: "{host} does not let this key use the model {model}. Choose another model or "
    "another key.",
    404: "{host} does not know the model {model}. Set `model` to a name that it "
    "offers, and check the base URL.",
    413: "The request is too large for {host}. Review fewer files at once, or choose "
    "a model with a larger context window.",
    429: "{host} takes no more requests for now. Run the review again later.",
}
_BY_TYPE = {
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
}
_GENERAL = {401, 402, 403, 404}
# As the API and the common gateways word it.
_SIZE = re.compile(
    r"(prompt|input|request|message)s? (is|are) too (long|large)"
    r"|context[ _](length|window|size|limit)|maximum context|too many (input )?tokens"
    r"|max_model_len|request_too_large",
    re.I,
)


@dataclass(frozen=True, slots=True)
class ApiError:
    """An error as the endpoint reported it. Status 200: an event inside a stream."""

    status: int
    type: str = ""
    code: str = ""
    message: str = ""
    request_id: str = ""


def explain(error: ApiError, host: str, model: str) -> ModelError:
    """`rejected` where someone has to change something, else `unavailable`."""
    status = _status(error)
    if is_spend_limit(error):
        kind = "rejected"
        advice = "The spend limit of this account at {host} is reached. Raise it."
    elif 300 <= status < 400:
        kind = "rejected"
        advice = "{host} redirects to another address. Set the base URL to that one."
    elif is_too_large(error):
        kind, advice = "rejected", _BY_STATUS[413]
    elif status in _BY_STATUS:
        kind = "unavailable" if status == 429 else "rejected"
        advice = _BY_STATUS[status]
    elif 400 <= status < 500 or error.type == "invalid_request_error":
        kind, advice = "rejected", "{host} refused the request."
    else:
        kind = "unavailable"
        advice = "{host} cannot answer at the moment. Run the review again later."
    return ModelError(kind, f"{advice.format(host=host, model=model)} {facts(error)}")


def is_spend_limit(error: ApiError) -> bool:
    """Whether the account may spend no more; waiting does not help."""
    return error.code == SPEND_LIMIT


def is_too_large(error: ApiError) -> bool:
    """Whether the size of the request is what was refused."""
    status = _status(error)
    return status == 413 or (status in (400, 422) and bool(_SIZE.search(error.message)))


def is_general(error: ApiError) -> bool:
    """Whether every other request with this key and model would end the same way."""
    status = _status(error)
    return status in _GENERAL or 300 <= status < 400 or is_spend_limit(error)


def _status(error: ApiError) -> int:
    """The HTTP status, also of an error that came inside a stream."""
    known = {**_BY_TYPE, "invalid_request_error": 400}
    return known.get(error.type, 200) if error.status == 200 else error.status


def facts(error: ApiError) -> str:
    """What the endpoint said, in brackets."""
    code = f"{error.status} {error.type}".strip()
    request = f", request {error.request_id}" if error.request_id else ""
    said = " ".join(error.message.split())[:300]
    return f"({code}{request}{': ' if said else ''}{said})"


def unreachable(host: str, cause: str = "") -> ModelError:
    """No connection, or none that gave a reply; `cause` is the system's word for it."""
    if "CERTIFICATE_VERIFY_FAILED" in cause:
        return ModelError(
            "unavailable",
            f"The certificate of {host} could not be verified. Give the authority that "
            "signed it as `ca-bundle` (locally in SSL_CERT_FILE).",
        )
    return ModelError(
        "unavailable",
        f"{host} could not be reached. Check the base URL, and that the network or "
        "proxy of this machine lets it through."
        + (f" ({' '.join(cause.split())[:200]})" if cause else ""),
    )


def unreadable(model: str, reason: str) -> ModelError:
    """A whole answer that is none as asked for."""
    return ModelError(
        "invalid",
        f"The reply of {model} is not a review: {reason}. Choose a model that can "
        "write JSON to a schema.",
    )


def endless(host: str) -> ModelError:
    """More was sent than any review is long."""
    return ModelError(
        "invalid",
        f"{host} sent far more than an answer can be long. Check the base URL, or "
        "choose another model.",
    )


def out_of_time() -> ModelError:
    """The run's deadline came first."""
    return ModelError(
        "deadline",
        "The time for this run was used up before the model had answered. Allow more "
        "time or review fewer files.",
    )
