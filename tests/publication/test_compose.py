"""What a person sees: short, proven, and with nothing of it live by accident."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.prompt.answer import Answer
from architect_review.prompt.plan import plan
from architect_review.publication.compose import SUMMARY_LIMIT, compose
from architect_review.publication.publication import Audience, Publication
from architect_review.publication.receipt import Receipt
from architect_review.request import policy
from architect_review.review.conclusion import conclude
from architect_review.review.ledger import Ledger, decode
from architect_review.review.reply import Reply, Usage
from architect_review.signals import Evidence, Signal, Signals, Weight
from architect_review.vocabulary import Category
from builders import HEAD, a_change, a_finding, an_inquiry
from oracles import markdown

TOLD = Receipt(leads=("octocat",), lead_notified=True)
MAJOR = Signals(
    (
        Signal(
            "destructive-migration",
            "A migration loses data.",
            Weight.MAJOR,
            Category.DATABASE,
            (Evidence("app/pool.py", "Drops table `users`.", "users", 13, 13),),
        ),
    )
)


def an_answer(*findings: Any, **details: Any) -> Answer:
    """An answer with every section filled and three questions."""
    prose = {
        name: f"About the {name}."
        for name in (
            "overview", "components", "technology", "roadmap", "risks", "operations",
        )
    }  # fmt: skip
    return Answer.model_validate(
        {
            "findings": [finding.model_dump() for finding in findings],
            **prose,
            "questions": [
                {"topic": "traffic", "question": f"How many {what} a day?"}
                for what in ("orders", "workers", "users")
            ],
            "change_size": "minor",
            "major_reasons": [],
            **details,
        }
    )


def said(
    answer: Answer, found: Signals = MAJOR, *, known_lead: bool = True, **inputs: str
) -> Publication:
    """Everything a run with this answer would say."""
    change = a_change()
    rules = policy.load({"project-lead": "octocat", **inputs}, lambda paths: {}, {})
    reply = Reply(
        ("app/pool.py",), answer, None, Usage(100, 10, 0, 0, 0.5, 1), "claude-x"
    )
    planned = plan(change, found, rules)
    inquiry = an_inquiry(reply, change=change, coverage=planned.coverage)
    review = conclude(change, found, planned, inquiry, rules, Ledger())
    told, silent = (rules.leads, ()) if known_lead else ((), rules.leads)
    lead = Audience(told, silent) if review.new_reasons else None
    return compose(change, rules, review, lead, 41.2)


def visible(body: str) -> list[str]:
    """The lines a reader sees before unfolding anything."""
    folded = re.sub(r"(?s)<details><summary>(.*?)</summary>.*?</details>", r"\1", body)
    lines = re.sub(r"(?s)<!--.*?-->", "", folded).split("\n")
    return [line for line in lines if line.strip() and not line.startswith("|---")]


def test_the_visible_part_has_at_most_15_lines() -> None:
    categories = ["security", "database", "cost", "testing", "deployment", "ci-cd"]
    findings = [a_finding(category=category) for category in categories]

    body = said(an_answer(*findings)).summary(TOLD)

    assert len(visible(body)) <= 15, visible(body)
    assert "6 findings, 6 high · **major change**" in body
    assert "`octocat` has been told" in body
    assert "**Q3** How many users a day?" in body


def test_the_summary_folds_the_agents_six_sections() -> None:
    body = said(an_answer(a_finding())).summary(TOLD)

    for heading in (
        "High-level architecture overview",
        "Component descriptions",
        "Technology choices",
        "Implementation roadmap",
        "Risks and mitigation",
        "Operational considerations",
    ):
        assert f"**{heading}**" in body
        assert heading not in "\n".join(visible(body))


def test_a_lead_who_is_no_collaborator_is_shown_as_code_and_not_told() -> None:
    publication = said(an_answer(), known_lead=False)

    body = publication.summary(Receipt())

    assert publication.lead is None
    assert "`octocat` is named by the agent" in body
    assert "`project-lead`" in body
    assert markdown.live_mentions(body) == []


def test_the_leads_comment_says_why_what_and_how_to_roll_out() -> None:
    publication = said(an_answer())

    assert publication.lead is not None
    body = publication.lead.body
    assert markdown.live_mentions(body) == ["octocat"]
    assert "1. Drops table `users`." in body
    assert "About the risks." in body
    assert "About the roadmap." in body


def test_a_suggestion_stands_where_it_replaces_the_lines() -> None:
    fixed = a_finding(suggestion="            worker.join()")

    (comment,) = said(an_answer(fixed)).inline

    assert "```suggestion\n            worker.join()\n```" in comment.body


def test_a_suggestion_that_cannot_be_shown_verbatim_is_not_made() -> None:
    odd = a_finding(suggestion="            worker.join()  # \u202e")

    (comment,) = said(an_answer(odd)).inline

    assert "suggestion" not in comment.body


def test_a_comment_that_was_refused_is_told_in_the_summary() -> None:
    publication = said(an_answer(a_finding()))
    refused = frozenset({publication.inline[0].fingerprint})

    body = publication.summary(Receipt(refused=refused, lead_notified=True))

    assert "GitHub did not accept a comment there." in body
    ledger = decode(body)
    assert ledger is not None
    assert not ledger.findings[0].is_posted


def test_an_untold_lead_is_not_remembered_as_told() -> None:
    publication = said(an_answer())

    told = decode(publication.summary(TOLD))
    untold = decode(publication.summary(Receipt()))

    assert told is not None
    assert untold is not None
    assert (len(told.told), len(untold.told)) == (1, 0)


def test_a_summary_fits_github_however_much_there_is_to_say() -> None:
    lines = [
        a_finding(category=category, problem="word " * 5_000, scenario="x " * 5_000)
        for category in Category
    ]

    body = said(an_answer(*lines, overview="y " * 50_000)).summary(TOLD)

    assert len(body.encode()) <= SUMMARY_LIMIT
    assert decode(body) is not None


def test_a_clean_change_has_one_visible_line_of_verdict() -> None:
    body = said(an_answer(questions=[]), Signals()).summary(Receipt())

    assert "### Architect review · nothing to report" in body
    assert len(visible(body)) <= 5


NASTY = st.lists(
    st.sampled_from(
        ["@octocat", "@org/team ", "![x](http://e.io/a)", "<img src=x>", "</details>",
         "[a](https://evil.io)", "fixes #1", "```", "\n", "| ", "<!--", "-->", "# ",
         "`", "/architect review", "https://evil.io/x", "word ", "**", "- ", "> "]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(NASTY, NASTY, NASTY)
def test_nothing_a_model_or_an_author_writes_is_live(
    title: str, prose: str, question: str
) -> None:
    finding = a_finding(
        title=title or "t", problem=prose, scenario=prose, example=prose
    )
    answer = an_answer(
        finding, overview=prose, risks=prose,
        questions=[{"topic": "team", "question": question or "q"}],
        change_size="major", major_reasons=[{"category": "cost", "reason": title}],
    )  # fmt: skip
    publication = said(answer)
    assert publication.lead is not None
    bodies = [publication.summary(TOLD), publication.long_form(Receipt())]
    bodies += [comment.body for comment in publication.inline]

    for body in bodies:
        assert markdown.live_mentions(body) == []
    assert markdown.live_mentions(publication.lead.body) == ["octocat"]
    for body in [*bodies, publication.lead.body]:
        assert markdown.images(body) == []
        own = f"https://github.com/o/r/blob/{HEAD}/"
        assert all(link.startswith(own) for link in markdown.links(body))
        assert body.count("<!--") <= 1
        assert set(markdown.raw_tags(body)) <= {"details", "summary", "sub"}


@pytest.mark.parametrize("language", ["Deutsch", "Português (Brasil)"])
def test_the_language_is_asked_for_in_the_prompt(language: str) -> None:
    rules = policy.load({"language": language}, lambda paths: {}, {})

    assert f"Write in {language}." in plan(a_change(), MAJOR, rules).requests[0].system
