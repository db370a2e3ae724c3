"""Commands are found at the start of a line, and nowhere else."""

import sys
import time
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.request.commands import (
    ANSWER_LIMIT,
    COMMANDS_LIMIT,
    LINE_LIMIT,
    REASON_LIMIT,
    USAGE,
    Command,
    Misread,
    Name,
    commands,
)
from architect_review.request.spoken import COMMENT_LIMIT
from request.commanding import LINES, PLAIN, WRAPPINGS

REVIEW = Command(Name.REVIEW)
FULL = Command(Name.REVIEW, "full")
STATUS = Command(Name.STATUS)
HELP = Command(Name.HELP)
BY_DESIGN = Command(Name.DISMISS, "F3", "by design")
ANYTHING = st.text(
    alphabet="/architecviewdsm F3>`~-\n\t #<!*[]()\"'\\&=|1.", max_size=300
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("/architect review", [REVIEW]),
        ("/Architect REVIEW", [REVIEW]),
        ("/architect", [HELP]),
        ("/architect review full", [FULL]),
        ("/architect review Full", [FULL]),
        ("/architect\treview\t full", [FULL]),
        ("/architect\u00a0review", [REVIEW]),
        ("   /architect review   ", [REVIEW]),
        ("thanks!\n/architect review\n", [REVIEW]),
        ("/architect dismiss F3 by design\n/architect status", [BY_DESIGN, STATUS]),
        ("/architect review\n\n/architect review", [REVIEW, REVIEW]),
        ("/architect review\r\n/architect status\r\n", [REVIEW, STATUS]),
        ("/architect review\n---\nMona", [REVIEW]),
        ("*so\n/architect review\nbe it*", [REVIEW]),
        ("- one\n- two\n/architect review", [REVIEW]),
        ("<div>\n\n/architect review", [REVIEW]),
        ("- /architect review", []),
        ("- one\n  /architect review", []),
        ("# /architect review", []),
        ("1. one\n\n   /architect review", []),
        ("please /architect review", []),
        ("/architecture review", []),
        ("/architectreview", []),
        ("> /architect review", []),
        ("> quoted\n/architect review", []),  # a lazy continuation
        ("> quoted\n\n/architect review", [REVIEW]),
        ("> - quoted\n/architect review", []),
        ("```\n/architect review\n```", []),
        ("~~~\n/architect review", []),
        ("```\n/architect review\n```\n/architect review", [REVIEW]),
        ("    /architect review", []),
        ("thanks\n    /architect review", []),
        ("\t/architect review", []),
        ("`/architect review`", []),
        ("``\n/architect review\n``", []),
        ("``\n/architect review\n``\n/architect review", [REVIEW]),
        ("\\`\n/architect review\n\\`", [REVIEW]),
        ("<!--\n/architect review\n-->", []),
        ("so <!--\n/architect review\n--> be it\n/architect status", [STATUS]),
        ("<details>\n/architect review\n</details>", []),
        ("<details>\n\n/architect review\n\n</details>\n\n/architect status", [STATUS]),
        ("<blockquote>\n\n/architect review\n\n</blockquote>", []),
        ("<pre>\n\n/architect review\n\n</pre>", []),
        ("so <code>\n/architect review\n</code>", []),
        ("> <details>\n\n/architect review", [REVIEW]),
        ("- <details>\n\nso\n\n/architect review", [REVIEW]),
        ("<!-- <details> -->\n\n/architect review", [REVIEW]),
        ('[a](b "\n/architect review\n")', []),
        ("![a\n/architect review\n](b)", []),
        ('[a]: b "\n/architect review\n"', []),
        ("~~so\n/architect review\nbe it~~", []),
        ("~so\n/architect review\nbe it~", []),
        ("~~so *~~be\n/architect review\nit* or~~", []),
        ("so a~~€\n/architect review\nbe it~~", []),
        ("~~so\n/architect review", [REVIEW]),
        ("~~so~~\n/architect review", [REVIEW]),
        ("~~so\n/architect review\nbe it~", [REVIEW]),
        ("in ~5 s\n/architect review\n~ or so", [REVIEW]),
        ("\\~\\~so\n/architect review\nbe it\\~\\~", [REVIEW]),
        ("`~~`\n/architect review\nbe it~~", [REVIEW]),
        ("~~so\n\n/architect review\n\nbe it~~", [REVIEW]),
        ("/architect dismiss F3 by ~~chance~~ design", [Command(
            Name.DISMISS, "F3", "by ~~chance~~ design")]),
        ("<div title='\n\n/architect review\n\n'>", []),
        ('<div\ntitle="a>b\n\n/architect review\n\n">', []),
        ("<p>so</p title='\n\n/architect review", []),
        ("<pre title='</pre>\n/architect review\n'>", []),
        ("<!-- so --> <b title='\n\n/architect review", []),
        ("<!-- so --!> <b title=' -->\n\n/architect review", []),
        ("so <!-- --!> <b title=' -->\n\n/architect review", []),
        ("so <? > <b title=' ?>\n\n/architect review", []),
        ("> <div title='\n\n/architect review", []),
        ("- <div title='\n\nso\n\n/architect review", []),
        ("<div title='so'>\n\n/architect review", [REVIEW]),
        ("<div>it's\n\n/architect review", [REVIEW]),
        ("<!-- <a href='so'> it's -->\n\n/architect review", [REVIEW]),
        ("so <b title='\n\n/architect review", [REVIEW]),
        ("/architect\r\nreview", [HELP]),
        ("/architect review \ue0000\ue000", [Misread(
            "/architect review \ufffd0\ufffd",
            "`review` takes `full` or nothing: write `/architect review [full]`",
            "review")]),
        ("\ud800\n/architect review", [REVIEW]),
        ("", []),
    ],
)  # fmt: skip
def test_a_command_is_the_first_word_of_a_line_outside_quotes_and_code(
    body: str, expected: list[Command | Misread]
) -> None:
    assert commands(body) == tuple(expected)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("explain F3", Command(Name.EXPLAIN, "F3")),
        ("explain f3", Command(Name.EXPLAIN, "F3")),
        ("explain F 3", Command(Name.EXPLAIN, "F3")),
        ("explain F03.", Command(Name.EXPLAIN, "F3")),
        ("explain `F3`", Command(Name.EXPLAIN, "F3")),
        ("explain **F3**", Command(Name.EXPLAIN, "F3")),
        ("explain <F3>", Command(Name.EXPLAIN, "F3")),
        ("dismiss F12 by design", Command(Name.DISMISS, "F12", "by design")),
        ("dismiss F3: by design", BY_DESIGN),
        ("dismiss F3 - by   design", BY_DESIGN),
        ("dismiss F3 --model=x", Command(Name.DISMISS, "F3", "model=x")),
        ("reopen F3", Command(Name.REOPEN, "F3")),
        ("answer Q2 ten users", Command(Name.ANSWER, "Q2", "ten users")),
        ("answer q 2: 10", Command(Name.ANSWER, "Q2", "10")),
        ("approve 1A2B3C4", Command(Name.APPROVE, "1a2b3c4")),
        (f"approve `{'ab' * 20}`", Command(Name.APPROVE, "ab" * 20)),
        ("reject no plan", Command(Name.REJECT, "", "no plan")),
        ("reject: no plan", Misread("/architect reject: no plan",
            "unknown command; did you mean `reject`?", "reject")),
        ("pause", Command(Name.PAUSE)),
        ("resume", Command(Name.RESUME)),
        ("help dismiss", HELP),
    ],
)  # fmt: skip
def test_arguments_are_read_into_their_parts(
    line: str, expected: Command | Misread
) -> None:
    assert commands(f"/architect {line}") == (expected,)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("review everything", "`review` takes `full` or nothing"),
        ("review --model=opus", "`review` takes `full` or nothing"),
        ("review --base-url=https://x.example", "`review` takes `full` or nothing"),
        ("review full anthropic-base-url=x", "`review` takes `full` or nothing"),
        ("status please", "`status` takes nothing else"),
        ("pause for a week", "`pause` takes nothing else"),
        ("explain", "`explain` needs the number of a finding"),
        ("explain 3", "`explain` needs the number of a finding"),
        ("explain F0", "`explain` needs the number of a finding"),
        ("explain F123456", "`explain` needs the number of a finding"),
        ("explain F3a", "`explain` needs the number of a finding"),
        ("explain F\u0663", "`explain` needs the number of a finding"),
        ("explain Q3", "`explain` needs the number of a finding"),
        ("explain F3 again", "`explain` takes nothing behind"),
        ("dismiss F3", "`dismiss` needs a reason in words"),
        ("dismiss F3 ...", "`dismiss` needs a reason in words"),
        ("dismiss F3 \u200b", "`dismiss` needs a reason in words"),
        ("dismiss by design", "`dismiss` needs the number of a finding"),
        ("dismiss F3 F4 by design", "`dismiss` takes one finding; write a line"),
        ("dismiss F3, F4: by design", "`dismiss` takes one finding; write a line"),
        ("dismiss F3 and F4: by design", "`dismiss` takes one finding; write a line"),
        (f"dismiss F3 {'x' * (REASON_LIMIT + 1)}", "at most 500 characters"),
        ("answer Q2", "`answer` needs an answer in words"),
        ("answer F2 yes", "`answer` needs the number of a question"),
        (f"answer Q2 {'x' * (ANSWER_LIMIT + 1)}", "at most 1,000 characters"),
        ("approve", "`approve` needs the SHA of the commit"),
        ("approve main", "`approve` needs the SHA of the commit"),
        ("approve 1a2b3c", "`approve` needs the SHA of the commit"),
        ("approve 1a2b3c4 once F3 is fixed", "and nothing else"),
        (f"approve {'a' * 41}", "7 to 40 hex digits"),
        ("reject", "`reject` needs a reason in words"),
        (f"reject {'x' * (REASON_LIMIT + 1)}", "at most 500 characters"),
    ],
)
def test_arguments_that_cannot_be_used_are_named_with_the_right_form(
    line: str, problem: str
) -> None:
    (found,) = commands(f"/architect {line}")

    assert isinstance(found, Misread)
    assert problem in found.problem
    assert f"`/architect {USAGE[Name(found.nearest)].shape}`" in found.problem
    assert "\n" not in found.problem
    assert len(found.line) <= LINE_LIMIT


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("reveiw", "review"),
        ("dismis", "dismiss"),
        ("aprove", "approve"),
        ("explian", "explain"),
        ("re-open", "reopen"),
        ("stats", "status"),
        ("xyzzy", ""),
        ("r" * 60_000, ""),
        ("![x](https://x.example)", ""),
    ],
)
def test_an_unknown_command_names_the_nearest(word: str, nearest: str) -> None:
    (found,) = commands(f"/architect {word} F3")

    assert isinstance(found, Misread)
    assert found.nearest == nearest
    assert found.problem == (
        f"unknown command; did you mean `{nearest}`?"
        if nearest
        else "unknown command; `/architect help` lists them"
    )


