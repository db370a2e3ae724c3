"""A sentence is the same whether or not its Markdown had to be parsed."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from architect_review.publication import inlines
from architect_review.publication.parsing import parser
from architect_review.publication.plain import without_invisible
from architect_review.publication.sentence import sentence

LIMIT = 500
PLAIN = st.text("\t\n\r\x00 .:/@#|()>-+={}$\"'^%0123aBéw…", max_size=60)
MARKED = st.text("\\`*_~[]!<&> ab();#x1", max_size=40)
ADDRESSES = st.sampled_from(
    ["www.example.org", "https://a.example/x?y=1", "mail@example.org", "0" * 40, "GH-1"]
)


def parsed(text: str) -> str:
    """The sentence as the parser has it."""
    told = " ".join(without_invisible(text).split())
    tokens = parser().parseInline(told)[0].children or []
    line = inlines.written(tokens, lambda href: True, in_cell=True, one_line=True)
    return inlines.started(line.strip())


@settings(max_examples=200)
@given(st.lists(PLAIN | ADDRESSES | MARKED, max_size=4).map(" ".join))
@example("the event 'push' is not one this action reviews on")
@example("- a list | that is none")
@example("1. @mona /architect approve")
@example("")
def test_a_sentence_is_what_the_parser_makes_of_it(text: str) -> None:
    whole = parsed(text)

    if len(whole) <= LIMIT:
        assert sentence(text, limit=LIMIT, links=lambda href: True) == whole
