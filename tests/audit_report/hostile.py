"""Audits in which every text is somebody else's, and what must not come of it."""

import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from hypothesis import strategies as st

from architect_review.audit_report.report import AuditReport
from audit_report.sample import (
    COMPONENTS,
    FILES,
    FINDINGS,
    HEAD,
    OPERATIONS,
    RISKS,
    ROADMAP,
    TECHNOLOGIES,
    WEB,
    a_report,
)
from oracles import markdown

# fmt: off
PIECES = [
    "@octocat", "@org/team", "&#64;me", "@<!-- -->me", "#12", "fixes #1", "GH-9",
    "http://evil.example/?q", "www.evil.example", "<https://e.example>", "me@x.io",
    "[a](http://e.example)", "![i](http://e.example/p.png)", "](", "[x](1)", "{0}",
    "<img src=x>", "</details>", "<details>", "</summary>", "<!--", "-->", "<script>",
    "`", "```", "````", "```mermaid\n", "~~~\n", "*", "**", "_", "\n", "\n\n", "\n    ",
    "\n# ", "\n- ", "\n1. ", "\n> ", "\n---\n", "|", "| a |\n|---|\n", "\\", "&amp;",
    "\u202e", "\u200b", "\ufeff", "\x1b[31m", "\x1b]0;title\x07", "\0", "\x9b2J", "\r",
    "\x85", "::error::no", "\n/architect approve", "../", "/", "..", "%2e", "?", ":",
    "word", " ", "é", "中", "🎉", '"];', "%%{init}%%", "end", "---\nstatus: accepted\n",
]
# fmt: on
NASTY = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map(
    "".join
)
_WORDS = {"kind", "effort", "likelihood", "impact"}
"""Fields that hold one of a few words."""
_BY_NAME = {"languages", "gaps"}
"""Fields whose keys are texts too."""
_SMALL = {
    "files": FILES[:1] + FILES[-3:],
    "components": COMPONENTS[:2] + COMPONENTS[5:6] + COMPONENTS[8:9],
    "technologies": TECHNOLOGIES[:2],
    "roadmap": ROADMAP[:2],
    "risks": RISKS[:2],
    "operations": OPERATIONS[:2],
    "findings": FINDINGS[:1] + FINDINGS[2:4] + FINDINGS[8:],
}


SENTINEL = "Sentinel paragraph"
OURS = {"details", "summary", "sub"}
TEXTS = st.lists(NASTY, min_size=1, max_size=7)
LINE = st.none() | st.integers(-3, 3)


def an_audit(
    texts: list[str],
    start_line: int | None = None,
    end_line: int | None = None,
    *,
    is_known: bool = True,
) -> AuditReport:
    """An audit with these texts, in turn, in every field.

    `is_known`: the commit and the repository's address are what they should be.
    """
    turn = cycle(texts)
    values = a_report(**_SMALL).model_dump()
    known = {"web_url", "head", "record_url"} if is_known else set()
    made = _replaced(values, turn, known)
    for each in made["findings"]:
        each |= {"start_line": start_line, "end_line": end_line}
    return AuditReport.model_validate(made)


def _replaced(value: Any, texts: Iterator[str], kept: set[str]) -> Any:
    if isinstance(value, dict):
        return {
            key: each
            if key in _WORDS | kept or (key == "withheld" and not each)
            else {next(texts): _replaced(one, texts, set()) for one in each.values()}
            if key in _BY_NAME
            else _replaced(each, texts, set())
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_replaced(each, texts, set()) for each in value]
    return next(texts) if type(value) is str else value


def assert_harmless(said: str) -> None:
    """Nothing is live but our own links, and nothing is left open."""
    assert markdown.live_mentions(said) == []
    assert markdown.images(said) == []
    assert set(markdown.raw_tags(said)) <= OURS
    for href in markdown.links(said):
        is_record = re.fullmatch(rf"{WEB}/issues/\d+", href)
        assert is_record or href.startswith(f"{WEB}/blob/{HEAD}/"), href
    html = markdown.html(f"{said}\n\n{SENTINEL}")
    assert html.count("<details>") == html.count("</details>")
    assert html.endswith(f"<p>{SENTINEL}</p>\n")
