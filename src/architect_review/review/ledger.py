"""What earlier runs said, kept in a hidden marker of our own summary comment.

The marker is untrusted: anyone with write access can edit the comment. It is read
only from a comment that the platform says is ours, checked against its shape, and
decides nothing but numbering and what not to repeat.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import chain
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from architect_review.encodable import encodable
from architect_review.review.packed import deflated, inflated
from architect_review.review.packed import line as line
from architect_review.vocabulary import Category, Severity, Status, Topic, Verdict

MARKER = "<!-- architect-review:summary"
_STATE = re.compile(r"<!-- architect-review:summary v1 ([A-Za-z0-9+/=]*) -->")
SIZE_LIMIT = 20_000
"""Characters of the encoded ledger; the comment has 60,000 for everything."""
PATH_LIMIT = 400
REF_LIMIT = 300
"""Characters of a branch's name; git's files allow no more than 255 bytes."""
TITLE_LIMIT = 160
ABSENT_LIMIT = 120
ALSO_LIMIT = 3
OWED_LIMIT = 50
LABEL = "label"
STATUS = "status"
TEXT_LIMIT = 500
"""Characters of a reason or a question."""
_INFLATED_LIMIT = 1_000_000
NUMBERS_READ = 100_000
"""A memory with a number from here on is not trusted: markers have five digits."""
NUMBERS_BELIEVED = NUMBERS_READ // 2
"""Numbers from here on that somebody else wrote are nobody's: ours need the room."""
_NUMBERS = 1_000_000
"""What is numbered behind those that are read has room."""


def as_base(ref: str) -> str:
    """A branch's name as it is remembered."""
    return encodable(ref)[:REF_LIMIT]


