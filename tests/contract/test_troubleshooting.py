"""The texts that docs/troubleshooting.md explains are those that the program says."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from architect_review.audit_report.outputs import AUDIT_OUTPUTS
from architect_review.report.outputs import OUTPUTS
from architect_review.request.access import Scope
from architect_review.request.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGE = DOCS / "troubleshooting.md"
OWN = ("troubleshooting", "enterprise", "cost", "security")
# GitHub's words, which the program passes on.
THEIRS = {"401: Bad credentials", "404: Not Found"}


@cache
def said() -> str:
    """Every text in the program and its templates."""
    found = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.j2")]
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(" ".join(node.value.split()))
            elif isinstance(node, ast.JoinedStr):
                parts = (
                    each.value if isinstance(each, ast.Constant) else "\0"
                    for each in node.values
                )
                found.append(" ".join("".join(map(str, parts)).split()))
    return "\n".join(found)


def texts() -> list[str]:
    """What the page says that the program says."""
    rows = [
        line
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| “")
    ]
    return [re.findall("“([^”]*)”", row)[0] for row in rows]


@pytest.mark.parametrize("text", sorted(set(texts()) - THEIRS))
def test_a_text_that_is_explained_is_one_that_is_said(text: str) -> None:
    assert text in said()


def test_no_text_is_explained_twice() -> None:
    assert len(texts()) == len(set(texts())) > 30


@pytest.mark.parametrize("name", OWN)
def test_every_link_leads_to_a_file(name: str) -> None:
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")

    for link in re.findall(r"\]\((?!https://)([^)#]+)", page):
        assert (DOCS / link).resolve().exists(), link


@pytest.mark.parametrize("name", OWN)
def test_what_is_called_a_setting_is_one(name: str) -> None:
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    known = {*Settings.names(*Scope), *OUTPUTS, *AUDIT_OUTPUTS}
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)(?:: [^`]*)?`", page))
    others = {
        *("pull-requests", "timeout-minutes", "id-token", "architect-review"),
        *("no-architect-review", "addresses-the-reviewer"),
    }

    assert named - known - others == set()
