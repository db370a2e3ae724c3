"""What code alone says of components: facts, who uses whom, signals that hold."""

import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from architect_review.adapters.git import GitRepository
from architect_review.audit.component_change import added
from architect_review.audit.components import Component, ComponentKind
from architect_review.audit.cutting import cut
from architect_review.audit.observing import Material, Observed, observed
from architect_review.audit.survey import Facts, Survey, Technology
from architect_review.audit.surveying import survey
from architect_review.audit.technologies import technologies
from architect_review.change.change import Change
from architect_review.change.diff import Diff
from architect_review.change.snapshot import Entry, EntryKind
from architect_review.errors import SettingsError, SourceError
from architect_review.request.declared import SignalWeight
from architect_review.request.settings import Settings
from architect_review.signals import DETECTORS, detect
from change.planted import ALNUM, body
from signals.samples import change_of, samples
from standin.repository import Repository

TOKEN = "ghp_" + body(36, ALNUM)


class Held:
    """A snapshot of texts, which remembers what was read of it together."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.reads: list[set[str]] = []

    def entries(self) -> Mapping[str, Entry]:
        return {
            path: Entry(EntryKind.FILE, len(text), f"{number:040x}")
            for number, (path, text) in enumerate(sorted(self.files.items()))
        }

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        wanted = list(paths)
        self.reads.append(set(wanted))
        return ((path, self.files[path]) for path in wanted)


WHOLE = replace(change_of(Diff()), number=None, title="Everything")


def component(name: str, *paths: str, kind: str = "package") -> Component:
    return Component(name, ComponentKind(kind), tuple(sorted(paths)), 0)


def parts(files: Mapping[str, str], *folders: str) -> tuple[Component, ...]:
    """A component for each folder, with everything in it."""
    return tuple(
        component(folder, *(path for path in files if path.startswith(f"{folder}/")))
        for folder in folders
    )


def surveyed(
    files: Mapping[str, str], *components: Component, settings: Settings | None = None
) -> Survey:
    return survey(WHOLE, components, Held(files), settings or Settings())


def facts(found: Survey) -> dict[str, Facts]:
    return {each.component.name: each for each in found.facts}


SHOP = {
    "src/shop/__init__.py": "",
    "src/shop/billing/__init__.py": "from shop.billing.invoices import Invoice\n",
    "src/shop/billing/invoices.py": (
        "from decimal import Decimal\n"
        "from ..store import session\n"
        "LIMIT = 3\n"
        "def due(x):\n    return x\n"
        "def _hidden():\n    pass\n"
        "class Invoice:\n    def pay(self):\n        pass\n"
    ),
    "src/shop/billing/page.html": "<p>\n</p>\n",
    "src/shop/store/__init__.py": "",
    "src/shop/store/session.py": "import sqlalchemy\nimport shop.api\n",
    "src/shop/api/__init__.py": "from shop import billing, store\n",
    "src/shop/api/routes.py": "from shop.billing import invoices\n",
    "tests/test_billing.py": "from shop.billing import (\n    invoices,\n)\n",
}
SHOP_PARTS = (
    *parts(SHOP, "src/shop/billing", "src/shop/store", "src/shop/api"),
    component("tests", "tests/test_billing.py", kind="tests"),
)


def test_a_component_is_told_by_its_languages_names_and_uses() -> None:
    found = surveyed(SHOP, *SHOP_PARTS)
    billing = facts(found)["src/shop/billing"]

    assert [each.component for each in found.facts] == list(SHOP_PARTS)
    assert billing.languages == (("Python", 11), ("HTML", 2))
    assert billing.lines == 13
    assert billing.symbols == (
        "invoices.Invoice",
        "invoices.due",
        "invoices.LIMIT",
    )
    assert {name: each.uses for name, each in facts(found).items()} == {
        "src/shop/billing": ("src/shop/store",),
        "src/shop/store": ("src/shop/api",),
        "src/shop/api": ("src/shop/billing", "src/shop/store"),
        "tests": ("src/shop/billing",),
    }
    beside = found.neighbours("src/shop/api")
    assert [each.component.name for each in beside] == [
        "src/shop/billing",
        "src/shop/store",
    ]
    assert not facts(found)["tests"].symbols


def test_of_packages_with_one_name_the_nearest_is_meant() -> None:
    files = {
        f"services/{name}/app/{module}": text
        for name in ("billing", "mail")
        for module, text in {
            "__init__.py": "",
            "db.py": "",
            "main.py": "from app import db\n",
        }.items()
    } | {"services/mail/worker/__init__.py": "import app.db\n"}
    found = surveyed(
        files,
        *parts(files, "services/billing/app", "services/mail/app"),
        *parts(files, "services/mail/worker"),
    )

    assert facts(found)["services/mail/worker"].uses == ("services/mail/app",)
    assert facts(found)["services/mail/app"].uses == ()


def test_a_file_that_cannot_be_parsed_is_a_named_gap() -> None:
    files = {
        "app/good.py": "class Good: pass\n",
        "app/bad.py": "def (\n",
        "app/pyproject.toml": "[project\n",
        "app/compose.yaml": "services: [\n",
        "app/latin.py": "caf\ufffd = 1\n\x00",
    }

    (only,) = surveyed(files, *parts(files, "app")).facts

    assert only.symbols == ("good.Good",)
    said = " ".join(gap.reason for gap in only.gaps)
    for path in ("app/bad.py", "app/pyproject.toml", "app/compose.yaml"):
        assert said.count(path) == 1
    assert {gap.detector for gap in only.gaps} == {"files"}


RISKY = {
    "app/pay.py": (
        "import requests\n"
        "def pay():\n"
        "    try:\n        go()\n    except Exception:\n        pass\n"
        "    return requests.get('https://x.example', verify=False)  # noqa\n"
    ),
    "app/Dockerfile": "FROM python:3.14\n",
    "app/requirements.txt": "sqlalchemy>=2\n",
    "app/views.py": "from fastapi import FastAPI\napp = FastAPI()\n"
    "@app.get('/x')\ndef x(): pass\n",
}


def test_signals_are_those_that_hold_at_any_time() -> None:
    (only,) = surveyed(RISKY, *parts(RISKY, "app")).facts

    assert {each.name for each in only.signals} == {
        "access-lines-changed",
        "broad-except-added",
        "escape-hatch-added",
    }
    assert {each.meaning for each in only.signals} == {
        DETECTORS[each.name].standing for each in only.signals
    }


def test_the_repositorys_own_weights_hold() -> None:
    quiet = Settings.model_construct(
        **dict(Settings()) | {"signals": {"broad-except-added": SignalWeight.OFF}}
    )
    wrong = Settings.model_construct(
        **dict(Settings()) | {"signals": {"no-such-signal": SignalWeight.OFF}}
    )

    (only,) = surveyed(RISKY, *parts(RISKY, "app"), settings=quiet).facts

    assert "broad-except-added" not in {each.name for each in only.signals}
    with pytest.raises(SettingsError, match="no-such-signal"):
        surveyed(RISKY, settings=wrong)


@pytest.mark.parametrize(
    "name", sorted(name for name, each in DETECTORS.items() if each.standing)
)
def test_a_detector_that_holds_at_any_time_finds_something_in_code_as_it_stands(
    name: str,
) -> None:
    found = [
        signal
        for sample in samples()
        if sample.detector == name
        for signal in detect(_standing(sample.head), {}, standing=True).found
        if signal.name == name
    ]

    assert found
    assert not any(each.is_removed for signal in found for each in signal.evidence)


def _standing(files: Mapping[str, str]) -> Change:
    return change_of(Diff(tuple(added(path, text) for path, text in files.items())))


def test_a_range_has_every_signal_told_by_component(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    big = "x = 1\n" * 2_000
    base = repository.commit({"app/a.py": big, "app/b.py": big, "app/c.py": big})
    head = repository.commit({**RISKY, "lib/x.py": "y = 1\n"}, parents=[base])
    source = GitRepository(repository.git_dir)
    change = source.change(source.range(base, head))
    snapshot = source.snapshot(head)
    components = cut(snapshot.entries())

    found = survey(change, components, snapshot, Settings(), is_range=True)

    app = facts(found)["app"]
    assert {
        "architectural-dependency",
        "broad-except-added",
        "deployable-added-or-removed",
        "route-added",
    } <= {each.name for each in app.signals}
    for each in found.facts:
        paths = {e.path for signal in each.signals for e in signal.evidence}
        assert paths <= set(each.component.paths)


def test_no_known_secret_is_learnt() -> None:
    files = {
        "app/a.py": f'TOKEN = "{TOKEN}"  # noqa\n',
        "tests/test_a.py": f'def test_a(): assert "{TOKEN}"  # noqa\n',
        "app/compose.yaml": f"services:\n  db:\n    image: postgres:{TOKEN}\n",
    }

    tests = component("tests", "tests/test_a.py", kind="tests")
    found = surveyed(files, *parts(files, "app"), tests)

    assert TOKEN not in repr(found)
    assert "«redacted:" in repr(found)


def test_one_components_texts_are_read_at_a_time_and_no_tools_files() -> None:
    files = {
        **SHOP,
        "src/shop/api/vendor/lib.js": "x",
        "src/shop/api/uv.lock": "x",
        "src/shop/api/a_pb2.py": "x",
        "src/shop/api/logo.png": "x",
    }
    held = Held(files)
    components = parts(files, "src/shop/api", "src/shop/store")
    seen: list[tuple[int, int, int]] = []

    survey(
        WHOLE,
        components,
        held,
        Settings(),
        progress=lambda done, total: seen.append((done, total, len(held.reads))),
    )

    assert seen == [(1, 2, 1), (2, 2, 2)]
    assert held.reads[0] == {"src/shop/api/__init__.py", "src/shop/api/routes.py"}


def test_the_work_can_be_spread_over_processes() -> None:
    def sent(call: object, materials: Iterable[Material]) -> Iterator[Observed]:
        for each in materials:
            found = observed(pickle.loads(pickle.dumps(each)))
            yield pickle.loads(pickle.dumps(found))

    spread = survey(WHOLE, SHOP_PARTS, Held(SHOP), Settings(), spread=sent)

    assert spread == surveyed(SHOP, *SHOP_PARTS)
    assert pickle.loads(pickle.dumps(observed)) is observed


def test_a_repository_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    snapshot = GitRepository(repository.git_dir).snapshot("7" * 40)

    with pytest.raises(SourceError):
        survey(WHOLE, SHOP_PARTS, snapshot, Settings())


def test_this_much_is_known_of_a_component_without_text() -> None:
    gone = component("gone", "gone.py")
    (only,) = survey(WHOLE, (gone,), Empty({}), Settings()).facts

    assert only == Facts(gone)


class Empty(Held):
    """A snapshot that has none of the files, as of those a range deletes."""

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        return iter(())


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "pyproject.toml",
            '[project]\nrequires-python = ">=3.12"\n'
            'dependencies = ["celery[redis]>=5", "rich"]\n',
            {
                ("celery", "job queue or broker", ">=5"),
                ("Python", "language", ">=3.12"),
            },
        ),
        (
            "package.json",
            '{"engines": {"node": ">=22"}, "dependencies": {"express": "^5"}}',
            {
                ("express", "web framework or server", "^5"),
                ("Node.js", "runtime", ">=22"),
            },
        ),
        (".python-version", "3.13.1\n", {("Python", "language", "3.13.1")}),
        ("go.mod", "module x\n\ngo 1.24\n", {("Go", "language", "1.24")}),
        ("Cargo.toml", "[package]\n", {("Rust", "language", "")}),
        (
            "Dockerfile",
            "FROM ghcr.io:443/astral/uv:python3.13 AS a\n",
            {("ghcr.io:443/astral/uv", "base image", "python3.13")},
        ),
        (
            "compose.yaml",
            "services:\n"
            "  db:\n    image: docker.io/library/postgres:18-alpine\n"
            "  mq:\n    image: rabbitmq\n"
            "  own:\n    image: registry.example:5000/shop\n"
            "  any:\n    image: redis:${TAG}\n",
            {("postgres", "database", "18-alpine"), ("rabbitmq", "broker", "")},
        ),
        (
            "k8s/db.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"
            "spec:\n  selector: {a: b}\n  template:\n    spec:\n      containers:\n"
            "      - name: c\n        image: nginx@sha256:1\n",
            {("Kubernetes", "deployment", ""), ("nginx", "web server or proxy", "")},
        ),
        ("setup.cfg", "[options]\n", set()),
        ("README.md", "postgres:18\n", set()),
    ],
)
def test_technologies_are_what_files_declare(
    path: str, text: str, expected: set[tuple[str, str, str]]
) -> None:
    found = {(t.name, t.category, t.version) for t in technologies(path, text)}

    assert found == expected


def test_a_technology_is_told_once_with_the_version_that_is_declared() -> None:
    files = {
        "a/x.py": "x = 1\n",
        "b/pyproject.toml": '[project]\nrequires-python = ">=3.11"\n',
    }

    found = surveyed(files, *parts(files, "a", "b"))

    assert found.technologies == (
        Technology("Python", "language", "b/pyproject.toml", ">=3.11"),
    )
