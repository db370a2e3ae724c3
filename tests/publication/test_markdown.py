"""What is left of untrusted text after GitHub's own renderer went over our output."""

import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st

from architect_review.publication import markdown
from architect_review.publication.markdown import Markdown
from architect_review.publication.plain import has_invisible

ZWSP = "\u200b"
SHA = "0123456789abcdef0123456789abcdef01234567"
WEB = "https://github.com/octo/shop"
BLOB = f"{WEB}/blob/{SHA}/"
SENTINEL = "Sentinel paragraph"


def links(href: str) -> bool:
    return href.startswith(BLOB)


def safe(text: str, limit: int = 5_000) -> Markdown:
    return markdown.safe(text, limit=limit, links=links)


@dataclass
class Page(HTMLParser):
    """The rendered page: tags, link targets, text outside code, code, paragraphs."""

    html: str
    tags: set[str] = field(default_factory=set)
    hrefs: list[str] = field(default_factory=list)
    text: str = ""
    code: str = ""
    open: list[str] = field(default_factory=list)
    top: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.hrefs += [value or "" for name, value in attrs if name == "href"]
        assert {name for name, _ in attrs} <= {"href", "lang", "align", "start"}
        if tag not in ("br", "hr", "img", "input"):
            self.open.append(tag)
        self.text += "\0" if tag == "code" else ""

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if {"code", "pre"} & set(self.open):
            self.code += data
        else:
            self.text += data
        if self.open == ["p"]:
            self.top.append(data)


def page(text: str) -> Page:
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    return Page(github_flavored_markdown_to_html(text, options=options))


