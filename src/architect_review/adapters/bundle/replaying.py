"""Run a recorded run again: every answer comes from the bundle, nothing goes out."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from architect_review import __version__
from architect_review.adapters.bundle import files
from architect_review.adapters.bundle.answering import ReplayedSource
from architect_review.adapters.bundle.files import BundleError
from architect_review.adapters.bundle.forms import (
    CHANGE,
    FORMAT,
    Asked,
    Manifest,
    SourceAnswers,
    State,
    Step,
    digest,
    said,
)
from architect_review.errors import PublishError
from architect_review.evidence.lookups import Look
from architect_review.ports import Tools
from architect_review.prompt.expected import T
from architect_review.prompt.request import ModelRequest
from architect_review.publication.publication import Publication
from architect_review.publication.receipt import Receipt
from architect_review.report.report import Report
from architect_review.request.events import Request
from architect_review.request.settings import Settings
from architect_review.review.reply import Reply

_V = TypeVar("_V")
_ASKED = TypeAdapter(tuple[Asked, ...])
_TEXTS = TypeAdapter(dict[str, str])


class Replaying:
    """A bundle that is run again. Raises BundleError for a folder that holds none."""

    def __init__(self, folder: Path) -> None:
        self.manifest = _manifest(folder)
        self._folder = folder
        self._source = ReplayedSource(
            self._valid(files.CHANGE, CHANGE.validate_python),
            self._valid(files.SOURCE, SourceAnswers.model_validate),
            self._valid(files.TEXTS, _TEXTS.validate_python),
            f"{self._other()} asks for:",
        )
        self._asked = self._valid(files.REPLIES, _ASKED.validate_python)
        self._elapsed = iter(self.manifest.elapsed)
        self.ended: tuple[Report, Publication | None, Receipt] | None = None
        """What the run came to, once it has been run."""

    @property
    def request(self) -> Request:
        """What was asked for."""
        request = self.manifest.pull_request or self.manifest.range
        if request is None:
            raise BundleError(f"{self._folder} names no request")
        return request

    @property
    def inputs(self) -> dict[str, str]:
        """The inputs; a model that nobody will ask stands for the one that was."""
        key = {"anthropic-api-key": "replayed"} if self.manifest.has_model else {}
        return self.manifest.inputs | key

    def tools(self) -> Tools:
        """What stands in for everything outside."""
        return Tools(
            source=self._source,
            reviewer=self._reviewer,
            publishers=[_Said(each) for each in self.manifest.published],
            recorders=(self,),
            progress=_Silent(),
            elapsed=lambda: next(self._elapsed, 0.0),
        )

    def record(
        self, report: Report, publication: Publication | None, receipt: Receipt
    ) -> None:
        """Remember what the run came to."""
        self.ended = (report, publication, receipt)

    def whole(self) -> tuple[Report, Publication | None, Receipt]:
        """What the run came to. Raises BundleError where an answer was lacking."""
        if self._source.missed:
            raise self._source.missed[0]
        if self.ended is None:
            raise BundleError(f"{self._folder} holds a run that comes to no end")
        return self.ended

    def outcome(self) -> tuple[bytes, bytes]:
        """What was said when it was recorded, and what is said now, as JSON."""
        before = files.content(self._folder, files.PUBLICATION)
        return before, files.written(said(*self.whole()))

    def _reviewer(self, settings: Settings) -> "_Recorded":
        return _Recorded(self._asked, self._other())

    def _other(self) -> str:
        return (
            f"this bundle was recorded by version {self.manifest.program} and does not "
            f"hold what this program ({__version__})"
        )

    def _valid(self, name: str, validate: Callable[[Any], _V]) -> _V:
        try:
            return validate(files.read(self._folder, name))
        except ValidationError as error:
            raise files.damaged(self._folder / name, error) from error


class _Recorded:
    """Answers requests that were made when the bundle was recorded."""

    def __init__(self, asked: Sequence[Asked], other: str) -> None:
        self._asked, self._other = asked, other

    def review(
        self, requests: Sequence[ModelRequest[T]], look: Look
    ) -> Sequence[Reply[T]]:
        """The replies. Raises BundleError for other requests."""
        if not requests:
            return ()
        digests = tuple(map(digest, requests))
        for each in self._asked:
            if each.requests == digests:
                expected = requests[0].expected.model
                try:
                    return [reply.reply(expected) for reply in each.replies]
                except ValidationError as error:
                    raise files.damaged(Path(files.REPLIES), error) from error
        raise BundleError(
            f"{self._other} asks the model: the prompt has changed since, or the bundle"
        )


class _Said:
    """A publisher that says nothing and has the receipt of one that did."""

    def __init__(self, step: Step) -> None:
        self._step = step

    def publish(self, publication: Publication, receipt: Receipt) -> Receipt:
        """The receipt, or the failure."""
        if self._step.receipt is None:
            raise PublishError(self._step.failure)
        return self._step.receipt


class _Silent:
    def step(self, text: str) -> None:
        """A replay is over before anybody could read it."""


def _manifest(folder: Path) -> Manifest:
    data = files.read(folder, files.MANIFEST)
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        raise BundleError(
            f"{folder} has the bundle format {found!r:.40} and this program reads "
            f"{FORMAT}: replay it with version {_program(data)}"
        )
    try:
        manifest = Manifest.model_validate(data)
    except ValidationError as error:
        raise files.damaged(folder / files.MANIFEST, error) from error
    if manifest.state is not State.COMPLETE:
        raise BundleError(f"{folder} is no whole recording: {manifest.why}")
    return manifest


def _program(data: Any) -> str:
    found = data.get("program") if isinstance(data, dict) else None
    return f"{found:.40}" if isinstance(found, str) else "that wrote it"
