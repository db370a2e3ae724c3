"""What a change says whatever its commits are."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from architect_review.change.content import (
    HUNKS_LIMIT,
    Seen,
    content_digest,
    hunk_digest,
    line_digest,
    runs,
)
from architect_review.change.diff import Diff, parse
from builders import DIFF, a_diff

MOVED = (
    DIFF.replace("@@ -10,7 +10,8 @@ class Pool:", "@@ -90,7 +95,8 @@ class Other:")
    .replace("index 1111111..2222222", "index aaaaaaa..bbbbbbb")
    .replace("         return self.closed\n", "         return self.gone\n")
)


def test_moved_lines_other_context_and_other_commits_are_the_same_change() -> None:
    assert content_digest(a_diff(MOVED)) == content_digest(a_diff())
    assert Seen.of(a_diff().files) == Seen.of(a_diff(MOVED).files)


def test_another_line_indentation_name_or_mode_is_another_change() -> None:
    others = {
        DIFF.replace("worker.stop()", "worker.halt()"),
        DIFF.replace("+            worker.stop()", "+        worker.stop()"),
        DIFF.replace("app/pool.py", "app/tool.py"),
        DIFF.replace("deleted file mode 100644", "deleted file mode 100755"),
    }

    found = {content_digest(a_diff(text)) for text in (DIFF, *others)}

    assert len(found) == 5


def test_the_order_of_files_does_not_count() -> None:
    files = a_diff().files

    assert content_digest(Diff(files[::-1])) == content_digest(a_diff())


def test_a_change_with_unknown_content_is_never_the_same() -> None:
    unread = replace(a_diff().files[0], unread="too large")
    binary = replace(a_diff().files[0], is_binary=True, hunks=())

    assert content_digest(Diff((unread,))) == ""
    assert content_digest(Diff((binary,))) == ""


def test_a_line_is_the_same_however_it_is_indented() -> None:
    assert line_digest("\t x =  1 ") == line_digest("x = 1")
    assert line_digest("x = 1") != line_digest("x = 2")


def test_a_hunk_is_what_it_changes_and_where() -> None:
    one, other = a_diff().files[0].hunks

    assert hunk_digest("a.py", one) != hunk_digest("b.py", one)
    assert hunk_digest("a.py", one) != hunk_digest("a.py", other)


def test_two_hunks_that_became_one_were_still_read() -> None:
    apart = parse(DIFF).files[0]
    text = DIFF.split("diff --git a/old.py")[0]
    joined = text[: text.index("@@")] + (
        "@@ -10,7 +10,10 @@ class Pool:\n"
        "     def close(self):\n"
        "-        for worker in self.workers:\n"
        "-            worker.join()\n"
        "+        for worker in list(self.workers):\n"
        "+            worker.stop()\n"
        "+            worker.join(timeout=5)\n"
        "         return self.closed\n"
        '+        log.info("size %s", count)\n'
        "         return count\n"
        '+        log.info("new")\n'
        "         return count\n"
        "         return count\n"
    )
    file = parse(joined).files[0]
    seen = Seen.of([apart])

    (line,) = seen.new_lines(file)

    assert line.text == '        log.info("new")'
    assert not seen.has_file(file)
    assert seen.has_file(apart)
    assert sum(1 for _ in runs(file.hunks[0])) == 3


@given(st.frozensets(st.integers(0, 2**32 - 1), max_size=50))
def test_what_was_seen_comes_back_as_it_was(numbers: frozenset[int]) -> None:
    seen = Seen(frozenset(f"{number:08x}" for number in numbers))

    assert Seen.decode(seen.encode()) == seen


@given(st.text(max_size=60))
def test_no_text_makes_reading_what_was_seen_fail(text: str) -> None:
    Seen.decode(text)


def test_more_than_can_be_remembered_is_read_again() -> None:
    many = Seen(frozenset(f"{number:08x}" for number in range(HUNKS_LIMIT + 1)))

    assert many.encode() == ""
    assert Seen.decode("") == Seen()
    assert not Seen().has_file(a_diff().files[0])
