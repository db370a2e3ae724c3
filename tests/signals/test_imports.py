"""What packages import, and what the rest of the repository says about it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.change.diff import Diff
from architect_review.change.mentions import PER_WORD_LIMIT, Mention, Mentions, search
from architect_review.signals import Evidence, detect
from architect_review.signals.importing import (
    Edge,
    edges,
    imports,
    line_imports,
    packages_of,
)
from signals.samples import change_of, rewritten
from standin.held import Held

BOOK = "from shop.billing.invoice import send\n"
TREE = {
    "shop/orders/book.py": BOOK,
    "shop/orders/cart.py": "CART = 1\n",
    "shop/billing/invoice.py": "def send(): pass\n",
}


def _found(
    mentions: Mentions | None, name: str = "import-edge-added"
) -> list[Evidence]:
    change = change_of(Diff((rewritten("shop/orders/book.py", "A = 1\n", BOOK),)))
    heads = {"shop/orders/book.py": BOOK}
    found = detect(change, heads, None if mentions is None else lambda words: mentions)
    return [each for s in found.found if s.name == name for each in s.evidence]


def _searched(tree: dict[str, str], missing: str = "") -> Mentions:
    names = ("billing", "orders")
    words = [f"{start}{name}" for name in names for start in ("shop.", "..", "import ")]
    found = search(Held(tree), words)
    return Mentions(found.of, found.paths, missing)


def test_an_import_that_no_file_of_the_package_had_is_new() -> None:
    (evidence,) = _found(_searched(TREE))

    assert (evidence.path, evidence.start) == ("shop/orders/book.py", 1)
    assert evidence.fact.startswith("`shop.orders` imports `shop.billing`")


def test_without_a_search_nothing_is_said_about_imports() -> None:
    assert _found(None) == []
    assert _found(Mentions(paths=frozenset(TREE))) == []


def test_a_search_that_did_not_see_everything_proves_nothing() -> None:
    assert _found(_searched(TREE, missing="no permission")) == []


def test_as_many_mentions_as_are_kept_may_have_been_cut() -> None:
    many = {f"docs/{n}.txt": "shop.billing\n" for n in range(PER_WORD_LIMIT)}

    assert _found(_searched({**many, **TREE})) == []


def test_an_unchanged_file_that_imports_the_same_package_makes_it_known() -> None:
    for line in (
        "import shop.billing",
        "from ..billing import x",
        "from .. import billing",
    ):
        tree = {**TREE, "shop/orders/cart.py": f"def late():\n    {line}\n"}

        assert _found(_searched(tree)) == []


def test_a_way_back_in_an_unchanged_file_makes_a_cycle_and_is_named() -> None:
    tree = {**TREE, "shop/billing/invoice.py": "import os\nfrom shop import orders\n"}

    (evidence,) = _found(_searched(tree), "import-cycle-added")

    assert "shop/billing/invoice.py:2" in evidence.fact


def test_a_removed_symbol_says_which_unchanged_file_still_imports_it() -> None:
    files = (rewritten("shop/api.py", "def fetch(): pass\n", "A = 1\n"),)
    lines = {
        "shop/a.md": "from shop.api import fetch",
        "shop/b.py": "from other import fetch",
        "shop/c.py": "    fetch()",
        "shop/d.py": "    from .api import send, fetch  # late",
    }
    told = tuple(Mention(path, 12, line) for path, line in lines.items())
    mentions = Mentions({"fetch": told}, frozenset(lines))

    found = detect(
        change_of(Diff(files)), {"shop/api.py": "A = 1\n"}, lambda w: mentions
    )

    facts = {s.name: s.evidence[0].fact for s in found.found}
    assert facts["public-symbol-removed"] == (
        "Public function `fetch` is removed, but `shop/d.py:12` still names it."
    )


@pytest.mark.parametrize(
    ("path", "packages"),
    [
        ("shop/orders/book.py", ("shop", "shop.orders")),
        ("src/shop/book.py", ("shop",)),
        ("src/shop/orders/deep/book.py", ("shop", "shop.orders")),
        ("setup.py", ()),
        ("shop/tests/test_a.py", ()),
        ("my-shop/a.py", ()),
        ("shop/a.md", ()),
    ],
)
def test_a_path_says_which_packages_its_file_is_in(
    path: str, packages: tuple[str, ...]
) -> None:
    assert packages_of(path) == packages


@pytest.mark.parametrize(
    ("line", "edge"),
    [
        ("import shop.billing.invoice as i", Edge("shop.orders", "shop.billing")),
        ("import json, shop.billing", Edge("shop.orders", "shop.billing")),
        ("from shop import web, billing", Edge("shop.orders", "shop.billing")),
        ("from ..billing import (", Edge("shop.orders", "shop.billing")),
        ("from .. import billing as b  # x", Edge("shop.orders", "shop.billing")),
        ("from billing import models", Edge("shop", "billing")),
    ],
)
def test_a_line_says_where_an_import_leads(line: str, edge: Edge) -> None:
    path = "shop/orders/book.py"

    assert edge in {each for each, _ in edges(path, line_imports(line))}
    if not line.endswith("("):
        assert edge in {each for each, _ in edges(path, imports(line))}


def test_an_import_above_the_top_leads_nowhere() -> None:
    assert list(edges("shop/a.py", imports("from ...x import y\n"))) == []


@settings(max_examples=200)
@given(st.text(" .,()#\tabfromimport", max_size=40), st.text("abs/.py", max_size=20))
def test_any_line_and_path_give_some_edges_or_none(line: str, path: str) -> None:
    for edge, _ in edges(path, line_imports(line)):
        assert edge.source != edge.target
