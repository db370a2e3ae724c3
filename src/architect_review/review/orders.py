"""What becomes of a comment's commands, decided before anything is written.

A comment is carried out as one: our 🚀 on it is the record that all it asks for was
done (`standing`). So when one command of it cannot be, the others settle nothing.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from architect_review.change.change import Remark
from architect_review.request.commands import Command, Misread, Name, Reading
from architect_review.request.permissions import (
    AUTHOR_MAY,
    Allowed,
    Permission,
    Refused,
    allowed,
)
from architect_review.review.ledger import KnownFinding, KnownQuestion, Ledger, State
from architect_review.review.standing import heed, read

SETTLING = frozenset(
    (
        Name.DISMISS,
        Name.REOPEN,
        Name.ANSWER,
        Name.APPROVE,
        Name.REJECT,
        Name.PAUSE,
        Name.RESUME,
    )
)
"""Commands that change where something stands, by being recorded."""

Sign = Callable[[Command, Ledger], str]
"""Why a sign-off cannot be given as it was commanded, "" when it can."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who commands: a login, a role, and who they are to this change.

    `is_lead` is by the base branch's configuration or the action's inputs.
    """

    login: str
    role: str
    is_author: bool = False
    is_lead: bool = False
    author_may: Collection[Name] = AUTHOR_MAY

    def may(self, name: Name) -> Permission:
        """Whether this person may give a command."""
        return allowed(
            name,
            self.role,
            is_author=self.is_author,
            is_lead=self.is_lead,
            author_may=self.author_may,
        )


class End(StrEnum):
    """How a command ended; `held`: it could have been done, but not its neighbour."""

    DONE = "done"
    FAILED = "failed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One command and how it ended.

    `problem` is one line of our own words, with logins and numbers in it, no other
    text of anyone's. `finding` is what it was about, as it stood before.
    """

    reading: Reading
    end: End = End.DONE
    problem: str = ""
    finding: KnownFinding | None = None
    question: KnownQuestion | None = None

    @property
    def name(self) -> Name | None:
        """The command; None for what is none."""
        return self.reading.name if isinstance(self.reading, Command) else None

    @property
    def is_settling(self) -> bool:
        """Whether it changes where something stands."""
        return self.name in SETTLING


@dataclass(frozen=True, slots=True)
class Carried:
    """The commands of one comment, and the ledger as it stands after them."""

    outcomes: tuple[Outcome, ...]
    ledger: Ledger

    @property
    def is_whole(self) -> bool:
        """Whether everything was done that the comment asks for."""
        return all(each.end is End.DONE for each in self.outcomes)

    @property
    def settles(self) -> bool:
        """Whether something stands otherwise than before."""
        return self.is_whole and any(each.is_settling for each in self.outcomes)

    def done(self, name: Name) -> tuple[Outcome, ...]:
        """The commands of one kind that were done."""
        return tuple(
            each for each in self.outcomes if each.name is name and each.end is End.DONE
        )


def carry_out(
    readings: Sequence[Reading],
    ledger: Ledger,
    person: Person,
    comment: Remark,
    sign: Sign,
    fingerprint: str = "",
) -> Carried:
    """Decide over the commands of a comment, in their order.

    `fingerprint` is that of the finding whose thread the comment is in. The person is
    someone who is answered at all.
    """
    now = ledger
    outcomes: list[Outcome] = []
    for reading in readings:
        outcome, now = _one(reading, now, person, comment, sign, fingerprint)
        outcomes.append(outcome)
    if all(each.end is not End.FAILED for each in outcomes):
        return Carried(tuple(outcomes), now)

    def held(outcome: Outcome) -> Outcome:
        if outcome.end is not End.FAILED:
            return replace(outcome, end=End.HELD) if outcome.is_settling else outcome
        # Its reason must tell how things stand without the others.
        alone, _ = _one(outcome.reading, ledger, person, comment, sign, fingerprint)
        return alone if alone.end is End.FAILED else outcome

    return Carried(tuple(map(held, outcomes)), ledger)


