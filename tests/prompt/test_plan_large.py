"""A change of two million tokens: within the limits, no hunk cut, all accounted."""

import json
import random
from functools import cache

import pytest
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
from architect_review.prompt.affordable import affordable
from architect_review.prompt.coverage import FileCoverage
from architect_review.prompt.manifest import manifest
from architect_review.prompt.plan import PARTS_LIMIT, Plan, plan
from architect_review.prompt.room import LOOKUP_TOKENS, MOST_BYTES, UNKNOWN_WINDOW
from architect_review.request import models
from architect_review.request.policy import Policy, load
from architect_review.signals import Signals
from architect_review.vocabulary import How
from builders import a_change

FILES = 1_500
MODELS = ["sonnet", "haiku", "a-gateways-own"]


def rules(**inputs: str) -> Policy:
    return load({k.replace("_", "-"): v for k, v in inputs.items()}, lambda p: {}, {})


def a_hunk(start: int, lines: int, random_: random.Random) -> Hunk:
    kinds = (LineKind.ADDED, LineKind.ADDED, LineKind.REMOVED, LineKind.CONTEXT)
    return Hunk(
        start, lines, start, lines, f"def at_{start}(",
        tuple(
            Line(
                kinds[random_.randrange(4)] if at else LineKind.ADDED,
                "    value = compute(" + "x" * random_.randrange(60) + ")",
                start + at,
                start + at,
            )
            for at in range(lines)
        ),
    )  # fmt: skip


@cache
def a_large_change() -> Change:
    """About 5 MB: edits, huge files, renames without lines, lock files, tests."""
    random_ = random.Random(5)
    kinds = ["app/p{}/m{}.py", "tests/p{}/test_m{}.py", "app/p{}/migrations/{}.py",
             "docs/p{}/m{}.md", "conf/p{}/m{}.yml", "gen/p{}/m{}_pb2.py"]  # fmt: skip
    files = []
    for at in range(FILES):
        path = kinds[at % len(kinds)].format(at % 40, at)
        if at % 25 == 7:
            files.append(FileChange(path, FileStatus.RENAMED, f"old/{path}"))
            continue
        hunks = [
            a_hunk(1 + 1000 * number, random_.randrange(4, 40), random_)
            for number in range(random_.randrange(1, 5))
        ]
        if at % 300 == 4:
            hunks += [a_hunk(9_000_000, 8_000, random_), a_hunk(1, 2_000, random_)]
            hunks += [a_hunk(10_000 * (1 + n), 300, random_) for n in range(20)]
        files.append(FileChange(path, FileStatus.MODIFIED, path, tuple(hunks)))
    return a_change(diff=Diff(tuple(files)))


def shown(found: Plan) -> list[tuple[str, str, int]]:
    """Path, name and number of lines of every hunk that is sent, in one pass."""
    return [
        (file["path"], hunk["in"], len(hunk["lines"]))
        for part in dict.fromkeys(request.part for request in found.requests)
        for file in json.loads(part)["diff"]
        for hunk in file["hunks"]
    ]


def hold_true(change: Change, found: Plan) -> None:
    """No hunk is cut or sent twice, and every line of every file is accounted for."""
    there = shown(found)
    assert len(set(there)) == len(there)
    whole = {
        (file.path, hunk.section, len(hunk.lines)): sum(
            line.kind is not LineKind.CONTEXT for line in hunk.lines
        )
        for file in change.diff.files
        for hunk in file.hunks
    }
    assert set(there) <= set(whole)
    sent = dict.fromkeys((file.path for file in change.diff.files), 0)
    for key in there:
        sent[key[0]] += whole[key]
    assert {each.path: each.sent for each in found.coverage} == sent
    for file, each in zip(change.diff.files, found.coverage, strict=True):
        total = file.additions + file.deletions
        assert each.path == file.path
        assert each.sent + each.summarised + each.left_out == total
        assert (each.left_out > 0) == each.is_gap
        assert bool(each.reason) == (each.how is not How.READ or each.left_out > 0)


@pytest.mark.parametrize("model", MODELS)
def test_two_million_tokens_are_planned_within_the_limits_of_the_model(
    model: str,
) -> None:
    change = a_large_change()
    found = plan(change, Signals(), rules(model=model))
    assert sum(len(each.part) for each in found.requests) > 4_500_000
    hold_true(change, found)
    assert len({(each.shared, each.system) for each in found.requests}) == 1
    assert len(found.requests) <= PARTS_LIMIT
    known = models.limits(found.requests[0].model)
    window = known.context_window if known else UNKNOWN_WINDOW
    for each in found.requests:
        assert len(each.part.encode()) <= MOST_BYTES
        looked = each.lookups * LOOKUP_TOKENS
        assert each.input_bound + looked + each.max_tokens <= window
    assert listed(json.loads(found.requests[0].shared)["all_changed_files"]) == FILES


def listed(rows: list[str]) -> int:
    """Files that a list stands for."""
    more = [row for row in rows if " more files in " in row]
    return len(rows) - len(more) + sum(int(row.split()[0]) for row in more)


def test_a_model_whose_long_prompts_cost_more_is_kept_below_that_length() -> None:
    found = plan(a_large_change(), Signals(), rules(model="haiku", depth="quick"))
    price = models.price("claude-haiku-5-5")
    assert price is not None
    assert price.long_prompt is not None
    long = [
        each.paths for each in found.requests if each.input_bound > price.long_prompt
    ]
    # Only a hunk that no request of the usual size holds makes a longer one.
    assert all(len(paths) == 1 for paths in long)
    assert len(long) < len(found.requests) / 5


@pytest.mark.parametrize("usd", ["0.5", "2", "1000"])
def test_a_budget_bounds_it_in_declared_steps(usd: str) -> None:
    change = a_large_change()
    found = affordable(change, Signals(), rules(max_cost_usd=usd), {})
    hold_true(change, found)
    assert found.estimate.usd <= float(usd)
    assert bool(found.steps) == (usd != "1000")
    riskier = {"app": 0, "conf": 1, "tests": 2, "docs": 3}
    order = [riskier[each.paths[0].split("/")[0]] for each in found.requests]
    assert order == sorted(order)


@given(st.integers(0, 600), st.integers(1_000, 30_000), st.integers(1, 200))
@settings(max_examples=30, deadline=None)
def test_the_list_of_files_is_bounded_and_leaves_none_out(
    files: int, most: int, folders: int
) -> None:
    coverage = [
        FileCoverage(
            f"app/{at % folders}/{'d' * 40}/{at}.py", FileStatus.ADDED, 1, 0,
            How.READ if at % 3 else How.SUMMARISED,
        )
        for at in range(files)
    ]  # fmt: skip
    rows = manifest(coverage, most)
    assert len(json.dumps(rows)) <= most + 80
    assert listed(rows) == files
    if sum(each.how is How.READ for each in coverage) * 70 > most:
        assert not any("(summarised)" in row for row in rows)
