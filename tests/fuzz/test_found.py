"""What fuzzing has found, one by one: none of it may come back."""

import ast
import json
import time
from collections.abc import Callable

import pytest
import yaml
from httpx2 import Headers

from architect_review.adapters.anthropic.wire import asked_wait
from architect_review.audit import memory, remembering
from architect_review.audit_report.adr import drafts
from architect_review.change.diff import parse, parse_patch
from architect_review.change.headers import unquote
from architect_review.change.paths import Attributes, fits
from architect_review.change.suspicious import Told, addresses
from architect_review.errors import DiffError, SettingsError
from architect_review.prompt.answer import ANSWER
from architect_review.prompt.expected import UnreadableError as UnreadableAnswerError
from architect_review.publication.leaks import Leaks
from architect_review.request.configfile import read_file, values_of
from architect_review.review.ledger import (
    SIZE_LIMIT,
    KnownFinding,
    Ledger,
    decode,
)
from architect_review.review.packed import deflated
from architect_review.setup.workflow import uses
from architect_review.signals.reading import UnreadableError, python
from architect_review.vocabulary import Severity
from audit_report.sample import DECISIONS, a_report

MANY = "9" * 5_000
FINDING = KnownFinding(number=1, fingerprint="0" * 16, severity=Severity.HIGH)


def test_a_hunk_with_a_number_of_5000_digits_is_no_diff() -> None:
    hunk = f"@@ -{MANY},1 +1,1 @@\n-a\n+b"

    with pytest.raises(DiffError, match="cannot be parsed"):
        parse_patch(hunk, "a.py")
    with pytest.raises(DiffError, match="cannot be parsed"):
        parse(f"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n{hunk}\n")


def test_half_a_surrogate_in_a_quoted_name_becomes_a_replacement_character() -> None:
    assert unquote('"a\ud800\\\ud800"').strip("\N{REPLACEMENT CHARACTER}") == "a"


@pytest.mark.parametrize(
    "value",
    [
        "!!int ''",
        "!!float ''",
        "!!bool perhaps",
        "!!timestamp soon",
        "1" + ":59" * 200 + ".5",
        "2026-02-30",
        MANY,
    ],
)
def test_a_yaml_value_that_is_none_of_its_kind_is_named_with_its_line(
    value: str,
) -> None:
    with pytest.raises(SettingsError, match="not valid YAML in line 2"):
        read_file(f"max-comments: 3\nmax-cost-usd: {value}\n", "c.yml")


def test_a_workflow_with_such_a_value_uses_nothing() -> None:
    text = "jobs: {a: {steps: [{uses: o/architect-review@v1, if: !!bool perhaps}]}}"

    assert uses({"ci.yml": text}) == ()


def test_half_a_surrogate_in_a_configuration_is_not_valid() -> None:
    with pytest.raises(SettingsError):
        read_file("project-lead: \ud800", "c.yml")


def test_a_date_that_there_is_remains_a_date() -> None:
    assert str(values_of("on: 2026-02-28")[True]) == "2026-02-28"


def test_a_baseline_of_lists_in_lists_is_named() -> None:
    with pytest.raises(SettingsError, match=r"baseline b\.json is no JSON"):
        memory.from_json("[" * 100_000, "b.json")


@pytest.mark.parametrize(
    "headers",
    [
        {"retry-after-ms": MANY},
        {"retry-after-ms": "9" * 400},
        {"retry-after": "Mon, 23 Nov 20266 08:00:00 GMT"},
        {"retry-after": f"Mon, 23 Nov {'9' * 30} 08:00:00 GMT"},
        {"retry-after": f"Mon, 23 Nov 2026 08:00:{'9' * 400} GMT"},
    ],
)
def test_a_wait_beyond_measure_is_none_or_without_end(headers: dict[str, str]) -> None:
    assert asked_wait(Headers(headers)) in (0.0, float("inf"))


def test_an_answer_of_lists_in_objects_costs_a_few_readings_of_its_text() -> None:
    """Each of the 400 objects would be read to the end: minutes for a megabyte."""
    with pytest.raises(UnreadableAnswerError):
        ANSWER.read('{"a":[' * 400 + "1," * 500_000)
    with pytest.raises(UnreadableAnswerError):
        ANSWER.read('{"a":[' * 400 + '"' + "x" * 500_000)


