"""Three component maps, as a comment would hold them, for Mermaid itself to draw.

Written as JSON: the text inside each map's fence, and what must be seen of it.
"""

import json
import sys
from collections.abc import Mapping

from markdown_it import MarkdownIt

from architect_review.publication.diagram import mermaid, shortened
from architect_review.publication.rendering import render
from architect_review.signals.components import Kind
from architect_review.signals.impact import Impact, Node

HOSTILE = (
    '"]; click n1 href "https://example.invalid"',
    "%%{init: {'securityLevel': 'loose'}}%%",
    "<img src=x onerror=alert(1)>",
    "end",
    "`*bold* __init__` [x](y)",
    "1. list",
    "- item",
    "a\n```\n# heading\n@somebody",
    "#quot;&lt;&amp;#35;",
    "x" * 300,
    "naïve/größe",
)


def node(name: str, kind: Kind, files: int = 0) -> Node:
    """A node that is changed where files of it are."""
    return Node(name, kind, files > 0, files)


CHAIN = Impact(
    (
        node("shop.orders", Kind.PACKAGE, 3),
        node("shop/orders/migrations", Kind.DATABASE, 1),
        node("worker", Kind.SERVICE, 1),
    ),
    ((0, 1), (2, 0)),
)
DENSE = Impact(
    (
        node("shop.orders", Kind.PACKAGE, 12),
        node("shop.payments", Kind.PACKAGE, 4),
        node("shop.settings", Kind.MODULE, 1),
        node("shop/orders/migrations", Kind.DATABASE, 2),
        node("deploy/Dockerfile", Kind.IMAGE, 1),
        node("nightly-settlement", Kind.JOB, 1),
        node("shop.reporting.reconciliation_of_payments", Kind.PACKAGE),
        node("shop.web", Kind.PACKAGE),
        node("shop.admin", Kind.MODULE),
        node("web", Kind.SERVICE),
        node("worker", Kind.SERVICE),
    ),
    (
        *((0, 1), (1, 0), (0, 2), (0, 3), (1, 2), (4, 0), (5, 1), (5, 4), (6, 0)),
        *((6, 1), (6, 2), (7, 0), (7, 1), (7, 2), (8, 0), (8, 1), (8, 2), (9, 4)),
        *((9, 0), (10, 4), (10, 0), (10, 1), (9, 1), (5, 0)),
    ),
    more=17,
)
NAMES = Impact(
    tuple(
        node(name, kind, count % 3)
        for count, (name, kind) in enumerate(zip(HOSTILE, [*Kind] * 2, strict=False))
    ),
    tuple((at, at + 1) for at in range(0, len(HOSTILE) - 1, 2)),
)


def seen(impact: Impact) -> Mapping[str, object]:
    """The map's text out of the comment's fence, and what a reader must see of it."""
    comment = render("_impact.md.j2", links=lambda _: False, diagram=mermaid(impact))
    (fence,) = (t for t in MarkdownIt().parse(comment) if t.type == "fence")
    lookalikes = str.maketrans("<>", "‹›")
    names = [shortened(node.name).translate(lookalikes) for node in impact.nodes]
    more = [f"+{impact.more} more"] if impact.more else []
    return {
        "language": fence.info,
        "text": fence.content,
        "names": [*names, *more],
        "changed": sum(node.is_changed for node in impact.nodes),
        "edges": len({frozenset(edge) for edge in impact.edges}),
    }


maps = {"chain": seen(CHAIN), "dense": seen(DENSE), "names": seen(NAMES)}
json.dump(maps, sys.stdout)
