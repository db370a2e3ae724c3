"""What is live in a comment after GitHub's own renderer went over it.

GitHub looks for mentions in the text of the rendered HTML, outside code and links. So
entities and backslashes do not disarm a mention, and code does.
"""

import re
from collections import Counter
from html.parser import HTMLParser

from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options

_QUIET = {"code", "pre", "a"}
_MENTION = re.compile(r"(?<![\w`/])@([A-Za-z0-9][A-Za-z0-9-]*(?:/[A-Za-z0-9][\w-]*)?)")


class _Reader(HTMLParser):
    """Collects what a person, and GitHub's filters, would see."""

    def __init__(self, html_text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._quiet = 0
        self.feed(html_text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._quiet += tag in _QUIET

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML knows no self-closing code or link: what looks like one stays open.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag in _QUIET and self._quiet > 0

    def handle_data(self, data: str) -> None:
        self.text.append(" " if self._quiet else data)

    def values(self, tag: str, attribute: str) -> list[str]:
        return [
            attributes[attribute]
            for name, attributes in self.tags
            if name == tag and attribute in attributes
        ]


def html(markdown: str) -> str:
    """Render as GitHub does before its sanitiser, raw HTML let through."""
    rendered: str = github_flavored_markdown_to_html(
        markdown, options=Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    )
    return rendered


def live_mentions(markdown: str) -> list[str]:
    """Return the users (`name`) and teams (`org/name`) that would be mentioned."""
    return _MENTION.findall("".join(_Reader(html(markdown)).text))


def images(markdown: str) -> list[str]:
    """Return the address of every image, written in Markdown or HTML."""
    return _Reader(html(markdown)).values("img", "src")


def links(markdown: str) -> list[str]:
    """Return the target of every link, bare addresses that become links included."""
    return _Reader(html(markdown)).values("a", "href")


def raw_tags(markdown: str) -> list[str]:
    """Return the HTML tags that were written as such and came through, sorted."""
    filtered: str = github_flavored_markdown_to_html(
        markdown, options=Options.CMARK_OPT_FOOTNOTES
    )
    let_through = Counter(tag for tag, _ in _Reader(html(markdown)).tags)
    from_markdown = Counter(tag for tag, _ in _Reader(filtered).tags)
    return sorted((let_through - from_markdown).elements())
