"""Which components use which others, as their Python imports tell."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from architect_review.audit.components import Component
from architect_review.signals.components import DEPTH, Layout
from architect_review.signals.importing import Import

Imports = Mapping[str, tuple[Import, ...]]
"""What files import, by path."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where dotted names lead in one repository.

    `owners` are components' names by a module's path without `.py`, or by a package's
    folder; `roots` the folders from which a name's first part can be imported.
    """

    owners: Mapping[str, str] = field(default_factory=dict)
    roots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, components: Iterable[Component], paths: Iterable[str]) -> "Reach":
        """Learn it from all paths of the repository; some may be in no component."""
        owners = {
            path.removesuffix(".py").removesuffix("/__init__"): component.name
            for component in components
            for path in component.paths
            if path.endswith(".py")
        }
        layout = Layout.of(paths, is_whole=True)
        roots: defaultdict[str, list[str]] = defaultdict(list)
        for name, known in layout.roots.items():
            roots[name] += known
        # A module beside the top-level packages may be imported too.
        for place in owners:
            if "/" not in place and "" not in roots[place]:
                roots[place].append("")
        return cls(owners, {name: tuple(each) for name, each in roots.items()})

    def used(self, own: str, imports: Imports) -> tuple[str, ...]:
        """The other components that a component's files import, the most used first."""
        counts: Counter[str] = Counter()
        for path, found in imports.items():
            reached = {self._reached(path, each) for each in found}
            counts.update(name for name in reached if name not in ("", own))
        return tuple(sorted(counts, key=lambda name: (-counts[name], name)))

    def _reached(self, path: str, each: Import) -> str:
        """The component that an import in a file leads to, "" for none here."""
        parts = [part for part in f"{each.module}.{each.name}".split(".") if part]
        if each.level:
            return self._owner(path.split("/")[: -each.level], parts, least=0)
        roots = self.roots.get(parts[0], ()) if parts else ()
        for root in sorted(roots, key=partial(_distance, path)):
            if owner := self._owner(root.split("/") if root else [], parts):
                return owner
        return ""

    def _owner(self, folders: list[str], parts: list[str], least: int = 1) -> str:
        """Who has the longest known part of a name below some folders.

        Of an absolute name the first part must be there at `least`.
        """
        for end in range(min(len(parts), DEPTH), least - 1, -1):
            place = "/".join([*folders, *parts[:end]])
            if place in self.owners:
                return self.owners[place]
        return ""


def _distance(path: str, root: str) -> tuple[bool, int]:
    """How far a root is from a file: those around it first, the nearest of them."""
    is_around = not root or path.startswith(f"{root}/")
    return (not is_around, -len(root))
