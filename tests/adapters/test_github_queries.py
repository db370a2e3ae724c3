"""Every GraphQL document is one that GitHub's published schema accepts."""

from typing import get_args

import pytest

from architect_review.adapters.github import mutations, queries
from architect_review.publication.markdown import Markdown
from architect_review.publication.writes import (
    React,
    Reaction,
    Reply,
    Resolve,
    Say,
    Write,
)
from standin.github import published

SAID = Markdown("said")
SAY, REPLY = Say("PR_1", SAID), Reply("PRRT_1", SAID)
EVERY: tuple[Write, ...] = (
    React("IC_1", Reaction.ROCKET),
    SAY,
    REPLY,
    Resolve("PRRT_1"),
    Resolve("PRRT_1", is_undone=True),
)

DOCUMENTS = {
    "context": queries.context((".github/architect-review.yml", ".gitattributes")),
    "context with a folder": queries.context(("CLAUDE.md", "docs/adr/")),
    "context without policy files": queries.context(()),
    "more comments": queries.more_comments(),
    "more reviews": queries.more_reviews(),
    "more threads": queries.more_threads(),
    "standing": queries.standing(),
    "signing": queries.signing("architecture/lead-approval"),
    "opened": queries.opened(("CLAUDE.md", "docs/adr/")),
    "opened without policy files": queries.opened(()),
    "greeted": queries.greeted(("CLAUDE.md", "docs/adr/")),
    "greeted without policy files": queries.greeted(()),
    "every mutation": mutations.document(EVERY)[0],
    "looking for what was said": mutations.looking((SAY, REPLY))[0],
    "files": queries.files(("a" * 40 + ":x.py", "b")),
    "viewer": queries.viewer(),
    "edited": queries.edited(),
    "commit": queries.commit(("CLAUDE.md", "docs/adr/")),
    "commit without policy files": queries.commit(()),
    "a folder": queries.files(("a" * 40 + ":docs/adr/",)),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_passes_githubs_schema_without_deprecated_fields(name: str) -> None:
    assert published.document_problems(DOCUMENTS[name]) == []


def test_every_action_is_in_a_document_of_its_own_kind() -> None:
    text, variables = mutations.document(EVERY)

    assert {type(each) for each in EVERY} == set(get_args(Write))
    assert "said" not in text
    assert len(variables) == len(EVERY)


def test_no_document_is_forgotten_here() -> None:
    makers = {
        name
        for name, value in vars(queries).items()
        if callable(value)
        and not name.startswith("_")
        and getattr(value, "__module__", "") == queries.__name__
    }

    assert makers == {
        "commit",
        "context",
        "edited",
        "files",
        "greeted",
        "more_comments",
        "more_reviews",
        "more_threads",
        "opened",
        "signing",
        "standing",
        "viewer",
    }
