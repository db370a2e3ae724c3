"""From text to an answer: whole, with broken items, or broken off in the middle."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.asking_claude import a_finding
from architect_review.prompt.answer import ANSWER as EXPECTED
from architect_review.prompt.answer import Answer
from architect_review.prompt.expected import Reading, UnreadableError
from standin.messages import EMPTY_ANSWER


def an_answer(**changes: Any) -> dict[str, Any]:
    return EMPTY_ANSWER | {"overview": "A queue."} | changes


def read(**changes: Any) -> Reading[Answer]:
    return EXPECTED.read(json.dumps(an_answer(**changes)))


def titles(reading: Reading[Answer] | None) -> list[str]:
    return [each.title for each in reading.answer.findings] if reading else []


@pytest.mark.parametrize(
    ("line", "read_as"),
    [
        (12, 12), ("12", 12), (" 12 ", 12), (12.0, 12), (12.7, 12), (0, 0), (-3, 0),
        (None, 0), ("", 0), ("twelve", 0), ([12], 0), ({}, 0), (1e300, 0),
        (10**400, 0), (float("nan"), 0), (float("inf"), 0), ("9" * 5000, 0),
    ],
)  # fmt: skip
def test_a_line_is_read_in_whatever_way_it_is_written(line: Any, read_as: int) -> None:
    reading = read(findings=[a_finding(line=line)])
    assert [each.line for each in reading.answer.findings] == [read_as]
    assert reading.notes == ()


def test_a_finding_without_a_line_is_kept() -> None:
    finding = a_finding()
    del finding["line"]
    assert len(titles(read(findings=[finding]))) == 1


@pytest.mark.parametrize(
    "broken",
    [
        a_finding(category="vibes"),
        a_finding(severity=None),
        {**a_finding(), "title": 3},
        {"path": "a.py"},
        "a finding",
        None,
        [],
    ],
)
def test_a_broken_finding_costs_itself_and_is_counted(broken: Any) -> None:
    reading = read(findings=[a_finding("one"), broken, a_finding("two")])
    assert titles(reading) == ["one", "two"]
    assert reading.notes == ("1 finding of the reply could not be read.",)
    assert reading.answer.overview == "A queue."


def test_broken_questions_and_reasons_are_counted_too() -> None:
    reading = read(
        questions=[{"topic": "weather", "question": "?"}, {}],
        major_reasons=[{"category": "database", "reason": "A store."}, {}],
        change_size="major",
    )
    assert [each.reason for each in reading.answer.major_reasons] == ["A store."]
    assert reading.notes == (
        "2 questions of the reply could not be read.",
        "1 reason of the reply could not be read.",
    )


def test_findings_of_which_none_can_be_read_are_no_clean_answer() -> None:
    findings = [{"file": "a.py"}, {"file": "b.py"}]
    with pytest.raises(UnreadableError, match="2 findings"):
        read(findings=findings)
    assert EXPECTED.salvage(json.dumps(an_answer(findings=findings))) is None


@pytest.mark.parametrize("text", ["", "No.", "{}", "[1]", '{"findings": 3}', "{" * 9])
def test_a_text_without_an_answer_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableError):
        EXPECTED.read(text)
    assert EXPECTED.salvage(text) is None


@pytest.mark.parametrize("text", ['{"a":' * 20_000, "{ " * 500_000, "{}" * 500_000])
def test_a_hostile_text_is_given_up_soon(text: str) -> None:
    with pytest.raises(UnreadableError):
        EXPECTED.read(text)
    assert EXPECTED.salvage(text) is None


@pytest.mark.parametrize("before", ["", "```json\n", "Here {as asked} is {}: "])
@given(data=st.data())
def test_wherever_an_answer_breaks_off_its_whole_findings_are_kept(
    before: str, data: st.DataObject
) -> None:
    names = [f"finding {number}" for number in range(4)]
    pieces = [json.dumps(a_finding(name)) for name in names]
    text = before + '{"findings": [' + ", ".join(pieces) + '], "overview": "A queue."'
    cut = data.draw(st.integers(0, len(text)))
    whole = sum(
        text.index(piece) + len(piece) - 1 <= cut for piece in pieces
    )  # only the brace is missing
    reading = EXPECTED.salvage(text[:cut])
    assert titles(reading) == names[:whole]
    if reading and cut == len(text):
        assert reading.answer.overview == "A queue."
    assert reading is not None or whole == 0


def test_a_section_that_breaks_off_is_left_empty() -> None:
    text = json.dumps(an_answer(findings=[a_finding("one")], components="A worker."))
    reading = EXPECTED.salvage(text[: text.index("A worker.") + 4])
    assert titles(reading) == ["one"]
    assert reading is not None
    assert reading.answer.sections == {"overview": "A queue."}
    assert reading.answer.change_size == "none"


@given(st.text(alphabet='{}[]":,af1\\ \ud800é', max_size=60))
def test_no_text_makes_reading_fail_otherwise(text: str) -> None:
    EXPECTED.salvage(text)
    with pytest.raises(UnreadableError):
        EXPECTED.read(text)
