"""The page: what it says, and that nothing but our own markup is in it."""

import re
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder
from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.audit_report.html import html
from architect_review.audit_report.parts import AuditCounts
from architect_review.audit_report.report import AuditReport
from architect_review.prompt.answer import SECTIONS
from architect_review.request.settings import FailOn
from architect_review.vocabulary import How, Severity, Status, Verdict
from audit_report.hostile import LINE, NASTY, an_audit
from audit_report.pages import Page, hashed
from audit_report.sample import (
    HEAD,
    HOSTILE,
    WEB,
    a_file,
    a_finding,
    a_report,
    many,
    unasked,
)

ROOT = Path(__file__).resolve().parents[2]
BLOB = f"{WEB}/blob/{HEAD}/"
MARKUP = [
    HOSTILE,
    "</style><style>*{color:red}",
    '" onclick="alert(1)" x="',
    "[a](javascript:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    f"[a]({BLOB}../../../../evil)",
    f"[a]({BLOB}a.py)",
    "| a | |\n|:-:|--:|\n| <b> | `x` |",
    "&lt;script&gt;",
    "{{ 7 * 7 }}{% raw %}",
    "]]>",
    "<!-- -->",
    "F1",
]


@pytest.fixture(scope="module")
def whole() -> Page:
    return Page(html(a_report()))


def part(page: Page, start: str, end: str) -> str:
    """What is read between two headings."""
    return page.text.split(start, 2)[-1].split(end)[0]


def rows(report: AuditReport) -> list[str]:
    body = html(report).split('id="findings-table"')[1].split("<tbody>")[1]
    return re.findall(r"<tr.*?</tr>", body.split('<p id="rest"')[0], re.DOTALL)


@given(
    st.lists(NASTY | st.sampled_from(MARKUP), min_size=1, max_size=7),
    LINE,
    LINE,
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_field_says_it_is_text(
    texts: list[str], start: int | None, end: int | None, is_known: bool
) -> None:
    page = Page(html(an_audit(texts, start, end, is_known=is_known)))

    assert len(page.scripts) == len(page.styles) == 1
    assert page.policy == (
        f"default-src 'none'; style-src {hashed(page.styles[0])}; "
        f"script-src {hashed(page.scripts[0])}; base-uri 'none'; form-action 'none'"
    )
    assert len(set(page.ids)) == len(page.ids)
    assert set(page.labels) <= set(page.ids)
    for href in page.hrefs:
        if href.startswith("#"):
            assert href[1:] in page.ids
        else:
            assert href.startswith((f"{WEB}/blob/", f"{WEB}/tree/", f"{WEB}/issues/"))


def test_nothing_is_asked_of_anywhere_else(whole: Page) -> None:
    style, script = whole.styles[0], whole.scripts[0]

    assert "default-src 'none'" in whole.policy
    assert "url(" not in style
    assert "@import" not in style
    for word in ("fetch", "XMLHttp", "innerHTML", "eval", "http"):
        assert word not in script


def test_style_and_script_are_the_same_for_every_report(whole: Page) -> None:
    other = Page(html(unasked()))

    assert (other.styles, other.scripts) == (whole.styles, whole.scripts)


def test_the_same_report_gives_the_same_page() -> None:
    assert html(a_report()) == html(a_report())


def test_the_parts_come_in_the_agents_order_with_its_headings(whole: Page) -> None:
    titles = [" ".join(each.split()[1:]) for each in whole.headings if "h2" in each]
    numbered = [f"{at} {each}" for at, each in enumerate(SECTIONS.values(), 1)]

    assert titles == [
        "Findings at a glance",
        "Trend",
        *numbered,
        "Clarifying questions",
        "Findings",
        "Fixed",
        "Signals",
        "Decisions without a record",
        "Coverage",
        "Cost and model",
    ]


def test_the_contents_lead_to_every_section(whole: Page) -> None:
    for name in (*SECTIONS, "questions", "findings", "fixed", "coverage", "cost"):
        assert f"#{name}" in whole.hrefs


def test_the_head_says_of_what_at_which_commit_and_when(whole: Page) -> None:
    head = part(whole, "Skip to the report", "Findings at a glance")

    assert "octo/shop Scope Whole repository" in head
    assert "5f0c3a91d7 on main" in head
    assert "1 November 2026, 04:12 UTC" in head
    assert f"{WEB}/tree/{HEAD}" in whole.hrefs
    assert f"{WEB}/issues/118" in whole.hrefs


def test_the_verdict_says_what_fails_the_run(whole: Page) -> None:
    assert "Blocking 4 findings are high or worse, which fails the run." in whole.text


def test_findings_that_fail_nothing_are_no_alarm() -> None:
    report = a_report(verdict=Verdict.FINDINGS, fail_on=(FailOn.ERROR,))

    assert "10 findings, none of which fails the run." in Page(html(report)).text


def test_counts_are_of_what_is_said(whole: Page) -> None:
    glance = part(whole, "Findings at a glance", "Trend")

    assert glance.strip() == (
        "4 new 6 persisting 3 fixed 1 critical 3 high 4 medium 2 low"
    )


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.PARTIAL, "Partial audit"),
        (Status.FAILED, "The audit failed"),
        (Status.SIGNALS_ONLY, "Signals only: the model was not asked"),
        (Status.SKIPPED, "The audit was skipped"),
    ],
)
def test_what_is_not_a_whole_review_says_so_first(status: Status, said: str) -> None:
    report = a_report(
        status=status,
        why="the key was refused",
        verdict=Verdict.NONE,
        findings=(),
        counts=AuditCounts(),
    )
    result = part(Page(html(report)), "Skip to the report", "Findings at a glance")

    assert f"{said} the key was refused. No verdict" in result
    assert "Nothing to report" not in result


