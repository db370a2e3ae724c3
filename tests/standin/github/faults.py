"""Answers that go wrong on purpose."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from standin.github.answers import Answer

_SERVER_ERROR = Answer(502, {"message": "Server Error"})


class Drop(Enum):
    """A connection that is closed instead of an answer."""

    BEFORE = "before anything is done"
    AFTER = "after it was done"


@dataclass(frozen=True, slots=True)
class After:
    """Do what was asked, then answer with `answer` all the same."""

    answer: Answer = _SERVER_ERROR


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Let something else happen just then; the request itself goes right.

    `act` may do anything, requests of its own included: it is called before the
    request is carried out, or once it was and before its answer when `after`.
    """

    act: Callable[[], object]
    after: bool = False


Fault = Answer | Drop | After | Meanwhile


@dataclass(slots=True)
class Planned:
    """A fault that waits for `times` requests that match."""

    method: str
    path: re.Pattern[str]
    body: re.Pattern[str]
    fault: Fault
    times: int

    def takes(self, method: str, path: str, body: str) -> bool:
        """Say whether a request meets this fault, and count it when it does."""
        meets = (
            self.times > 0
            and method == self.method
            and self.path.search(path) is not None
            and self.body.search(body) is not None
        )
        self.times -= meets
        return meets


def carried_out(fault: Fault | None, do: Callable[[], Answer]) -> Answer | None:
    """Return the answer to send, None for a connection to close.

    `do` carries out the request; some faults never come to it.
    """
    if isinstance(fault, Answer):
        return fault
    if fault is Drop.BEFORE:
        return None
    answer = do()
    if isinstance(fault, After):
        return fault.answer
    return None if fault is Drop.AFTER else answer
