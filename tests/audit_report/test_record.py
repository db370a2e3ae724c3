"""What the living record says: its body, when it is open, when somebody is told."""

import re

import pytest

from architect_review.audit.memory import AuditLedger
from architect_review.audit.remembering import decode
from architect_review.audit_report.record import (
    BODY_LIMIT,
    Recorded,
    RecordEntry,
    entry,
    news_of,
    title_of,
)
from architect_review.vocabulary import Severity, Status
from audit_report.recording import SCOPE, an_audit, an_entry, key
from oracles.markdown import images, links, live_mentions, raw_tags

LEADS = ("grace", "octo/architects")
SLOW, LEAK, OLD = "Slow query", "Open bucket", "Old client"


def recorded(entry_: RecordEntry, *, is_open: bool | None = None) -> Recorded:
    """The record once an entry was written."""
    shown = entry_.is_open if is_open is None else is_open
    return Recorded(entry_.body, shown, "https://github.com/octo/project/issues/8", 8)


def memory(body: str, scope: str = SCOPE) -> AuditLedger:
    found = decode(body, scope)
    assert found is not None
    return found


def visible(body: str) -> str:
    return body.partition("<details>")[0].partition("-->")[2]


def test_a_first_record_shows_the_gravest_and_keeps_the_memory() -> None:
    made, after = an_entry(None, {LEAK: "critical", SLOW: "high"})

    assert made.title == "Architecture audit"
    assert made.is_open
    assert (made.comment, made.draft) == (None, "")
    assert memory(made.body) == after
    shown = visible(made.body)
    assert "2 findings, 1 critical, 1 high" in shown
    assert "**2 new**, 0 persisting, 0 fixed" in shown
    assert "| F1 **critical** | Open bucket |" in shown
    assert "/blob/1111111111111111111111111111111111111111/src/shop/orders.py" in shown
    assert "2026-11-01" in shown
    assert "Charge outside of the transaction." in made.body


@pytest.mark.parametrize(
    ("scope", "title"),
    [
        ("repository", "Architecture audit"),
        ("", "Architecture audit"),
        ("paths: src/shop, lib", "Architecture audit: src/shop, lib"),
        ("range: v1..main", "Architecture audit: range: v1..main"),
    ],
)
def test_a_scope_has_its_own_title(scope: str, title: str) -> None:
    assert title_of(scope) == title


def test_a_long_scope_has_a_short_title_of_its_own() -> None:
    one, other = (f"paths: {'src/package/' * 20}{end}" for end in "ab")

    assert len(title_of(one)) <= 120
    assert title_of(one) != title_of(other)


def test_new_findings_on_a_record_are_a_comment_without_anybody_called() -> None:
    first, ledger = an_entry(None, {SLOW: "high"})
    made, _ = an_entry(
        ledger, {SLOW: "high", OLD: "medium"}, recorded(first), head="2" * 40
    )

    assert made.comment is not None
    assert "**1 finding** is new at `2222222` since `1111111`" in made.comment.body
    assert OLD in made.comment.body
    assert SLOW not in made.comment.body
    assert (made.comment.told, made.comment.mentioned) == ((), ())
    assert made.comment.body == made.comment.quiet
    assert live_mentions(made.comment.body) == []
    assert made.draft == ""
    assert "**1 new**, 1 persisting, 0 fixed" in made.body


@pytest.mark.parametrize("found", [{SLOW: "high"}, {}])
def test_nothing_worse_is_no_comment(found: dict[str, str]) -> None:
    first, ledger = an_entry(None, {SLOW: "high"})
    made, _ = an_entry(ledger, found, recorded(first), LEADS, head="2" * 40)

    assert made.comment is None
    assert made.is_open is bool(found)


