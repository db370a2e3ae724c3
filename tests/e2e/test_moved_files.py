"""A finding goes where its file goes, and nowhere else, over several pushes."""

from collections.abc import Mapping
from typing import Any

import pytest

from architect_review.report.report import Report
from architect_review.review.ledger import KnownFinding, State, decode
from architect_review.vocabulary import Fate
from e2e.in_memory import Pull
from e2e.scene import a_finding, an_answer

BASE = {"shop/old.py": "def old(cmd):\n    return cmd\n"}
BUG = "    return run(cmd, shell=True)"
BODY = f"def pay(cmd):\n    x = 1\n{BUG}\n"
ORDERS = "def place(order):\n    if not order:\n        return None\n    save(order)\n"
CACHE = "def find(key):\n    if key in cache:\n        return cache[key]\n"
SILENT = an_answer()


def claim(path: str, quote: str = BUG, **details: Any) -> dict[str, Any]:
    return a_finding(
        path=path, quote=quote, line=0, category="security", **details
    )  # fmt: skip


class Talk:
    """A pull request whose model says what it is told to."""

    def __init__(self, files: Mapping[str, str], *claims: dict[str, Any]) -> None:
        self._says: Mapping[str, Any] = SILENT
        self.pull = Pull(BASE, lambda part: self._says)
        self.push(files, *claims)

    def push(self, files: Mapping[str, str], *claims: dict[str, Any]) -> Report:
        """A push of files beside those of the base, and its review."""
        self._says = an_answer(*claims)
        self.pull.push({**BASE, **files})
        return self.pull.run(depth="quick", min_severity="low", fail_on="critical")

    def dismiss(self, name: str = "F1") -> None:
        said = f"/architect dismiss {name} it is meant so"
        self.pull.comment("grace", said, is_heeded=True)

    @property
    def entries(self) -> tuple[KnownFinding, ...]:
        ledger = decode(self.pull.summaries[0].body)
        assert ledger is not None
        return ledger.findings

    @property
    def states(self) -> list[tuple[int, str, State]]:
        return [(each.number, each.path, each.state) for each in self.entries]


@pytest.mark.parametrize("known", [0, 1])
def test_a_renamed_file_takes_its_finding_along(known: int) -> None:
    talk = Talk({"shop/pay.py": BODY}, claim("shop/pay.py"))

    report = talk.push({"shop/payment.py": BODY}, claim("shop/payment.py", known=known))

    assert [each.name for each in report.findings] == ["F1"]
    assert talk.states == [(1, "shop/payment.py", State.OPEN)]
    assert len(talk.pull.threads) == 1


@pytest.mark.parametrize("known", [0, 1])
def test_what_was_dismissed_stays_so_where_its_file_goes(known: int) -> None:
    talk = Talk({"shop/pay.py": BODY}, claim("shop/pay.py"))
    talk.dismiss()
    again = claim("shop/payment.py", known=known)

    for more in ("", "\n\nMORE = 1\n"):
        report = talk.push({"shop/payment.py": BODY + more}, again)
        assert [each.fate for each in report.findings] == [Fate.WITHHELD]
    assert talk.states == [(1, "shop/payment.py", State.DISMISSED)]
    assert len(talk.pull.threads) == 1


def test_a_file_may_be_renamed_twice() -> None:
    talk = Talk({"a.py": BODY}, claim("a.py"))
    talk.push({"b.py": BODY})

    report = talk.push({"c.py": BODY}, claim("c.py"))

    assert [each.name for each in report.findings] == ["F1"]
    assert talk.states == [(1, "c.py", State.OPEN)]


def test_a_finding_that_nobody_says_again_is_found_where_its_file_went() -> None:
    talk = Talk({"a.py": BODY}, claim("a.py", severity="critical"))

    moved = talk.push({"b.py": BODY})
    later = talk.push({"b.py": f"import os\n\n\n{BODY}"})

    for report in (moved, later):
        (finding,) = report.findings
        assert (finding.name, finding.path) == ("F1", "b.py")


def test_a_file_that_is_renamed_and_edited_keeps_what_stands_in_it() -> None:
    talk = Talk({"a.py": BODY}, claim("a.py", severity="critical"))

    report = talk.push({"b.py": BODY.replace("x = 1", "x = 2")}, claim("b.py"))

    assert [each.name for each in report.findings] == ["F1"]
    assert talk.states == [(1, "b.py", State.OPEN)]


def test_what_the_model_knows_of_a_renamed_and_edited_file_stays_dismissed() -> None:
    talk = Talk({"a.py": BODY}, claim("a.py"))
    talk.dismiss()

    report = talk.push({"b.py": BODY.replace("x = 1", "x")}, claim("b.py", known=1))

    assert [each.fate for each in report.findings] == [Fate.WITHHELD]


# What is not the same


NONE = "        return None"


@pytest.mark.parametrize("edit", ["", "\n\nMORE = 1\n"])
def test_a_finding_goes_with_its_file_where_another_has_the_same_line(
    edit: str,
) -> None:
    other = f"{CACHE}    if not key:\n{NONE}\n"
    both = {"a.py": ORDERS, "b.py": other}
    talk = Talk(both, claim("a.py", NONE, severity="critical"))

    report = talk.push({"b.py": other + edit})

    assert report.findings == ()
    assert talk.states == [(1, "a.py", State.FIXED)]


def test_a_dismissal_is_none_of_the_same_line_in_another_file() -> None:
    other = f"{CACHE}    if not key:\n{NONE}\n"
    talk = Talk({"a.py": ORDERS, "b.py": CACHE}, claim("a.py", NONE))
    talk.dismiss()

    report = talk.push({"b.py": other}, claim("b.py", NONE))
    later = talk.push({"b.py": other, "c.py": ORDERS + "\n"}, claim("c.py", NONE))

    assert [(each.name, each.fate) for each in report.findings] == [("F2", Fate.INLINE)]
    assert ("F3", Fate.INLINE) in [(e.name, e.fate) for e in later.findings]


@pytest.mark.parametrize(
    "details", [{"category": "testing"}, {"quote": "def pay(cmd):"}], ids=str
)
def test_another_finding_in_a_renamed_file_is_another(details: dict[str, Any]) -> None:
    talk = Talk({"a.py": BODY}, claim("a.py"))
    talk.dismiss()

    report = talk.push({"b.py": BODY}, {**claim("b.py"), **details})

    assert [(each.name, each.fate) for each in report.findings] == [("F2", Fate.INLINE)]


def test_a_number_of_a_file_that_left_says_nothing_of_other_lines() -> None:
    talk = Talk({"a.py": BODY}, claim("a.py"))
    talk.dismiss()

    report = talk.push({"b.py": ORDERS}, claim("b.py", NONE, known=1))

    assert [(each.name, each.fate) for each in report.findings] == [("F2", Fate.INLINE)]


def test_a_finding_stays_with_its_file_while_that_is_in_the_change() -> None:
    talk = Talk({"a.py": BODY}, claim("a.py"))
    talk.dismiss()

    report = talk.push({"a.py": BODY, "b.py": BODY}, claim("b.py"))

    assert [(each.name, each.fate) for each in report.findings] == [("F2", Fate.INLINE)]
    assert talk.states[0] == (1, "a.py", State.DISMISSED)
