"""The memory of audits, in a marker of limited size and in a baseline file."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.audit.memory import (
    AuditLedger,
    TrendEntry,
    from_json,
    to_json,
)
from architect_review.audit.remembering import SIZE_LIMIT, decode, encode
from architect_review.errors import SettingsError
from architect_review.review.ledger import KnownFinding, KnownQuestion, State
from architect_review.review.packed import deflated
from architect_review.vocabulary import Category, Severity, Status

SEVERITIES = list(Severity)
SCOPE = "paths: src/shop"


def digest(*words: object) -> str:
    return hashlib.sha256(repr(words).encode()).hexdigest()


def an_entry(number: int, **details: object) -> KnownFinding:
    values = {
        "number": number,
        "fingerprint": digest(number)[:16],
        "severity": SEVERITIES[number % 4],
        "category": Category.DATABASE,
        "path": f"src/shop/package{number % 40}/module_{number % 900}.py",
        "title": f"Query {digest('title', number)[:20]} runs once for every row",
        "proof": tuple(digest("line", number, at)[:8] for at in range(3)),
    }
    return KnownFinding.model_validate({**values, **details})


def a_ledger(*findings: KnownFinding, **details: object) -> AuditLedger:
    trend = (TrendEntry(date="2026-11-01T03:00:00Z", head="1" * 40, critical=1),)
    values = {
        "scope": SCOPE,
        "head": "1" * 40,
        "digest": "d" * 64,
        "status": Status.REVIEWED,
        "findings": findings,
        "trend": trend,
        "told": (digest("told")[:16],),
        "numbered": max((each.number for each in findings), default=0),
    }
    return AuditLedger.model_validate({**values, **details})


MANY = a_ledger(*(an_entry(number) for number in range(1, 5_001)))


def test_what_was_remembered_is_read_again() -> None:
    question = KnownQuestion(number=2, fingerprint=digest("q")[:16], text="How many?")
    ledger = a_ledger(
        an_entry(1),
        an_entry(2, state=State.FIXED, reason="Gone."),
        an_entry(3, state=State.DISMISSED, by="ada"),
        questions=(question,),
        asked=2,
        batch="msgbatch_1",
        batch_keys=("k1", "k2"),
        owed=(digest(1)[:16],),
    )

    assert decode(encode(ledger), SCOPE) == ledger


def test_a_memory_is_of_one_scope_alone() -> None:
    text = encode(a_ledger(an_entry(1)))

    assert decode(text, "repository") is None
    forged = a_ledger(an_entry(1), scope="repository")
    own = text.split(" ")[3]
    data = encode(forged).split(" ")[4]
    assert decode(f"<!-- architect-review:audit v1 {own} {data} -->", SCOPE) is None


def test_a_memory_stands_at_the_head_of_the_text_and_nowhere_else() -> None:
    text = encode(a_ledger(an_entry(1)))

    assert decode(f"\n{text}\n\nMore.", SCOPE) is not None
    assert decode(f"Look:\n{text}", SCOPE) is None


def test_five_thousand_findings_fit_and_the_gravest_keep_everything() -> None:
    text = encode(MANY)
    found = decode(text, SCOPE)

    assert len(text) <= SIZE_LIMIT == 30_000
    assert found is not None
    known = {each.number: each for each in found.findings}
    whole = [each for each in known.values() if each.title]
    assert len(known) > 800
    assert len(whole) > 50
    assert all(each == MANY.findings[each.number - 1] for each in whole)
    assert {each.severity for each in whole} == {Severity.CRITICAL}
    # Those without a title can still be looked for.
    assert all(
        each.proof[:1] == MANY.findings[number - 1].proof[:1]
        and each.path == MANY.findings[number - 1].path
        and each.severity is MANY.findings[number - 1].severity
        for number, each in known.items()
    )


def test_what_may_have_been_forgotten_is_known_and_no_number_is_given_again() -> None:
    found = decode(encode(MANY), SCOPE)

    assert found is not None
    assert found.is_cut
    assert found.forgotten_from is Severity.CRITICAL
    assert found.may_have_forgotten(Severity.LOW)
    assert found.as_ledger().last_number == 5_000
    assert not a_ledger(an_entry(1)).is_cut


def test_the_mildest_are_forgotten_first() -> None:
    few = [an_entry(number, severity=Severity.HIGH) for number in range(1, 101)]
    rest = [an_entry(number, severity=Severity.LOW) for number in range(101, 3_001)]
    found = decode(encode(a_ledger(*few, *rest)), SCOPE)

    assert found is not None
    assert found.forgotten_from is Severity.LOW
    assert not found.may_have_forgotten(Severity.MEDIUM)
    assert {each.number for each in found.findings} >= set(range(1, 101))


def test_what_was_once_forgotten_stays_so_until_an_audit_says_otherwise() -> None:
    ledger = a_ledger(an_entry(1), forgotten_from=Severity.MEDIUM)

    assert decode(encode(ledger), SCOPE) == ledger


def test_a_pending_batch_is_kept_before_the_findings() -> None:
    keys = tuple(digest("key", at)[:16] for at in range(300))
    found = decode(
        encode(MANY.model_copy(update={"batch": "b", "batch_keys": keys})), SCOPE
    )

    assert found is not None
    assert (found.batch, found.batch_keys) == ("b", keys)
    assert found.findings


def test_a_memory_fits_whatever_is_in_it() -> None:
    ledger = MANY.model_copy(
        update={
            "batch": "b",
            "batch_keys": tuple(digest("key", at) for at in range(3_000)),
            "told": tuple(digest("told", at)[:16] for at in range(3_000)),
            "questions": tuple(
                KnownQuestion(
                    number=at + 1,
                    fingerprint=digest("q", at)[:16],
                    text=digest("text", at) * 7,
                )
                for at in range(300)
            ),
        }
    )
    for limit in (SIZE_LIMIT, 3_000):
        text = encode(ledger, limit)
        found = decode(text, SCOPE)
        assert len(text) <= limit
        assert found is not None
        assert (found.head, found.batch) == (ledger.head, "b")
        assert found.as_ledger().last_number == 5_000


@settings(max_examples=30)
@given(st.text(max_size=300), st.binary(max_size=300))
def test_any_text_is_read_without_a_failure(text: str, data: bytes) -> None:
    head = encode(a_ledger()).split(" ")[3]

    for forged in (text, deflated(text), data.hex()):
        marker = f"<!-- architect-review:audit v1 {head} {forged} -->"
        assert decode(marker, SCOPE) is None


@pytest.mark.parametrize(
    "faint",
    [
        {"steps": [1, 1], "prints": "0" * 16},
        {"steps": [1], "prints": "0" * 16, "severities": "h", "at": [4]},
        {"steps": [0], "prints": "0" * 16, "severities": "h", "at": [0], "paths": [""]},
        {"steps": [1], "prints": "z" * 16, "severities": "h", "at": [0], "paths": [""]},
    ],
)
def test_columns_of_no_sense_are_no_memory(faint: dict[str, object]) -> None:
    head = encode(a_ledger()).split(" ")[3]
    stored = json.dumps({"ledger": {"scope": SCOPE}, "faint": faint})
    text = f"<!-- architect-review:audit v1 {head} {deflated(stored)} -->"

    assert decode(text, SCOPE) is None


def test_a_bomb_is_not_inflated() -> None:
    head = encode(a_ledger()).split(" ")[3]
    bomb = deflated(json.dumps({"ledger": {"scope": SCOPE}}) + " " * 20_000_000)

    assert len(bomb) < SIZE_LIMIT
    text = f"<!-- architect-review:audit v1 {head} {bomb} -->"
    found = decode(text, SCOPE)
    assert found is None or found.findings == ()


def test_a_ledger_of_some_files_knows_every_number() -> None:
    ledger = a_ledger(an_entry(1, path="a.py"), an_entry(9, path="b.py"))
    own = ledger.as_ledger({"a.py"})

    assert [each.number for each in own.findings] == [1]
    assert own.last_number == 9


def test_the_memory_of_an_edited_record_hides_nothing() -> None:
    doubted = a_ledger(an_entry(1), batch="b", owed=("x",)).doubted()

    assert (doubted.digest, doubted.told, doubted.owed, doubted.batch) == (
        *("", (), ()),
        "",
    )
    assert doubted.findings == (an_entry(1),)


def test_a_baseline_file_keeps_everything() -> None:
    text = to_json(MANY)

    assert from_json(text, "baseline.json") == MANY
    assert text.startswith('{\n "version": 1,')
    assert from_json(to_json(AuditLedger()), "x") == AuditLedger()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "should be an object"),
        ('{"version": 2}', "should be an object"),
        ('{"version": 1, "findings": [{"number": 1}]}', "findings.0.fingerprint"),
        ('{"version": 1, "status": "fine"}', "status"),
        ('{"version": 1, "head": 3}', "head"),
    ],
)
def test_a_broken_baseline_file_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match="the baseline") as caught:
        from_json(text, "base.json")
    assert "base.json" in str(caught.value)
    assert said in str(caught.value)