def test_the_lead_hears_of_the_first_critical_finding_in_a_comment() -> None:
    made, _ = an_entry(None, {LEAK: "critical", SLOW: "high"}, None, LEADS)

    assert made.comment is not None
    assert live_mentions(made.comment.body) == list(LEADS)
    assert LEAK in made.comment.body
    assert SLOW not in made.comment.body
    assert made.comment.told == (key(LEAK),)
    assert made.comment.quiet == ""
    assert news_of(made.comment.body) == (key(LEAK),)
    assert memory(made.body).told == (key(LEAK),)
    # Until the comment stands, the record owes it, and is not taken for finished.
    draft = memory(made.draft)
    assert (draft.told, draft.owed, draft.digest) == ((), (key(LEAK),), "")


def test_a_run_that_was_cut_off_before_the_comment_says_the_same_then() -> None:
    made, _ = an_entry(None, {LEAK: "critical"}, None, LEADS)
    draft = memory(made.draft)
    stands = Recorded(made.draft, True, "", 8)
    again, _ = an_entry(draft, {LEAK: "critical"}, stands, LEADS)

    assert made.comment is not None
    assert again.comment is not None
    assert again.comment.marker == made.comment.marker
    assert memory(again.body).told == (key(LEAK),)
    assert memory(again.body).owed == ()


def test_the_lead_hears_of_a_critical_finding_once() -> None:
    first, _ = an_entry(None, {LEAK: "critical"}, None, LEADS)
    again, _ = an_entry(
        memory(first.body), {LEAK: "critical"}, recorded(first), LEADS, head="2" * 40
    )
    gone, _ = an_entry(memory(again.body), {}, recorded(again), LEADS, head="3" * 40)
    back, _ = an_entry(
        memory(gone.body), {LEAK: "critical"}, recorded(gone), LEADS, head="4" * 40
    )

    assert (again.comment, gone.comment) == (None, None)
    assert not gone.is_open
    assert back.is_open
    assert back.comment is not None
    assert live_mentions(back.comment.body) == []
    assert back.comment.told == ()


def test_what_no_lead_could_be_told_is_owed_to_the_next_audit() -> None:
    report, after = an_audit(None, {LEAK: "critical", SLOW: "high"})
    made = entry(report, None, after, (), None, is_untold=True)
    owing = memory(made.body)
    again, _ = an_entry(owing, {LEAK: "critical"}, recorded(made), LEADS)

    assert made.comment is None
    assert (owing.told, owing.owed, owing.digest) == ((), (key(LEAK),), "")
    assert again.comment is not None
    assert live_mentions(again.comment.body) == list(LEADS)
    assert (memory(again.body).told, memory(again.body).owed) == ((key(LEAK),), ())


def test_without_a_lead_nobody_is_owed_anything_later() -> None:
    first, ledger = an_entry(None, {LEAK: "critical"})
    later, _ = an_entry(
        ledger, {LEAK: "critical"}, recorded(first), LEADS, head="2" * 40
    )

    assert (first.comment, later.comment) == (None, None)


def test_a_baseline_is_no_news() -> None:
    _, baseline = an_audit(None, {LEAK: "critical", SLOW: "high"})
    made, _ = an_entry(
        baseline, {LEAK: "critical", SLOW: "high"}, None, LEADS, head="2" * 40
    )

    assert made.comment is None
    assert "**0 new**, 2 persisting, 0 fixed" in made.body


@pytest.mark.parametrize("before", [None, AuditLedger(scope=SCOPE)])
def test_a_lost_memory_calls_nothing_worse_than_before_but_what_is_critical(
    before: AuditLedger | None,
) -> None:
    first, _ = an_entry(None, {SLOW: "high"})
    made, _ = an_entry(before, {SLOW: "high"}, recorded(first), LEADS)
    grave, _ = an_entry(before, {LEAK: "critical"}, recorded(first), LEADS)

    assert made.comment is None
    assert grave.comment is not None
    assert grave.comment.quiet == ""
    assert grave.comment.told == (key(LEAK),)


