"""A rule is cited only where it is really written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architect_review.prompt.answer import RawFinding
from architect_review.review.rules import Cited, cited
from builders import a_finding

QUEUE = "docs/adr/0001-queue.md"
TEXTS = {
    QUEUE: "---\nstatus: x\n---\n# 1. One queue\n\nEvery retry has\n  a limit.\n",
    "CLAUDE.md": "# Rules\n\nNo new services. Ask before you add one.\n",
}


def citing(path: str, quote: str) -> RawFinding:
    return a_finding(rule=path, rule_quote=quote)


@pytest.mark.parametrize(
    "quote",
    ["Every retry has a limit.", " “Every  retry\nhas a limit” ", "retry has a"],
)
def test_a_quote_that_stands_in_the_rule_is_cited(quote: str) -> None:
    found = cited(citing(QUEUE, quote), TEXTS)

    assert found is not None
    assert (found.path, found.title) == (QUEUE, "1. One queue")
    assert found.line == 6


def test_the_words_are_the_rules_on_one_line() -> None:
    found = cited(citing("./CLAUDE.md", "Ask before\nyou add one."), TEXTS)

    assert found == Cited("CLAUDE.md", "Rules", "Ask before you add one.", 3)


@pytest.mark.parametrize(
    ("path", "quote"),
    [
        ("", "Every retry has a limit."),
        (QUEUE, ""),
        (QUEUE, "Every retry"),
        (QUEUE, "Every retry is forbidden."),
        (QUEUE, "every retry has a limit"),
        (QUEUE, "very retry has a limit"),
        (QUEUE, "Every retry has a lim"),
        (QUEUE, "- - - -"),
        (QUEUE, "Every retry has a limit. " * 100),
    ],
)
def test_what_the_rule_does_not_say_is_not_cited(path: str, quote: str) -> None:
    assert cited(citing(path, quote), TEXTS) is None


def test_a_file_named_wrongly_is_forgiven_when_one_rule_says_so() -> None:
    found = cited(citing("0001-queue.md", "Every retry has a limit."), TEXTS)
    twice = {**TEXTS, "AGENTS.md": TEXTS["CLAUDE.md"]}

    assert found is not None
    assert found.path == QUEUE
    assert cited(citing("RULES.md", "No new services."), twice) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_citation_is_never_invented(quote: str, text: str) -> None:
    found = cited(citing("a.md", quote), {"a.md": text})

    if found is not None:
        assert found.quote in " ".join(text.split())