def _one(
    reading: Reading,
    ledger: Ledger,
    person: Person,
    comment: Remark,
    sign: Sign,
    fingerprint: str,
) -> tuple[Outcome, Ledger]:
    if isinstance(reading, Misread):
        return Outcome(reading, End.FAILED, reading.problem), ledger
    if reading.name in (Name.APPROVE, Name.REJECT):
        # Who may is decided there too, which knows better why somebody may not. What
        # a decision covers is read from the conversation, not from here.
        problem = sign(reading, ledger)
        return Outcome(reading, End.FAILED if problem else End.DONE, problem), ledger
    permission = person.may(reading.name)
    if not isinstance(permission, Allowed):
        reason = permission.reason if isinstance(permission, Refused) else ""
        return Outcome(reading, End.FAILED, reason), ledger
    outcome = _about(reading, ledger)
    if not outcome.problem:
        problem = _problem(outcome, reading, ledger, person, permission)
        outcome = replace(outcome, problem=problem)
    if outcome.problem:
        return replace(outcome, end=End.FAILED), ledger
    if reading.name not in SETTLING:
        return outcome, ledger
    after = _recorded(reading, ledger, comment, fingerprint)
    if after is None:
        problem = f"{_subject(reading)} was settled by a newer comment or by this one"
        return replace(outcome, end=End.FAILED, problem=problem), ledger
    return outcome, after


def _recorded(
    command: Command, ledger: Ledger, comment: Remark, fingerprint: str
) -> Ledger | None:
    """The ledger once the comment counts; None when it would change nothing."""
    same = [each for each in read(comment, fingerprint) if each.command == command]
    after = heed(ledger, same[0]) if same else ledger
    return None if after == ledger else after


def _about(command: Command, ledger: Ledger) -> Outcome:
    """What a command is about; a problem when there is no such thing."""
    kind, number = command.target[:1], command.target[1:]
    if command.name in (Name.EXPLAIN, Name.DISMISS, Name.REOPEN):
        found = ledger.numbered_as(int(number))
        others = _listed("open finding", names("F", (n.number for n in ledger.open)))
        problem = "" if found else f"there is no {kind}{number}; {others}"
        return Outcome(command, finding=found, problem=problem)
    if command.name is Name.ANSWER:
        asked = {each.number: each for each in ledger.questions}
        others = _listed("question", names("Q", asked))
        problem = "" if int(number) in asked else f"there is no Q{number}; {others}"
        return Outcome(command, question=asked.get(int(number)), problem=problem)
    return Outcome(command)


def _problem(
    outcome: Outcome,
    command: Command,
    ledger: Ledger,
    person: Person,
    permission: Allowed,
) -> str:
    """Why the command cannot be done, "" when it can."""
    finding = outcome.finding
    if command.name is Name.DISMISS and finding and finding.state is not State.OPEN:
        by = f" by {finding.by}" if finding.state is State.DISMISSED else ""
        return f"{command.target} is {finding.state.value} already{by}"
    if command.name is Name.REOPEN and finding:
        if finding.state is not State.DISMISSED:
            return f"{command.target} is {finding.state.value}, not dismissed"
        if permission.only_own and finding.by.lower() != person.login.lower():
            return (
                f"{command.target} was dismissed by {finding.by}: only they, or "
                "someone who may write here, can take that back"
            )
    if command.name is Name.PAUSE and ledger.paused:
        return f"reviews are paused already, by {ledger.paused}"
    if command.name is Name.RESUME and not ledger.paused:
        return "reviews are not paused"
    return ""


def _listed(what: str, known: str) -> str:
    if not known:
        return f"there is no {what}"
    return f"{what}s are {known}" if "," in known else f"the {what} is {known}"


def _subject(command: Command) -> str:
    return command.target or "this"


def names(letter: str, numbers: Iterable[int]) -> str:
    """`F1, F3`."""
    return ", ".join(f"{letter}{number}" for number in sorted(numbers))
