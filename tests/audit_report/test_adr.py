"""Drafts of decision records: MADR that our own reader understands."""

import re

from hypothesis import given, settings

from architect_review.audit_report.adr import drafts
from architect_review.request import decisions
from audit_report.hostile import NASTY, TEXTS, an_audit, assert_harmless
from audit_report.sample import DECISIONS, HEAD, WEB, a_report


def test_there_is_one_draft_for_each_decision() -> None:
    assert list(drafts(a_report())) == [
        "0001-use-an-outbox-for-events.md",
        "0002-one-image-for-web-and-worker.md",
    ]
    assert drafts(a_report(decisions=())) == {}


def test_a_draft_has_the_parts_of_madr_and_says_that_it_is_one() -> None:
    draft = drafts(a_report())["0001-use-an-outbox-for-events.md"]

    assert draft.startswith("---\nstatus: proposed\ndate: 2026-11-01\n---\n\n# Use an")
    assert "**Draft.**" in draft
    assert "the lead has to check them" in draft
    assert re.findall(r"(?m)^##+ (.*)$", draft) == [
        "Context and Problem Statement",
        "Decision Drivers",
        "Considered Options",
        "Decision Outcome",
        "Consequences",
        "More Information",
    ]
    assert "* Outbox table\n" in draft
    assert f"* [`worker/relay.py`]({WEB}/blob/{HEAD}/worker/relay.py)" in draft


def test_a_draft_is_read_as_a_proposed_record_of_its_title() -> None:
    ((name, draft), *_) = drafts(a_report()).items()

    record = decisions.parse(f"docs/adr/{name}", draft)

    assert (record.title, record.status) == ("Use an outbox for events", "proposed")
    assert not record.is_withdrawn


def named(title: str) -> str:
    """The file that a decision of this title gets."""
    changed = DECISIONS[0].model_copy(update={"title": title})
    (name,) = drafts(a_report(decisions=(changed,)))
    return name


def test_a_name_is_kebab_case_in_ascii() -> None:
    assert named("Crème & Çok: iyi!") == "0001-creme-cok-iyi.md"
    assert named("../../etc/passwd") == "0001-etc-passwd.md"
    assert named("日本語") == "0001-decision.md"
    assert len(named("very long " * 100)) < 80


@given(NASTY)
def test_a_name_is_never_a_path(title: str) -> None:
    assert re.fullmatch(r"0001-[a-z0-9]+(?:-[a-z0-9]+)*\.md", named(title))


def test_two_decisions_of_one_title_have_two_names() -> None:
    assert len(drafts(a_report(decisions=(DECISIONS[0],) * 3))) == 3


@given(TEXTS)
@settings(max_examples=40)
def test_nothing_in_a_draft_is_live_and_its_head_is_ours(texts: list[str]) -> None:
    for name, draft in drafts(an_audit(texts)).items():
        head, body = draft.removeprefix("---\n").split("\n---\n", 1)
        assert re.fullmatch(r"status: proposed(?:\ndate: \d{4}-\d\d-\d\d)?", head)
        assert_harmless(body)
        assert decisions.parse(name, draft).status == "proposed"
