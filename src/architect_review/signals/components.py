"""What a repository is made of, as its paths tell: packages, modules, databases."""

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import matches
from architect_review.signals.migrations import SCRIPTS, SQL
from architect_review.signals.places import AUXILIARY, folder

_CONTAINERS = ("src", "lib", "python", "backend", "server")
"""Folders that usually hold packages and are none, where no `__init__.py` tells."""
_NOT_COMPONENTS = (
    *("scripts", "script", "bin", "tools", "hooks", "benchmarks", "ci", "templates"),
    *("t", "docker", "deploy", "deployment", "infra", "ops", "k8s", "helm", "ansible"),
)
"""First folders whose Python files are no packages of the system."""
_NOT_MODULES = ("setup", "manage", "noxfile", "tasks", "fabfile", "versioneer")
"""Files that serve the developers, at the top or beside a package's folder."""
_REVISION = re.compile(r"\d|[0-9a-f]{8}")
"""How the file names of Django's and Alembic's migrations begin."""
DEPTH = 8
"""Parts of a dotted name that are looked at."""


class Kind(StrEnum):
    """What a component is to the people who run it."""

    PACKAGE = "package"
    MODULE = "module"
    SERVICE = "service"
    JOB = "job"
    IMAGE = "image"
    DATABASE = "database"


CODE = (Kind.PACKAGE, Kind.MODULE)
"""What imports. A migration does too, but what it needs matters only once."""


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the system. `place` is its folder, or its file without `.py`."""

    kind: Kind
    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a repository keeps its Python code, and what components that makes.

    They are the top-level packages; where most of the code lies in one of them, what
    that one consists of. `units` has them by place, `roots` the folders from which
    a name's first part can be imported.
    """

    units: Mapping[str, Component] = field(default_factory=dict)
    roots: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Iterable[str], *, is_whole: bool) -> "Layout":
        """Tell the layout from paths.

        Where they are not those of the whole repository, that an `__init__.py` is not
        among them says nothing, and packages are taken to be the first folders.
        """
        sources = {path for path in paths if _is_module(path)}
        inits = (path for path in sources if path.endswith("/__init__.py"))
        packages = frozenset(map(folder, inits) if is_whole else ())
        counts = Counter(map(folder, sources))
        tops: Counter[str] = Counter()
        for at, count in counts.items():
            top = _top(at, packages) if at else ""
            if top and is_shipped(f"{top}/_.py"):
                tops[top] += count
        main = next((top for top, n in tops.items() if 2 * n > tops.total()), "")
        children = _children(main, sources)
        while is_whole and len(children) == 1 and Kind.PACKAGE in children.values():
            main = next(iter(children))
            children = _children(main, sources)
        places: dict[str, Kind] = dict.fromkeys(tops, Kind.PACKAGE)
        places |= {main: Kind.PACKAGE, **children} if main else {}
        places |= {
            path.removesuffix(".py"): Kind.MODULE
            for path in sources
            if "/" not in path and is_shipped(path)
        }
        return cls._named(places, tops)

    @classmethod
    def _named(cls, places: Mapping[str, Kind], tops: Iterable[str]) -> "Layout":
        units: dict[str, Component] = {}
        roots: dict[str, list[str]] = defaultdict(list)
        known = {*tops}
        for place, kind in sorted(places.items()):
            top = next((at for at in _ancestors(place) if at in known), place)
            root = folder(top)
            inner = place.removeprefix(f"{root}/") if root else place
            name = inner.replace("/", ".")
            units[place] = Component(kind, name, place)
            if root not in (heads := roots[name.partition(".")[0]]):
                heads.append(root)
        return cls(units, roots)

    def component(self, path: str) -> Component | None:
        """What a file belongs to; None for tests, documents and other files."""
        if not is_shipped(path):
            return None
        if _is_migration(path):
            place = folder(path).removesuffix("/versions")
            return Component(Kind.DATABASE, place, place)
        is_environment = matches(path, ("**/alembic/env.py", "**/migrations/env.py"))
        if not _is_module(path) or is_environment:
            return None
        return self.enclosing(path.removesuffix(".py"))

    def enclosing(self, place: str) -> Component | None:
        """The smallest component that has a place in it."""
        return next(
            (self.units[at] for at in _ancestors(place) if at in self.units), None
        )

    def imported(self, name: str, by: str = "") -> Component | None:
        """What a dotted name stands for in the file `by`.

        Where several folders have packages of that name, it is the nearest one's.
        """
        parts = name.split(".")[:DEPTH]
        roots = self.roots.get(parts[0], ())
        near = sorted(roots, key=lambda root: (not _is_in(by, root), -len(root)))
        for root in near:
            found = self.enclosing(posixpath.join(root, *parts))
            if found:
                return found
        return None


def is_shipped(path: str) -> bool:
    """Whether a file is part of what runs: no test, document or tool."""
    name = path.rpartition("/")[2]
    return (
        kind_of(path) is PathKind.SOURCE
        and path.partition("/")[0] not in _NOT_COMPONENTS
        and not (name.removesuffix(".py") in _NOT_MODULES and path.count("/") < 2)
        and not matches(path, AUXILIARY)
    )


def _is_module(path: str) -> bool:
    """Whether a file can be imported; `conf.example.py` cannot."""
    name = path.rpartition("/")[2]
    return name.endswith(".py") and name.removesuffix(".py").isidentifier()


def _is_migration(path: str) -> bool:
    """Whether a file changes a database; a package that makes migrations does not."""
    if path.endswith(".py"):
        name = path.rpartition("/")[2]
        return matches(path, SCRIPTS) and bool(_REVISION.match(name))
    return matches(path, SQL) and "/" in path


def _ancestors(place: str) -> Iterable[str]:
    """A place and the folders it is in, the smallest first."""
    while place:
        yield place
        place = folder(place)


def _is_in(path: str, root: str) -> bool:
    return not root or path.startswith(f"{root}/")


def _top(at: str, packages: frozenset[str]) -> str:
    """The top-level package that a folder's files belong to."""
    inner = next((place for place in _ancestors(at) if place in packages), "")
    if inner:
        while folder(inner) in packages:
            inner = folder(inner)
        return inner
    parts = at.split("/")
    start = 0
    while start + 1 < len(parts) and (
        parts[start] in _CONTAINERS or parts[start + 1] in (parts[start], "src")
    ):
        start += 1
    return "/".join(parts[: start + 1])


def _children(main: str, sources: Iterable[str]) -> dict[str, Kind]:
    """What a package consists of, by place."""
    found: dict[str, Kind] = {}
    for path in sources:
        if not main or not path.startswith(f"{main}/"):
            continue
        first, _, rest = path[len(main) + 1 :].partition("/")
        if rest:
            found[f"{main}/{first}"] = Kind.PACKAGE
        elif first not in ("__init__.py", "__main__.py"):
            found.setdefault(f"{main}/{first.removesuffix('.py')}", Kind.MODULE)
    return {
        place: kind
        for place, kind in found.items()
        if is_shipped(f"{place}/_.py" if kind is Kind.PACKAGE else f"{place}.py")
        and not place.endswith(("/migrations", "/alembic"))
    }
