"""A quote proves something only where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.review.quotes import standing

TEXT = """\
import shop

LIMIT = 3


def bill(order):
    if order.retries > LIMIT:
        raise TooManyError
    return order.total
"""


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        ("LIMIT = 3", 3),
        ("    if order.retries > LIMIT:", 7),
        ("if   order.retries > LIMIT:", 7),
        ("order.retries > LIMIT", 7),
        ("def bill(order):\n    if order.retries > LIMIT:", 6),
        ("LIMIT = 3\n\n\ndef bill(order):", 3),
        ("shop/bill.py:7:     if order.retries > LIMIT:", 7),
        ("    6: def bill(order):\n    7:     if order.retries > LIMIT:", 6),
        ("LIMIT = 4", 0),
        ("def bill(order):\n    return order.total", 0),
        ("", 0),
        ("  \n", 0),
        (":", 0),
        ("if", 0),
    ],
)
def test_a_quote_stands_where_its_lines_stand(quote: str, line: int) -> None:
    assert standing(TEXT, quote) == line


@given(st.text(), st.text())
def test_any_text_and_quote_have_an_answer(text: str, quote: str) -> None:
    assert 0 <= standing(text, quote) <= text.count("\n") + 1


@given(st.lists(st.text("abc =", min_size=1), min_size=1, max_size=6), st.data())
def test_a_line_of_a_text_stands_in_it(ends: list[str], data: st.DataObject) -> None:
    lines = [f"word {end}" for end in ends]
    line = data.draw(st.sampled_from(lines))

    found = standing("\n".join(lines), line)

    assert found
    assert " ".join(line.split()) in " ".join(lines[found - 1].split())
