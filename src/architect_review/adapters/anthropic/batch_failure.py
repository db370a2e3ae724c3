"""What went wrong with a batch or an entry of it, and what to do."""

from architect_review.adapters.anthropic import failure
from architect_review.adapters.anthropic.failure import ApiError
from architect_review.errors import ModelError

_NOT_THERE = (404, 405, 501)


def submitting(error: ApiError, host: str, model: str) -> ModelError:
    """Why a batch was not taken."""
    if error.status in _NOT_THERE:
        return _no_batches(error, host)
    if error.status == 413:
        advice = f"The batch is too large for {host}. Audit fewer paths at once."
    elif error.status in (400, 422):
        advice = (
            f"{host} refused the batch. If this endpoint has no Message Batches, leave "
            "`batch` out."
        )
    else:
        found = failure.explain(error, host, model)
        is_unknown = error.status >= 500 and error.status != 529
        return PerhapsTakenError(found) if is_unknown else found
    return ModelError("rejected", f"{advice} {failure.facts(error)}")


def without_batches(host: str) -> ModelError:
    """Why no batch is sent to an endpoint that has none."""
    return ModelError("rejected", f"{host} has no Message Batches: leave `batch` out.")


class PerhapsTakenError(ModelError):
    """A batch was sent, and nobody said whether it was taken; it may cost money."""

    def __init__(self, error: ModelError) -> None:
        super().__init__(
            error.kind,
            f"{error.detail} Whether the batch was taken is not known: look among the "
            "batches of the account before it is submitted again.",
        )


def asking(error: ApiError, host: str, batch: str) -> ModelError:
    """Why nothing can be learned of a batch, or done with it."""
    if error.status == 403 or error.type == "not_found_error":
        return unknown(host, batch, error)
    if error.status in _NOT_THERE:
        return _no_batches(error, host)
    return failure.explain(error, host, f"of the batch {batch}")


def unknown(host: str, batch: str, error: ApiError | None = None) -> ModelError:
    """No batch, or none of this key."""
    said = f" {failure.facts(error)}" if error else ""
    return ModelError(
        "rejected",
        f"{host} knows no batch {batch[:80]!r} that this key may read, or has dropped "
        "its results, which are kept for 29 days. Collect with the key and endpoint "
        f"that submitted it, or submit it again.{said}",
    )


def _no_batches(error: ApiError, host: str) -> ModelError:
    return ModelError(
        "rejected",
        f"This endpoint has no Message Batches: leave `batch` out. {host} said: "
        f"{failure.facts(error)}",
    )


def no_batch(host: str) -> ModelError:
    """The answer was none of the Message Batches API."""
    return ModelError(
        "rejected",
        f"This endpoint has no Message Batches: leave `batch` out. {host} answered "
        "with something else than a batch; check the base URL.",
    )


def broken(host: str, fault: str) -> ModelError:
    """An answer about a batch could not be read to its end."""
    return ModelError(
        "unavailable",
        f"The answer of {host} about the batch could not be read ({fault}). What the "
        "batch holds is not lost: collect it again.",
    )


def too_large(count: int, size: int = 0) -> ModelError:
    """More than one batch may hold (docs.claude.com, "Batch processing")."""
    return ModelError(
        "rejected",
        f"A batch holds at most 100,000 requests and 256 MB, and these are {count:,}"
        + (f" with {size / 1e6:,.0f} MB" if size else "")
        + ". Audit fewer paths at once, or in parts.",
    )


def errored(error: ApiError, host: str, model: str) -> ModelError:
    """An entry that was tried."""
    found = failure.explain(error, host, model)
    return ModelError(found.kind, f"The batch entry ended in an error. {found.detail}")


def expired() -> ModelError:
    """An entry that nobody came to within the day that a batch lasts."""
    return ModelError(
        "deadline",
        "The batch entry expired: it was not answered within the 24 hours that a batch "
        "has. Submit it again.",
    )


def canceled() -> ModelError:
    """An entry of a batch that was ended before."""
    return ModelError(
        "unavailable",
        "The batch entry was canceled before it was answered. Submit it again.",
    )


def missing() -> ModelError:
    """An entry that the results do not hold."""
    return ModelError(
        "unavailable",
        "The batch entry is missing in the batch's results. Submit it again.",
    )


def strange() -> ModelError:
    """An entry that is not as the API writes them."""
    return ModelError("invalid", "The batch entry could not be read. Submit it again.")
