"""Words are found where they stand by themselves, on the right lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.change.mentions import (
    PER_WORD_LIMIT,
    Mention,
    Mentions,
    is_searched,
    search,
)
from standin.held import Held
from standin.repository import Submodule, Symlink

WORDS = ("limit", "docs/old.md", "a.b", "größe")
TEXTS = st.lists(
    st.lists(st.sampled_from([*WORDS, "limits", "xa.b", "_limit", " ", "-", "é"])),
    max_size=8,
).map(lambda lines: "\n".join("".join(line) for line in lines))


@given(TEXTS)
def test_every_line_with_a_word_by_itself_is_a_mention(text: str) -> None:
    found = search(Held({"f": text}), WORDS)

    def holds(line: str, word: str) -> bool:
        at = line.find(word)
        while at >= 0:
            around = (line[at - 1 : at] if at else "") + line[at + len(word) :][:1]
            if not any(each.isalnum() or each == "_" for each in around):
                return True
            at = line.find(word, at + 1)
        return False

    for word in WORDS:
        assert found.of[word] == tuple(
            Mention("f", number, line)
            for number, line in enumerate(text.split("\n"), 1)
            if holds(line, word)
        )


def test_a_word_that_stands_nowhere_was_searched_all_the_same() -> None:
    found = search(Held({"f": "x", "g.png": "x"}), ["limit"])

    assert found.of == {"limit": ()}
    assert found.paths == {"f", "g.png"}


def test_of_a_word_on_many_lines_the_first_ones_are_kept() -> None:
    found = search(Held({"f": "limit\n" * 9_000}), ["limit"])

    assert [each.line for each in found.of["limit"]] == [*range(1, PER_WORD_LIMIT + 1)]


def test_vendored_and_generated_files_are_not_searched() -> None:
    assert is_searched("shop/orders.py")
    assert not is_searched("vendor/x/orders.go")
    assert not is_searched("uv.lock")


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("close_all(", "        self.close_all(self)"),
        (".close", "pool.close()"),
        ('"key"', 'x = data["key"]'),
        ("@cached", "x@cached"),
        ("--limit", "run --limit=3"),
        ("x ==", "if x == y"),
        ("größe(", "größe(1)"),
    ],
)
def test_an_edge_that_is_no_word_character_needs_no_boundary(
    word: str, line: str
) -> None:
    found = search(Held({"f.py": f"\n{line}\n"}), [word])

    assert found.of[word] == (Mention("f.py", 2, line),)


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("close_all(", "disclose_all(self)"),
        (".close", "pool.closed"),
        ("limit", "limits"),
        ("--limit", "--limits"),
    ],
)
def test_an_edge_that_is_a_word_character_is_a_boundary(word: str, line: str) -> None:
    assert search(Held({"f.py": line}), [word]).of[word] == ()


def test_links_and_submodules_are_no_files_and_vendored_ones_are_not_read() -> None:
    snapshot = Held(
        {
            "a.py": "limit\n",
            "link.py": Symlink("a.py"),
            "sub": Submodule("1" * 40),
            "vendor/x/a.py": "limit\n",
            "b.bin": b"limit\0",
        }
    )

    found = search(snapshot, ["limit"])

    assert [each.path for each in found.of["limit"]] == ["a.py"]
    assert found.paths == {"a.py", "vendor/x/a.py", "b.bin"}
    assert snapshot.asked == ["a.py", "b.bin"]


def test_a_snapshot_that_cannot_be_had_is_named_as_missing() -> None:
    found = search(Held({"a.py": "limit"}, "git could not fetch"), ["limit"])

    assert found == Mentions(missing="git could not fetch")
