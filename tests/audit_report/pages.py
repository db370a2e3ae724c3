"""A page as a parser reads it: elements, attributes, text, and what may be there."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from architect_review.publication.plain import has_invisible

_ANY = {"id", "class", "aria-labelledby", "aria-label", "hidden"}
_NONE: set[str] = set()
# fmt: off
ALLOWED = {
    "html": {"lang"}, "head": _NONE, "title": _NONE, "style": _NONE, "script": _NONE,
    "meta": {"charset", "name", "content", "http-equiv"},
    "body": _NONE, "header": _NONE, "nav": _NONE, "section": _NONE, "article": _NONE,
    "main": {"tabindex"}, "div": {"role", "tabindex"}, "span": {"aria-hidden"},
    "h1": _NONE, "h2": _NONE, "h3": _NONE, "p": {"role"}, "br": _NONE, "hr": _NONE,
    "a": {"href"}, "b": _NONE, "strong": _NONE, "em": _NONE, "s": _NONE, "code": _NONE,
    "pre": _NONE, "blockquote": _NONE, "ul": _NONE, "ol": {"start"}, "li": _NONE,
    "dl": _NONE, "dt": _NONE, "dd": _NONE, "details": {"open"}, "summary": _NONE,
    "figure": _NONE, "figcaption": _NONE, "label": _NONE, "button": {"type"},
    "input": {"type", "autocomplete"}, "select": _NONE, "option": {"value"},
    "table": _NONE, "caption": _NONE, "colgroup": _NONE, "col": _NONE, "thead": _NONE,
    "tbody": _NONE, "tr": _NONE, "th": {"scope"}, "td": _NONE,
    "svg": {"viewbox", "role", "width", "height"}, "desc": _NONE, "g": _NONE,
    "rect": {"x", "y", "width", "height", "rx"}, "path": {"d"}, "tspan": _NONE,
    "text": {"x", "y", "text-anchor"},
}
# fmt: on
_VOID = {"meta", "br", "hr", "input", "col", "rect", "path"}
_INLINE = {"a", "b", "code", "em", "s", "span", "strong", "tspan"}
_CLASS = re.compile("[a-z0-9 -]*")
_NUMBERS = re.compile(r"[-\d. MVCHlhz]*")


@dataclass
class Page(HTMLParser):
    """A parsed page. Raises AssertionError for anything that is not on the list."""

    html: str
    tags: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    hrefs: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    policy: str = ""
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        self.tags.append(tag)
        self.texts += [] if tag in _INLINE else [" "]
        for name, value in attrs:
            assert name in ALLOWED[tag] | _ANY, (tag, name)
            self._attribute(name, value or "")
        assert len({name for name, _ in attrs}) == len(attrs)
        if (dict(attrs)).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"] or ""
        if tag in ("h1", "h2", "h3"):
            self.headings.append(f"{tag} ")
        if tag not in _VOID:
            self.open.append(tag)

    def _attribute(self, name: str, value: str) -> None:
        assert not has_invisible(value)
        match name:
            case "id":
                self.ids.append(value)
            case "href":
                self.hrefs.append(value)
            case "aria-labelledby":
                self.labels += value.split()
            case "class":
                assert _CLASS.fullmatch(value), value
            case "d" | "x" | "y" | "width" | "height" | "viewbox" | "start":
                assert _NUMBERS.fullmatch(value), value

    def handle_endtag(self, tag: str) -> None:
        assert tag not in _VOID
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _VOID
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        if inside in ("script", "style"):
            getattr(self, f"{inside}s").append(data)
            return
        assert not has_invisible(data)
        self.texts.append(data)
        if {"h1", "h2", "h3"} & set(self.open):
            self.headings[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    @property
    def text(self) -> str:
        """Everything that is read, with single spaces."""
        return " ".join("".join(self.texts).split())


def hashed(text: str) -> str:
    """How a content security policy names a script."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
