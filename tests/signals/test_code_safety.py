"""Readers behind the detectors of code safety and of what titles promise."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.change.diff import Diff
from architect_review.change.mentions import Mention
from architect_review.change.sides import Scene
from architect_review.signals import DETECTORS, Evidence, detect
from architect_review.signals.ownership import owned
from architect_review.signals.promises import promise
from architect_review.signals.records import protected
from architect_review.signals.scopes import scope_names
from signals.samples import change_of, rewritten


@pytest.mark.parametrize(
    ("title", "promised"),
    [
        ("Clean up repository and add MarketData.app API documentation", "clean-up"),
        ("docs: say who may pay", "documentation"),
        ("docs(api)!: say who may pay", "documentation"),
        ("refactor: extract the scanner", "refactoring"),
        ("style: black", "formatting"),
        ("test: cover the scanner", "tests"),
        ("chore: clean up imports", "clean-up"),
        ("Fix typo in README", "documentation"),
        ("Fix ruff warnings", "clean-up"),
        ("Remove unused imports", "clean-up"),
        ("Rename Scanner to Finder", "refactoring"),
        ("Add tests for the scanner", "tests"),
        ("Reformat with black", "formatting"),
        ("fix: a race in the pool", ""),
        ("feat: docs on demand", ""),
        ("Refactor the scheduler and add retries", ""),
        ("Clean up the cache, raise limits", ""),
        ("Fix clean-up of stale locks", ""),
        ("Scanner", ""),
        ("", ""),
    ],
)
def test_a_title_promises_something_only_if_every_part_of_it_is_harmless(
    title: str, promised: str
) -> None:
    assert promise(title) == promised


@given(st.text(max_size=80))
def test_any_title_has_a_promise_or_none(title: str) -> None:
    known = ("documentation", "formatting", "tests", "clean-up", "refactoring", "")

    assert promise(title) in known


def test_of_equal_patterns_the_last_owner_counts_and_sections_are_none() -> None:
    rules = owned("CODEOWNERS", "[Docs]\n/db/ @a\n# /web/ @b\n/db/ @c # the dba\n/x\n")

    assert {name: rule.owners for name, rule in rules.items()} == {
        "/db/": ("@c",),
        "/x": (),
    }


@pytest.mark.parametrize(
    ("line", "globs"),
    [
        ("applies_to: [src/db/*, 'jobs/**']", ["src/db/*", "jobs/**"]),
        ("applies-to: src/db/", ["src/db/*"]),
        ("- **applies_to**: `/src/queue.py`", ["src/queue.py"]),
        ("applies_to:", []),
        ("It applies_to: nothing", []),
    ],
)
def test_a_record_protects_the_globs_on_its_line(line: str, globs: list[str]) -> None:
    assert list(protected(Mention("docs/adr/1.md", 1, line))) == globs


def test_scopes_are_named_by_what_they_are_in() -> None:
    text = (
        "class A:\n    @mark\n    def b(self):\n        def c(): pass\ndef d(): pass\n"
    )

    assert scope_names(text) == {"", "A", "A.b", "A.b.c", "d"}


def _scene(*files: tuple[str, str | None, str | None]) -> Diff:
    changes = (rewritten(path, old, new) for path, old, new in files)
    return Diff(tuple(changes))


@pytest.mark.parametrize(
    "line",
    [
        "x = 1",
        "# " + "noqa " * 150,
        "a = '" + "#" * 900 + "'",
        "import a" + " #" * 400,
        "if (" + "false && " * 90,
        "/* eslint-disable" + " boundaries" * 60,
        "permissions: " + "secrets." * 100,
    ],
)
def test_many_lines_made_to_hurt_take_seconds(line: str) -> None:
    text = f"{line}\n" * (2_000_000 // len(line))
    files = [(f"web/{name}", None, text) for name in ("a.ts", "b.ts", "c.toml")]
    started = time.process_time()

    detect(change_of(_scene(*files)), {})

    assert time.process_time() - started < 20


def test_a_thousand_copies_of_a_file_are_one_block_and_take_seconds() -> None:
    text = "".join(f"value_{n} = compute({n}, other)\n" for n in range(200))
    files = [(f"shop/part{n}.py", None, text) for n in range(500)]
    started = time.process_time()

    pasted = DETECTORS["pasted-block"].find(Scene(_scene(*files), {}))

    (found,) = [each for each in pasted if isinstance(each, Evidence)]
    assert "The same 200 lines" in found.fact
    assert "and 495 more" in found.fact
    assert time.process_time() - started < 20


def test_a_commented_guard_is_told_even_where_the_file_cannot_be_parsed() -> None:
    diff = _scene(
        ("a.py", "if x:\n    raise No\n(", "if x:\n    # raise No\n    go()\n(")
    )

    found = detect(change_of(diff), {"a.py": "if x:\n    # raise No\n    go()\n("})

    assert "guard-disabled" in {signal.name for signal in found.found}


def test_a_title_that_says_nothing_of_the_sort_is_never_held_against_a_change() -> None:
    diff = _scene(("a.py", "LIMIT = 1\n", "LIMIT = 2\n"))
    change = replace(change_of(diff), title="Raise the limit")

    found = detect(change, {"a.py": "LIMIT = 2\n"})

    assert [signal.name for signal in found.found] == ["default-changed"]
