"""What an audit needs from the outside besides what any run needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from architect_review.audit.memory import AuditLedger
from architect_review.audit.surveying import Spread
from architect_review.audit_report.record import Recorded, RecordEntry
from architect_review.audit_report.report import AuditReport
from architect_review.ports import Tools
from architect_review.prompt.expected import T
from architect_review.prompt.request import ModelRequest
from architect_review.request.settings import Settings
from architect_review.review.reply import Reply


class Store(Protocol):
    """Where finished parts of a long run are kept for the next one."""

    def load(self, key: str) -> str | None:
        """The text that was saved under this key, whole; None when there is none."""
        ...

    def save(self, key: str, text: str) -> None:
        """Keep a text, whole or not at all. Raises PublishError."""
        ...


In = TypeVar("In")
Out = TypeVar("Out")


class Crew(Protocol):
    """Several pieces of work at a time."""

    def each(self, work: Callable[[In], Out], items: Sequence[In]) -> Sequence[Out]:
        """What `work` returns for every item, in order; the first error is raised."""
        ...


class AuditRecord(Protocol):
    """The one place where a repository's audits are said, run after run."""

    def read(self) -> Recorded | None:
        """What stands there; None before the first audit. Raises PublishError."""
        ...

    def write(self, entry: RecordEntry) -> str:
        """Say it and return the record's address. Raises PublishError."""
        ...


class AuditForms(Protocol):
    """Where the end of an audit is written down, whatever the end was."""

    def record(self, report: AuditReport, ledger: AuditLedger | None) -> None:
        """Write it down; `ledger` is what the next audit is to know, None for none."""
        ...


class Batches(Protocol):
    """A model that answers many requests at once, within hours."""

    def submit(self, requests: Mapping[str, ModelRequest[T]]) -> str:
        """Send requests by a name each; returns the batch's ID. Raises ModelError."""
        ...

    def collect(
        self, batch: str, requests: Mapping[str, ModelRequest[T]], wait: float
    ) -> Mapping[str, Reply[T]] | None:
        """A reply to every request, or None when they are not there in `wait` seconds.

        Raises ModelError when the batch cannot be asked for.
        """
        ...


@dataclass(frozen=True, slots=True)
class AuditTools:
    """Everything outside that an audit uses besides what any run uses.

    `record` gives the record of a scope, None where audits are not recorded; `known`
    what an earlier audit has found where there is no record to ask.
    """

    tools: Tools
    store: Store
    crew: Crew
    record: Callable[[str, Settings], AuditRecord | None]
    batches: Callable[[Settings], Batches]
    forms: Sequence[AuditForms]
    now: Callable[[], str]
    """The time, as ISO 8601 in UTC."""
    known: AuditLedger | None = None
    spread: Spread = map
    """How the survey of many components is computed."""
    state_option: str = ""
    """How a person gives the state folder that there is not; "" where there is one."""
