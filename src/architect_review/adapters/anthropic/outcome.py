"""How one call to an endpoint can end. The usage has tokens and calls, not dollars."""

from dataclasses import dataclass

from architect_review.errors import ModelError
from architect_review.review.reply import Usage


@dataclass(frozen=True, slots=True)
class Whole:
    """A complete message. `refusal` has the category and reason of a refusal, or ""."""

    text: str
    stop_reason: str
    refusal: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class Cut:
    """The reply broke off or was no reply; another try may get one."""

    fault: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class Declined:
    """The endpoint refused the form of the request; another form may pass."""

    said: str
    failure: ModelError
    usage: Usage


@dataclass(frozen=True, slots=True)
class Failed:
    """No further call will help."""

    failure: ModelError
    usage: Usage


Outcome = Whole | Cut | Declined | Failed