_OWED = re.compile(r"label|status|@[A-Za-z0-9_./-]{1,100}")
Owed = Annotated[str, Field(pattern=f"^(?:{_OWED.pattern})$")]
"""What is still to be set on a pull request."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class State(StrEnum):
    """Where a finding stands that was published."""

    OPEN = "open"
    FIXED = "fixed"
    DISMISSED = "dismissed"


def owed(wanted: Iterable[str]) -> tuple[str, ...]:
    """What of these can be remembered."""
    return tuple(filter(_OWED.fullmatch, dict.fromkeys(wanted)))[:OWED_LIMIT]


class KnownFinding(_Entry):
    """A finding that was published under a number.

    `proof` are digests of its quoted lines (`content.line_digest`), `absent` what it
    calls missing: they tell whether it still stands without asking a model. `reason`,
    `by` and `event` say why and by whom it was settled; `event` is the place in time
    of the comment that did (`Heeded.order`), 0 for none: older ones no longer count.
    `also` are fingerprints under which a model has said it again, the latest last.
    """

    number: int = Field(gt=0, lt=_NUMBERS)
    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")
    severity: Severity
    is_posted: bool = False
    """Whether it has a comment of its own, inline or on its file."""
    state: State = State.OPEN
    category: Category | None = None
    path: str = Field(default="", max_length=PATH_LIMIT)
    title: str = Field(default="", max_length=TITLE_LIMIT)
    proof: tuple[str, ...] = Field(default=(), max_length=20)
    absent: str = Field(default="", max_length=ABSENT_LIMIT)
    also: tuple[str, ...] = Field(default=(), max_length=ALSO_LIMIT)
    origin: str = Field(default="", max_length=PATH_LIMIT)
    """The path in its fingerprint, where its file was renamed since."""
    reason: str = Field(default="", max_length=TEXT_LIMIT)
    by: str = Field(default="", max_length=100)
    event: int = Field(default=0, ge=0)
    claimed: str = Field(default="", max_length=TEXT_LIMIT)
    """Why a reviewer holds an open finding for fixed, where code cannot see that."""


class KnownQuestion(_Entry):
    """A question that was asked under a number, and what was answered."""

    number: int = Field(gt=0, lt=_NUMBERS)
    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")
    topic: Topic | None = None
    text: str = Field(default="", max_length=TEXT_LIMIT)
    answer: str = Field(default="", max_length=1_000)
    by: str = Field(default="", max_length=100)
    event: int = Field(default=0, ge=0)


_Numbered = TypeVar("_Numbered", KnownFinding, KnownQuestion)


class Decision(_Entry):
    """What a lead decided about the change's major reasons.

    `reasons` are the keys of the reasons that it covers: others need another one. `at`
    is when it was written, `is_review` whether in a review: GitHub counts the IDs of
    reviews apart, and a review can be dismissed.
    """

    is_approval: bool
    sha: str = Field(pattern=r"^[0-9a-f]{7,64}$")
    by: str = Field(max_length=100)
    reason: str = Field(default="", max_length=500)
    reasons: tuple[str, ...] = ()
    event: int = Field(default=0, ge=0)
    at: str = Field(default="", max_length=40)
    is_review: bool = False


class Heard(_Entry):
    """Which reasons these people were told of, in small letters."""

    leads: tuple[str, ...] = Field(default=(), max_length=200)
    keys: tuple[str, ...] = ()


class Ledger(_Entry):
    """The memory of one pull request.

    `told` are the keys of reasons the lead has heard. `head` is the commit of the
    last run that ended with `status`, `base` the branch that it was compared with.
    """

    version: Literal[1] = 1
    head: str = Field(default="", max_length=64)
    base: str = Field(default="", max_length=REF_LIMIT)
    rebased: str = Field(default="", max_length=40)
    """When something was last said before the base was seen to be another one (as
    `Decision.at`): decisions until then were about another change."""
    status: Status | None = None
    verdict: Verdict = Verdict.NONE
    is_major: bool = False
    rounds: int = Field(default=0, ge=0, lt=100_000)
    findings: tuple[KnownFinding, ...] = ()
    current: tuple[int, ...] = ()
    """Numbers of the findings that the last run published."""
    questions: tuple[KnownQuestion, ...] = ()
    told: tuple[str, ...] = ()
    heard: tuple[Heard, ...] = ()
    """Who heard of it. What is not here counts as heard by every lead."""
    reviewed: str = Field(default="", max_length=40_000)
    """Digests of the hunks that the last whole review read (`content.Seen`)."""
    content: str = Field(default="", max_length=64)
    """Digest of the change that the last whole review read, whatever its commits."""
    paused: str = Field(default="", max_length=100)
    """Who paused automatic reviews, "" for nobody."""
    pause_event: int = Field(default=0, ge=0)
    major: tuple[str, ...] = ()
    """Keys of the reasons that made the change major in the last run."""
    decision: Decision | None = None
    alike: tuple[str, ...] = Field(default=(), max_length=20)
    """Earlier heads with the content and the major reasons of `head`."""
    is_untold: bool = False
    """Whether the lead was to be told by the last run and could not be."""
    owed: tuple[Owed, ...] = Field(default=(), max_length=OWED_LIMIT)
    """What the platform did not take from the last run for now: `label`, `status`, or
    `@` and the handle of somebody who is to be asked for a review."""
    numbered: int = Field(default=0, ge=0, lt=_NUMBERS)
    """The highest F number given, where entries went."""
    asked: int = Field(default=0, ge=0, lt=_NUMBERS)
    """The highest Q number given, where entries went."""

    def is_of(self, head: str, base: str) -> bool:
        """Whether it was concluded for this head and this base.

        Where no base is remembered it may have been any other, so it was not: that
        costs one more run, which asks no model where the change is the same.
        """
        return self.head == head and self.is_on(base)

    def is_on(self, base: str) -> bool:
        """Whether it was concluded for this base."""
        return bool(base) and self.base == as_base(base)

    @property
    def open(self) -> tuple[KnownFinding, ...]:
        """The findings that were neither fixed nor dismissed."""
        return tuple(each for each in self.findings if each.state is State.OPEN)

    def numbered_as(self, number: int) -> KnownFinding | None:
        """The finding with this number, if it is remembered."""
        return next((each for each in self.findings if each.number == number), None)

    def known(self, fingerprint: str) -> KnownFinding | None:
        """The finding with this fingerprint, if it was published before."""
        own = (each for each in self.findings if each.fingerprint == fingerprint)
        others = (each for each in self.findings if fingerprint in each.also)
        return next(chain(own, others), None)

    @property
    def last_number(self) -> int:
        """The highest F number ever given."""
        return max((self.numbered, *(each.number for each in self.findings)))

    @property
    def last_question(self) -> int:
        """The highest Q number ever given."""
        return max((self.asked, *(each.number for each in self.questions)))

    @property
    def is_plausible(self) -> bool:
        """Whether its numbers leave room for further ones."""
        return max(self.last_number, self.last_question) < NUMBERS_READ

    def encoded(self) -> str:
        """The marker, of a state of at most SIZE_LIMIT characters.

        What goes first where it is too long: the oldest settled findings, the digests
        of what was reviewed, wordings, questions, and open findings only then.
        """
        ledger = self
        while len(state := ledger._state()) > SIZE_LIMIT:
            ledger = _lighter(ledger)
        return f"{MARKER} v1 {state} -->"

    def _state(self) -> str:
        return deflated(self.model_dump_json(exclude_defaults=True))


def _lighter(ledger: Ledger) -> Ledger:
    """The ledger without what it can spare best; in the end it is an empty one."""
    findings = ledger.findings
    update: dict[str, object] = {
        "numbered": ledger.last_number,
        "asked": ledger.last_question,
    }
    settled = [each for each in findings if each.state is not State.OPEN]
    # What was dismissed would be said again, what was fixed only if it came back.
    settled.sort(key=lambda each: (each.state is State.DISMISSED, each.number))
    if settled:
        gone = {each.number for each in _oldest(settled)}
        update["findings"] = tuple(each for each in findings if each.number not in gone)
    elif ledger.reviewed:
        update["reviewed"] = ""
    elif any(each.title or each.reason for each in findings):
        bare = {"title": "", "reason": ""}
        update["findings"] = tuple(each.model_copy(update=bare) for each in findings)
    elif ledger.questions:
        gone = {each.number for each in _oldest(ledger.questions)}
        update["questions"] = tuple(q for q in ledger.questions if q.number not in gone)
    elif findings:
        gone = {each.number for each in _oldest(findings)}
        update["findings"] = tuple(each for each in findings if each.number not in gone)
    elif ledger.heard or ledger.current:
        update |= {"heard": (), "current": ()}
    elif ledger.told:
        update["told"] = ledger.told[len(ledger.told) // 4 + 1 :]
    else:
        update |= {"major": (), "decision": None, "alike": (), "owed": ()}
    return ledger.model_copy(update=update)


def _oldest(entries: Sequence[_Numbered]) -> Sequence[_Numbered]:
    return entries[: len(entries) // 4 + 1]


def decode(body: str) -> Ledger | None:
    """The ledger in a comment of ours; None when it is absent or cannot be trusted."""
    match = _STATE.search(body)
    if match is None or len(match[1]) > SIZE_LIMIT:
        return None
    try:
        ledger = Ledger.model_validate_json(inflated(match[1], _INFLATED_LIMIT))
    except ValidationError:
        return None
    return ledger if ledger.is_plausible else None
