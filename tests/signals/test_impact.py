"""The component map: what a change touches, and who depends on it."""

import posixpath
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.change.diff import Diff
from architect_review.change.mentions import search
from architect_review.change.sides import Scene, Sides
from architect_review.signals.impact import (
    EDGES_LIMIT,
    NODES_LIMIT,
    WORDS_LIMIT,
    Impact,
    asked,
    impact,
)
from signals.samples import rewritten
from standin.held import Held

Tree = Mapping[str, str]

SHOP: Tree = {
    "shop/__init__.py": "",
    "shop/orders/__init__.py": "",
    "shop/orders/models.py": "from shop.settings import LIMIT\n",
    "shop/payments/__init__.py": "from ..orders import models\n",
    "shop/settings.py": "LIMIT = 1\n",
    "shop/reports.py": "from shop.orders.models import Order\n",
    "shop/web/views.py": "from .. import payments\nif 1:\n  from ..orders import a\n",
    "shop/mail.py": "import smtplib\n",
    "tests/test_orders.py": "from shop.orders.models import Order\n",
    "docs/orders.py": "from shop.orders.models import Order\n",
    "manage.py": "import shop.settings\n",
}
TOUCHED = ("shop/orders/models.py", "shop/payments/__init__.py", "shop/settings.py")


def scene(base: Tree, head: Tree, *, searched: bool = True) -> Scene:
    """A change from one tree to another, with what `asked` wants found at the head."""
    changed = [
        path for path in sorted({*base, *head}) if base.get(path) != head.get(path)
    ]
    files = tuple(rewritten(path, base.get(path), head.get(path)) for path in changed)
    texts = {
        file.path: Sides(file, base.get(file.path), head.get(file.path))
        for file in files
    }
    bare = Scene(Diff(files), texts)
    words = [*asked(bare)]
    if not searched:
        return bare
    return replace(bare, mentions=search(Held(head), words))


def edited(tree: Tree, *paths: str) -> Tree:
    """The tree with one line more in some files."""
    return {
        path: f"{text}# edited\n" if path in paths else text
        for path, text in tree.items()
    }


def drawn(found: Impact | None) -> tuple[dict[str, str], set[str]]:
    """Names with kinds, those that changed in capitals; edges as `a > b`."""
    assert found
    names = [node.name for node in found.nodes]
    kinds = {
        node.name: node.kind.upper() if node.is_changed else node.kind.value
        for node in found.nodes
    }
    return kinds, {f"{names[user]} > {names[target]}" for user, target in found.edges}


def test_the_map_holds_what_changed_and_what_imports_it() -> None:
    kinds, edges = drawn(impact(scene(SHOP, edited(SHOP, *TOUCHED))))

    assert kinds == {
        "shop.orders": "PACKAGE",
        "shop.payments": "PACKAGE",
        "shop.settings": "MODULE",
        "shop.reports": "module",
        "shop.web": "package",
    }
    assert edges == {
        "shop.orders > shop.settings",
        "shop.payments > shop.orders",
        "shop.reports > shop.orders",
        "shop.web > shop.orders",
        "shop.web > shop.payments",
    }


def test_without_a_search_the_map_holds_the_change_alone() -> None:
    kinds, edges = drawn(impact(scene(SHOP, edited(SHOP, *TOUCHED), searched=False)))

    assert [*kinds] == ["shop.orders", "shop.payments", "shop.settings"]
    assert edges == {"shop.orders > shop.settings", "shop.payments > shop.orders"}


def test_two_touched_components_need_no_map_and_no_search() -> None:
    few = scene(SHOP, edited(SHOP, *TOUCHED[:2], "shop/orders/__init__.py"))

    assert impact(few) is None
    assert [*asked(few)] == []


