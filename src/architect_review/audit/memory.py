"""What earlier audits of a scope found: the memory of the living record.

In the record it is a hidden marker of limited size, in a repository a baseline file
with everything in it. Both are untrusted: they decide over numbers and over what is
new, never over who may do something.
"""

import hashlib
import json
import re
from collections.abc import Collection
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from architect_review.errors import SettingsError
from architect_review.review.ledger import (
    NUMBERS_READ,
    TEXT_LIMIT,
    KnownFinding,
    KnownQuestion,
    Ledger,
    State,
)
from architect_review.vocabulary import Severity, Status

SCOPE_LIMIT = 4_000
TREND_LIMIT = 24
"""Audits whose counts are remembered."""
KEYS_LIMIT = 10_000


class _Piece(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class TrendEntry(_Piece):
    """What one audit published, by severity, and how many were fixed since the last.

    `date` is ISO 8601, UTC.
    """

    date: str = Field(max_length=40)
    head: str = Field(max_length=64)
    critical: int = Field(default=0, ge=0)
    high: int = Field(default=0, ge=0)
    medium: int = Field(default=0, ge=0)
    low: int = Field(default=0, ge=0)
    fixed: int = Field(default=0, ge=0)


class AuditLedger(_Piece):
    """The memory of one scope's audits.

    `digest` stands for everything that the last whole audit rested on: the same one
    means that nothing has changed; "" is never the same. `told` are fingerprints of
    critical findings that the lead has heard of, `owed` of those that were new and of
    which the lead is still to hear. `batch` is the id of a batch that is not collected
    yet, with the keys of its components.
    """

    version: Literal[1] = 1
    scope: str = Field(default="", max_length=SCOPE_LIMIT)
    head: str = Field(default="", max_length=64)
    digest: str = Field(default="", max_length=64)
    status: Status | None = None
    findings: tuple[KnownFinding, ...] = ()
    questions: tuple[KnownQuestion, ...] = ()
    trend: tuple[TrendEntry, ...] = Field(default=(), max_length=TREND_LIMIT)
    told: tuple[str, ...] = ()
    owed: tuple[str, ...] = ()
    batch: str = Field(default="", max_length=200)
    batch_keys: tuple[str, ...] = Field(default=(), max_length=KEYS_LIMIT)
    numbered: int = Field(default=0, ge=0, lt=100_000)
    """The highest F number ever given."""
    asked: int = Field(default=0, ge=0, lt=100_000)
    """The highest Q number ever given."""
    forgotten_from: Severity | None = None
    """The gravest severity of open findings that had to be forgotten."""

    @property
    def is_cut(self) -> bool:
        """Whether open findings were forgotten: an unknown one may be an old one."""
        return self.forgotten_from is not None

    @property
    def open(self) -> tuple[KnownFinding, ...]:
        """The findings that were neither fixed nor dismissed."""
        return tuple(each for each in self.findings if each.state is State.OPEN)

    def may_have_forgotten(self, severity: Severity) -> bool:
        """Whether a finding of this severity can be one that had to be forgotten."""
        limit = self.forgotten_from
        return limit is not None and limit.at_least(severity)

    def as_ledger(self, paths: Collection[str] | None = None) -> Ledger:
        """What `review.progress` and `review.judge` read; of some files, or of all.

        Numbers go on where this ledger's end, whatever the files.
        """
        return Ledger(
            head=self.head,
            status=self.status,
            findings=tuple(
                each
                for each in self.findings
                if paths is None or not each.path or each.path in paths
            ),
            questions=self.questions,
            numbered=max((self.numbered, *(each.number for each in self.findings))),
            asked=max((self.asked, *(each.number for each in self.questions))),
        )

    def reopened(self) -> "AuditLedger":
        """The memory in a record that somebody else edited: nothing is settled."""
        update = {"state": State.OPEN, "reason": "", "by": ""}
        findings = tuple(each.model_copy(update=update) for each in self.findings)
        return self.doubted().model_copy(update={"findings": findings})

    def doubted(self) -> "AuditLedger":
        """The memory that others may have written: what could hide a change is void."""
        void = {"digest": "", "told": (), "owed": (), "batch": "", "batch_keys": ()}
        return self.model_copy(update=void)


def scope_digest(scope: str) -> str:
    """A scope in a marker: 16 hex digits."""
    return hashlib.sha256(scope.encode("utf-8", "replace")).hexdigest()[:16]


def to_json(ledger: AuditLedger) -> str:
    """A baseline file: everything, a line for a value, in an order that stays."""
    data = ledger.model_dump(mode="json", exclude_defaults=True)
    return json.dumps({"version": ledger.version, **data}, indent=1) + "\n"


def from_json(text: str, name: str) -> AuditLedger:
    """Read a baseline file. Raises SettingsError, which calls the file `name`."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"the baseline {name} is no JSON: {error}") from error
    version = data.get("version") if isinstance(data, dict) else None
    if version != 1:
        raise SettingsError(
            f"the baseline {name} is not one that this version can read: it should be "
            'an object with "version": 1'
        )
    try:
        found = AuditLedger.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise SettingsError(
            f"the baseline {name} cannot be used: {where}: {first['msg'][:TEXT_LIMIT]}"
        ) from error
    if not found.as_ledger().is_plausible:
        raise SettingsError(
            f"the baseline {name} cannot be used: a number of {NUMBERS_READ:,} or more"
        )
    return found


MARKER = "<!-- architect-review:audit"
_MARKED = re.compile(MARKER + r" v1 ([0-9a-f]{16}) ([A-Za-z0-9+/=]*) -->")


def marker_of(scope: str) -> str:
    """How the marker of a scope's record begins."""
    return f"{MARKER} v1 {scope_digest(scope)} "


def marked(body: str) -> tuple[str, str]:
    """The digest of the scope and the data at the head of a record; "" for none."""
    found = _MARKED.match(body.lstrip())
    return (found[1], found[2]) if found else ("", "")
