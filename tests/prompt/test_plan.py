"""A change is cut into requests: everything once, nothing too large, all accounted."""

import json
from dataclasses import replace
from itertools import groupby
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.change.change import Change
from architect_review.change.diff import (
    Diff,
    FileChange,
    FileStatus,
    Hunk,
    Line,
    LineKind,
)
from architect_review.prompt.coverage import How, riskiest_first
from architect_review.prompt.plan import PART_BYTES, PARTS_LIMIT, Plan, plan
from architect_review.request.policy import Policy, load
from architect_review.signals import Signals, detect
from builders import a_change

POLICY: Policy = load({}, lambda paths: {}, {})


def a_hunk(start: int, lines: int, width: int) -> Hunk:
    """Added lines that make a hunk of about lines * (width + 16) bytes."""
    added = tuple(
        Line(LineKind.ADDED, "x" * width, None, start + at) for at in range(lines)
    )
    return Hunk(start, 0, start, lines, f"def at_{start}", added)


def a_file(path: str, *hunks: Hunk) -> FileChange:
    return FileChange(path, FileStatus.MODIFIED, path, hunks)


def change_of(*files: FileChange) -> Change:
    return a_change(diff=Diff(tuple(files)))


def planned(*files: FileChange) -> Plan:
    return plan(change_of(*files), Signals(), POLICY)


def sent(found: Plan) -> list[tuple[str, dict[str, Any]]]:
    """Path and hunk of everything that the requests show, in their order."""
    return [
        (file["path"], hunk)
        for request in found.requests
        for file in json.loads(request.part)["diff"]
        for hunk in file["hunks"]
    ]


HUNKS = st.tuples(
    st.integers(1, 4), st.sampled_from([1, 100, 40_000, 90_000, PART_BYTES])
)
FILES = st.lists(st.lists(HUNKS, min_size=1, max_size=5), max_size=8)


@settings(max_examples=60, deadline=None)
@given(FILES)
def test_every_hunk_is_in_one_request_or_accounted_for(
    shapes: list[list[tuple[int, int]]],
) -> None:
    kinds = ["app/f{}.py", "conf/f{}.toml", "tests/test_f{}.py", "docs/f{}.md"]
    files = [
        a_file(
            kinds[number % 4].format(number),
            *(a_hunk(1000 * at, *size) for at, size in enumerate(shape)),
        )
        for number, shape in enumerate(shapes)
    ]
    found = planned(*files)
    shown = sent(found)
    sections = [(path, hunk["in"]) for path, hunk in shown]
    assert len(set(sections)) == len(sections)
    assert all(len(request.part.encode()) <= PART_BYTES for request in found.requests)
    assert len({request.shared for request in found.requests}) <= 1
    assert len({request.system for request in found.requests}) <= 1
    for file, each in zip(files, found.coverage, strict=True):
        wanted = {hunk.section: len(hunk.lines) for hunk in file.hunks}
        there = {name for path, name in sections if path == file.path}
        missing = sum(wanted[name] for name in wanted.keys() - there)
        assert each.is_gap == bool(missing)
        assert (each.how is How.READ) == bool(there)
        if missing and there:
            start = f"{missing:,} of {file.additions:,} changed lines not read: "
            assert each.reason.startswith(start)
    assert {path for path, _ in sections} == {
        path for request in found.requests for path in request.paths
    }


@settings(max_examples=30, deadline=None)
@given(FILES)
def test_the_riskiest_files_come_first_and_stay_together(
    shapes: list[list[tuple[int, int]]],
) -> None:
    kinds = ["docs/f{}.md", "tests/test_f{}.py", "app/f{}.py", "migrations/f{}.sql"]
    files = [
        a_file(
            kinds[number % 4].format(number),
            *(a_hunk(1000 * at, *size) for at, size in enumerate(shape)),
        )
        for number, shape in enumerate(shapes)
    ]
    change = change_of(*files)
    signals = detect(change, {})
    found = plan(change, signals, POLICY)
    order = [path for path, _ in groupby(path for path, _ in sent(found))]
    expected = [file.path for file in riskiest_first(files, signals.found)]
    assert order == [path for path in expected if path in order]


def test_a_file_that_one_request_holds_is_never_divided() -> None:
    half = a_hunk(1, 1, PART_BYTES // 3)
    files = [a_file(f"app/f{n}.py", half, half) for n in range(4)]
    found = planned(*files)
    assert [request.paths for request in found.requests] == [
        (file.path,) for file in files
    ]


def test_a_file_larger_than_a_request_is_cut_between_its_hunks() -> None:
    hunks = [a_hunk(1000 * at, 1, PART_BYTES // 3) for at in range(5)]
    found = planned(
        a_file("app/big.py", *hunks), a_file("app/small.py", a_hunk(1, 1, 1))
    )
    assert [[hunk["in"] for _, hunk in sent(replace(found, requests=(each,)))]
            for each in found.requests] == [
        ["def at_0", "def at_1000"],
        ["def at_2000", "def at_3000"],
        ["def at_4000", "def at_1"],
    ]  # fmt: skip
    assert not any(each.is_gap for each in found.coverage)


def test_a_hunk_larger_than_a_request_is_left_out_and_its_lines_are_counted() -> None:
    big, small = a_hunk(1, 20, PART_BYTES // 10), a_hunk(5000, 3, 10)
    found = planned(a_file("app/a.py", big), a_file("app/b.py", big, small))
    alone, beside = found.coverage
    assert (alone.how, alone.is_gap) == (How.LEFT_OUT, True)
    assert alone.reason == "too large for one request (720 kB)"
    assert (beside.how, beside.is_gap) == (How.READ, True)
    assert beside.reason == (
        "20 of 23 changed lines not read: too large for one request (720 kB)"
    )
    assert beside.reason in found.requests[0].shared


def test_there_is_an_end_to_the_requests_and_the_rest_is_named() -> None:
    wide = a_hunk(1, 1, PART_BYTES - 1_000)
    files = [a_file(f"app/f{n:02}.py", wide) for n in range(PARTS_LIMIT + 2)]
    found = planned(*files)
    assert len(found.requests) == PARTS_LIMIT
    unread = [each for each in found.coverage if each.how is How.LEFT_OUT]
    assert [each.path for each in unread] == [file.path for file in files[-2:]]
    assert {each.reason for each in unread} == {"over the budget of one review"}


def test_the_question_says_which_part_it_is_about() -> None:
    wide = a_hunk(1, 1, PART_BYTES - 1_000)
    first, second = planned(a_file("a.py", wide), a_file("b.py", wide)).requests
    assert "part 1 of 2" in first.question
    assert "part 2 of 2" in second.question
    assert "This is part" not in planned(a_file("a.py", wide)).requests[0].question
