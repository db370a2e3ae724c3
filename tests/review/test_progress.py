"""What becomes of what was found before, as the change itself shows it."""

from dataclasses import replace
from typing import Any

import pytest

from architect_review.change.change import Change
from architect_review.change.content import Seen
from architect_review.prompt.answer import RawFixed
from architect_review.request.settings import FailOn
from architect_review.review.candidates import Claim, candidates
from architect_review.review.finding import Finding
from architect_review.review.fixing import GONE, THERE
from architect_review.review.ledger import KnownFinding, Ledger, State
from architect_review.review.progress import (
    OLD_CODE,
    before,
    carried,
    progressed,
    weighed,
)
from architect_review.vocabulary import Fate, Severity
from builders import DIFF, a_change, a_diff, a_finding

FILE = DIFF.split("diff --git a/old.py")[0]
STOP = "+            worker.stop()\n"
PUSHED = DIFF.replace(
    '+        log.info("size %s", count)', '+        log.info("size %d", count)'
)
READ = Seen.of(a_diff().files)


def found(text: str = DIFF, seen: Seen | None = None, **details: Any) -> Finding:
    """A claim about the change, weighed against an empty memory."""
    claims = [Claim(a_finding(**details))]
    placed = candidates(claims, a_diff(text), (), Severity.LOW)
    (one,) = weighed(placed, Ledger(), a_diff(text), seen or Seen())
    return one


def an_entry(finding: Finding | None = None, **details: Any) -> KnownFinding:
    one = finding or found()
    values = {
        "number": 3,
        "fingerprint": one.fingerprint,
        "severity": one.severity,
        "path": one.path,
        "title": one.title,
        "proof": one.proof,
        "absent": one.absent,
    }
    return KnownFinding(**{**values, **details})


def after(entry: KnownFinding, text: str, *said: Finding, **how: Any) -> KnownFinding:
    """The entry once a change with this diff was reviewed."""
    change: Change = a_change(diff=a_diff(text), unlisted=how.get("unlisted", 0))
    ledger = Ledger(findings=(entry,))
    seen, fail_on = how.get("seen", READ), how.get("fail_on", (FailOn.ERROR,))
    (now,) = progressed(ledger, said, how.get("fixes", ()), change, seen, fail_on)
    return now


def test_a_finding_whose_lines_stand_is_still_open_wherever_they_moved() -> None:
    moved = DIFF.replace("@@ -10,7 +10,8 @@", "@@ -70,7 +80,8 @@").replace(
        STOP, "+\t    worker.stop()\n"
    )

    assert after(an_entry(), DIFF) == an_entry()
    assert after(an_entry(), moved) == an_entry()


@pytest.mark.parametrize(
    "text",
    [
        DIFF.replace(STOP, "+            worker.halt()\n"),
        DIFF.split("diff --git a/old.py")[1].join(["diff --git a/old.py", ""]),
        "",
    ],
)
def test_a_finding_whose_lines_are_gone_is_fixed(text: str) -> None:
    now = after(an_entry(), text)

    assert (now.state, now.reason) == (State.FIXED, GONE)


def test_nothing_is_fixed_in_a_file_that_nobody_showed_us() -> None:
    assert after(an_entry(), "", unlisted=1).state is State.OPEN


def test_lines_that_are_back_open_the_finding_again() -> None:
    gone = after(an_entry(), "")

    assert after(gone, DIFF).state is State.OPEN
    by_model = gone.model_copy(update={"reason": "The caller checks now."})
    assert after(by_model, DIFF) == by_model


def test_a_removed_line_that_stands_again_is_a_fix() -> None:
    lost = found(quote='    return "forgotten"', path="old.py", line=2)
    entry = an_entry(lost)

    assert all(each.startswith("-") for each in entry.proof)
    assert after(entry, DIFF).state is State.OPEN
    assert after(entry, FILE).reason == GONE


