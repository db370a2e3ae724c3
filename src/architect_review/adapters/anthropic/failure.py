"""What went wrong at an endpoint, in one sentence that says what to do."""

from dataclasses import dataclass

from architect_review.errors import ModelError

_SPEND_LIMIT = "enforced_spend_limit_reached"
_BY_STATUS = {
    401: "{host} did not accept the key. Check that it is complete and meant for this "
    "endpoint.",
    402: "{host} asks for payment. Check the credit of the account.",
    403: "{host} does not let this key use the model {model}. Choose another model or "
    "another key.",
    404: "{host} does not know the model {model}. Set `model` to a name that it "
    "offers, and check the base URL.",
    413: "The request is too large for {host}. Review fewer files at once.",
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
    status = _BY_TYPE.get(error.type, 200) if error.status == 200 else error.status
    if error.code == _SPEND_LIMIT:
        kind = "rejected"
        advice = "The spend limit of this account at {host} is reached. Raise it."
    elif status in _BY_STATUS:
        kind = "unavailable" if status == 429 else "rejected"
        advice = _BY_STATUS[status]
    elif 400 <= status < 500 or error.type == "invalid_request_error":
        kind, advice = "rejected", "{host} refused the request."
    else:
        kind = "unavailable"
        advice = "{host} cannot answer at the moment. Run the review again later."
    return ModelError(kind, f"{advice.format(host=host, model=model)} {_facts(error)}")


def _facts(error: ApiError) -> str:
    code = f"{error.status} {error.type}".strip()
    request = f", request {error.request_id}" if error.request_id else ""
    said = " ".join(error.message.split())[:300]
    return f"({code}{request}{': ' if said else ''}{said})"


def unreachable(host: str) -> ModelError:
    """No connection, or none that gave a reply."""
    return ModelError(
        "unavailable",
        f"{host} could not be reached. Check the base URL, and that the network or "
        "proxy of this machine lets it through.",
    )


def out_of_time() -> ModelError:
    """The run's deadline came first."""
    return ModelError(
        "deadline",
        "The time for this run was used up before the model had answered. Allow more "
        "time or review fewer files.",
    )
