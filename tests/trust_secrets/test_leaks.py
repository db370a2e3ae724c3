"""A credential is found however it is written, and nothing else is."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from architect_review.errors import ModelError
from architect_review.guarding import HELD, answered
from architect_review.prompt.answer import Answer
from architect_review.publication.leaks import REPLACED, WITHHELD, Guard, Leaks
from architect_review.report.report import Report
from architect_review.report.withholding import checked
from architect_review.review.reply import Looked, Reply, Usage
from architect_review.review.verification import Verdicts
from architect_review.vocabulary import Status, Verdict
from e2e.scene import TOKEN, a_finding, an_answer
from trust_secrets.planting import FORMS, KEY, OWN

LEAKS = Leaks(OWN)
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSjAgEAAoIB\n-----END PRIVATE KEY-----"  # noqa: E501


@pytest.mark.parametrize("secret", OWN, ids=("token", "key"))
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_credential_is_found_in_every_form(
    form: Callable[[str], str], secret: str
) -> None:
    assert LEAKS.holds(f"Some words before it {form(secret)} and some after.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The token is a secret and stays one.",
        "ghs_ and sk-ant-api03- are how tokens begin",
        "sk-ant-api03-" + "x" * 80,
        "ghs_" + "0123456789" * 4,
        KEY[:20],
        "%41%42 &#65; \\u0041 <b>x</b> [a](b)",
        "a" * 10_000,
    ],
)
def test_text_without_it_passes(text: str) -> None:
    assert Guard(OWN).lines(text, "here") == text


def test_a_word_is_no_credential() -> None:
    assert not Leaks(["none", "ollama", ""]).holds("none of ollama's")


def test_a_secret_of_several_lines_is_known_by_each_of_them() -> None:
    leaks = Leaks([PEM])

    assert leaks.holds("it has AASCBKcwggSjAgEAAoIB in it")
    assert leaks.holds(PEM.replace("\n", "\\n"))
    assert not leaks.holds("-----BEGIN PRIVATE KEY-----")


def test_a_credential_that_is_learnt_later_is_known() -> None:
    guard = Guard()
    assert guard.text(TOKEN, "here") == TOKEN

    guard.learn(SecretStr(TOKEN))

    assert guard.text(TOKEN, "here") == WITHHELD


def test_only_the_line_goes_and_the_place_is_remembered() -> None:
    guard = Guard(OWN)

    text = guard.lines(f"one\ntwo {TOKEN}\nthree", "the log")

    assert text == f"one\n{WITHHELD}\nthree"
    assert guard.why == "a credential of this run was withheld from the log"


def test_a_text_of_which_no_line_holds_it_goes_whole() -> None:
    assert Guard(OWN).lines("\n".join(TOKEN), "the log") == WITHHELD


def test_what_is_read_keeps_its_lines_and_its_form_and_is_told_of() -> None:
    guard = Guard(OWN)
    pair = FORMS["base64 of git's pair"](TOKEN)

    text = guard.source(f"facts: ['{TOKEN} x']\nb: {pair}\n", "the change")

    lines = text.split("\n")
    assert lines[0] == f"facts: ['{REPLACED} x']"
    assert len(lines) == 3
    assert REPLACED in lines[1]
    assert guard.why == ""
    assert guard.met == (
        "a credential of this run stands in the change: it was replaced"
    )


def test_json_loses_the_texts_and_the_keys_that_hold_it() -> None:
    data = {"a": [1, None, TOKEN, {"b": f"x {KEY}"}], KEY: True, "c": "d"}

    assert Guard(OWN).data(data, "here") == {
        "a": [1, None, WITHHELD, {"b": WITHHELD}],
        WITHHELD: True,
        "c": "d",
    }


@pytest.mark.parametrize(
    "text",
    [
        "<",
        "](",
        "\\",
        "%4",
        "&#",
        "\\u",
        "<a",
        "&a",
        "\\\\n",
        TOKEN[:15],
        "\\1",
        "\\U0",
        "\\N{",
        "é",
        "а",
        "ᴀ\u0301",
    ],
)
def test_the_scan_is_linear(text: str) -> None:
    def seconds(size: int) -> float:
        long = (text * size)[:size]
        start = time.process_time()
        assert not LEAKS.holds(long)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(400_000) < 0.05 + 30 * seconds(40_000)


# --- what the model answers --------------------------------------------------

FULL = an_answer(
    a_finding(other_path="a.py", other_quote="b", rule="CLAUDE.md", rule_quote="c"),
    fixed=[{"number": 1, "why": "a", "path": "b", "quote": "c"}],
    questions=[{"topic": "traffic", "question": "How many?"}],
    major_reasons=[{"category": "architecture", "reason": "because"}],
)
WORDS = ("category", "severity", "confidence", "topic", "absent_from", "change_size")


def texts_of(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where a text stands that the model is free to write."""
    if isinstance(data, str):
        return [] if path[-1] in WORDS else [path]
    if isinstance(data, dict):
        pairs: Any = data.items()
    else:
        pairs = enumerate(data) if isinstance(data, list) else ()
    return [found for key, value in pairs for found in texts_of(value, (*path, key))]