def test_what_was_missing_and_is_there_now_is_fixed() -> None:
    entry = an_entry(found(quote="", absent="close_all("))

    assert after(entry, DIFF).state is State.OPEN
    assert after(entry, DIFF.replace("worker.stop()", "close_all()")).reason == THERE


def fix(quote: str, number: int = 3) -> RawFixed:
    return RawFixed(number=number, why="It waits.", path="app/pool.py", quote=quote)


NEW_LINE = '        log.info("size %d", count)'
MILD: dict[str, Any] = {"severity": Severity.MEDIUM}


def test_a_fix_counts_with_a_new_line_that_proves_it_and_not_without() -> None:
    old = fix("            worker.join(timeout=5)")
    made_up = fix("            worker.wait()")

    now = after(an_entry(**MILD), PUSHED, fixes=(fix(NEW_LINE),))
    assert (now.state, now.reason) == (State.FIXED, "It waits.")
    for wrong in (old, made_up, fix(NEW_LINE, 4)):
        assert after(an_entry(**MILD), PUSHED, fixes=(wrong,)) == an_entry(**MILD)


@pytest.mark.parametrize(
    ("severity", "fail_on", "state"),
    [
        (Severity.CRITICAL, (FailOn.ERROR,), State.OPEN),
        (Severity.HIGH, (FailOn.ERROR, FailOn.HIGH), State.OPEN),
        (Severity.HIGH, (FailOn.CRITICAL,), State.FIXED),
        (Severity.MEDIUM, (FailOn.HIGH,), State.FIXED),
    ],
)
def test_a_word_settles_nothing_that_blocks_whatever_line_it_quotes(
    severity: Severity, fail_on: tuple[FailOn, ...], state: State
) -> None:
    entry = an_entry(severity=severity)

    now = after(entry, PUSHED, fixes=(fix(NEW_LINE),), fail_on=fail_on)

    assert (now.state, now.severity) == (state, severity)
    assert now.claimed == ("It waits." if state is State.OPEN else "")
    assert after(now, PUSHED, fail_on=fail_on) == now


def test_what_is_perhaps_fixed_is_fixed_once_its_lines_are_gone() -> None:
    entry = an_entry(severity=Severity.CRITICAL)
    perhaps = after(entry, PUSHED, fixes=(fix(NEW_LINE),))

    now = after(perhaps, PUSHED.replace(STOP, "+            worker.halt()\n"))

    assert (now.state, now.reason, now.claimed) == (State.FIXED, GONE, "")
    (shown,) = carried([perhaps], (), a_diff(PUSHED))
    assert (shown.severity, shown.fate) == (Severity.CRITICAL, Fate.LISTED)
    assert shown.reason == "said before; perhaps fixed: It waits."


def test_what_is_said_again_is_open_again() -> None:
    for state in State:
        entry = an_entry(state=state, reason="r", by="mona", event=7)
        now = after(entry, DIFF, found())
        assert now.state is State.OPEN
        assert now.event == 7


def test_a_finding_in_code_that_was_read_is_withheld_below_critical() -> None:
    assert found(seen=READ).reason == OLD_CODE
    assert found(seen=READ, severity="critical").fate is Fate.INLINE
    assert found().fate is Fate.INLINE


def test_a_finding_on_a_new_line_beside_old_ones_is_said() -> None:
    new = found(PUSHED, READ, quote='        log.info("size %d", count)', line=43)
    around = found(PUSHED, READ, quote="        return count", line=44)
    old = found(PUSHED, READ)

    assert [new.fate, around.fate, old.fate] == [
        Fate.INLINE,
        Fate.INLINE,
        Fate.WITHHELD,
    ]


def known(entry: KnownFinding, **details: Any) -> Finding:
    claims = [Claim(a_finding(**details))]
    placed = candidates(claims, a_diff(), (), Severity.LOW)
    ledger = Ledger(findings=(entry,))
    once = weighed(placed, ledger, a_diff(), READ)
    assert weighed(once, ledger, a_diff(), READ) == once
    return once[0]


