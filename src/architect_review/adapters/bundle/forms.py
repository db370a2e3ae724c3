"""What the files of a bundle hold. What is not named here is not read."""

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, fields
from enum import StrEnum
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from architect_review import __version__
from architect_review.change.change import Change, Conversation
from architect_review.change.snapshot import EntryKind
from architect_review.errors import ArchitectError, ModelError, SourceError
from architect_review.prompt.expected import T
from architect_review.prompt.request import ModelRequest
from architect_review.publication.publication import Publication
from architect_review.publication.receipt import Receipt
from architect_review.report.outputs import outputs
from architect_review.report.report import Report
from architect_review.request.events import PullRequestReview, RangeReview, Request
from architect_review.review.reply import Looked, Reply, Usage

FORMAT = 1
"""Raised whenever an older program could not read what is written here."""
PACKAGES = ("anthropic", "pydantic", "PyGithub", "unidiff")
CHANGE: TypeAdapter[Change | None] = TypeAdapter(Change | None)


class Form(BaseModel):
    """A part of a bundle; fields of later programs are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class State(StrEnum):
    """How far the recorded run came."""

    STARTED = "started"
    COMPLETE = "complete"
    FAILED = "failed"


class Failure(Form):
    """Why a question to the source had no answer."""

    text: str
    is_source: bool

    @classmethod
    def of(cls, error: ArchitectError) -> "Failure":
        """The failure, without what cannot be written down."""
        return cls(text=str(error), is_source=isinstance(error, SourceError))

    def raised(self) -> ArchitectError:
        """The error as the pipeline met it."""
        return (SourceError if self.is_source else ArchitectError)(self.text)


class Step(Form):
    """What one publisher said: its receipt, or how it failed."""

    receipt: Receipt | None = None
    failure: str = ""


class Manifest(Form):
    """What was run, with which program, and how it ended.

    `why` explains a failure. `inputs` lack the credentials and the endpoint's address;
    `has_model` says that there was one. `elapsed` are the seconds that the run was
    told, `published` what became of each publisher.
    """

    format: int = FORMAT
    program: str = __version__
    python: str = ""
    packages: dict[str, str] = {}
    state: State = State.STARTED
    why: str = ""
    pull_request: PullRequestReview | None = None
    range: RangeReview | None = None
    inputs: dict[str, str] = {}
    has_model: bool = False
    pins: dict[str, str] = {}
    elapsed: tuple[float, ...] = ()
    published: tuple[Step, ...] = ()
    calls: int = 0

    @classmethod
    def begun(
        cls,
        request: Request,
        inputs: Mapping[str, str],
        pins: Mapping[str, str],
        *,
        has_model: bool,
    ) -> "Manifest":
        """What is known when a run begins."""
        return cls(
            python=platform.python_version(),
            packages={name: version(name) for name in PACKAGES},
            pull_request=request if isinstance(request, PullRequestReview) else None,
            range=request if isinstance(request, RangeReview) else None,
            inputs=dict(inputs),
            has_model=has_model,
            pins=dict(pins),
        )


# A receipt's own module names this for type checkers only: every start imports it.
for _form in (Step, Manifest):
    _form.model_rebuild(_types_namespace={"Conversation": Conversation})


class ReadAnswer(Form):
    """Files that were read at a commit, each text by its digest."""

    sha: str
    paths: tuple[str, ...]
    texts: dict[str, str] = {}
    failure: Failure | None = None


class RoleAnswer(Form):
    """The role that a person was said to have."""

    login: str
    role: str = ""
    failure: Failure | None = None


class SnapshotAnswers(Form):
    """What of a commit was listed and read; a text is None where there is none."""

    sha: str
    entries: dict[str, tuple[EntryKind, int]] | None = None
    unlisted: Failure | None = None
    texts: dict[str, str | None] = {}
    unread: Failure | None = None


class SourceAnswers(Form):
    """Everything the source was asked beside the change itself."""

    reads: tuple[ReadAnswer, ...] = ()
    roles: tuple[RoleAnswer, ...] = ()
    snapshots: tuple[SnapshotAnswers, ...] = ()


class StoredReply(Form):
    """A Reply whose answer is data until it is known what was asked for."""

    paths: tuple[str, ...]
    answer: dict[str, Any] | None
    failure: tuple[str, str] | None
    usage: Usage
    model: str
    notes: tuple[str, ...]
    lookups: tuple[Looked, ...]
    agent: str

    @classmethod
    def of(cls, reply: Reply[Any]) -> "StoredReply":
        """A reply as data."""
        failed, answer = reply.failure, reply.answer
        return cls(
            paths=reply.paths,
            answer=None if answer is None else answer.model_dump(mode="json"),
            failure=None if failed is None else (failed.kind, failed.detail),
            usage=reply.usage,
            model=reply.model,
            notes=reply.notes,
            lookups=reply.lookups,
            agent=reply.agent,
        )

    def reply(self, expected: type[T]) -> Reply[T]:
        """The reply again. Raises ValidationError for an answer of another form."""
        return Reply(
            self.paths,
            None if self.answer is None else expected.model_validate(self.answer),
            None if self.failure is None else ModelError(*self.failure),
            self.usage,
            self.model,
            self.notes,
            self.lookups,
            self.agent,
        )


class Asked(Form):
    """Requests that were made together, by their digests, and all their replies."""

    requests: tuple[str, ...]
    replies: tuple[StoredReply, ...]


def digest(request: ModelRequest[Any]) -> str:
    """What tells a request from every other: all that is asked, and its form."""
    data = {
        field.name: getattr(request, field.name)
        for field in fields(request)
        if field.name not in ("expected", "pieces")
    }
    data["pieces"] = [asdict(piece) for piece in request.pieces]
    data["schema"] = request.expected.schema()
    return digest_of(json.dumps(data, sort_keys=True))


def digest_of(text: str) -> str:
    """The name of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def said(
    report: Report, publication: Publication | None, receipt: Receipt
) -> dict[str, Any]:
    """Everything a run said, wherever it was said."""
    told: dict[str, Any] = {
        "report": report.model_dump(mode="json"),
        "outputs": outputs(report, ""),
    }
    if publication is None:
        return told
    return told | {
        "review": str(publication.review_body),
        "inline": [asdict(each) for each in publication.inline],
        "filed": [asdict(each) for each in publication.filed],
        "threads": [asdict(each) for each in publication.threads],
        "lead": publication.lead and asdict(publication.lead),
        "untold": publication.untold,
        "summary": str(publication.summary(receipt)),
        "step_summary": str(publication.long_form(receipt)),
    }
