"""Signals from what code begins to stand on, whether a manifest says so or not."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from architect_review.change.sides import Scene, matches
from architect_review.signals.catalogue import category_of
from architect_review.signals.comparison import Sighting, compare
from architect_review.signals.manifests import MANIFESTS
from architect_review.signals.migrations import SCRIPTS
from architect_review.signals.places import brief, shipped
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.signals.syntax import Syntax, syntax_reader
from architect_review.vocabulary import Category

PYTHON = ("*.py",)
_PACKAGES = {
    "MySQLdb": "mysqlclient",
    "azure": "azure-core",
    "confluent_kafka": "confluent-kafka",
    "google.cloud": "google-cloud-storage",
    "grpc": "grpcio",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "kafka": "kafka-python",
    "rest_framework": "djangorestframework",
    "zmq": "pyzmq",
}
"""Packages whose modules have another name than they themselves."""


@dataclass(frozen=True, slots=True)
class _Import:
    line: int
    package: str
    category: str


@syntax_reader
def _imports(syntax: Syntax) -> Mapping[str, _Import]:
    """The first import of each package that shapes an architecture, by module."""
    named = [
        (alias.name, node.lineno)
        for node in syntax.all(ast.Import)
        for alias in node.names
    ]
    named += [
        (node.module, node.lineno)
        for node in syntax.all(ast.ImportFrom)
        if node.module and not node.level
    ]
    found: dict[str, _Import] = {}
    for name, line in sorted(named, key=lambda each: each[1]):
        parts = name.split(".")
        module = ".".join(parts[:2]) if parts[0] == "google" else parts[0]
        package = _PACKAGES.get(module, module.lower().replace("_", "-"))
        category = category_of("pypi", package)
        if category:
            found.setdefault(module, _Import(line, package, category))
    return found


def _new(scene: Scene) -> Iterator[Sighting[_Import]]:
    """Imports that no changed file had, of packages that no changed manifest names."""
    files = (s for s in shipped(scene, *PYTHON) if not matches(s.path, SCRIPTS))
    found = compare(
        files,
        lambda path, text: _imports(text),
        scope=lambda path: "everywhere",
    )
    said = "\n".join(
        line.text
        for file in scene.diff.files
        if matches(file.path, MANIFESTS)
        for line in file.lines
        if line.old is None
    ).lower()
    for each in found.added:
        name = re.escape(each.thing.package).replace("\\-", "[-_.]")
        if not re.search(rf"(?<![\w-]){name}(?![\w-])", said):
            yield each


def _modules(scene: Scene) -> Iterator[str]:
    return (each.key for each in _new(scene))


@detector(Weight.MAJOR, Category.ARCHITECTURE, reads=PYTHON, asks=_modules)
def platform_entered(scene: Scene) -> Iterator[Found]:
    """Code imports a database, broker, cloud, model … package that no file imported.

    Only where the rest of the repository was searched, and no manifest in the change
    names the package: that is the dependency's own signal.
    """
    touched = scene.diff.by_path
    seen: set[str] = set()
    for each in _new(scene):
        mentions = scene.mentions.of.get(each.key)
        statement = re.compile(rf"^\s*(import|from)\s+{re.escape(each.key)}\b")
        if mentions is None or each.key in seen:
            continue
        seen.add(each.key)
        if not any(m.path not in touched and statement.match(m.text) for m in mentions):
            thing = each.thing
            fact = f"`{brief(each.key)}` ({thing.category}) is imported for the first "
            fact += "time in this repository."
            yield Evidence(each.side.path, fact, each.key, thing.line, thing.line)
