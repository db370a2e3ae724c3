"""A component map as Mermaid's flowchart text.

Names come from others' paths and files. Every character that Mermaid, or Markdown in
its labels, may read as more than itself is written as an entity code (`#35;`), which
Mermaid turns back when everything is parsed.
"""

import re
from collections.abc import Iterator

from architect_review.publication.markdown import Markdown
from architect_review.publication.plain import without_invisible
from architect_review.signals.components import Kind
from architect_review.signals.impact import Impact, Node

NAME_LIMIT = 32
"""Characters shown of a name; what is longer loses its middle."""

_SHAPES = {
    Kind.PACKAGE: ('["', '"]'),
    Kind.MODULE: ('["', '"]'),
    Kind.SERVICE: ('(["', '"])'),
    Kind.JOB: ('[["', '"]]'),
    Kind.IMAGE: ('("', '")'),
    Kind.DATABASE: ('[("', '")]'),
}
_OPERATED = (Kind.SERVICE, Kind.JOB, Kind.IMAGE)
"""What one file describes many of, so that counting files says nothing."""
_PLAIN = re.compile(r"[^\w./ -]|^\W|(?<![^\W_])_|_(?![^\W_])|\.(?=\s|\Z)")
_LOOKALIKES = str.maketrans("<>", "‹›")
"""No tag is written, not even as codes."""
_WIDTH = 320
"""Pixels up to which a line of a label is not broken: a whole name and some more."""

_CHANGED = "classDef changed stroke:#bf8700,stroke-width:3px"
"""A colour that stands out from light and from dark grounds."""
_MORE = "classDef more stroke-dasharray:4 3"


def mermaid(impact: Impact) -> Markdown:
    """The map as the inside of a `mermaid` fence; at most some 5,000 characters."""
    return Markdown("\n".join(_lines(impact)))


def _lines(impact: Impact) -> Iterator[str]:
    yield from ("---", "config:", "  flowchart:", f"    wrappingWidth: {_WIDTH}", "---")
    yield "flowchart LR"
    for number, node in enumerate(impact.nodes, 1):
        opening, closing = _SHAPES[node.kind]
        mark = ":::changed" if node.is_changed else ""
        yield f"  n{number}{opening}{label(node)}{closing}{mark}"
    if impact.more:
        yield f'  n{len(impact.nodes) + 1}["+{impact.more} more"]:::more'
    edges = {*impact.edges}
    for user, target in impact.edges:
        is_mutual = (target, user) in edges
        if not is_mutual or user < target:
            arrow = "<-->" if is_mutual else "-->"
            yield f"  n{user + 1} {arrow} n{target + 1}"
    yield f"  {_CHANGED}"
    if impact.more:
        yield f"  {_MORE}"


def label(node: Node) -> str:
    """A node's name and, on a second line, what it is and how much of it changed."""
    what = node.kind.value
    if node.is_changed and (node.kind in _OPERATED or node.files < 2):
        what += ", changed"
    elif node.is_changed:
        what += f", {node.files} files changed"
    return f"{escaped(shortened(node.name))}<br/>{what}"


def shortened(name: str, limit: int = NAME_LIMIT) -> str:
    """A name of one line with at most `limit` characters, both ends kept."""
    told = " ".join(without_invisible(name).split()) or "?"
    if len(told) <= limit:
        return told
    half = (limit - 1) // 2
    return f"{told[:half]}…{told[-half:]}"


def escaped(text: str) -> str:
    """Text that shows as written inside a quoted Mermaid label."""
    return _PLAIN.sub(lambda found: f"#{ord(found[0])};", text.translate(_LOOKALIKES))
