"""The table of mechanisms names what stands in the code."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import mutations  # noqa: E402

EVERY = mutations.mutations()


@pytest.mark.parametrize("mutation", EVERY, ids=lambda each: each.name)
def test_a_mechanism_stands_where_the_table_says(mutation: mutations.Mutation) -> None:
    file = mutations.SOURCE / "architect_review" / mutation.file

    without = mutation.applied(file.read_text("utf-8"))

    ast.parse(without)
    assert all((ROOT / "tests" / each).exists() for each in mutation.tests)


def test_a_mechanism_that_went_is_an_error() -> None:
    for source in ("", EVERY[0].text * 2):
        with pytest.raises(ValueError, match="not once"):
            EVERY[0].applied(source)
