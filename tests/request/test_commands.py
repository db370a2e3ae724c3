"""Commands are found at the start of a line, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.request.commands import Command, commands


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("/architect review", [Command("review")]),
        ("/Architect REVIEW", [Command("review")]),
        ("/architect", [Command("help")]),
        ("/architect review full", [Command("review", "full")]),
        ("thanks!\n/architect review\n", [Command("review")]),
        ("/architect dismiss F3 by design\n/architect status",
         [Command("dismiss", "F3 by design"), Command("status")]),
        ("- /architect review", []),
        ("# /architect review", []),
        ("1. one\n\n   /architect review", []),
        ("please /architect review", []),
        ("/architecture review", []),
        ("/architectreview", []),
        ("> /architect review", []),
        ("> quoted\n/architect review", []),  # a lazy continuation
        ("> quoted\n\n/architect review", [Command("review")]),
        ("```\n/architect review\n```", []),
        ("    /architect review", []),
        ("`/architect review`", []),
        ("``\n/architect review\n``", []),
        ("<!--\n/architect review\n-->", []),
        ("/architect\r\nreview", [Command("help")]),
        ("", []),
    ],
)  # fmt: skip
def test_a_command_is_the_first_word_of_a_line_outside_quotes_and_code(
    body: str, expected: list[Command]
) -> None:
    assert commands(body) == tuple(expected)


@given(st.text(alphabet="/architeview F3>`~-\n #<!*", max_size=200))
def test_any_text_is_read_without_failing(body: str) -> None:
    for command in commands(body):
        assert command.name == command.name.lower()


@given(st.text(max_size=100).filter(lambda text: "\r" not in text))
def test_a_quotation_never_commands(text: str) -> None:
    quoted = "\n".join(f"> {line}" for line in f"{text}\n/architect review".split("\n"))

    assert commands(quoted) == ()
