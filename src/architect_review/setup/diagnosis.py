"""What the doctor says: lines in order, each with what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from architect_review.templating import text


class State(StrEnum):
    """How something is."""

    OK = "ok"
    MISSING = "missing"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Line:
    """One check: `what` it is about, how it is, and what to do if it is not well."""

    state: State
    what: str
    said: str
    advice: str = ""


def ok(what: str, said: str) -> Line:
    """Something is as it should be."""
    return Line(State.OK, what, said)


def missing(what: str, said: str, advice: str = "") -> Line:
    """Something has to be done."""
    return Line(State.MISSING, what, said, advice)


def unknown(what: str, said: str, advice: str = "") -> Line:
    """Nothing can be said of something from here."""
    return Line(State.UNKNOWN, what, said, advice)


def permission_lines(wanted: Iterable[str]) -> str:
    """Permissions, each as `contents: read`, as the YAML of a job."""
    return "\n".join(["permissions:", *(f"  {each}" for each in wanted)])


def is_well(lines: Iterable[Line]) -> bool:
    """Whether nothing is missing."""
    return all(each.state is not State.MISSING for each in lines)


def shown(lines: Iterable[Line]) -> str:
    """The lines as text."""
    listed = list(lines)
    count = sum(each.state is State.MISSING for each in listed)
    return text("doctor.txt.j2", lines=listed, missing=count)
