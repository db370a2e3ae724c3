"""Quotes decide where a finding stands; GitHub's rules decide what an anchor is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.change.diff import Diff, parse
from architect_review.review.anchors import (
    Anchor,
    Located,
    Side,
    Unlocated,
    locate,
    mentions,
)
from builders import a_diff

POOL = "app/pool.py"


def anchor_of(quote: str, path: str = POOL, hint: int = 0) -> Anchor:
    result = locate(a_diff(), path, quote, hint)
    assert isinstance(result, Located), result
    return result.anchor


def reason_of(quote: str, path: str = POOL, hint: int = 0) -> str:
    result = locate(a_diff(), path, quote, hint)
    assert isinstance(result, Unlocated), result
    return result.reason


def test_an_added_line_is_anchored_on_the_right() -> None:
    assert Anchor(POOL, Side.RIGHT, 13, 13) == anchor_of("            worker.stop()")


def test_several_lines_are_anchored_as_a_range() -> None:
    quote = "            worker.stop()\n            worker.join(timeout=5)"

    assert Anchor(POOL, Side.RIGHT, 13, 14) == anchor_of(quote)


def test_a_removed_line_is_anchored_on_the_left_with_its_old_number() -> None:
    assert Anchor(POOL, Side.LEFT, 13, 13) == anchor_of("            worker.join()")


def test_a_line_of_a_deleted_file_is_anchored_on_the_left() -> None:
    anchor = anchor_of('    return "forgotten"', "old.py")

    assert Anchor("old.py", Side.LEFT, 2, 2) == anchor


def test_an_unchanged_line_of_a_hunk_is_anchored_on_the_right() -> None:
    assert Anchor(POOL, Side.RIGHT, 15, 15) == anchor_of("return self.closed")


def test_the_line_number_is_computed_and_a_wrong_hint_does_no_harm() -> None:
    assert anchor_of("            worker.stop()", hint=4000).start == 13


def test_a_quote_that_is_not_in_the_change_has_no_place() -> None:
    assert "not in the change" in reason_of("worker.kill()")


def test_a_quote_without_substance_proves_nothing() -> None:
    assert "too short" in reason_of("}")
    assert "no quote" in reason_of("  \n ")


def test_a_listing_is_no_quote() -> None:
    assert "longer than" in reason_of("x = 1\n" * 30)


def test_numbers_and_signs_copied_with_the_quote_are_forgiven() -> None:
    assert anchor_of("         13 +            worker.stop()").start == 13
    assert anchor_of("+            worker.stop()").start == 13


def test_a_quote_with_other_blanks_is_found_but_not_verbatim() -> None:
    loose = locate(a_diff(), POOL, "worker.stop()", 0)
    exact = locate(a_diff(), POOL, "            worker.stop()", 0)

    assert isinstance(loose, Located)
    assert not loose.is_verbatim
    assert isinstance(exact, Located)
    assert exact.is_verbatim


def test_a_wrong_path_is_forgiven_when_the_quote_stands_in_one_other_file() -> None:
    assert anchor_of("            worker.stop()", "app/worker.py").path == POOL


def test_a_quote_that_stands_twice_needs_the_hint() -> None:
    text = "".join(f"+value = compute({n % 2})\n" for n in range(4))
    diff = parse(
        f"diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -0,0 +1,4 @@\n{text}"
    )

    unsure = locate(diff, "x.py", "value = compute(1)", 0)
    sure = locate(diff, "x.py", "value = compute(1)", 5)

    assert isinstance(unsure, Unlocated)
    assert unsure.in_file
    assert isinstance(sure, Located)
    assert sure.anchor.start == 4


def test_old_and_new_lines_quoted_together_are_anchored_on_the_new_ones() -> None:
    quote = "            worker.join()\n        for worker in list(self.workers):"

    assert Anchor(POOL, Side.RIGHT, 12, 12) == anchor_of(quote)


def test_a_range_never_spans_two_hunks() -> None:
    quote = "    def open(self):\n    def size(self):"

    assert "not in the change" in reason_of(quote)


def test_a_search_for_something_absent_looks_at_the_new_side() -> None:
    assert mentions(a_diff(), "timeout=5") == (POOL, 14)
    assert mentions(a_diff(), "forgotten") is None
    assert mentions(a_diff(), "worker.join()") is None


def accepts(diff: Diff, anchor: Anchor) -> bool:
    """GitHub's rule, said once more: all lines of the range in one hunk."""
    for file in diff.files:
        for hunk in file.hunks:
            right = {line.new for line in hunk.lines if line.new}
            left = {line.old for line in hunk.lines if line.old}
            lines = right if anchor.side is Side.RIGHT else left
            if file.path == anchor.path and {anchor.start, anchor.end} <= lines:
                return anchor.start <= anchor.end
    return False


WORDS = st.sampled_from(["alpha", "beta", "  gamma", "delta()", "", "alpha beta", "}"])


@st.composite
def diffs(draw: st.DrawFn) -> Diff:
    """One file with some hunks of random lines."""
    text = "diff --git a/f.py b/f.py\n--- a/f.py\n+++ b/f.py\n"
    old, new = 1, 1
    for _ in range(draw(st.integers(1, 3))):
        rows = draw(
            st.lists(st.tuples(st.sampled_from("+- "), WORDS), min_size=1, max_size=8)
        )
        if not any(sign != " " for sign, _ in rows):
            rows.append(("+", "added"))
        before = sum(sign != "+" for sign, _ in rows)
        after = sum(sign != "-" for sign, _ in rows)
        left, right = old - (not before), new - (not after)
        text += f"@@ -{left},{before} +{right},{after} @@\n"
        text += "".join(f"{sign}{word}\n" for sign, word in rows)
        old, new = old + before + 5, new + after + 5
    return parse(text)


@given(diffs(), st.lists(WORDS, min_size=1, max_size=4), st.integers(-3, 40))
def test_every_anchor_is_one_that_github_accepts(
    diff: Diff, quote: list[str], hint: int
) -> None:
    result = locate(diff, "f.py", "\n".join(quote), hint)

    if isinstance(result, Located):
        assert accepts(diff, result.anchor)


@given(diffs(), st.data())
def test_a_line_of_the_change_with_substance_is_always_found(
    diff: Diff, data: st.DataObject
) -> None:
    line = data.draw(
        st.sampled_from([line for hunk in diff.files[0].hunks for line in hunk.lines])
    )
    number = line.new or line.old or 0
    result = locate(diff, "f.py", line.text, number)

    if len(line.text.strip()) >= 3:
        assert isinstance(result, Located)


@pytest.mark.parametrize("text", ["\r\n", "\0", "\ud800", "😀" * 10])
def test_odd_quotes_do_no_harm(text: str) -> None:
    assert isinstance(locate(a_diff(), POOL, text, 1), Unlocated)
