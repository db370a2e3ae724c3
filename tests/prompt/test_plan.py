"""A change is cut into requests: everything once, nothing too large, all accounted."""

import json
from collections.abc import Mapping
from dataclasses import replace
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
from architect_review.prompt.coverage import riskiest_first
from architect_review.prompt.plan import PARTS_LIMIT, Plan, plan
from architect_review.prompt.room import MOST_BYTES, USUAL_BYTES
from architect_review.request.policy import Policy, load
from architect_review.signals import Signals, detect
from architect_review.vocabulary import How
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


def planned(*files: FileChange, pack: Mapping[str, tuple[str, ...]] = {}) -> Plan:
    return plan(change_of(*files), Signals(), POLICY, pack)


def parts(found: Plan) -> list[tuple[str, ...]]:
    return [request.paths for request in found.requests]


def sent(found: Plan) -> list[tuple[str, dict[str, Any]]]:
    """Path and hunk of everything that the requests show, in their order."""
    return [
        (file["path"], hunk)
        for request in found.requests
        for file in json.loads(request.part)["diff"]
        for hunk in file["hunks"]
    ]


HUNKS = st.tuples(
    st.integers(1, 4), st.sampled_from([1, 100, 10_000, 40_000, MOST_BYTES])
)
FILES = st.lists(st.lists(HUNKS, min_size=1, max_size=5), max_size=8)


def mixed(kinds: list[str], shapes: list[list[tuple[int, int]]]) -> list[FileChange]:
    return [
        a_file(
            kinds[number % len(kinds)].format(number),
            *(a_hunk(1000 * at, *size) for at, size in enumerate(shape)),
        )
        for number, shape in enumerate(shapes)
    ]


@settings(max_examples=60, deadline=None)
@given(FILES)
def test_every_hunk_is_in_one_request_or_accounted_for(
    shapes: list[list[tuple[int, int]]],
) -> None:
    kinds = ["app/f{}.py", "conf/f{}.toml", "tests/test_f{}.py", "docs/f{}.md"]
    files = mixed(kinds, shapes)
    found = planned(*files)
    shown = sent(found)
    sections = [(path, hunk["in"]) for path, hunk in shown]
    assert len(set(sections)) == len(sections)
    assert all(len(request.part.encode()) <= MOST_BYTES for request in found.requests)
    assert len({request.shared for request in found.requests}) <= 1
    assert len({request.system for request in found.requests}) <= 1
    for file, each in zip(files, found.coverage, strict=True):
        wanted = {hunk.section: len(hunk.lines) for hunk in file.hunks}
        there = {name for path, name in sections if path == file.path}
        missing = sum(wanted[name] for name in wanted.keys() - there)
        assert each.is_gap == bool(missing)
        assert (each.how is How.READ) == bool(there)
        assert (each.sent, each.left_out) == (file.additions - missing, missing)
        if missing and there:
            start = f"{missing:,} of {file.additions:,} changed lines not read: "
            assert each.reason.startswith(start)
    assert {path for path, _ in sections} == {
        path for request in found.requests for path in request.paths
    }


@settings(max_examples=30, deadline=None)
@given(FILES)
def test_every_request_begins_with_the_riskiest_file_that_is_left(
    shapes: list[list[tuple[int, int]]],
) -> None:
    kinds = ["docs/f{}.md", "tests/test_f{}.py", "app/f{}.py", "migrations/f{}.sql"]
    change = change_of(*mixed(kinds, shapes))
    signals = detect(change, {})
    found = plan(change, signals, of_depth("standard"))
    unseen = [file.path for file in riskiest_first(change.diff.files, signals.found)]
    shown = {path for paths in parts(found) for path in paths}
    unseen = [path for path in unseen if path in shown]
    for paths in parts(found):
        # A divided file begins in an earlier request.
        assert paths[0] in unseen[:1] or paths[0] not in unseen
        unseen = [path for path in unseen if path not in paths]
    assert unseen == []