def planted(data: Any, path: tuple[Any, ...], text: str) -> Any:
    """The data with a text in one place."""
    if not path:
        return text
    copy: Any = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = planted(data[path[0]], path[1:], text)
    return copy


PLACES = texts_of(FULL)


def replied(data: Any) -> Reply[Any]:
    return Reply(("a.py",), Answer.model_validate(data), None, Usage(), "m")


@pytest.mark.parametrize("place", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_a_field_of_an_answer_that_holds_it_in_any_form_is_withheld(
    place: tuple[Any, ...],
) -> None:
    for secret in OWN:
        for form in FORMS.values():
            reply = answered(replied(planted(FULL, place, form(secret))), Guard(OWN))

            assert reply.answer is not None
            told = reply.answer.model_dump(mode="json")
            assert told == planted(
                Answer.model_validate(FULL).model_dump(mode="json"), place, WITHHELD
            )
            assert reply.failure
            assert reply.failure.detail == HELD


def test_an_answer_that_spreads_it_over_fields_has_no_half_of_it_left() -> None:
    data = planted(FULL, ("overview",), TOKEN[:25])
    data = planted(data, ("risks",), TOKEN[25:])

    reply = answered(replied(data), Guard(OWN))

    assert reply.answer is not None
    assert reply.answer.overview == WITHHELD


def test_an_answer_without_it_stays_the_same_object() -> None:
    reply = replied(FULL)

    assert answered(reply, Guard(OWN)).answer is reply.answer


def test_failures_notes_and_look_ups_of_a_reply_are_looked_at_too() -> None:
    reply: Reply[Verdicts] = Reply(
        (),
        None,
        ModelError("rejected", f"x-api-key: {KEY}"),
        Usage(),
        "m",
        notes=(f"sent with {TOKEN}",),
        lookups=(Looked("search", {"pattern": KEY[::-1]}, f"search {KEY}"),),
    )

    told = answered(reply, Guard(OWN))

    assert told.failure
    assert told.failure.detail == WITHHELD
    assert told.notes == (WITHHELD,)
    assert told.lookups == (Looked("search", {"pattern": WITHHELD}, WITHHELD),)


# --- the report --------------------------------------------------------------


def test_a_report_is_partial_where_anything_was_withheld_and_names_the_place() -> None:
    guard = Guard(OWN)
    guard.text(TOKEN, "telling the project lead")
    clean = Report.ended(Status.REVIEWED, "").model_copy(
        update={"verdict": Verdict.CLEAN}
    )

    report = checked(clean, guard)

    assert (report.status, report.verdict) == (Status.PARTIAL, Verdict.NONE)
    assert report.why == (
        "a credential of this run was withheld from telling the project lead"
    )


def test_a_report_that_holds_one_is_cleaned_and_a_failure_stays_one() -> None:
    report = checked(Report.ended(Status.FAILED, f"401: {TOKEN}"), Guard(OWN))

    assert report.status is Status.FAILED
    assert report.why.startswith(f"{WITHHELD}; a credential of this run was withheld")


def test_a_report_with_nothing_to_withhold_is_the_same() -> None:
    report = Report.ended(Status.REVIEWED, "")

    assert checked(report, Guard(OWN)) is report