ALLOWED_TAGS = {
    *("p", "em", "strong", "del", "code", "pre", "ul", "ol", "li", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td", "br", "a"),
}
LIVE = re.compile(
    r"@[\w-]|(?<!&)#\d|\bgh-\d|!\d|https?://|ftp://|www\.\w|mailto:|\w@\w"
    r"|(?<![^\W_])[0-9a-f]{40}(?![^\W_])",
    re.I,
)


def assert_harmless(output: str, tags: set[str] = ALLOWED_TAGS) -> Page:
    assert "<!--" not in output
    assert "-->" not in output
    assert not re.search(r"(?mi)^\s*/architect", output)
    assert not has_invisible(output.replace(ZWSP, ""))
    output.encode()
    shown = page(output)
    assert shown.tags <= tags
    assert not shown.comments
    assert all(links(href) and ".." not in href for href in shown.hrefs)
    assert not LIVE.search(shown.text), shown.text
    assert page(f"{output}\n\n{SENTINEL}").top[-1:] == [SENTINEL]
    return shown


# fmt: off
PIECES = [
    "@octocat", "@org/team", "\\@me", "&#64;me", "&commat;me", "@<!-- -->me", "@",
    "#12", "GH-9", "o/r#3", "o/r@" + SHA, SHA, "!7", "fixes #1", "closes: ", "me@x.io",
    "http://evil.io/?q", "https://", "www.evil.io", "mailto:a@b.c", "<https://e.io>",
    "[a](http://e.io)", f"[b]({BLOB}a.py#L3)", f"[c]({BLOB}../../x)", "](", "![",
    "![i](http://e.io/p.png)", "[^1]: note", "[r]: http://e.io", "[r]", "[ ] ", "[x]",
    "<img src=x>", "<b>", "</details>", "<details>", "<!--", "-->", "<script>", "<br>",
    "<!-- architect-review:state -->", "/architect review", "<a href='http://e.io'>",
    "`", "``", "```", "```suggestion\n", "~~~", "~~~\n", "~~", "~", "*", "**", "_",
    "\n", "\n", "\n\n", "\n    ", "  \n", "\\\n", " ", " ", "\t", "\r\n", "\\", "&amp;",
    "# ", "\n# ", "\n- ", "\n1. ", "\n7) ", "\n> ", "> ", "- ", "* ", "+ ", "===", "&",
    "|", "| a | b |\n|---|:-:|\n", "\n| ", "\\|", "$x$", ":bug:", "&Tab;", "&#10;",
    "\u202e", "\u200b", "\u2066", "\ufeff", "\U000e0041", "\x1b[31m", "\0", "\ud800",
    "word", "snake_case", "x", "1", "é", "中", "🎉", "-", ":", ".", "(", ")", "]", "[",
    "<", ">", "[^1]", "***", "&nbsp;", "\n---\n",
]
# fmt: on
nasty = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map(
    "".join
)


@given(nasty)
def test_prose_has_nothing_live_and_leaves_nothing_open(text: str) -> None:
    once = safe(text)
    assert_harmless(once)
    assert_harmless(safe(once))


@given(nasty, st.integers(0, 60))
def test_a_cut_is_within_the_limit_and_as_harmless(text: str, limit: int) -> None:
    for output in (
        safe(text, limit),
        markdown.inline(text, limit=limit),
        markdown.code(text, limit=limit),
        markdown.fence(text, "py", limit=limit),
    ):
        assert len(output) <= limit
        assert_harmless(output)


@given(nasty)
def test_one_line_stays_one_line_wherever_it_stands(text: str) -> None:
    line = markdown.inline(text)
    assert "\n" not in line
    assert_harmless(line, {"p", "code"})
    listed = page(f"- {line}\n\n{SENTINEL}")
    assert listed.tags <= {"ul", "li", "p", "code"}
    table = f"| a | b |\n|---|---|\n| {line} | end |\n\n{SENTINEL}"
    html = page(table).html
    assert html.count("<td>") == 2
    assert "<td>end</td>" in html
    assert page(f"x **y {line}** {line}").tags <= {"p", "code", "strong"}


def test_one_line_starts_no_block() -> None:
    for text in (
        "1. a",
        "7) a",
        "- a",
        "+ a",
        "> a",
        "# a",
        "===",
        "---",
        ":-:",
        "| a",
    ):
        assert page(f"x\n{markdown.inline(text)}").tags == {"p"}
        assert page(f"- {markdown.inline(text)}").tags == {"ul", "li"}


def test_an_exclamation_mark_does_not_make_an_image_of_our_link() -> None:
    assert page(markdown.inline("a!") + markdown.link("b", WEB)).tags == {"p", "a"}


@given(nasty)
def test_a_code_span_is_all_code_in_a_line_and_in_a_table(text: str) -> None:
    span = markdown.code(text, limit=500)
    assert "\n" not in span
    shown = assert_harmless(span, {"p", "code"})
    assert not shown.text.strip("\0\n")
    html = page(f"| a | b |\n|---|---|\n| {span} | end |").html
    assert html.count("<td>") == 2
    assert "<td>end</td>" in html


@given(nasty, nasty)
def test_a_fence_holds_whatever_is_in_it(text: str, language: str) -> None:
    shown = assert_harmless(
        markdown.fence(text, language, limit=5_000), {"pre", "code"}
    )
    assert not shown.text.strip("\0\n")
    assert "suggestion" not in shown.html.split(">")[0]


@given(nasty)
def test_a_suggestion_is_verbatim_or_refused(text: str) -> None:
    if not markdown.is_verbatim(text):
        with pytest.raises(ValueError, match="suggestion"):
            markdown.suggestion(text)
        return
    shown = assert_harmless(markdown.suggestion(text), {"pre", "code"})
    assert '<pre lang="suggestion">' in shown.html
    assert shown.code.removesuffix("\n") == text.removesuffix("\n")


@pytest.mark.parametrize(
    "text", ["a\u202eb", "a\u200bb", "a\r\n", "<!-- x", "-->", "\x1b"]
)
def test_a_suggestion_that_would_need_a_change_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="suggestion"):
        markdown.suggestion(text)


@given(st.lists(st.from_regex(r"\A[A-Za-z]{1,8}[,.]?\Z"), min_size=1, max_size=20))
def test_plain_words_stay_as_they_are(words: list[str]) -> None:
    text = " ".join(words)
    assert safe(text) == text
    assert markdown.inline(text, limit=500) == text


MENTIONS = {
    r"ping \@octocat": "ping @octocat",
    "ping &#64;octocat": "ping @octocat",
    "ping &#x40;octocat": "ping @octocat",
    "ping &commat;octocat": "ping @octocat",
    "ping @<!-- -->octocat": "ping @octocat",
    "ping @<span></span>octocat": "ping @<span></span>octocat",
    "ping @\u200boctocat": "ping @octocat",
    "ping @\u2060octocat": "ping @octocat",
    "a ` b @octocat": "a ` b @octocat",
    "ping @org/team": "ping @org/team",
    "ping \uff20octocat": "ping \uff20octocat",
}


@pytest.mark.parametrize(("written", "read"), MENTIONS.items())
def test_no_way_of_writing_a_mention_is_live(written: str, read: str) -> None:
    shown = assert_harmless(safe(written))
    assert shown.text.replace(ZWSP, "").strip() == read


@pytest.mark.parametrize("written", ["ping `@octocat`", "```\n@octocat\n```"])
def test_nothing_is_inserted_into_code(written: str) -> None:
    assert safe(written) == written


