"""How deeply a change is reviewed, by what was found and how large it is."""

import pytest

from architect_review.change.diff import FileStatus
from architect_review.prompt.coverage import FileCoverage
from architect_review.prompt.depth import LEVELS, choose
from architect_review.prompt.lenses import EVERY
from architect_review.prompt.plan import has_use_for_evidence
from architect_review.request.policy import load
from architect_review.signals import Signals
from architect_review.signals.signal import Evidence, Signal, Weight
from architect_review.vocabulary import Category, Depth, How
from builders import a_change


def signals(weight: Weight | None) -> Signals:
    if weight is None:
        return Signals()
    place = Evidence("a.py", "It is new.", "a")
    return Signals(
        (Signal("new-thing", "A thing", weight, Category.DATABASE, (place,)),)
    )


def files(lines: int, path: str = "app/a.py") -> tuple[FileCoverage, ...]:
    return (
        FileCoverage(path, FileStatus.MODIFIED, lines, 0, How.READ),
        FileCoverage("uv.lock", FileStatus.MODIFIED, 9_000, 9_000, How.SUMMARISED),
    )


@pytest.mark.parametrize(
    ("weight", "lines", "path", "expected", "why"),
    [
        (Weight.MAJOR, 1, "a.py", Depth.DEEP, "signal new-thing, 1 changed line"),
        (Weight.MAJOR, 1_500, "a.py", Depth.DEEP, "1,500 changed lines"),
        (Weight.MAJOR, 1_501, "a.py", Depth.STANDARD, "but 1,501 changed lines"),
        (Weight.SUPPORTING, 1, "a.py", Depth.STANDARD, "signal new-thing"),
        (None, 1, "a.py", Depth.STANDARD, "no signal, 1 changed line"),
        (None, 900, "a.py", Depth.STANDARD, "no signal, 900 changed lines"),
        (None, 900, "docs/a.md", Depth.QUICK, "only documentation and tests"),
        (None, 900, "tests/test_a.py", Depth.QUICK, "only documentation and tests"),
    ],
)
def test_the_risk_of_a_change_decides(
    weight: Weight | None, lines: int, path: str, expected: Depth, why: str
) -> None:
    choice = choose(Depth.AUTO, signals(weight), files(lines, path))
    assert choice.depth is expected
    assert why in choice.why


def test_a_depth_that_is_set_wins() -> None:
    choice = choose(Depth.QUICK, signals(Weight.MAJOR), files(1))
    assert (choice.depth, choice.why) == (Depth.QUICK, "as set")


def test_cheaper_depths_come_in_steps() -> None:
    deep = choose(Depth.DEEP, Signals(), ())
    assert deep.lower == (Depth.STANDARD, Depth.QUICK)
    assert choose(Depth.QUICK, Signals(), ()).lower == ()


def test_every_lens_is_asked_in_the_general_pass_and_in_one_focused_pass() -> None:
    for level in LEVELS.values():
        assert level.passes[0] == EVERY
    focused = [lens for lenses in LEVELS[Depth.DEEP].passes[1:] for lens in lenses]
    assert sorted(lens.name for lens in focused) == sorted(lens.name for lens in EVERY)


@pytest.mark.parametrize(
    ("depth", "expected"), [("quick", False), ("standard", True), ("deep", True)]
)
def test_evidence_is_gathered_where_the_depth_has_a_use_for_it(
    depth: str, expected: bool
) -> None:
    policy = load({"depth": depth}, lambda paths: {}, {})
    assert has_use_for_evidence(a_change(), Signals(), policy) is expected