def test_tests_documents_tools_and_vendored_files_are_no_components() -> None:
    paths = (
        "tests/a/test_a.py",
        "docs/conf.py",
        "vendor/lib/a.py",
        "shop/tests/helpers.py",
        "scripts/release.py",
        "setup.py",
        "deployed/settings.example.py",
        "examples/demo.py",
        "shop/proto_pb2.py",
        "shop/static/app.js",
        "README.md",
    )
    head = {**SHOP, **dict.fromkeys(paths, "import shop.orders\n")}

    assert impact(scene(SHOP, head)) is None


def test_a_package_that_is_gone_is_touched() -> None:
    head = {
        path: text
        for path, text in edited(SHOP, *TOUCHED[1:]).items()
        if not path.startswith("shop/orders/")
    }

    kinds, edges = drawn(impact(scene(SHOP, head)))

    assert kinds["shop.orders"] == "PACKAGE"
    assert "shop.reports > shop.orders" in edges


def test_several_packages_side_by_side_are_the_components() -> None:
    tree = {
        "api/__init__.py": "",
        "api/views.py": "import core.models\n",
        "core/__init__.py": "",
        "core/models.py": "",
        "jobs/__init__.py": "from core import models\n",
        "web/__init__.py": "",
        "web/pages.py": "from core.models import Order\n",
    }
    kinds, edges = drawn(
        impact(
            scene(
                tree, edited(tree, "api/views.py", "core/models.py", "jobs/__init__.py")
            )
        )
    )

    assert kinds == {
        "api": "PACKAGE",
        "core": "PACKAGE",
        "jobs": "PACKAGE",
        "web": "package",
    }
    assert edges == {"api > core", "jobs > core", "web > core"}


def test_packages_below_other_folders_are_found_by_their_init_files() -> None:
    tree = {f"backend/src/{path}": text for path, text in SHOP.items()}
    head = edited(tree, *(f"backend/src/{path}" for path in TOUCHED))

    kinds, edges = drawn(impact(scene(tree, head)))

    assert kinds["shop.web"] == "package"
    assert "shop.payments > shop.orders" in edges


def test_packages_of_one_name_are_told_apart_by_their_folders() -> None:
    tree = {
        f"services/{service}/app/{path}": text
        for service in ("mail", "pay", "web")
        for path, text in {
            "__init__.py": "",
            "main.py": "from app.core import run\n",
            "core.py": "",
        }.items()
    }
    paths = [path for path in tree if path.endswith("core.py")]

    kinds, edges = drawn(impact(scene(tree, edited(tree, *paths))))

    assert [*kinds] == ["services/mail/app", "services/pay/app", "services/web/app"]
    assert edges == set()


def test_a_package_uses_the_database_whose_migrations_it_holds() -> None:
    migration = "shop/orders/migrations/0002_total.py"
    head = {**edited(SHOP, *TOUCHED[:2]), migration: "import shop.mail\n"}

    kinds, edges = drawn(impact(scene(SHOP, head)))

    assert kinds["shop/orders/migrations"] == "DATABASE"
    assert "shop.orders > shop/orders/migrations" in edges


def test_alembic_has_one_database_of_all_its_folders() -> None:
    head = {
        **edited(SHOP, *TOUCHED[:2]),
        "alembic/env.py": "from shop.orders.models import Order\n",
        "alembic/versions/0a1b2c3d4e5f_total.py": "",
    }

    assert drawn(impact(scene(SHOP, head)))[0]["alembic"] == "DATABASE"


COMPOSE = """\
services:
  web:
    build: .
    command: gunicorn shop.web.wsgi:app
    depends_on: [db]
  worker:
    build: {context: ., dockerfile: docker/worker.Dockerfile}
    command: ["celery", "-A", "shop.orders", "worker"]
    depends_on:
      db: {condition: service_healthy}
  db:
    image: postgres:16
"""