@pytest.mark.parametrize(
    "text",
    [
        *("fixes #1", "Closes GH-1", "resolves o/r#1", "fix: !1", "o/r@" + SHA),
        *(f"fixes {WEB}/issues/1", f"<{WEB}/issues/1>", f"[x]({WEB}/issues/1)"),
    ],
)
def test_nothing_is_closed_or_referred_to(text: str) -> None:
    assert not assert_harmless(safe(text)).hrefs
    assert_harmless(markdown.inline(text))


CONSTRUCTS = {
    "# Title *x*": "**Title *x***",
    "a *b* **c** ~~d~~ `e`": "a *b* **c** ~~d~~ `e`",
    "_a_ __b__": "*a* **b**",
    "- a\n- b\n  - c": "- a\n- b\n  - c",
    "3. a\n4. b": "3. a\n4. b",
    "> a\n> b": "> a\n> b",
    "| a | b |\n|:--|--:|\n| 1 | 2 |": "| a | b |\n| :-- | --: |\n| 1 | 2 |",
    "    code": "```\ncode\n```",
    "```python title=x\nx\n```": "```python\nx\n```",
    "```suggestion\nx\n```": "```\nx\n```",
    "```mermaid\nx\n```": "```\nx\n```",
    "a\\\nb": "a  \nb",
    "![alt](http://e.io/p.png)": "alt",
    "[x](http://e.io 'title')": "x `http://e.io`",
    "<http://e.io>": "`http://e.io`",
    "<a@e.io>": "`a@e.io`",
    f"since {SHA}.": f"since `{SHA}`.",
    "see http://e.io/a_b.": "see `http://e.io/a_b`.",
    "[`/e.io`](http://e.io)": "`/e.io` `http://e.io`",
    "[x](javascript:alert)": r"\[x\](javascript:alert)",
    f"[x]({BLOB}a.py#L1)": f"[x]({BLOB}a.py#L1)",
    f"[x]({BLOB}a(b).py 't')": f"[x]({BLOB}a%28b%29.py)",
    f"[x]({BLOB}%2e%2e/y)": f"x `{BLOB}%2e%2e/y`",
    "a <b>c</b><br>d": "a &lt;b>c&lt;/b>  \nd",
    "a<!-- hidden -->b": "ab",
    "`a`<!-- -->``x`@me``": f"`a`{ZWSP}``x`@me``",
    "<div>\n*a* @b\n</div>": f"&lt;div>\n*a* @{ZWSP}b\n&lt;/div>",
    "[r]: http://e.io": r"\[r\]: `http://e.io`",
    "a&#8238;b&#10;- c&#xE0041;": "ab - c",
    "`<!-- x -->`": f"`<{ZWSP}!-- x --{ZWSP}>`",
    "/architect approve": f"/{ZWSP}architect approve",
    "- /architect approve": f"- /{ZWSP}architect approve",
    "src/architect_review/app.py": "src/architect_review/app.py",
    "a\u202eb\U000e0041c\ud800d\x07e": "abcde",
    "5 < 6 && 7 > 6": "5 &lt; 6 && 7 > 6",
}


@pytest.mark.parametrize(("text", "output"), CONSTRUCTS.items())
def test_what_is_on_the_list_stays_and_the_rest_becomes_text(
    text: str, output: str
) -> None:
    assert safe(text) == output
    assert_harmless(output)


def test_a_link_is_judged_as_it_will_be_written() -> None:
    asked: list[str] = []

    def note(href: str) -> bool:
        asked.append(href)
        return True

    text = "[a](https://h/x(1)) [b](https://h/%2e%2E/y) [c](https://u@h/) [d](ftp://h/)"
    output = markdown.safe(text, limit=500, links=note)
    assert asked == ["https://h/x%281%29"]
    assert page(output).hrefs == asked


def test_what_does_not_fit_goes_in_whole_blocks_and_says_so() -> None:
    assert safe("one\n\ntwo\n\nthree and more", 12) == "one\n\ntwo\n\n…"
    assert safe("- one\n- two\n- three and more", 17) == "- one\n- two\n\n…"
    assert safe("one two three four", 14) == "one two …"
    assert safe("one **two three** four", 17) == "one **two** …"
    assert safe("```py\none\ntwo\nthree\n```", 20) == "```py\none\ntwo\n…\n```"
    assert markdown.inline("one two three", limit=10) == "one two …"
    assert markdown.code("one two three", limit=10) == "`one two…`"
    assert safe("x" * 100, 20) == "x" * 18 + " …"
    rows = safe("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |", 50)
    assert rows == "| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |\n\n…"


