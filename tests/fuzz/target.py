"""A reader of texts as fuzzing sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from fuzz.readers import explains


@dataclass(frozen=True)
class Target:
    """One reader. `read` raises nothing but `errors`, and asserts what it promises.

    `samples` are good texts, `words` what its grammar is made of.
    """

    name: str
    read: Callable[[str], object]
    errors: tuple[type[Exception], ...]
    samples: tuple[str, ...]
    texts: st.SearchStrategy[str]
    words: tuple[str, ...] = ()


def passes(target: Target, text: str) -> bool:
    """Whether the text could be read; else it was refused in a documented way."""
    try:
        target.read(text)
    except target.errors as error:
        explains(error)
        return False
    return True
