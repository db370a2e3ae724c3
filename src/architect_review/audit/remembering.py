"""The memory of an audit in a hidden marker: as much of it as there is room for.

The gravest findings keep everything. Of the others a marker holds what tells whether
they still stand: number, fingerprint, severity, path, the first quoted line. Those
beyond that are forgotten, the mildest first, and the memory says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, pairwise
from typing import Self

from pydantic import BaseModel, ConfigDict

from architect_review.audit.memory import AuditLedger, marked, marker_of, scope_digest
from architect_review.publication.inlines import longest
from architect_review.review.ledger import KnownFinding, State
from architect_review.review.packed import deflated, inflated
from architect_review.vocabulary import Severity

SIZE_LIMIT = 30_000
"""Characters of the marker: half of what a record may have."""
SETTLED_LIMIT = 200
"""Fixed findings that are remembered: one that comes back keeps its number."""
TOLD_LIMIT = 500
QUESTIONS_LIMIT = 40
_INFLATED_LIMIT = 4_000_000
_WHOLE_SHARE = 4
"""The part of the room, one of so many, that findings with everything may take where
not all can be remembered."""
_SMALLEST = 10
"""Characters that a finding takes at least: its fingerprint cannot be compressed."""
_LETTERS = {severity.value[0]: severity for severity in Severity}


class _Faint(BaseModel):
    """Findings in columns, by number; each number is counted from the one before."""

    model_config = ConfigDict(frozen=True)
    steps: tuple[int, ...] = ()
    prints: str = ""
    severities: str = ""
    dismissed: tuple[int, ...] = ()
    paths: tuple[str, ...] = ()
    at: tuple[int, ...] = ()
    proofs: str = ""

    @classmethod
    def of(cls, findings: Iterable[KnownFinding]) -> Self:
        known = sorted(findings, key=lambda each: each.number)
        paths = sorted({each.path for each in known})
        place = {path: at for at, path in enumerate(paths)}
        numbers = [0, *(each.number for each in known)]
        return cls(
            steps=tuple(b - a for a, b in pairwise(numbers)),
            prints="".join(each.fingerprint for each in known),
            severities="".join(each.severity.value[0] for each in known),
            dismissed=tuple(
                each.number for each in known if each.state is State.DISMISSED
            ),
            paths=tuple(paths),
            at=tuple(place[each.path] for each in known),
            proofs=",".join("".join(each.proof[:1]) for each in known),
        )

    def findings(self) -> Iterator[KnownFinding]:
        """Those that the columns hold. Raises ValueError for columns of no sense."""
        if not self.steps:
            return
        size = len(self.steps)
        prints = [self.prints[at : at + 16] for at in range(0, len(self.prints), 16)]
        columns = (prints, self.severities, self.at, self.proofs.split(","))
        if any(len(column) != size for column in columns):
            raise ValueError("columns of different lengths")
        if not all(0 <= at < len(self.paths) for at in self.at):
            raise ValueError("no such path")
        dismissed = frozenset(self.dismissed)
        for number, digest, letter, at, proof in zip(
            accumulate(self.steps), *columns, strict=True
        ):
            settled = number in dismissed
            yield KnownFinding(
                number=number,
                fingerprint=digest,
                severity=_LETTERS.get(letter, Severity.LOW),
                state=State.DISMISSED if settled else State.OPEN,
                path=self.paths[at],
                proof=(proof,) if proof else (),
            )


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True)
    ledger: AuditLedger
    faint: _Faint = _Faint()


def encode(ledger: AuditLedger, limit: int = SIZE_LIMIT) -> str:
    """The marker, of at most `limit` characters."""
    head = marker_of(ledger.scope)
    room = limit - len(head) - len(" -->")
    return f"{head}{_fitted(_pruned(ledger), room)} -->"


def decode(body: str, scope: str) -> AuditLedger | None:
    """The memory at the head of a scope's record; None when it cannot be trusted."""
    digest, data = marked(body)
    if digest != scope_digest(scope) or len(data) > SIZE_LIMIT:
        return None
    try:
        stored = _Stored.model_validate_json(inflated(data, _INFLATED_LIMIT))
        faint = list(stored.faint.findings())
    except ValueError:
        return None
    if stored.ledger.scope != scope:
        return None
    findings = _in_order([*stored.ledger.findings, *faint])
    found = stored.ledger.model_copy(update={"findings": findings})
    return found if found.as_ledger().is_plausible else None


def _pruned(ledger: AuditLedger) -> AuditLedger:
    """Without what nobody misses, and with the numbers that were given."""
    fixed = [each for each in ledger.findings if each.state is State.FIXED]
    left = [each for each in ledger.findings if each.state is not State.FIXED]
    whole = ledger.as_ledger()
    update = {
        "findings": _in_order([*left, *fixed[-SETTLED_LIMIT:]]),
        "questions": ledger.questions[-QUESTIONS_LIMIT:],
        "told": ledger.told[-TOLD_LIMIT:],
        "owed": ledger.owed[-TOLD_LIMIT:],
        "numbered": whole.last_number,
        "asked": whole.last_question,
    }
    return ledger.model_copy(update=update)


def _fitted(ledger: AuditLedger, room: int) -> str:
    everything = _state(ledger, ledger.findings, ())
    if len(everything) <= room:
        return everything
    known = [each for each in ledger.findings if each.state is not State.FIXED]
    known.sort(key=lambda e: (e.severity.rank, e.state is State.OPEN, e.number))
    for spared in ((), ("questions",), ("questions", "told"), _SPARED):
        lighter = ledger.model_copy(update=dict.fromkeys(spared, ()))
        if len(_state(lighter, (), ())) <= room // 2:
            break
    return _cut(lighter, known, room)


_SPARED = ("questions", "told", "owed", "trend", "batch_keys")


def _cut(ledger: AuditLedger, known: Sequence[KnownFinding], room: int) -> str:
    """As many findings as fit, the gravest first."""
    most = min(len(known), room // _SMALLEST)
    free = room - len(_state(ledger, (), ()))
    share = room - free + free // _WHOLE_SHARE

    def whole(count: int) -> str:
        return _state(ledger, known[:count], ())

    def all_known(count: int) -> str:
        return _state(ledger, known[:count], known[count:])

    kept = longest(most, whole, share)
    more = longest(most, all_known, room) if len(known) <= most else 0
    if more >= kept and len(text := all_known(more)) <= room:
        return text
    state = partial(_forgetting, ledger, known, kept)
    return state(longest(most - kept, state, room))


def _forgetting(
    ledger: AuditLedger, known: Sequence[KnownFinding], whole: int, faint: int
) -> str:
    """So many with everything, so many with less, and the others forgotten."""
    gone = [each for each in known[whole + faint :] if each.state is State.OPEN]
    limits = [each.severity for each in gone]
    limits += [ledger.forgotten_from] if ledger.forgotten_from else []
    update = {"forgotten_from": min(limits, key=lambda e: e.rank, default=None)}
    cut = ledger.model_copy(update=update)
    return _state(cut, known[:whole], known[whole : whole + faint])


def _state(
    ledger: AuditLedger, whole: Sequence[KnownFinding], faint: Sequence[KnownFinding]
) -> str:
    kept = ledger.model_copy(update={"findings": _in_order(whole)})
    stored = _Stored(ledger=kept, faint=_Faint.of(faint))
    return deflated(stored.model_dump_json(exclude_defaults=True))


def _in_order(findings: Iterable[KnownFinding]) -> tuple[KnownFinding, ...]:
    return tuple(sorted(findings, key=lambda each: each.number))
