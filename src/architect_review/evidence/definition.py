"""A definition and a value, as a file has them."""

from dataclasses import dataclass

from architect_review.signals.modules import Signature


@dataclass(frozen=True, slots=True)
class Definition:
    """A class or a function, from its first decorator (`start`) to its end.

    `line` is that of its name, `parent` the place in the file's definitions of the one
    around it. `owner` is the class of a method, "" elsewhere; a local one stands inside
    a function. `head` is what callers depend on, compared as a whole: `signature` where
    it is known, defaults and decorators. `bases` are a class's, by last name.
    """

    name: str
    owner: str
    start: int
    line: int
    end: int
    is_class: bool
    parent: int | None
    is_local: bool = False
    head: tuple[str, ...] = ()
    signature: Signature | None = None
    bases: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """The name with its class."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


@dataclass(frozen=True, slots=True)
class Value:
    """What a name stands for, as written, on one line; from `line` to `end`."""

    name: str
    owner: str
    text: str
    line: int
    end: int