def test_services_use_what_they_run_what_they_wait_for_and_their_image() -> None:
    tree = {**SHOP, "compose.yml": COMPOSE, "docker/worker.Dockerfile": "FROM a\n"}
    head = {
        **edited(tree, "shop/orders/models.py"),
        "compose.yml": COMPOSE.replace("postgres:16", "postgres:17"),
        "docker/worker.Dockerfile": "FROM b\nCMD python -m shop.settings\n",
    }

    kinds, edges = drawn(impact(scene(tree, head)))

    assert kinds == {
        "shop.orders": "PACKAGE",
        "db": "DATABASE",
        "docker/worker.Dockerfile": "IMAGE",
        "web": "service",
        "worker": "service",
        "shop.payments": "package",
        "shop.reports": "module",
        "shop.web": "package",
    }
    assert edges >= {
        "web > db",
        "worker > db",
        "worker > shop.orders",
        "worker > docker/worker.Dockerfile",
    }


def test_only_the_entries_that_differ_are_touched_wherever_they_stand() -> None:
    tree = {**SHOP, "compose.yml": COMPOSE}
    moved = COMPOSE.replace("services:", "# moved\nservices:").replace(
        "shop.web.wsgi", "shop.web.asgi"
    )
    head = {**edited(tree, *TOUCHED[:2]), "compose.yml": moved}

    kinds, _ = drawn(impact(scene(tree, head)))

    assert (kinds["web"], kinds["worker"]) == ("SERVICE", "service")
    assert "db" not in kinds


