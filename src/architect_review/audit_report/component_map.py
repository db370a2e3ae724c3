"""The components of an audit and who uses whom, as Mermaid's flowchart text."""

from collections import Counter
from collections.abc import Iterator, Sequence

from architect_review.audit.components import ComponentKind
from architect_review.audit_report.parts import AuditComponent
from architect_review.publication.diagram import escaped, shortened
from architect_review.publication.markdown import Markdown

NODES_LIMIT = 12
"""Nodes of a map, with the one that counts what was left out."""

_SHAPES = {
    ComponentKind.SERVICE: ('(["', '"])'),
    ComponentKind.MIGRATIONS: ('[("', '")]'),
    ComponentKind.DEPLOYMENT: ('("', '")'),
    ComponentKind.DELIVERY: ('[["', '"]]'),
}
_BOX = ('["', '"]')
_BESIDE = (ComponentKind.TESTS, ComponentKind.DOCUMENTATION, ComponentKind.OTHER)
"""What does not run: shown where there is room."""
_HEAD = ("---", "config:", "  flowchart:", "    wrappingWidth: 320", "---")
# Amber stands out from light and from dark grounds.
_FOUND = "  classDef found stroke:#bf8700,stroke-width:3px"
_MORE = "  classDef more stroke-dasharray:4 3"


def component_map(components: Sequence[AuditComponent]) -> Markdown:
    """The inside of a `mermaid` fence; "" for fewer than two components.

    Those that are used, and use, the most are shown; `more` counts the others.
    """
    if len(components) < 2:
        return Markdown("")
    return Markdown("\n".join(_lines(components)))


def _lines(components: Sequence[AuditComponent]) -> Iterator[str]:
    shown = _shown(components)
    more = len(components) - len(shown)
    places = {each.name: number for number, each in enumerate(shown, 1)}
    yield from (*_HEAD, "flowchart LR")
    for number, each in enumerate(shown, 1):
        opening, closing = _SHAPES.get(each.kind, _BOX)
        mark = ":::found" if each.findings else ""
        yield f"  n{number}{opening}{_label(each)}{closing}{mark}"
    if more:
        yield f'  n{len(shown) + 1}["+{more} more"]:::more'
    edges = _edges(shown, places)
    for user, target in edges:
        is_mutual = (target, user) in edges
        if not is_mutual or user < target:
            yield f"  n{user} {'<-->' if is_mutual else '-->'} n{target}"
    yield _FOUND
    if more:
        yield _MORE


def _shown(components: Sequence[AuditComponent]) -> list[AuditComponent]:
    if len(components) <= NODES_LIMIT:
        return list(components)
    names = {each.name for each in components}
    degree: Counter[str] = Counter()
    for each in components:
        if each.kind not in _BESIDE:
            targets = (names & set(each.uses)) - {each.name}
            degree.update([*targets, *[each.name] * len(targets)])
    ranked = sorted(
        range(len(components)),
        key=lambda at: (
            components[at].kind in _BESIDE,
            -degree[components[at].name],
            -components[at].findings,
            at,
        ),
    )
    return [components[at] for at in sorted(ranked[: NODES_LIMIT - 1])]


def _edges(
    shown: Sequence[AuditComponent], places: dict[str, int]
) -> dict[tuple[int, int], None]:
    """Who uses whom, each once, by number; an ordered set."""
    return {
        (user, places[name]): None
        for user, each in enumerate(shown, 1)
        for name in each.uses
        if name in places and places[name] != user
    }


def _label(each: AuditComponent) -> str:
    what = each.kind.value
    if each.findings:
        what += f", {each.findings} finding{'' if each.findings == 1 else 's'}"
    return f"{escaped(shortened(each.name))}<br/>{what}"
