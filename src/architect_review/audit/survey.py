"""What code itself finds in the components, before any model is asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from architect_review.audit.components import Component
from architect_review.signals import Gap, Signal


@dataclass(frozen=True, slots=True)
class Technology:
    """Something that the repository builds on, and where it says so.

    `category` is what it brings in ("database driver", "language"); `version` is the
    declared one, "" for none.
    """

    name: str
    category: str
    path: str
    version: str = ""


def distinct(found: Iterable[Technology]) -> tuple[Technology, ...]:
    """Each technology once, where a version of it is declared if there is one."""
    kept: dict[tuple[str, str], Technology] = {}
    for each in found:
        key = (each.name, each.category)
        if key not in kept or (each.version and not kept[key].version):
            kept[key] = each
    return tuple(kept.values())


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one component without a model.

    `languages` are names with their lines, the most first. `symbols` are the public
    names that others may use, some of them. `signals` hold at the audited commit;
    those that speak of a change only are not among them.
    """

    component: Component
    lines: int = 0
    languages: tuple[tuple[str, int], ...] = ()
    symbols: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    """Names of other components whose code it imports, the most imported first."""
    technologies: tuple[Technology, ...] = ()
    signals: tuple[Signal, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def summary(self) -> dict[str, Any]:
        """The component as its neighbours see it, for JSON."""
        return {
            "component": self.component.name,
            "kind": self.component.kind.value,
            "files": len(self.component.paths),
            "lines": self.lines,
            "uses": list(self.uses),
            "public_names": list(self.symbols),
        }


@dataclass(frozen=True, slots=True)
class Survey:
    """Every component's facts, in the order of the components."""

    facts: tuple[Facts, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def technologies(self) -> tuple[Technology, ...]:
        """What the whole repository builds on, each once."""
        return distinct(each for facts in self.facts for each in facts.technologies)

    def neighbours(self, name: str) -> tuple[Facts, ...]:
        """The components that one uses."""
        own = next(each for each in self.facts if each.component.name == name)
        return tuple(each for each in self.facts if each.component.name in own.uses)
