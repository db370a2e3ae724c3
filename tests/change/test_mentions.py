"""Words are found where they stand by themselves, on the right lines."""

from hypothesis import given
from hypothesis import strategies as st

from architect_review.change.mentions import (
    PER_WORD_LIMIT,
    Mention,
    is_searched,
    search,
)

WORDS = ("limit", "docs/old.md", "a.b", "größe")
TEXTS = st.lists(
    st.lists(st.sampled_from([*WORDS, "limits", "xa.b", "_limit", " ", "-", "é"])),
    max_size=8,
).map(lambda lines: "\n".join("".join(line) for line in lines))


@given(TEXTS)
def test_every_line_with_a_word_by_itself_is_a_mention(text: str) -> None:
    found = search([("f", text)], ["f"], WORDS)

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
    found = search([("f", "x")], ["f", "g.png"], ["limit"])

    assert found.of == {"limit": ()}
    assert found.paths == {"f", "g.png"}


def test_of_a_word_on_many_lines_the_first_ones_are_kept() -> None:
    found = search([("f", "limit\n" * 9_000)], ["f"], ["limit"])

    assert [each.line for each in found.of["limit"]] == [*range(1, PER_WORD_LIMIT + 1)]


def test_vendored_and_generated_files_are_not_searched() -> None:
    assert is_searched("shop/orders.py")
    assert not is_searched("vendor/x/orders.go")
    assert not is_searched("uv.lock")
