"""Record a run: what its ports answered, and what came of it.

What a recorded run reads is what is written: credentials and known secrets are taken
out before the pipeline sees an answer. So a replay begins with the same, to the byte.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import SecretStr

from architect_review.adapters.bundle import files
from architect_review.adapters.bundle.files import Folder
from architect_review.adapters.bundle.forms import (
    Asked,
    Manifest,
    State,
    Step,
    StoredReply,
    digest,
    said,
)
from architect_review.adapters.bundle.scrubbing import Scrubber
from architect_review.adapters.bundle.source import RecordingSource
from architect_review.errors import ArchitectError, PublishError
from architect_review.evidence.lookups import Look
from architect_review.ports import Publisher, Reviewer, Tools
from architect_review.prompt.expected import T
from architect_review.prompt.request import ModelRequest
from architect_review.publication.leaks import Guard
from architect_review.publication.publication import Publication
from architect_review.publication.receipt import Receipt
from architect_review.report.report import Report
from architect_review.request.events import RangeReview, Request
from architect_review.request.settings import Settings
from architect_review.review.reply import Reply

LEFT_OUT = ("github-token", "anthropic-api-key", "anthropic-base-url", "record")
"""Inputs that no bundle holds: credentials, and where this machine's things are."""


class Recording:
    """A bundle while it is written: a context that spans the run.

    Raises SettingsError for a folder that cannot be used. Later failures to write do
    not end the run; they make the bundle one that says so.
    """

    def __init__(
        self,
        folder: Path,
        request: Request,
        inputs: Mapping[str, str],
        pins: Mapping[str, str],
        credentials: Iterable[SecretStr | None],
        guard: Guard | None = None,
    ) -> None:
        """`guard` also knows credentials that are learnt while the run goes on."""
        self._guard = guard or Guard()
        self._folder = Folder(folder)
        self._scrubber = Scrubber(credentials)
        self._lock = threading.Lock()
        self._calls = 0
        self._asked: list[Asked] = []
        self._published: list[Step] = []
        self._elapsed: list[float] = []
        self._said: dict[str, Any] | None = None
        self._source: RecordingSource | None = None
        self._broken = ""
        kept = {
            name: text for name, text in inputs.items() if text and name not in LEFT_OUT
        }
        if isinstance(request, RangeReview):
            request = replace(request, path="")
        self._manifest = Manifest.begun(
            request, kept, pins, has_model=Settings.of(inputs).has_model
        )
        self._end(State.STARTED, "the run was broken off")

    def tools(self, tools: Tools) -> Tools:
        """The same tools, listened to."""
        self._source = RecordingSource(tools.source, self._scrubber)

        def elapsed() -> float:
            self._elapsed.append(tools.elapsed())
            return self._elapsed[-1]

        return replace(
            tools,
            source=self._source,
            reviewer=self._reviewer(tools.reviewer),
            publishers=[_Heard(each, self._published) for each in tools.publishers],
            recorders=(*tools.recorders, self),
            elapsed=elapsed,
        )

    def call(self, parameters: Mapping[str, Any], outcome: object) -> None:
        """Write down one call to the model, for people to read. Any thread may."""
        data = {"request": self._request(parameters), "outcome": self._data(outcome)}
        with self._lock:
            self._calls += 1
            number = self._calls
        kept = self._guard.data(self._scrubber.owned(data), "")
        self._write(f"{files.CALLS}/{number:04}.json", kept)

    def record(
        self, report: Report, publication: Publication | None, receipt: Receipt
    ) -> None:
        """Remember what the run said."""
        self._said = said(report, publication, receipt)

    @property
    def outcome(self) -> str:
        """A sentence on what became of the recording."""
        if self._state is State.COMPLETE and not self._broken:
            return f"recorded in {self._folder.path}"
        return f"the recording is not whole: {self._broken or self._why}"

    def __enter__(self) -> "Recording":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, ArchitectError):
            self._end(State.FAILED, str(error))
        elif kind is not None:
            self._end(State.FAILED, f"the program broke off ({kind.__name__})")
        else:
            self._finish()

    def _finish(self) -> None:
        source = self._source
        if source is None or self._said is None:
            self._end(State.FAILED, "the run came to no end")
            return
        if source.overflow:
            self._end(State.FAILED, source.overflow)
            return
        self._write(files.CHANGE, source.change)
        self._write(files.SOURCE, source.answers().model_dump(mode="json"))
        self._write(files.TEXTS, source.texts)
        self._write(
            files.REPLIES, [each.model_dump(mode="json") for each in self._asked]
        )
        self._write(files.PUBLICATION, self._said)
        if self._broken:
            self._end(State.FAILED, self._broken)
        else:
            self._end(State.COMPLETE, "")

    def _end(self, state: State, why: str) -> None:
        update = {
            "state": state,
            "why": self._scrubber.text(why),
            "elapsed": tuple(self._elapsed),
            "published": tuple(self._published),
            "calls": self._calls,
        }
        self._state, self._why = state, why
        manifest = self._manifest.model_copy(update=update)
        self._write(files.MANIFEST, manifest.model_dump(mode="json"))

    def _write(self, name: str, data: Any) -> None:
        try:
            self._folder.write(name, self._scrubber.owned(data))
        except OSError as error:
            self._broken = self._broken or f"{name} could not be written: {error}"

    def _reviewer(
        self, build: Callable[[Settings], Reviewer]
    ) -> Callable[[Settings], Reviewer]:
        return lambda settings: _Noted(build(settings), self._scrubber, self._asked)

    def _request(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments as sent; what the model had said may hold what it made up."""
        sent: dict[str, Any] = _plain(parameters)
        messages = [
            self._scrubber.data(each) if each["role"] == "assistant" else each
            for each in sent.get("messages", ())
        ]
        return sent | {"messages": messages}

    def _data(self, outcome: object) -> Any:
        return self._scrubber.data({type(outcome).__name__: _plain(outcome)})


def _plain(value: Any) -> Any:
    """What was sent, or came back, as JSON data."""
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | None) else str(value)


class _Noted:
    """A reviewer whose replies are written down as they are passed on."""

    def __init__(self, inner: Reviewer, scrubber: Scrubber, asked: list[Asked]) -> None:
        self._inner, self._scrubber, self._asked = inner, scrubber, asked

    def review(
        self, requests: Sequence[ModelRequest[T]], look: Look
    ) -> Sequence[Reply[T]]:
        """Ask; the replies are returned as a replay will read them."""
        replies = self._inner.review(requests, look)
        if not requests:
            return replies
        stored = tuple(map(self._stored, replies))
        self._asked.append(Asked(requests=tuple(map(digest, requests)), replies=stored))
        return [each.reply(requests[0].expected.model) for each in stored]

    def _stored(self, reply: Reply[Any]) -> StoredReply:
        """A reply without secrets; names of files and models stay as they are."""
        data = StoredReply.of(reply).model_dump(mode="json")
        written = ("answer", "failure", "notes", "lookups")
        clean = {name: self._scrubber.data(data[name]) for name in written}
        return StoredReply.model_validate(data | clean)


class _Heard:
    """A publisher whose receipts are written down."""

    def __init__(self, inner: Publisher, published: list[Step]) -> None:
        self._inner, self._published = inner, published

    def publish(self, publication: Publication, receipt: Receipt) -> Receipt:
        """Pass on."""
        try:
            told = self._inner.publish(publication, receipt)
        except PublishError as error:
            self._published.append(Step(failure=str(error)))
            raise
        self._published.append(Step(receipt=told))
        return told
