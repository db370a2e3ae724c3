"""How one call to an endpoint can end. The usage has tokens and calls, not dollars."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from architect_review.errors import ModelError
from architect_review.review.reply import Usage


@dataclass(frozen=True, slots=True)
class Whole:
    """A complete message. `refusal` has the category and reason of a refusal, or "".

    `content` are its blocks as the conversation goes on with them: a `tool_use` has an
    `id`, a `name` and an `input`.
    """

    text: str
    stop_reason: str
    refusal: str
    usage: Usage
    content: tuple[Mapping[str, Any], ...] = ()

    @property
    def calls(self) -> tuple[Mapping[str, Any], ...]:
        """The tool calls that wait for an answer."""
        if self.stop_reason != "tool_use":
            return ()
        return tuple(each for each in self.content if each["type"] == "tool_use")


@dataclass(frozen=True, slots=True)
class Cut:
    """The reply broke off or was no reply; another try may get one.

    `text` is what had arrived of it.
    """

    fault: str
    usage: Usage
    text: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """The endpoint refused the form of the request; another form may pass."""

    said: str
    failure: ModelError
    usage: Usage


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The endpoint takes no request of this size; a part of it may pass."""

    failure: ModelError
    usage: Usage


@dataclass(frozen=True, slots=True)
class Failed:
    """No further call for this request will help, nor for any when `is_general`.

    `text` is what had arrived of an answer.
    """

    failure: ModelError
    usage: Usage
    text: str = ""
    is_general: bool = False


Outcome = Whole | Cut | Declined | TooLarge | Failed
