"""What earlier runs said, kept in a hidden marker of our own summary comment.

The marker is untrusted: anyone with write access can edit the comment. It is read
only from a comment that the platform says is ours, checked against its shape, and
decides nothing but numbering and what not to repeat.
"""

import base64
import binascii
import re
import zlib
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from architect_review.vocabulary import Severity, Status, Verdict

MARKER = "<!-- architect-review:summary"
_STATE = re.compile(r"<!-- architect-review:summary v1 ([A-Za-z0-9+/=]*) -->")
SIZE_LIMIT = 20_000
"""Characters of the encoded ledger; the comment has 60,000 for everything."""
_INFLATED_LIMIT = 1_000_000


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class KnownFinding(_Entry):
    """A finding that was published under a number."""

    number: int = Field(gt=0, lt=100_000)
    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")
    severity: Severity
    is_posted: bool = False
    """Whether it has a comment of its own, inline or on its file."""


class KnownQuestion(_Entry):
    """A question that was asked under a number."""

    number: int = Field(gt=0, lt=100_000)
    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")


class Ledger(_Entry):
    """The memory of one pull request.

    `told` are the keys of reasons the lead has heard. `head` is the commit of the
    last run that ended with `status`.
    """

    version: Literal[1] = 1
    head: str = Field(default="", max_length=64)
    status: Status | None = None
    verdict: Verdict = Verdict.NONE
    is_major: bool = False
    rounds: int = Field(default=0, ge=0, lt=100_000)
    findings: tuple[KnownFinding, ...] = ()
    current: tuple[int, ...] = ()
    """Numbers of the findings that the last run published."""
    questions: tuple[KnownQuestion, ...] = ()
    told: tuple[str, ...] = ()
    is_untold: bool = False
    """Whether the lead was to be told by the last run and could not be."""

    def known(self, fingerprint: str) -> KnownFinding | None:
        """The finding with this fingerprint, if it was published before."""
        return next(
            (each for each in self.findings if each.fingerprint == fingerprint), None
        )

    @property
    def last_number(self) -> int:
        """The highest F number ever given."""
        return max((each.number for each in self.findings), default=0)

    def encoded(self) -> str:
        """The marker, at most SIZE_LIMIT characters: the oldest findings go first."""
        ledger = self
        while True:
            data = zlib.compress(ledger.model_dump_json().encode(), 9)
            state = base64.b64encode(data).decode()
            if len(state) <= SIZE_LIMIT or not ledger.findings:
                return f"{MARKER} v1 {state} -->"
            keep = ledger.findings[len(ledger.findings) // 4 + 1 :]
            ledger = ledger.model_copy(update={"findings": keep})


def decode(body: str) -> Ledger | None:
    """The ledger in a comment of ours; None when it is absent or cannot be trusted."""
    match = _STATE.search(body)
    if match is None or len(match[1]) > SIZE_LIMIT:
        return None
    try:
        inflate = zlib.decompressobj()
        data = inflate.decompress(
            base64.b64decode(match[1], validate=True), _INFLATED_LIMIT
        )
        return Ledger.model_validate_json(data)
    except (binascii.Error, zlib.error, ValidationError):
        return None