OTHER: dict[str, Any] = {"quote": "            worker.join(timeout=5)", "line": 14}


def test_what_the_model_knows_by_its_number_is_the_known_finding() -> None:
    one = known(an_entry(), known=3, **OTHER)

    assert one.fingerprint == an_entry().fingerprint
    assert one.alias not in ("", one.fingerprint)
    assert one.fate is Fate.INLINE


def test_what_is_said_again_more_mildly_stays_as_grave_as_it_was() -> None:
    entry = an_entry(severity=Severity.CRITICAL)

    one = known(entry, known=3, severity="low", **OTHER)
    again = known(entry, severity="low")

    assert (one.severity, again.severity) == (Severity.CRITICAL, Severity.CRITICAL)
    assert known(an_entry(), severity="critical").severity is Severity.CRITICAL


@pytest.mark.parametrize("details", [{"known": 4}, {"known": 0}])
def test_a_number_that_does_not_exist_maps_nothing(details: dict[str, Any]) -> None:
    assert known(an_entry(), **details, **OTHER).reason == OLD_CODE


def test_a_number_of_a_finding_in_another_file_maps_nothing() -> None:
    entry = an_entry(path="old.py")

    assert known(entry, known=3, **OTHER).fingerprint != entry.fingerprint


def test_a_finding_is_known_by_what_it_was_called_last() -> None:
    alias = found(**OTHER).fingerprint

    one = known(an_entry(also=(alias,)), **OTHER)

    assert one.fingerprint == an_entry().fingerprint


def test_a_dismissed_finding_is_said_again_only_when_it_is_graver() -> None:
    entry = an_entry(state=State.DISMISSED, by="mona")

    assert known(entry).reason == "F3 was dismissed by mona"
    assert known(entry, severity="medium").fate is Fate.WITHHELD
    assert known(entry, severity="critical").fate is Fate.INLINE


def test_one_known_finding_is_said_once() -> None:
    claims = [Claim(a_finding()), Claim(a_finding(known=3, category="testing"))]
    placed = candidates(claims, a_diff(), (), Severity.LOW)

    one, twin = weighed(placed, Ledger(findings=(an_entry(),)), a_diff(), Seen())

    assert one.fate is Fate.INLINE
    assert (twin.fate, twin.reason) == (Fate.WITHHELD, "the same as F3")


def test_open_findings_that_nobody_repeated_are_carried_with_their_place() -> None:
    entries = (
        an_entry(),
        an_entry(number=1, fingerprint="b" * 16, severity=Severity.CRITICAL),
        an_entry(number=4, fingerprint="c" * 16, state=State.DISMISSED),
        an_entry(number=5, fingerprint="d" * 16, state=State.FIXED),
    )

    left = carried(entries, [replace(found(), fingerprint="e" * 16)], a_diff())

    assert [each.number for each in left] == [1, 3]
    assert all(each.is_known and each.fate is Fate.LISTED for each in left)
    assert left[0].anchor == found().anchor
    assert carried(entries, [found()], a_diff()) == left[:1]


def test_the_model_is_told_what_stands_and_what_was_dismissed() -> None:
    dismissed = an_entry(
        number=4, fingerprint="c" * 16, state=State.DISMISSED, reason="by design"
    )
    fixed = an_entry(number=5, fingerprint="d" * 16, state=State.FIXED)
    ledger = Ledger(findings=(an_entry(), dismissed, fixed))

    told = before(ledger, a_change(), READ).told()

    assert told == {
        "open_findings": [
            {
                "number": 3,
                "path": "app/pool.py",
                "title": "A stopped worker is joined",
                "severity": "high",
                "quote": "            worker.stop()",
            }
        ],
        "dismissed_findings": [
            {
                "number": 4,
                "path": "app/pool.py",
                "title": "A stopped worker is joined",
                "severity": "high",
                "quote": "            worker.stop()",
                "why": "by design",
            }
        ],
    }
