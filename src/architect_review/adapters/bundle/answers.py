"""The model's answers, from the job that asks it to the one that publishes.

Whoever publishes believes nothing of them but that a model may have said it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from architect_review.adapters.bundle.binding import Binding
from architect_review.adapters.bundle.files import BundleError, Folder
from architect_review.adapters.bundle.forms import digest
from architect_review.adapters.bundle.given import ANSWERS, FOLDER, Given, GivenReply
from architect_review.adapters.bundle.scrubbing import Scrubber
from architect_review.errors import ModelError
from architect_review.evidence.lookups import Look
from architect_review.guarding import answered
from architect_review.prompt.expected import T
from architect_review.prompt.request import ModelRequest
from architect_review.publication.leaks import Guard
from architect_review.review.reply import Reply, Usage

UNASKED = (
    "the model was not asked this: the pull request or its base has changed since, or "
    "the jobs are set differently"
)
BROKEN_OFF = "the job that asks the model was broken off before this was answered"


class Asks(Protocol):
    """A reviewer that tells which replies are to which request."""

    def answers(
        self, requests: Sequence[ModelRequest[T]], look: Look
    ) -> Sequence[Sequence[Reply[T]]]:
        """The replies to each request, in order."""
        ...


class Writing:
    """The answers of a run, written down as they come.

    Raises SettingsError for a folder that cannot be used.
    """

    def __init__(self, handover: Path, binding: Binding, scrubber: Scrubber) -> None:
        self._folder = Folder(handover / FOLDER)
        self._scrubber = scrubber
        self._given = Given(binding=binding)
        self._write()

    def end(self, *, is_unasked: bool = False) -> None:
        """Write down that these are all, or that there was no model to ask."""
        update = {"is_unasked": is_unasked, "is_whole": True}
        self._given = self._given.model_copy(update=update)
        self._write()

    def reviewer(self, inner: Asks) -> "Written":
        """The reviewer, whose replies are written down."""
        return Written(inner, self._keep)

    def _keep(
        self, request: ModelRequest[T], replies: Sequence[Reply[T]]
    ) -> list[Reply[T]]:
        given = tuple(GivenReply.of(each, self._scrubber) for each in replies)
        every = {**self._given.replies, digest(request): given}
        self._given = self._given.model_copy(update={"replies": every})
        self._write()
        return _parted(given, request)

    def _write(self) -> None:
        data = self._given.model_dump(mode="json")
        try:
            self._folder.write(ANSWERS, self._scrubber.owned(data))
        except OSError as error:
            raise BundleError(f"the answers could not be written: {error}") from error


class Written:
    """A reviewer whose replies are those that the next job will read."""

    def __init__(self, inner: Asks, keep: Callable[..., list[Any]]) -> None:
        self._inner, self._keep = inner, keep

    def review(
        self, requests: Sequence[ModelRequest[T]], look: Look
    ) -> Sequence[Reply[T]]:
        """Ask, and write down."""
        every = self._inner.answers(requests, look)
        kept = [
            self._keep(request, replies)
            for request, replies in zip(requests, every, strict=True)
        ]
        return [each for replies in kept for each in replies]


class Answers:
    """A reviewer that answers what was asked in another job, and nothing else.

    `why` says why there are no answers, "" when there are. `head` tells the commit
    that is under review now.
    """

    def __init__(
        self,
        found: Given | None,
        why: str,
        head: Callable[[], str],
        guard: Guard,
    ) -> None:
        self._given, self._why, self._head, self._guard = found, why, head, guard

    def review(
        self, requests: Sequence[ModelRequest[T]], look: Look
    ) -> Sequence[Reply[T]]:
        """The replies to every request; a failed one where there is none."""
        replies = [each for request in requests for each in self._of(request)]
        return [answered(each, self._guard) for each in replies]

    def _of(self, request: ModelRequest[T]) -> list[Reply[T]]:
        if self._given is None:
            return [_unanswered(request, self._why)]
        asked, now = self._given.binding.head, self._head()
        if asked != now:
            why = f"the model was asked about {asked[:7]}, and the head is {now[:7]}"
            return [_unanswered(request, why)]
        found = self._given.replies.get(digest(request))
        if found is None:
            why = UNASKED if self._given.is_whole else BROKEN_OFF
            return [_unanswered(request, why)]
        return _parted(found, request)


def _parted(given: Sequence[GivenReply], request: ModelRequest[T]) -> list[Reply[T]]:
    """The replies to a request, which together are about all of its files."""
    own = frozenset(request.paths)
    if len(given) == 1:
        return [replace(given[0].reply(request), paths=request.paths)]
    told = frozenset(path for each in given for path in each.paths)
    if told != own:
        return [_unanswered(request, "the answers are not about the files asked about")]
    return [each.reply(request) for each in given]


def _unanswered(request: ModelRequest[T], why: str) -> Reply[T]:
    return Reply(
        request.paths, None, ModelError("unavailable", why), Usage(), request.model
    )
