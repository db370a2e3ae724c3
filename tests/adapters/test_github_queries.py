"""Every GraphQL document is one that GitHub's published schema accepts."""

import pytest

from architect_review.adapters.github import queries
from oracles import graphql

DOCUMENTS = {
    "context": queries.context((".github/architect-review.yml", ".gitattributes")),
    "context with a folder": queries.context(("CLAUDE.md", "docs/adr/")),
    "context without policy files": queries.context(()),
    "more comments": queries.more_comments(),
    "more threads": queries.more_threads(),
    "files": queries.files(("a" * 40 + ":x.py", "b")),
    "a folder": queries.files(("a" * 40 + ":docs/adr/",)),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_passes_githubs_schema_without_deprecated_fields(name: str) -> None:
    assert graphql.problems(DOCUMENTS[name]) == []


def test_no_document_is_forgotten_here() -> None:
    makers = {
        name
        for name, value in vars(queries).items()
        if callable(value)
        and not name.startswith("_")
        and getattr(value, "__module__", "") == queries.__name__
    }

    assert makers == {"context", "files", "more_comments", "more_threads"}
