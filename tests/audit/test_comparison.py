"""What is new, what still stands and what was fixed since the last audit."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from architect_review.audit.comparing import (
    FILE_GONE,
    NOT_AGAIN,
    OUTSIDE,
    compare,
)
from architect_review.audit.comparison import Audited, Comparison, Reach
from architect_review.audit.memory import AuditLedger
from architect_review.change.change import Change
from architect_review.change.content import Seen
from architect_review.change.diff import Diff, parse
from architect_review.review.candidates import Claim, candidates
from architect_review.review.finding import Finding
from architect_review.review.fixing import GONE
from architect_review.review.ledger import KnownFinding, State
from architect_review.review.progress import weighed
from architect_review.vocabulary import Category, Fate, Severity, Status
from builders import a_change, a_finding

FILES = {
    "app/pool.py": ("def stop():", "    worker.stop()", "    worker.join()"),
    "app/jobs.py": ("def run():", "    job.run(forever=True)"),
}
EMPTY = AuditLedger(scope="repository")


def everything(files: Mapping[str, tuple[str, ...]]) -> Diff:
    """All files as added ones, as an audit sees them."""
    return parse(
        "".join(
            f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n"
            f"+++ b/{path}\n@@ -0,0 +1,{len(lines)} @@\n"
            + "".join(f"+{line}\n" for line in lines)
            for path, lines in files.items()
        )
    )


class Audit:
    """An audit of some files; `reach` says how, `read` where it says nothing."""

    def __init__(
        self,
        files: Mapping[str, tuple[str, ...]] = FILES,
        before: AuditLedger = EMPTY,
        reach: Mapping[str, Reach] | None = None,
        min_severity: Severity = Severity.MEDIUM,
        *,
        is_whole: bool = True,
    ) -> None:
        self.diff = everything(files)
        self.before = before
        self.reaches = reach or {}
        self.min_severity = min_severity
        self.is_whole = is_whole

    def found(self, *claims: Mapping[str, Any]) -> list[Finding]:
        """The claims as findings, weighed as each component's are."""
        raws = [Claim(a_finding(**each)) for each in claims]
        placed = candidates(raws, self.diff, (), self.min_severity)
        ledger = self.before.as_ledger(self.diff.by_path)
        return list(weighed(placed, ledger, self.diff, Seen()))

    def compared(self, *claims: Mapping[str, Any]) -> Comparison:
        return self.of(self.found(*claims))

    def of(self, findings: list[Finding]) -> Comparison:
        audited = Audited(self.reach, self.change, self.is_whole)
        return compare(findings, self.before, audited, self.min_severity)

    def reach(self, path: str) -> Reach:
        read = Reach.READ if path in self.diff.by_path else Reach.GONE
        return self.reaches.get(path, read)

    def change(self, path: str) -> Change:
        assert self.reach(path) is Reach.READ
        return a_change(number=None, diff=self.diff)


STOP = {"quote": "    worker.stop()", "line": 2}
RUN = {
    "path": "app/jobs.py",
    "quote": "    job.run(forever=True)",
    "line": 2,
    "title": "A job never ends",
    "severity": "critical",
    "category": "scheduling",
}


def after(comparison: Comparison, head: str = "1" * 40) -> AuditLedger:
    return comparison.after(
        head=head, digest="d", status=Status.REVIEWED, date="2026-11-01T03:00:00Z"
    )


FIRST = after(Audit().compared(STOP, RUN))


def told(comparison: Comparison) -> list[tuple[str, bool]]:
    return [(each.finding.name, each.is_new) for each in comparison.published]


def test_everything_is_new_at_first_and_the_gravest_is_number_one() -> None:
    comparison = Audit().compared(STOP, RUN)

    assert told(comparison) == [("F1", True), ("F2", True)]
    assert comparison.findings[0].finding.title == "A job never ends"
    assert [each.state for each in FIRST.findings] == [State.OPEN, State.OPEN]
    assert FIRST.numbered == 2
    assert FIRST.trend[0].model_dump(include={"critical", "high", "fixed"}) == {
        "critical": 1,
        "high": 1,
        "fixed": 0,
    }