def test_text_as_long_as_allowed_is_kept_whole() -> None:
    reason, answer = "x" * REASON_LIMIT, "x" * ANSWER_LIMIT

    body = f"/architect dismiss F1 {reason}\n/architect answer Q1 {answer}"

    assert commands(body) == (
        Command(Name.DISMISS, "F1", reason),
        Command(Name.ANSWER, "Q1", answer),
    )


def test_more_commands_than_are_read_are_said_to_be() -> None:
    found = commands("/architect status\n" * (COMMANDS_LIMIT + 3))

    assert found[:-1] == (STATUS,) * COMMANDS_LIMIT
    assert isinstance(found[-1], Misread)
    assert "only the first 10" in found[-1].problem


@pytest.mark.parametrize("name", list(Name))
def test_every_command_of_the_help_is_read(name: Name) -> None:
    assert set(USAGE) == set(Name)
    (found,) = commands(LINES[name])

    assert isinstance(found, Command)
    assert found.name is name


@given(st.one_of(st.text(max_size=300), ANYTHING))
def test_any_text_is_read_without_failing(body: str) -> None:
    for found in commands(body):
        assert isinstance(found, Command | Misread)


@given(st.one_of(st.text(max_size=200), ANYTHING))
def test_free_text_never_becomes_anything_but_text(text: str) -> None:
    line = " ".join(text.split())

    for found in commands(f"/architect dismiss F3 x{line}"):
        if isinstance(found, Command):
            assert (found.name, found.target) == (Name.DISMISS, "F3")
        assert "\n" not in getattr(found, "text", "")


