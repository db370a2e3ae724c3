"""Which interpreter versions a project is run and built with.

Sources: the documentation of pyenv, nvm, Heroku's runtime.txt, asdf and mise
(.tool-versions), npm (`engines`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from architect_review.change.sides import matches
from architect_review.signals.manifests import PACKAGE_JSON
from architect_review.signals.reading import checked, json_object, table

_FILES = {
    ".python-version": "Python",
    ".nvmrc": "Node.js",
    ".node-version": "Node.js",
    ".ruby-version": "Ruby",
    ".java-version": "Java",
    ".go-version": "Go",
    "runtime.txt": "Python",
    ".tool-versions": "",
}
TOOLCHAINS = (*_FILES, *PACKAGE_JSON)
"""Files that say which versions tools use."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool's version as written, and where; `line` is None where that is unknown."""

    version: str
    line: int | None


def toolchain(path: str, text: str) -> Mapping[str, Tool]:
    """The versions by tool. Raises UnreadableError."""
    if matches(path, PACKAGE_JSON):
        return {
            f"engines.{name}": Tool(version, None)
            for name, version in table(json_object(text), "engines").items()
            if isinstance(version, str)
        }
    name = path.rsplit("/", 1)[-1]
    return dict(_lines(checked(text), _FILES.get(name, "")))


def _lines(text: str, tool: str) -> Iterator[tuple[str, Tool]]:
    for number, row in enumerate(text.split("\n"), 1):
        words = row.partition("#")[0].split()
        if words and tool:
            # A `runtime.txt` is also what some call a file of requirements.
            if not re.search(r"[<>=;\[]", row):
                version = re.sub(r"^[A-Za-z]+-(?=\d)", "", words[0])
                yield tool, Tool(version, number)
            return
        if len(words) > 1:
            yield words[0], Tool(words[1], number)
