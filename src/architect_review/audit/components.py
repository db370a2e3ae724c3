"""The components that an audit cuts a repository into."""

from dataclasses import dataclass
from enum import StrEnum


class ComponentKind(StrEnum):
    """What a component is for."""

    PACKAGE = "package"
    SERVICE = "service"
    MIGRATIONS = "migrations"
    DEPLOYMENT = "deployment"
    DELIVERY = "delivery"
    CONFIGURATION = "configuration"
    TESTS = "tests"
    DOCUMENTATION = "documentation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the repository that is reviewed by itself.

    `name` is unique in an audit and stays the same as long as its place does. `paths`
    are its files, sorted; `size` their bytes together.
    """

    name: str
    kind: ComponentKind
    paths: tuple[str, ...]
    size: int
