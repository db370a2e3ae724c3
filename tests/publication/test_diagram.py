"""Component maps as Mermaid's text: whatever the names are, only names."""

import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from architect_review.publication.diagram import (
    NAME_LIMIT,
    escaped,
    label,
    mermaid,
    shortened,
)
from architect_review.publication.rendering import render
from architect_review.signals.components import Kind
from architect_review.signals.impact import Impact, Node

NASTY = st.one_of(
    st.text(),
    st.text(alphabet='"`#;%{}[]()<>&|_*-=:@\n\\ aen1.'),
    st.lists(
        st.sampled_from(
            [
                '"]',
                "end",
                "click n1",
                "%%{init: {",
                "}}%%",
                "```",
                "#quot;",
                "\n",
                "---",
            ]
        )
    ).map(" ".join),
)
NODES = st.lists(
    st.builds(Node, NASTY, st.sampled_from(Kind), st.booleans(), st.integers(0, 99)),
    min_size=3,
    max_size=12,
)
LABEL = r"(?:[\w./ -]|#\d+;)+<br/>[a-z0-9, ]+"
NODE = re.compile(
    rf'  n\d+(?:\["{LABEL}"\]|\(\["{LABEL}"\]\)|\[\["{LABEL}"\]\]|\("{LABEL}"\)'
    rf'|\[\("{LABEL}"\)\])(?::::changed)?'
)


def decoded(text: str) -> str:
    """Entity codes as Mermaid turns them back."""
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text)


def a_map(*names: str, more: int = 0) -> Impact:
    """A map without edges of changed packages."""
    return Impact(tuple(Node(name, Kind.PACKAGE, True, 2) for name in names), (), more)


@given(NODES)
def test_no_name_ends_its_label_or_adds_a_line(nodes: list[Node]) -> None:
    lines = mermaid(Impact(tuple(nodes), ((0, 1), (2, 0)))).split("\n")
    plain = mermaid(a_map(*"abc")).split("\n")
    start = plain.index("flowchart LR") + 1

    assert lines[:start] == plain[:start]
    for line in lines[start : start + len(nodes)]:
        assert NODE.fullmatch(line), line
    assert lines[start + len(nodes) :] == [
        "  n1 --> n2",
        "  n3 --> n1",
        *plain[start + 3 :],
    ]


@given(NODES)
def test_a_map_stays_in_its_fence(nodes: list[Node]) -> None:
    diagram = mermaid(Impact(tuple(nodes), ()))

    said = render("_impact.md.j2", links=lambda _: False, diagram=diagram)

    fences = [each for each in MarkdownIt().parse(said) if each.type == "fence"]
    assert [(each.info, each.content) for each in fences] == [
        ("mermaid", f"{diagram}\n")
    ]
    assert said.startswith("<details><summary>Component map</summary>\n")
    assert said.endswith("</details>")


@given(NASTY)
def test_a_name_shows_as_it_is_but_for_angle_brackets(name: str) -> None:
    assert decoded(escaped(name)) == name.replace("<", "‹").replace(">", "›")


def test_no_markup_of_mermaid_markdown_or_html_is_left_of_a_name() -> None:
    assert escaped('"];\nclick') == "#34;#93;#59;#10;click"
    assert escaped("%%{init}%%") == "#37;#37;#123;init#125;#37;#37;"
    assert escaped("<b>&lt;#lt;") == "#8249;b#8250;#38;lt#59;#35;lt#59;"
    assert escaped("`*a*` __init__ 1. x") == (
        "#96;#42;a#42;#96; #95;#95;init#95;#95; 1#46; x"
    )
    assert escaped("- a") == "#45; a"


def test_ordinary_names_are_readable_in_the_text() -> None:
    for name in ("shop.orders", "shop/orders/migrations", "order_items-v2", "größe"):
        assert escaped(name) == name


@given(st.text(), st.integers(5, 40))
def test_a_name_is_one_visible_line_within_its_limit(name: str, limit: int) -> None:
    told = shortened(name, limit)

    assert 0 < len(told) <= limit
    assert told == " ".join(told.split())


def test_a_long_name_keeps_both_ends() -> None:
    told = shortened("shop.reporting.reconciliation_of_payments")

    assert told == "shop.reporting.…ion_of_payments"
    assert len(told) <= NAME_LIMIT


def test_what_changed_is_said_in_words_and_marked() -> None:
    nodes = (
        Node("shop.orders", Kind.PACKAGE, True, 3),
        Node("shop.models", Kind.MODULE, True, 1),
        Node("web", Kind.SERVICE, True, 2),
        Node("shop.web", Kind.PACKAGE, False),
    )

    assert [label(node).partition("<br/>")[2] for node in nodes] == [
        "package, 3 files changed",
        "module, changed",
        "service, changed",
        "package",
    ]
    lines = mermaid(Impact(nodes, ())).split("\n")
    assert [line.endswith(":::changed") for line in lines if "<br/>" in line] == [
        *(True, True, True, False)
    ]


def test_two_components_that_use_each_other_share_one_arrow() -> None:
    nodes = a_map("a", "b", "c").nodes

    said = mermaid(Impact(nodes, ((0, 1), (1, 0), (2, 1))))

    assert re.findall(r"n\d <?--> n\d", said) == ["n1 <--> n2", "n3 --> n2"]


def test_components_that_were_left_out_are_counted_in_a_node_of_their_own() -> None:
    said = mermaid(a_map("a", "b", "c", more=4))

    assert 'n4["+4 more"]:::more' in said
    assert "more" not in mermaid(a_map("a", "b", "c"))