def test_one_fixed_and_one_new_beside_one_that_stands() -> None:
    files = FILES | {"app/jobs.py": ("def run():", "    job.run()", "    retry()")}
    new = RUN | {"quote": "    retry()", "line": 3, "severity": "medium"}
    comparison = Audit(files, FIRST).compared(STOP, new)

    assert told(comparison) == [("F2", False), ("F3", True)]
    assert [(each.number, each.reason) for each in comparison.fixed] == [(1, GONE)]
    second = after(comparison, "2" * 40)
    assert [each.head for each in second.trend] == ["1" * 40, "2" * 40]
    assert second.trend[-1].fixed == 1


def test_lines_that_moved_and_other_words_leave_a_finding_what_it_was() -> None:
    lines = ("import x", "", *FILES["app/pool.py"])
    files = FILES | {"app/pool.py": lines}
    again = STOP | {"line": 4, "title": "It is stopped first"}
    comparison = Audit(files, FIRST).compared(again, RUN)

    assert told(comparison) == [("F1", False), ("F2", False)]
    assert comparison.fixed == ()


def test_what_was_not_said_again_and_whose_lines_stand_still_stands() -> None:
    comparison = Audit(before=FIRST).compared(RUN)

    assert told(comparison) == [("F1", False), ("F2", False)]
    carried = comparison.published[1]
    assert carried.finding.is_carried
    assert carried.is_rechecked
    assert carried.finding.anchor is not None
    assert (carried.finding.anchor.path, carried.finding.anchor.start) == (
        "app/pool.py",
        2,
    )


@pytest.mark.parametrize("reach", [Reach.UNREAD, Reach.REUSED])
def test_nothing_is_fixed_in_a_file_that_was_not_read_now(reach: Reach) -> None:
    files = FILES | {"app/pool.py": ("pass",)}
    comparison = Audit(files, FIRST, {"app/pool.py": reach}).compared(RUN)

    assert told(comparison) == [("F1", False), ("F2", False)]
    assert comparison.published[1].is_rechecked is (reach is Reach.REUSED)
    assert comparison.ledger.findings[1] == FIRST.findings[1]


@pytest.mark.parametrize(
    ("files", "reach", "reason"),
    [
        ({"app/pool.py": FILES["app/pool.py"]}, {}, FILE_GONE),
        (FILES, {"app/jobs.py": Reach.OUTSIDE}, OUTSIDE),
    ],
)
def test_what_a_file_takes_along_is_fixed(
    files: Mapping[str, tuple[str, ...]], reach: Mapping[str, Reach], reason: str
) -> None:
    comparison = Audit(files, FIRST, reach).compared(STOP)

    assert told(comparison) == [("F2", False)]
    assert [(each.number, each.reason) for each in comparison.fixed] == [(1, reason)]


def test_a_file_that_got_another_name_takes_its_findings_along() -> None:
    files = {"app/pool.py": FILES["app/pool.py"], "core/jobs.py": FILES["app/jobs.py"]}
    moved = Audit(files, FIRST).compared(STOP, RUN | {"path": "core/jobs.py"})

    assert told(moved) == [("F1", False), ("F2", False)]
    assert moved.fixed == ()
    again = Audit(files, after(moved)).compared(STOP, RUN | {"path": "core/jobs.py"})
    assert told(again) == [("F1", False), ("F2", False)]


def test_a_finding_that_comes_back_is_new_under_its_old_number() -> None:
    files = FILES | {"app/jobs.py": ("pass",)}
    gone = after(Audit(files, FIRST).compared(STOP))
    comparison = Audit(before=gone).compared(STOP, RUN)

    assert told(comparison) == [("F1", True), ("F2", False)]
    unsaid = Audit(before=gone).compared(STOP)
    assert told(unsaid) == [("F1", True), ("F2", False)]


def test_a_number_is_never_given_twice() -> None:
    bare = AuditLedger(scope="repository", numbered=41)

    assert [name for name, _ in told(Audit(before=bare).compared(STOP))] == ["F42"]


def test_what_nothing_but_the_reviewer_can_tell_is_fixed_once_it_is_not_said() -> None:
    bare = FIRST.model_copy(
        update={
            "findings": tuple(
                each.model_copy(update={"proof": ()}) for each in FIRST.findings
            )
        }
    )
    comparison = Audit(before=bare).compared(RUN)

    assert [(each.number, each.reason) for each in comparison.fixed] == [(2, NOT_AGAIN)]


