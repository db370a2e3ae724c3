"""An audit's findings beside those of the audit before, as values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from architect_review.audit.memory import TREND_LIMIT, AuditLedger, TrendEntry
from architect_review.change.change import Change
from architect_review.review.finding import Finding
from architect_review.review.ledger import KnownFinding, KnownQuestion
from architect_review.vocabulary import Fate, Severity, Status


class Reach(StrEnum):
    """How this audit has taken in a file.

    `reused`: an earlier review of the very same content stands for it. `unread`: it is
    to be read and was not. `outside`: it is there, and is not to be read.
    """

    READ = "read"
    REUSED = "reused"
    UNREAD = "unread"
    OUTSIDE = "outside"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit did with files.

    `change` gives the change that a file was reviewed in, secrets replaced; it is asked
    only for files that were read now and have findings that were not said again.
    `is_whole`: every file that is to be read was read now or before.
    """

    reach: Callable[[str], Reach]
    change: Callable[[str], Change]
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """A finding and whether the last audit had it.

    `is_rechecked` is False for one that only stands because nobody read its file.
    """

    finding: Finding
    is_new: bool = False
    is_rechecked: bool = True

    @property
    def is_published(self) -> bool:
        """Whether it is said; the others are withheld with a reason."""
        return self.finding.fate is not Fate.WITHHELD


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every finding of an audit, the gravest first, withheld ones last.

    `fixed` are those that stood at the last audit and do not any more. `ledger` is the
    memory with what became of the findings, and nothing else new in it.
    """

    findings: tuple[Compared, ...]
    fixed: tuple[KnownFinding, ...]
    ledger: AuditLedger

    @property
    def published(self) -> tuple[Compared, ...]:
        """The findings that are said."""
        return tuple(each for each in self.findings if each.is_published)

    def count(self, severity: Severity) -> int:
        """How many published findings have exactly this severity."""
        return sum(each.finding.severity is severity for each in self.published)

    def after(
        self,
        *,
        head: str,
        digest: str,
        status: Status,
        date: str,
        questions: Sequence[KnownQuestion] | None = None,
    ) -> AuditLedger:
        """What the next audit is to know.

        `digest` is "" for an audit that is to be made again, and one that is neither
        whole nor partial always is. One that failed adds nothing to the trend, and one
        of the same commit takes the place of the last. A batch is over with this.
        `questions` are all that were ever asked, None for no new ones.
        """
        before = self.ledger
        asked = before.questions if questions is None else tuple(questions)
        update = {
            "head": head,
            "digest": digest if status in (Status.REVIEWED, Status.PARTIAL) else "",
            "status": status,
            "trend": before.trend
            if status in (Status.FAILED, Status.SKIPPED)
            else self._trend(head, date),
            "questions": asked,
            "batch": "",
            "batch_keys": (),
        }
        return before.model_copy(update=update)

    def _trend(self, head: str, date: str) -> tuple[TrendEntry, ...]:
        counts = {each.value: self.count(each) for each in Severity}
        entry = TrendEntry(date=date, head=head, fixed=len(self.fixed), **counts)
        earlier = self.ledger.trend
        if earlier and earlier[-1].head == head:
            fixed = max(entry.fixed, earlier[-1].fixed)
            entry = entry.model_copy(update={"fixed": fixed})
            earlier = earlier[:-1]
        return (*earlier, entry)[-TREND_LIMIT:]