@given(st.one_of(st.text(max_size=100), ANYTHING))
def test_a_quotation_never_commands(text: str) -> None:
    lines = f"{text}\n/architect review".replace("\r", "\n").split("\n")

    assert commands("\n".join(f"> {line}" for line in lines)) == ()


@given(st.one_of(st.text(max_size=100), ANYTHING), st.sampled_from("`~"))
def test_a_fence_never_commands(text: str, sign: str) -> None:
    fence = sign * 301

    assert commands(f"{fence}\n{text}\n/architect review\n{fence}") == ()
    assert commands(f"Like this:\n{fence}\n{text}\n/architect review") == ()


@given(st.text(max_size=100).filter(lambda text: "-->" not in text))
def test_an_html_comment_never_commands(text: str) -> None:
    hidden = text.lstrip(">-")

    assert commands(f"<!-- {hidden}\n/architect review\n-->") == ()


@given(ANYTHING, st.sampled_from(sorted(set(WRAPPINGS) - set(PLAIN))))
def test_a_wrapped_line_does_not_command_whatever_its_arguments(
    text: str, wrapping: str
) -> None:
    line = " ".join(text.replace("-->", "").replace("`", "").split())
    line = line.replace("<", "").replace(">", "")

    assert commands(WRAPPINGS[wrapping].format(f"/architect {line}".strip())) == ()