def of_depth(depth: str) -> Policy:
    return load({"depth": depth}, lambda paths: {}, {})


def test_a_file_that_one_request_holds_is_never_divided() -> None:
    half = a_hunk(1, 1, USUAL_BYTES // 3)
    files = [a_file(f"app/f{n}.py", half, half) for n in range(4)]
    assert parts(planned(*files)) == [(file.path,) for file in files]


def test_a_file_larger_than_a_request_is_cut_between_its_hunks() -> None:
    hunks = [a_hunk(1000 * at, 1, USUAL_BYTES // 3) for at in range(5)]
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


def test_a_hunk_larger_than_the_usual_request_has_one_of_its_own() -> None:
    wide = a_hunk(1, 20, USUAL_BYTES // 10)
    found = planned(a_file("app/a.py", wide), a_file("app/b.py", a_hunk(1, 1, 1)))
    assert parts(found) == [("app/a.py",), ("app/b.py",)]
    assert [each.sent for each in found.coverage] == [20, 1]


def test_a_hunk_larger_than_any_request_is_left_out_and_its_lines_are_counted() -> None:
    big, small = a_hunk(1, 20, MOST_BYTES // 10), a_hunk(5000, 3, 10)
    found = planned(a_file("app/a.py", big), a_file("app/b.py", big, small))
    alone, beside = found.coverage
    assert (alone.how, alone.is_gap) == (How.LEFT_OUT, True)
    assert alone.reason == "too large for one request (720 kB)"
    assert (alone.sent, alone.summarised, alone.left_out) == (0, 0, 20)
    assert (beside.how, beside.is_gap) == (How.READ, True)
    assert beside.reason == (
        "20 of 23 changed lines not read: too large for one request (720 kB)"
    )
    assert (beside.sent, beside.summarised, beside.left_out) == (3, 0, 20)
    assert beside.reason in found.requests[0].shared


def test_there_is_an_end_to_the_requests_and_the_rest_is_named() -> None:
    wide = a_hunk(1, 1, USUAL_BYTES - 1_000)
    files = [a_file(f"app/f{n:03}.py", wide) for n in range(PARTS_LIMIT + 2)]
    found = planned(*files)
    assert len(found.requests) == PARTS_LIMIT
    unread = [each for each in found.coverage if each.how is How.LEFT_OUT]
    assert [each.path for each in unread] == [file.path for file in files[-2:]]
    assert {each.reason for each in unread} == {"over the budget of one review"}
    assert {each.left_out for each in unread} == {1}


def test_the_question_says_which_part_it_is_about() -> None:
    wide = a_hunk(1, 1, USUAL_BYTES - 1_000)
    first, second = planned(a_file("a.py", wide), a_file("b.py", wide)).requests
    assert "part 1 of 2" in first.question
    assert "part 2 of 2" in second.question
    assert "This is part" not in planned(a_file("a.py", wide)).requests[0].question


def test_a_test_and_a_migration_go_with_what_they_are_about() -> None:
    third = a_hunk(1, 1, USUAL_BYTES // 3)
    found = planned(
        *(
            a_file(path, third)
            for path in (
                "billing/models.py",
                "orders/pool.py",
                "tests/orders/test_pool.py",
                "billing/migrations/0002_total.py",
                "notes/orders.md",
            )
        )
    )
    assert [set(paths) for paths in parts(found)] == [
        {"billing/models.py", "billing/migrations/0002_total.py"},
        {"orders/pool.py", "tests/orders/test_pool.py"},
        {"notes/orders.md"},
    ]


def test_summarised_lines_are_counted_as_such() -> None:
    found = planned(a_file("uv.lock", a_hunk(1, 7, 3)), a_file("a.py", a_hunk(1, 2, 3)))
    assert [(each.sent, each.summarised, each.left_out) for each in found.coverage] == [
        (0, 7, 0),
        (2, 0, 0),
    ]


def test_evidence_goes_with_the_first_lines_of_its_file_and_counts() -> None:
    hunk = a_hunk(1, 1, USUAL_BYTES // 2)
    small, large = json.dumps({"caller": "x"}), json.dumps("y" * USUAL_BYTES)
    files = [a_file("app/a.py", hunk, hunk), a_file("lib/b.py", a_hunk(1, 1, 9))]
    found = plan(
        change_of(*files),
        Signals(),
        of_depth("standard"),
        {"app/a.py": (large, small), "app/other.py": (small,)},
    )
    texts = [json.loads(each.part).get("evidence") for each in found.requests]
    assert texts == [[{"caller": "x"}], None]
    assert all(len(each.part.encode()) <= USUAL_BYTES for each in found.requests)


def test_a_quick_review_takes_no_evidence_and_looks_nothing_up() -> None:
    found = plan(
        change_of(a_file("a.py", a_hunk(1, 1, 1))),
        Signals(),
        of_depth("quick"),
        {"a.py": ('"x"',)},
    )
    (request,) = found.requests
    assert "evidence" not in json.loads(request.part)
    assert (request.lookups, request.effort, found.verifier.lookups) == (0, "low", 0)
    assert "look things up" not in request.question


def test_a_deep_review_asks_four_times_about_the_same_lines() -> None:
    wide = a_hunk(1, 1, USUAL_BYTES - 2_000)
    found = plan(
        change_of(a_file("a.py", wide), a_file("b.py", wide)),
        Signals(),
        of_depth("deep"),
    )
    assert parts(found) == [("a.py",), ("b.py",)] * 4
    assert len({each.shared for each in found.requests}) == 1
    assert len({each.system for each in found.requests}) == 1
    assert len({each.part for each in found.requests}) == 2
    assert len({each.question for each in found.requests}) == 8
    # A cached beginning needs the same tools and effort.
    assert {(each.lookups, each.effort) for each in found.requests} == {(24, "high")}
    assert all(each.is_repeated for each in found.requests)
    general, focused = found.requests[0].question, found.requests[2].question
    assert "Another pass" not in general
    assert "Another pass" in focused
    assert "`change_size`: `none`" in focused


AGENT = "---\nname: {0}\n{1}---\nYou are {0}."
ROUTED = """\
agents:
  - {paths: ["**/migrations/**", "*.sql"], agent: .claude/agents/dba.md}
  - {paths: ["web/**"], agent: .claude/agents/web.md}
  - {paths: ["*.sql", "infra/**"], agent: .claude/agents/ops.md}
"""
TEXTS = {
    ".github/architect-review.yml": ROUTED,
    ".claude/agents/dba.md": AGENT.format("dba", "model: opus\neffort: max\n"),
    ".claude/agents/web.md": AGENT.format("web", ""),
    ".claude/agents/ops.md": AGENT.format("ops", ""),
}


def test_each_file_goes_to_the_first_agent_whose_globs_it_fits() -> None:
    routed = load({}, lambda paths: {p: TEXTS[p] for p in paths if p in TEXTS}, {})
    paths = ["app/a.py", "app/migrations/0001.py", "infra/x.tf", "infra/y.sql"]
    found = plan(
        change_of(*(a_file(path, a_hunk(1, 60, 1)) for path in paths)),
        Signals(),
        routed,
    )
    speakers = {each.agent: each for each in found.requests}
    assert {name: set(each.paths) for name, each in speakers.items()} == {
        "backend-systems-architect": {"app/a.py"},
        "dba": {"app/migrations/0001.py", "infra/y.sql"},
        "ops": {"infra/x.tf"},
    }
    assert speakers["dba"].system.startswith("You are dba.")
    assert (speakers["dba"].model, speakers["dba"].effort) == ("claude-opus-5-5", "max")
    assert len({each.shared for each in found.requests}) == 1
    assert "part 3 of 3" in found.requests[2].question