def test_kubernetes_jobs_and_workloads_are_components() -> None:
    manifest = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          containers: [{name: a, image: shop, args: [python, -m, shop.reports]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    spec:
      containers: [{name: a, image: shop, command: [gunicorn, "shop.web:app"]}]
"""
    base = {**SHOP, "k8s/shop.yaml": manifest}
    head = {
        **edited(base, "shop/reports.py", "shop/web/views.py"),
        "k8s/shop.yaml": manifest.replace("0 3", "0 4"),
    }

    kinds, edges = drawn(impact(scene(base, head)))

    assert (kinds["nightly"], kinds["api"]) == ("JOB", "service")
    assert edges == {"nightly > shop.reports", "api > shop.web"}


def test_unchanged_files_that_run_a_touched_component_depend_on_it() -> None:
    tree = {
        **SHOP,
        "Dockerfile": "FROM a\nCOPY shop.orders /x\nCMD python -m shop.orders\n",
        "Procfile": "worker: celery -A shop.orders worker\n",
        "compose.yml": "services:\n  a:\n    command: run shop.payments\n",
        "compose.dev.yml": "services:\n  a:\n    command: run shop.payments\n",
        "notes.yml": "command: shop.payments\n",
    }

    kinds, edges = drawn(impact(scene(tree, edited(tree, *TOUCHED))))

    assert (kinds["Dockerfile"], kinds["worker"]) == ("image", "service")
    assert {edge for edge in edges if not edge.startswith("shop.")} == {
        "Dockerfile > shop.orders",
        "worker > shop.orders",
        "compose.yml > shop.payments",
    }


def test_a_package_that_only_wraps_another_is_looked_into() -> None:
    tree = {f"acme/{path}": text for path, text in SHOP.items()}
    tree = {**tree, "acme/__init__.py": ""}

    kinds, _ = drawn(impact(scene(tree, edited(tree, *(f"acme/{p}" for p in TOUCHED)))))

    assert kinds["acme.shop.orders"] == "PACKAGE"


def test_past_twelve_nodes_one_counts_the_rest() -> None:
    tree = {
        f"shop/p{n:02}/__init__.py": f"import shop.p{n - 1:02}\n" for n in range(30)
    }
    tree = {**tree, "shop/__init__.py": ""}

    def touched(count: int) -> Impact:
        paths = [f"shop/p{2 * n:02}/__init__.py" for n in range(count)]
        found = impact(scene(tree, edited(tree, *paths)))
        assert found
        return found

    assert (len(touched(6).nodes), touched(6).more) == (12, 0)
    assert (len(touched(7).nodes), touched(7).more) == (11, 3)
    assert [node.is_changed for node in touched(13).nodes] == [True] * 11


def test_the_dependents_with_most_imports_stay() -> None:
    tree = {
        "shop/__init__.py": "",
        **{f"shop/c{n:02}.py": "" for n in range(10)},
        **{f"shop/u{n}.py": "import shop.c00\n" * (n + 1) for n in range(4)},
    }
    paths = [f"shop/c{n:02}.py" for n in range(10)]

    found = impact(scene(tree, edited(tree, *paths)))

    assert found
    assert [node.name for node in found.nodes[10:]] == ["shop.u3"]
    assert found.more == 3


def test_of_too_many_edges_those_to_databases_and_services_stay() -> None:
    names = [f"shop/c{n}/__init__.py" for n in range(8)]
    text = "".join(f"from shop import c{n}\n" for n in range(8))
    tree = {"shop/__init__.py": "", **dict.fromkeys(names, text)}
    head = {**edited(tree, *names), "shop/c1/migrations/0001_first.py": ""}

    _, edges = drawn(impact(scene(tree, head)))

    assert len(edges) == EDGES_LIMIT
    assert "shop.c1 > shop/c1/migrations" in edges


def test_a_file_that_is_no_python_is_touched_and_imports_nothing() -> None:
    head = {**edited(SHOP, *TOUCHED), "shop/orders/models.py": "def (:\n"}

    kinds, edges = drawn(impact(scene(SHOP, head)))

    assert kinds["shop.orders"] == "PACKAGE"
    assert "shop.orders > shop.settings" not in edges


def test_what_is_asked_names_components_as_imports_do() -> None:
    words = [*asked(scene(SHOP, edited(SHOP, *TOUCHED)))]

    assert words == [
        "shop.orders",
        "shop.payments",
        "shop.settings",
        ".orders",
        ".payments",
        ".settings",
        "import orders",
        "import payments",
        "import settings",
    ]


def test_a_module_at_the_top_is_asked_for_by_whole_statements() -> None:
    tree = {
        "app.py": "import store\n",
        "store.py": "",
        "mail.py": "",
        "web.py": "from mail import send\n",
    }
    words = [*asked(scene(tree, edited(tree, "app.py", "store.py", "mail.py")))]

    assert words[:2] == ["from app", "import app"]
    kinds, edges = drawn(
        impact(scene(tree, edited(tree, "app.py", "store.py", "mail.py")))
    )
    assert kinds["web"] == "module"
    assert edges == {"app > store", "web > mail"}


def test_names_of_any_length_take_no_time_to_speak_of() -> None:
    long = ".a" * 2_000
    many = ", ".join(f"a{n}" for n in range(100_000))
    head = {
        **edited(SHOP, *TOUCHED[1:]),
        "shop/orders/models.py": f"from {long} import b\nimport shop{long}\n",
        "shop/mail.py": f"from .orders import {many}\n",
    }

    assert "shop.mail > shop.orders" in drawn(impact(scene(SHOP, head)))[1]


WORDS = st.sampled_from(
    (
        *("shop", "orders", "..", "migrations", "versions", "src", "tests", ""),
        *("__init__.py", "0001.py", "a.py", "b.py", "c.py"),
        *("Dockerfile", "compose.yml", "k.yaml", "Procfile"),
    )
)
PATHS = st.lists(WORDS, min_size=1, max_size=5).map(
    lambda parts: posixpath.join(*parts)
)
TEXTS = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["import shop.orders", "from .... import a", "from . import *", COMPOSE]
    ),
)
TREES = st.dictionaries(PATHS.filter(bool), TEXTS, max_size=12)


@settings(max_examples=60)
@given(TREES, TREES)
def test_any_change_gives_a_map_within_its_limits_or_none(
    base: Tree, head: Tree
) -> None:
    change = scene(base, head)
    found = impact(change)

    assert len([*asked(change)]) <= WORDS_LIMIT
    if found:
        assert sum(node.is_changed for node in found.nodes) >= 3
        assert len(found.nodes) + (found.more > 0) <= NODES_LIMIT
        assert len(set(found.edges)) == len(found.edges) <= EDGES_LIMIT
        for user, target in found.edges:
            assert user != target
            assert found.nodes[target].is_changed
