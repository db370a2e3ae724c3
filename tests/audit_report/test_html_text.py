"""Prose from others as HTML."""

import pytest
from hypothesis import given, settings

from architect_review.audit_report.html_text import (
    PROSE_LIMIT,
    is_web_address,
    prose,
    sentence,
)
from audit_report.hostile import NASTY
from audit_report.pages import Page
from audit_report.sample import HEAD, WEB

BLOB = f"{WEB}/blob/{HEAD}/"
BLOCKS = {"p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "a"} | {
    *("ul", "ol", "li", "div", "table", "thead", "tbody", "tr", "th", "td")
}
INLINE = {"em", "strong", "s", "code"}


def said(text: str) -> str:
    return prose(text, lambda href: href.startswith(BLOB)).strip()


@given(NASTY)
@settings(max_examples=200, deadline=None)
def test_prose_becomes_nothing_but_blocks_of_text(text: str) -> None:
    page = Page(said(text))

    assert set(page.tags) <= BLOCKS
    assert page.hrefs == []
    assert page.ids == []


@given(NASTY)
@settings(max_examples=200, deadline=None)
def test_a_sentence_stays_on_one_line_and_leads_nowhere(text: str) -> None:
    line = sentence(text)

    assert set(Page(line).tags) <= INLINE
    assert "\n" not in line


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain & <b>", "<p>plain &amp; &lt;b&gt;</p>"),
        ("*a* **b** `c` ~~d~~",
         "<p><em>a</em> <strong>b</strong> <code>c</code> <s>d</s></p>"),
        ("# Title\n\ntext", "<p><strong>Title</strong></p>\n<p>text</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("```html\" onclick=x\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"),
        ("![a picture](https://example.invalid/x.png)", "<p>a picture</p>"),
        ("[words](https://example.invalid)", "<p>words</p>"),
        ("[words](javascript:alert)", "<p>words</p>"),
        ("<https://example.invalid>", "<p>https://example.invalid</p>"),
        (f"[code]({BLOB}a.py#L3)", f'<p><a href="{BLOB}a.py#L3">code</a></p>'),
        (f"[out]({BLOB}../../evil)", "<p>out</p>"),
        (f"[out]({BLOB}%2e%2e/evil)", "<p>out</p>"),
        ("[a][b]\n\n[b]: https://example.invalid",
         "<p>[a][b]</p>\n<p>[b]: https://example.invalid</p>"),
        ("a\u202eb\x1bc\u200bd", "<p>abcd</p>"),
        ("one\ntwo", "<p>one\ntwo</p>"),
        ("", ""),
        (" \n ", ""),
    ],
)  # fmt: skip
def test_markdown_is_read_as_such(text: str, html: str) -> None:
    assert said(text) == html


def test_a_table_keeps_its_sides_and_drops_empty_headings() -> None:
    table = said("| a | |\n|---|--:|\n| b | c |")

    assert '<th>a</th>\n<td class="right"></td>' in table
    assert '<td class="right">c</td>' in table
    assert table.startswith('<div class="wide" role="group"')
    assert "style" not in table


def test_a_pile_of_quotes_is_no_pile_of_elements() -> None:
    assert said(">" * 5_000 + " a").count("<blockquote>") <= 20


def test_what_is_too_long_is_cut_and_shows_it() -> None:
    assert said("a" * (PROSE_LIMIT + 1)).endswith("a…</p>")
    assert sentence("a " * 400).endswith("…")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//example.invalid", "http:///x",
     "https://me@example.invalid/", "https://example.invalid/a/../b", "https://[",
     "https://example.invalid\\@other", "", "ftp://example.invalid/"],
)  # fmt: skip
def test_an_address_that_is_not_what_it_seems_is_none(url: str) -> None:
    assert not is_web_address(url)
