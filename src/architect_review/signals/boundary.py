"""The one place that catches any error: a detector's bug costs itself only."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def attempt(call: Callable[[], T]) -> T | Exception:
    """What a call returns, or the error that it ended with."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - see above
        return error