def test_the_record_closes_when_nothing_is_left_and_opens_when_there_is() -> None:
    first, ledger = an_entry(None, {SLOW: "high"})
    clean, after = an_entry(ledger, {}, recorded(first), head="2" * 40)
    partial, _ = an_entry(
        ledger, {}, recorded(first), head="2" * 40, status=Status.PARTIAL
    )
    worse, _ = an_entry(after, {OLD: "low"}, recorded(clean), head="3" * 40)

    assert not clean.is_open
    assert "Fixed: F1." in clean.body
    assert partial.is_open
    assert worse.is_open


def test_what_a_person_closed_stays_closed_until_something_is_worse() -> None:
    first, ledger = an_entry(None, {SLOW: "high"})
    closed = recorded(first, is_open=False)
    same, _ = an_entry(ledger, {SLOW: "high"}, closed, head="2" * 40)
    worse, _ = an_entry(ledger, {SLOW: "high", OLD: "low"}, closed, head="2" * 40)
    partial, _ = an_entry(
        ledger, {SLOW: "high"}, closed, head="2" * 40, status=Status.PARTIAL
    )

    assert [each.is_open for each in (same, worse, partial)] == [False, True, False]


def test_nothing_that_the_repository_says_is_live_in_the_record() -> None:
    hostile = 'Ask @octo `x` <!-- --> ![i](https://evil.example/?x) <b>"|#1'
    for recorded_ in (None, Recorded("", True, "", 8)):
        made, _ = an_entry(
            AuditLedger(scope="paths: @octo"),
            {hostile: "critical"},
            recorded_,
            ("grace",),
            scope="paths: @octo",
        )
        assert made.comment is not None
        for text in (made.body, made.draft or made.body, made.comment.quiet):
            assert live_mentions(text) == []
            assert images(text) == []
            assert set(raw_tags(text)) <= {"details", "sub", "summary"}
        assert live_mentions(made.comment.body) == ["grace"]
        assert all("evil" not in url for url in links(made.body + made.comment.body))
        assert memory(made.body, "paths: @octo").scope == "paths: @octo"


def test_five_thousand_findings_stay_within_githubs_limit() -> None:
    severities = [each.value for each in Severity]
    found = {
        f"Finding {at} about a quite long matter, ünïcode and all": severities[at % 4]
        for at in range(5_000)
    }
    first, ledger = an_entry(None, found, None, LEADS)
    more = found | {"One more": "critical"}
    made, _ = an_entry(ledger, more, recorded(first), LEADS, head="2" * 40)

    for body in (first.body, first.draft, made.body):
        assert len(body.encode()) <= BODY_LIMIT
        assert body.count("<details>") == body.count("</details>")
    assert "5,000 new" in first.body
    assert made.comment is not None
    assert first.comment is not None
    assert len(first.comment.body.encode()) <= 20_000
    assert "And 1,240 more" in first.comment.body
    assert "One more" in made.comment.body
    assert memory(made.body).is_cut


def test_a_report_whose_head_alone_is_too_long_is_named() -> None:
    report, after = an_audit(None, {f"Finding {at}": "high" for at in range(5_000)})
    word = "@\U0001f600_<" * 200
    wide = report.model_copy(
        update={
            "status": Status.PARTIAL,
            **dict.fromkeys(("why", "scope", "repository", "ref", "date"), word),
            **dict.fromkeys(("agent", "model", "depth", "base"), word),
            "leads": (word,) * 10,
        }
    )
    made = entry(wide, None, after, rest="out/report.md")

    assert len(made.body.encode()) <= BODY_LIMIT
    assert "out/report.md" in made.body
    assert live_mentions(made.body) == []


def test_the_marker_is_the_first_line_and_the_only_one() -> None:
    made, _ = an_entry(None, {SLOW: "high"})

    assert made.body.startswith("<!-- architect-review:audit v1 ")
    assert len(re.findall("<!--", made.body)) == 1