HARD = {
    "brackets": "[" * 1_000_000,
    "images": "![](" * 250_000,
    "emphasis": "*a **b " * 150_000,
    "quotes": "> " * 500_000,
    "comments": "<!--" * 250_000,
    "backticks": "`" * 1_000_000,
    "mail": "a." * 500_000,
    "blanks": "a" + " " * 1_000_000 + "b",
    "lines": "\n" * 1_000_000,
    "invisible": "\u200b" * 1_000_000,
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_a_megabyte_meant_to_be_slow_is_not(text: str) -> None:
    started = time.process_time()
    for output in (
        safe(text),
        markdown.inline(text),
        markdown.code(text),
        markdown.fence(text, limit=5_000),
    ):
        assert len(output) <= 5_000
        assert_harmless(output)
    assert time.process_time() - started < 20


def test_deep_nesting_is_cut_off_and_not_an_error() -> None:
    assert_harmless(safe("".join("  " * depth + "- a\n" for depth in range(300))))
    assert_harmless(safe("*a **b " * 300 + "c** d*" * 300))


def test_code_shows_the_characters_that_hide_in_it() -> None:
    assert markdown.code("a\u202eb\nc|d`e") == "``aU+202Eb c\\|d`e``"
    assert markdown.code(" \n") == ""
    shown = markdown.fence("a\u200bb\n/architect x\n", "c++ x", limit=99)
    assert shown == f"```c++\naU+200Bb\n/{ZWSP}architect x\n```"


@pytest.mark.parametrize("word", ["suggestion", "Suggestion", "mermaid", "math", "a`b"])
def test_no_fence_gets_a_language_that_does_something(word: str) -> None:
    assert markdown.fence("x", word, limit=99) in ("```\nx\n```", "```a\nx\n```")


def test_a_suggestion_keeps_its_lines_and_fences() -> None:
    assert markdown.suggestion("") == "```suggestion\n```"
    assert markdown.suggestion("\ta @b\n") == "```suggestion\n\ta @b\n```"
    assert markdown.suggestion("```\nx") == "````suggestion\n```\nx\n````"
    assert not markdown.is_verbatim("a\n /architect approve")


@pytest.mark.parametrize(
    "login", ["octocat", "a-b", "org/team-1", "octo_corp", "a" * 39]
)
def test_a_login_can_be_mentioned(login: str) -> None:
    assert markdown.mention(login) == f"@{login}"


@pytest.mark.parametrize(
    "login",
    [
        *("", "@a", "-a", "a-", "a--b", "a b", "a/", "/a", "a/b/c", "a\n", "a]b", "é"),
        *("dependabot[bot]", "a" * 40, "a*b", "a/b\n@c", "a.b"),
    ],
)
def test_anything_else_cannot_be_mentioned(login: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        markdown.mention(login)


def test_a_permalink_leads_to_the_lines_at_the_commit() -> None:
    assert markdown.permalink(WEB, SHA, "a.py") == f"{BLOB}a.py"
    assert markdown.permalink(WEB, SHA, "a.py", 3, 3) == f"{BLOB}a.py#L3"
    assert markdown.permalink(WEB, SHA, "a.py", 3, 9) == f"{BLOB}a.py#L3-L9"
    assert markdown.permalink(WEB, SHA, "a.md", 3) == f"{BLOB}a.md?plain=1#L3"
    odd = markdown.permalink(WEB, SHA, "a b/(c)#?%é.py", 1)
    assert odd == f"{BLOB}a%20b/%28c%29%23%3F%25%C3%A9.py#L1"
    assert markdown.permalink(WEB, SHA, "../../x") == f"{WEB}/tree/{SHA}"


@given(nasty, nasty)
def test_a_link_of_ours_leads_where_it_says(text: str, path: str) -> None:
    url = markdown.permalink(WEB, SHA, f"src/{path}", 1)
    shown = page(f"x {markdown.link(text, url)}\n\n{SENTINEL}")
    assert shown.hrefs == [url.replace("'", "%27")]
    assert shown.tags <= {"p", "a", "code"}
    assert shown.top[-1] == SENTINEL


def test_a_link_takes_markdown_as_it_is_and_only_web_addresses() -> None:
    assert markdown.link(markdown.code("a"), WEB) == f"[`a`]({WEB})"
    assert markdown.link("a*", f"{WEB}/x(y) z") == rf"[a\*]({WEB}/x%28y%29%20z)"
    for url in ("javascript:x", "/x", "https://", "data:x"):
        with pytest.raises(ValueError, match="not a web address"):
            markdown.link("a", url)