def test_a_dismissed_finding_stays_withheld_until_it_is_graver() -> None:
    dismissed = {"state": State.DISMISSED, "by": "ada"}
    first, second = FIRST.findings
    findings = (first, second.model_copy(update=dismissed))
    ledger = FIRST.model_copy(update={"findings": findings})
    comparison = Audit(before=ledger).compared(STOP, RUN)

    assert told(comparison) == [("F1", False)]
    assert comparison.findings[-1].finding.reason == "F2 was dismissed by ada"
    graver = Audit(before=ledger).compared(STOP | {"severity": "critical"}, RUN)
    assert ("F2", True) in told(graver)


def test_a_finding_that_may_have_been_forgotten_is_not_called_new() -> None:
    cut = AuditLedger(
        scope="repository", head="0" * 40, numbered=9, forgotten_from=Severity.HIGH
    )
    comparison = Audit(before=cut).compared(STOP, RUN)

    assert told(comparison) == [("F10", True), ("F11", False)]
    assert not comparison.ledger.is_cut
    part = Audit(before=cut, is_whole=False).compared(STOP)
    assert part.ledger.forgotten_from is Severity.HIGH


def test_a_finding_below_the_bar_is_withheld_and_not_forgotten() -> None:
    comparison = Audit(before=FIRST, min_severity=Severity.CRITICAL).compared(RUN)

    assert told(comparison) == [("F1", False)]
    assert len(comparison.findings) == 2
    assert len(comparison.ledger.open) == 2


def test_two_components_say_one_thing_once() -> None:
    audit = Audit()
    one = audit.found(STOP)[0]
    milder = replace(one, severity=Severity.MEDIUM, title="The same")
    comparison = audit.of([milder, one])

    assert told(comparison) == [("F1", True)]
    assert comparison.findings[1].finding.fate is Fate.WITHHELD
    assert comparison.findings[1].finding.number == 0


def test_an_audit_without_changes_leaves_the_memory_as_it_is() -> None:
    comparison = Audit(before=FIRST).compared(STOP, RUN)

    assert comparison.fixed == ()
    assert comparison.ledger.findings == FIRST.findings
    again = after(comparison)
    assert again.trend == FIRST.trend


def test_an_audit_of_the_same_commit_takes_the_place_of_the_last() -> None:
    files = FILES | {"app/jobs.py": ("pass",)}
    second = after(Audit(files, FIRST).compared(STOP), "2" * 40)
    again = after(Audit(files, second).compared(STOP), "2" * 40)

    assert again.trend == second.trend
    assert again.trend[-1].fixed == 1


@pytest.mark.parametrize(
    ("status", "digest", "audits"),
    [
        (Status.REVIEWED, "d", 2),
        (Status.PARTIAL, "d", 2),
        (Status.SIGNALS_ONLY, "", 2),
        (Status.FAILED, "", 1),
    ],
)
def test_an_audit_that_somebody_made_to_its_end_is_not_made_again(
    status: Status, digest: str, audits: int
) -> None:
    comparison = Audit(before=FIRST).compared(STOP, RUN)
    ledger = comparison.after(head="2" * 40, digest="d", status=status, date="x")
    open_ended = comparison.after(head="2" * 40, digest="", status=status, date="x")

    assert ledger.digest == digest
    assert open_ended.digest == ""
    assert len(ledger.trend) == audits


def test_thousands_of_findings_are_compared_and_none_is_lost() -> None:
    one = Audit().found(STOP)[0]
    many = [
        replace(one, fingerprint=f"{at:016x}", path=f"src/m{at % 500}.py", proof=())
        for at in range(2_000)
    ]
    reach = {f"src/m{at}.py": Reach.REUSED for at in range(500)}
    first = after(Audit(reach=reach).of(many))
    second = Audit(before=first, reach=reach).of(many[1_000:])

    assert len(second.published) == 2_000
    assert not any(each.is_new for each in second.published)
    known = [each for each in second.ledger.findings if each.state is State.OPEN]
    assert len({each.number for each in known}) == 2_000


def test_a_finding_of_an_unknown_category_moves_too() -> None:
    faint = KnownFinding(
        number=5,
        fingerprint="a" * 16,
        severity=Severity.HIGH,
        path="old/pool.py",
        proof=Audit().found(STOP)[0].proof,
    )
    before = AuditLedger(scope="repository", findings=(faint,))

    assert told(Audit(before=before).compared(STOP)) == [("F5", False)]
    other = faint.model_copy(update={"category": Category.COST})
    before = AuditLedger(scope="repository", findings=(other,))
    assert told(Audit(before=before).compared(STOP)) == [("F6", True)]