def calls(body: str) -> int:
    """How many functions are called to read a comment: its work, but for the clock."""
    count = 0

    def called(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        commands(body)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "part",
    ["/architect review\n", "a\n", "> ", ">\n", "- a\n", "[", "![", "[a](", "[a]: b\n",
     "`a ", "` `` ", "<", "<!--", "<a ", "<q>", "<q></s>", "</q>", "<details>\n\n",
     "\\", "1. ", "*", "~~~\n", "~", "~~ ", "a~ ", "~a", "<div\n\n", "<div>\n",
     "\t", "<b>\n", '[a](b "', "[]("],
)  # fmt: skip
def test_twice_the_text_is_twice_the_work(part: str) -> None:
    once, twice = (
        calls("/architect review\n\n" + part * (size // len(part)))
        for size in (4_000, 8_000)
    )

    assert twice < 2.5 * once + 1_000


@pytest.mark.parametrize("part", ["/architect review\n", "[a](", "<q></s>"])
def test_a_comment_longer_than_any_is_cut(part: str) -> None:
    body = "/architect review\n\n" + part * (2 * COMMENT_LIMIT // len(part))

    assert commands(body)[0] == REVIEW


@pytest.mark.parametrize("item", ["a", "<s>", "</q>", "</s>"])
def test_a_list_among_open_folds_is_read_in_a_moment(item: str) -> None:
    """What is open was copied for each of the list's items."""
    body = "<q>" + "<s>" * 9_000 + "\n\n" + f"- {item}\n" * (30_000 // (len(item) + 3))
    begin = time.process_time()

    assert commands(f"{body}\n/architect review\n") == ()

    assert time.process_time() - begin < 1.5