def test_no_number_of_findings_is_given_when_none_were_looked_for() -> None:
    glance = part(Page(html(unasked())), "Findings at a glance", "Trend")

    assert glance.strip() == "No findings were looked for: the model was not asked."


def test_a_part_without_a_model_says_why_it_is_empty() -> None:
    page = Page(html(unasked("no key for the model.")))
    said = "The model was not asked: no key for the model."
    headings = [*SECTIONS.values(), "Clarifying questions"]

    for heading, following in pairwise(headings):
        assert said in part(page, heading, following), heading
    assert "shop.payments" in part(page, headings[1], headings[2])
    assert "Django 5.2.3, web framework" in part(page, headings[2], headings[3])


def test_an_empty_audit_is_a_page_too() -> None:
    page = Page(html(AuditReport(status=Status.FAILED, why="", verdict=Verdict.NONE)))

    assert "The audit failed no reason was given." in page.text
    assert page.hrefs
    assert all(href.startswith("#") for href in page.hrefs)


def test_a_clean_audit_says_that_there_is_nothing() -> None:
    report = a_report(
        status=Status.REVIEWED, why="", verdict=Verdict.CLEAN, findings=(), risks=()
    )
    page = Page(html(report))

    assert "Nothing to report Everything that was to be read was read." in page.text
    assert "The model named no risk." in page.text
    assert "Nothing was found." in page.text


def test_each_finding_is_a_row_with_all_that_is_known_of_it() -> None:
    first, *_ = rows(a_report())
    row = Page(f"<table>{first}</table>")

    for said in (
        "Critical",
        "persisting",
        "F1 Checkout holds a row lock while it waits for the payment provider",
        "shop/orders/checkout.py:41–43",
        "confidence high",
        "is called inside transaction.atomic().",
        "Scenario The provider takes 30 s",
        "with transaction.atomic(): order =",
        "Recommendation Reserve, commit, then charge in a task.",
        "transaction.on_commit(",
        "Shows at shop/payments/provider.py:88",
        "TIMEOUT = None",
    ):
        assert said in row.text
    assert row.ids == ["F1"]
    assert f"{BLOB}shop/orders/checkout.py#L41-L43" in row.hrefs


def test_without_the_script_every_row_is_there_and_no_control_is() -> None:
    text = html(many(300))

    assert all("hidden" not in row.split(">")[0] for row in rows(many(300)))
    assert re.search(r'<div class="controls"[^>]* hidden>', text)
    assert '<p id="rest" hidden>' in text


def test_an_installed_wheel_brings_the_page_along(tmp_path: Path) -> None:
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path)))
    names = set(ZipFile(wheel).namelist())

    for name in ("audit.html.j2", "audit.css", "audit.js"):
        assert f"architect_review/templates/{name}" in names


def test_a_rule_and_a_check_that_did_not_end_are_told() -> None:
    _, _, third, fourth, *_ = rows(a_report())

    assert "Breaks a rule of the project" in third
    assert f"{BLOB}docs/adr/0007-idempotency.md?plain=1#L12" in third
    assert "Not checked: the model did not answer in time" in fourth


