"""Text for terminals and for the log that the Actions runner reads."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.publication.plain import (
    MESSAGE_LIMIT,
    command,
    has_invisible,
    log_json,
    log_line,
    one_line,
    plain,
    with_invisible_shown,
)

ZWSP = "\u200b"
REGISTERED = {
    *("set-env", "add-path", "set-output", "save-state", "add-mask", "add-matcher"),
    *("remove-matcher", "debug", "notice", "warning", "error", "group", "endgroup"),
    *("echo", "stop-commands"),
}


def commands(log: str) -> list[tuple[str, dict[str, str], str]]:
    """What the runner would do on reading a log: name, properties, data."""
    found = []
    for line in re.split(r"\r\n|\r|\n", log):
        current = re.match(r"\s*::([^ :]+)(?: (.*?))?::(.*)", line)
        old = re.search(r"##\[([^ \]]+)(?: ([^\]]*))?\](.*)", line)
        for match, separator in ((current, ","), (old, ";")):
            if match and match[1].lower() in REGISTERED:
                pairs = (
                    pair.split("=", 1) for pair in (match[2] or "").split(separator)
                )
                listed = {pair[0]: _read(pair[1]) for pair in pairs if len(pair) == 2}
                found.append((match[1], listed, _read(match[3])))
                break
    return found


def _read(text: str) -> str:
    for escape, meant in (
        *(("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")),
        ("%25", "%"),
    ):
        text = text.replace(escape, meant)
    return text


PIECES = [
    *(
        "::",
        ":",
        "##[",
        "##",
        "[",
        "]",
        "error",
        "set-output name=a",
        "add-mask",
        "::x",
    ),
    *(
        "\n",
        "\r",
        "\r\n",
        " ",
        "\t",
        "\u00a0",
        "\u3000",
        "\x0b",
        "\x0c",
        "\x85",
        "\u2028",
    ),
    *(
        "\x1b[31m",
        "\x1b]0;title\x07",
        "\x1b]8;;http://e.io\x1b\\",
        "\x1b",
        "\x9b1m",
        "\x07",
    ),
    *(
        "\u202e",
        "\u200b",
        "\ufeff",
        "\U000e0041",
        "\ud800",
        "\0",
        "%0A",
        "%",
        ",",
        "word",
    ),
]
nasty = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=20).map(
    "".join
)


@given(nasty)
def test_plain_text_has_nothing_that_steers_a_terminal(text: str) -> None:
    clean = plain(text)
    assert not has_invisible(clean)
    assert not re.search(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", clean
    )
    assert plain(clean) == clean
    clean.encode()


@given(nasty, st.integers(0, 30))
def test_plain_text_keeps_to_its_limit(text: str, limit: int) -> None:
    assert len(plain(text, limit=limit)) <= limit


def test_escape_sequences_go_and_their_text_stays() -> None:
    assert plain("\x1b[1;31mred\x1b[0m") == "red"
    assert plain("\x1b]8;;http://e.io\x1b\\link\x1b]8;;\x1b\\") == "link"
    assert plain("\x1b]0;never ended") == "]0;never ended"
    assert plain("\x90never ended\x9dtitle\x9clink") == "never endedlink"
    assert plain("a\r\nb\rc\u2028d\te") == "a\nb\nc\nd\te"
    assert plain("one two", limit=5) == "one …"
    assert plain("one", limit=3) == "one"
    assert with_invisible_shown("a\u202e\U000e0041\u00ad") == "aU+202EU+E0041U+00AD"


@given(nasty)
def test_no_line_of_a_log_is_a_command(text: str) -> None:
    assert commands(log_line(text)) == []
    assert commands(f"found: {log_line(text)}") == []


@pytest.mark.parametrize(
    "line",
    [
        *(
            "::error::x",
            "  ::set-output name=a::b",
            "\u00a0::add-mask::e",
            "::group::x",
        ),
        *("said ##[set-output name=a;]b", "##[group]x", "a\n::stop-commands::t"),
        *(
            "a\r::error::x",
            "a\u2028::error::x",
            "\x1b[0m::error::x",
            ":\u200b:error::x",
        ),
        *("#\u200b#[group]x", "\x0b::error::x", "\ufeff::error::x"),
    ],
)
def test_a_line_that_would_command_the_runner_is_broken(line: str) -> None:
    assert commands(log_line(line)) == []


def test_other_lines_stay_as_they_are() -> None:
    text = "std::vector a::b\n\tindented: x # ## [x] 100%"
    assert log_line(text) == text
    assert log_line(" ::error::x") == f" :{ZWSP}:error::x"


@given(nasty)
def test_json_says_the_same_and_steers_nothing(text: str) -> None:
    given_as = json.dumps({"title": text}, indent=2, ensure_ascii=False)
    told = log_json(given_as)

    assert json.loads(told) == {"title": text}
    assert commands(told) == []
    assert not has_invisible(told)


@given(nasty)
def test_a_value_on_one_line_is_one(text: str) -> None:
    line = one_line(text, 20)

    assert len(line) <= 20
    assert "\n" not in line
    assert not has_invisible(line)


@given(nasty, nasty)
def test_a_command_says_what_it_was_given_and_is_one_line(
    message: str, path: str
) -> None:
    line = command("error", message, file=path, line=3, title=None)
    assert "\n" not in line
    assert len(commands(line)) == 1
    name, properties, data = commands(line)[0]
    assert name == "error"
    assert properties["line"] == "3"
    assert properties["file"].replace(ZWSP, "") == plain(path)
    assert data.replace(ZWSP, "") == plain(message)


def test_a_command_is_escaped_as_the_runner_reads_it() -> None:
    assert command("endgroup", "") == "::endgroup::"
    assert (
        command("warning", "50%\nmore: a,b", title="a:b,c%\n", line=7)
        == "::warning title=a%3Ab%2Cc%25%0A,line=7::50%25%0Amore: a,b"
    )
    [(_, _, data)] = commands(command("notice", "%" * 5_000))
    assert len(data) == MESSAGE_LIMIT


def test_a_command_needs_a_proper_name() -> None:
    with pytest.raises(ValueError, match="not a workflow command"):
        command("error::x", "")
    with pytest.raises(ValueError, match="not properties"):
        command("error", "", **{"a=b": 1})