def test_a_ledger_that_is_heavy_without_findings_ends_as_a_light_one() -> None:
    text = "".join(chr(0x4E00 + at * 7919 % 20_000) for at in range(20_000))
    ledger = Ledger(head="1" * 40, alike=(text,))

    found = decode(ledger.encoded())

    assert found == Ledger(head="1" * 40)
    assert len(ledger.encoded()) < SIZE_LIMIT


def test_a_memory_whose_numbers_leave_no_room_is_not_trusted() -> None:
    edited = FINDING.model_copy(update={"number": 99_999})
    last = Ledger(findings=(edited,))

    assert decode(last.encoded()) == last
    assert KnownFinding(**edited.model_dump() | {"number": last.last_number + 1})
    assert decode(Ledger(numbered=100_000).encoded()) is None

    audited = memory.AuditLedger(scope="o/r").model_copy(
        update={"findings": (FINDING.model_copy(update={"number": 100_000}),)}
    )
    assert remembering.decode(remembering.encode(audited), "o/r") is None
    with pytest.raises(SettingsError, match="a number of 100,000 or more"):
        memory.from_json(memory.to_json(audited), "b.json")


def test_a_record_with_as_many_dismissals_as_fit_is_read_in_one_pass() -> None:
    """Number by number in a list it would be a thousand million comparisons."""
    size = 40_000
    faint = {
        "steps": [1] + [0] * (size - 1),
        "prints": "1" * 16 * size,
        "severities": "h" * size,
        "dismissed": [100_000] * 200_000,
        "paths": ["a"],
        "at": [0] * size,
        "proofs": "," * (size - 1),
    }
    data = json.dumps({"ledger": {"scope": "o/r"}, "faint": faint})
    marker = f"{memory.marker_of('o/r')}{deflated(data)} -->"

    found = remembering.decode(marker, "o/r")

    assert len(marker) < remembering.SIZE_LIMIT
    assert found is not None
    assert len(found.findings) == size


@pytest.mark.parametrize("inside", ["[", "{a: ", "- "])
def test_a_configuration_as_deep_as_it_is_long_is_named(inside: str) -> None:
    text = "project-lead: '@ada'\nagents:\n  " + inside * 20_000

    with pytest.raises(SettingsError, match="more than 50 deep"):
        read_file(text, "c.yml")
    with pytest.raises(yaml.YAMLError, match="more than 50 deep"):
        values_of(text)


def test_brackets_that_nobody_closes_match_nothing() -> None:
    many = Attributes.parse(f"*.py{'[' * 60_000} linguist-generated\n")

    assert many.kind("a.py") is None
    assert not fits("a[b", "a[b")
    assert fits("a[b", "a[[]b")


PILED = {
    "marks of two heights": "\u0301" * 30_000 + "\u0316" * 30_000,
    "many heights in turn": "\u0301\u0316\u0327\u0345" * 15_000,
    "marks that are letters": "\u0301" * 30_000 + "\uff9e" * 30_000,
    "marks that are two": "\u0344" * 30_000 + "\u0f73" * 30_000,
}
"""Combining marks that Unicode's normal forms sort, each past all of the other kind."""
READERS: dict[str, Callable[[str], object]] = {
    "the guard of credentials": Leaks(["0123456789" * 3]).holds,
    "orders to the reviewer": lambda text: [*addresses([(1, text)], Told())],
    "a draft's name": lambda text: drafts(
        a_report(decisions=(DECISIONS[0].model_copy(update={"title": text}),))
    ),
}


@pytest.mark.parametrize("marks", PILED)
@pytest.mark.parametrize("reader", READERS)
def test_marks_that_pile_up_on_a_letter_are_sorted_in_a_moment(
    reader: str, marks: str
) -> None:
    """In one call of C that no signal ends: a minute for the marks of one line."""
    begin = time.process_time()

    READERS[reader](f"a{PILED[marks]}")

    assert time.process_time() - begin < 2


@pytest.mark.parametrize("marks", PILED)
def test_a_program_with_marks_that_pile_up_is_not_parsed(marks: str) -> None:
    begin = time.process_time()

    with pytest.raises(UnreadableError, match="more than 30 marks on one letter"):
        python(f"a{PILED[marks]} = 1\n")

    assert time.process_time() - begin < 2


def test_a_program_with_as_many_marks_as_people_write_is_parsed() -> None:
    marked, line = "Z" + "\u0301\u0316" * 15, "─" * 500

    (named,) = python(f"e\u0301 = '{marked}'\n# {line}\n").body

    assert isinstance(named, ast.Assign)