def test_withheld_findings_are_told_apart_with_their_reason(whole: Page) -> None:
    assert len(rows(a_report())) == 10
    assert "2 findings withheld" in whole.text
    assert "the check refuted it: it is cleared in signals.py" in whole.text


def test_steps_and_risks_lead_to_the_findings_that_they_settle(whole: Page) -> None:
    assert whole.hrefs.count("#F3") == 2
    assert "#step-2" in whole.hrefs
    assert "Large effort · after step 2, step 3 · settles F7" in whole.text


def test_a_name_that_no_finding_has_leads_nowhere() -> None:
    step = (
        a_report().roadmap[0].model_copy(update={"findings": ("F99",), "after": (8,)})
    )
    page = Page(html(a_report(roadmap=(step,))))

    assert "after step 8 · settles F99" in page.text
    assert not {"#F99", "#step-8"} & set(page.hrefs)


def test_a_local_repository_has_places_without_links() -> None:
    page = Page(html(a_report(web_url="", record_url="")))

    assert "shop/orders/checkout.py:41–43" in page.text
    assert all(href.startswith("#") for href in page.hrefs)


@pytest.mark.parametrize(
    "path", ["../../../evil", "a/../../b", "/etc/passwd", "", "a//b"]
)
def test_a_path_that_leads_out_of_the_repository_is_no_link(path: str) -> None:
    report = a_report(findings=(a_finding(1, path=path),))

    assert "<a " not in rows(report)[0]


def test_markup_in_a_path_or_a_title_is_shown(whole: Page) -> None:
    shown = HOSTILE.replace("\u202e", "")

    assert f"F10 The banner is not escaped: {shown}" in whole.text
    assert 'shop/web/templates/"><script>.html:3' in whole.text


def test_code_that_hides_something_shows_it(whole: Page) -> None:
    assert "onerror=alert(2)>U+202Eab" in whole.text


def test_every_drawing_has_a_name_a_text_and_a_table(whole: Page) -> None:
    for name in ("trend", "matrix", "wide-map", "narrow-map"):
        assert {f"{name}-name", f"{name}-text"} <= set(whole.ids) & set(whole.labels)
    assert "R1" in part(whole, "The matrix as a table", "R1 The payment")
    assert "shop.core none of the others" in part(whole, "The map as a table", "2 Comp")
    assert "Nov 1 5f0c3a9 1 3 4 2 3" in part(whole, "The numbers Audit", "1 High")


def test_one_audit_is_no_trend() -> None:
    page = Page(html(a_report(trend=a_report().trend[-1:])))

    assert "A trend shows from the second audit on." in page.text


def test_coverage_says_what_was_not_read_and_why(whole: Page) -> None:
    said = part(whole, "Coverage 2", "Cost and model Model")

    assert "1 of 55 files were read line by line." in said
    assert "shop.reporting: not wholly reviewed" in said
    assert "30 files left out: tests: not read" in said
    assert "1 file summarised: a lock file 4,410 lines" in said
    assert "poetry.lock" in said


def test_cost_and_model_are_told(whole: Page) -> None:
    said = whole.text.split("Cost and model")[-1]

    assert "claude-sonnet-4-5, 29 calls" in said
    assert "$1.87; likely $2.41, at most $4.90" in said
    assert "188,420 in" in said


def test_an_unknown_price_is_not_zero() -> None:
    usage = a_report().usage
    assert usage is not None
    report = a_report(usage=usage.model_copy(update={"cost_usd": None}))

    assert "Not known: the model has no known price" in Page(html(report)).text


def test_five_thousand_findings_fit() -> None:
    report = many(5_000)
    text = html(report)

    assert len(text.encode()) < 5_000_000
    assert len(rows(report)) == 5_000
    assert text.count("<details open") <= 2


def test_files_beyond_the_list_are_counted() -> None:
    unread = [a_file(f"{at}.png", 0, How.LEFT_OUT, "not text") for at in range(2_500)]
    page = Page(html(a_report(files=(*unread, a_file("a.py", 3)))))

    assert "2,500 files left out: not text" in page.text
    assert "and 500 more files, named in the JSON report" in page.text


def test_severity_is_said_in_words() -> None:
    for severity in Severity:
        report = a_report(findings=(a_finding(1, severity=severity),))
        assert f">{severity.value.capitalize()}</span>" in rows(report)[0]
