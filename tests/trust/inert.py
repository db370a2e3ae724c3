"""What is live in the comments of a run, looked at in one go."""

import re
from collections.abc import Set
from html.parser import HTMLParser

from oracles import markdown
from trust.trial import WEB

SENTINEL = "Sentinel paragraph"
OURS = {"details", "summary", "sub", "br"}
_REFERENCE = re.compile(
    r"(?<![\w&])#\d|\bGH-\d|(?<![\w/])@[A-Za-z0-9]|\b[0-9a-f]{40}\b|https?://|www\.\w",
    re.I,
)


class _Said(HTMLParser):
    """Text outside of code and links, tags and addresses."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.loud: list[str] = []
        self.hrefs: list[str] = []
        self.tags: set[str] = set()
        self.depth = 0
        self.details = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.depth += tag in ("code", "pre", "a")
        self.details += tag == "details"
        self.hrefs += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in ("code", "pre", "a") and self.depth > 0
        self.details -= tag == "details"

    def handle_data(self, data: str) -> None:
        self.loud.append(" " if self.depth else data)
        assert data.strip() != SENTINEL or (self.depth, self.details) == (0, 0)


_PLAIN = {"p", "strong", "em", "del", "code", "pre", "a", "ul", "ol", "li", "hr"}
_PLAIN |= {"blockquote", "table", "thead", "tbody", "tr", "th", "td", "h2", "h3"}


def assert_inert(
    comments: list[str],
    leads: tuple[str, ...] = (),
    chapters: Set[str] = frozenset(),
) -> None:
    """Nothing in these comments is live but our own links and these mentions.

    `chapters` are tags that a document of ours has and no comment.
    """
    ends = f"\n\n{SENTINEL}\n\n"
    bare = [re.sub(r"\A<!-- architect-review:[^>]* -->\n\n", "", e) for e in comments]
    html = markdown.html(ends.join([*bare, ""]))
    said = _Said(html)
    assert html.count(f"<p>{SENTINEL}</p>") == len(comments)
    assert said.tags <= _PLAIN | OURS | chapters, said.tags - _PLAIN - OURS
    assert all(each.startswith(f"{WEB}/") for each in said.hrefs), said.hrefs
    loud = "".join(said.loud)
    for lead in leads:
        loud = loud.replace(f"@{lead}", "", 1)
    assert not _REFERENCE.search(loud), _REFERENCE.search(loud)
    for each in bare:
        assert "<!--" not in re.sub(r"(?s)(`+).*?\1", "", each)
        assert not re.search(r"(?mi)^[\s>]*/architect", each)
