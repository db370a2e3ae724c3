"""Runtime requirements as manifests declare them.

Sources: the pyproject.toml specification and PEP 508 (names and version specifiers),
PEP 503 (normalised names), Poetry's and npm's documentation of their manifests.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from architect_review.change.sides import matches
from architect_review.signals.places import is_development
from architect_review.signals.reading import checked, json_object, table, toml

PYPROJECT = ("pyproject.toml",)
REQUIREMENTS = (
    "*requirements*.txt",
    "*requirements*.in",
    "**/requirements/*.txt",
    "**/requirements/*.in",
)
PACKAGE_JSON = ("package.json",)
MANIFESTS = (*PYPROJECT, *REQUIREMENTS, *PACKAGE_JSON)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A required package: its name as written, and its version specifier."""

    ecosystem: str
    name: str
    specifier: str

    @property
    def normal(self) -> str:
        """The name that is the same however it is spelled."""
        if self.ecosystem != "pypi":
            return self.name.lower()
        return re.sub(r"[-_.]+", "-", self.name).lower()

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds the name, in any spelling, as a word of its own."""
        parts = [re.escape(part) for part in re.split(r"[-_.]+", self.name)]
        name = (
            r"[-_.]+".join(parts) if self.ecosystem == "pypi" else re.escape(self.name)
        )
        return re.compile(rf"(?<![\w@/.-]){name}(?![\w/.-])", re.I)


def requirements(path: str, text: str) -> Mapping[str, Requirement]:
    """A manifest's runtime requirements by ecosystem and normalised name.

    Groups and files that are named as being for development are not runtime. Raises
    UnreadableError.
    """
    found: Iterator[Requirement]
    if matches(path, PYPROJECT):
        found = _pyproject(toml(text))
    elif matches(path, PACKAGE_JSON):
        found = _package_json(json_object(text))
    elif is_development(path.rsplit("/", 1)[-1]):
        return {}
    else:
        found = _requirement_lines(text)
    return {f"{each.ecosystem}:{each.normal}": each for each in found}


def python_floors(path: str, text: str) -> Mapping[str, str]:
    """The version specifiers of Python in a pyproject.toml by the key they stand under.

    Raises UnreadableError.
    """
    data = toml(text)
    poetry = table(data, "tool", "poetry", "dependencies").get("python")
    found = {
        "requires-python": table(data, "project").get("requires-python"),
        "python": poetry.get("version") if isinstance(poetry, dict) else poetry,
    }
    return {key: value for key, value in found.items() if isinstance(value, str)}


_VERSION = re.compile(r"(?:^|[\s,|(])([<>=!~^]*)\s*v?(?:\d+!)?(\d+(?:\.\d+)*)")


def floor(specifier: str) -> tuple[int, ...]:
    """The lowest version that a specifier names as allowed; empty where it names none.

    Upper bounds and exclusions do not count; a pinned version is its own floor.
    """
    versions = [
        tuple(int(part[:9]) for part in version.split("."))
        for operator, version in _VERSION.findall(specifier[:200])
        if operator not in ("<", "<=", "!=")
    ]
    return min(versions, default=())


def _pyproject(data: dict[str, Any]) -> Iterator[Requirement]:
    project = table(data, "project")
    lists = [project.get("dependencies")]
    lists += [
        group
        for name, group in table(project, "optional-dependencies").items()
        if not is_development(name)
    ]
    for group in lists:
        for line in group if isinstance(group, list) else ():
            yield from _requirement(line) if isinstance(line, str) else ()
    poetry = table(data, "tool", "poetry", "dependencies")
    for name, value in poetry.items():
        specifier = value.get("version", "") if isinstance(value, dict) else value
        is_local = isinstance(value, dict) and "path" in value
        if name.lower() != "python" and not is_local:
            yield Requirement(
                "pypi", name, specifier if isinstance(specifier, str) else ""
            )


def _package_json(data: dict[str, Any]) -> Iterator[Requirement]:
    for name, specifier in table(data, "dependencies").items():
        text = specifier if isinstance(specifier, str) else ""
        if name and not text.startswith(("workspace:", "file:", "link:", "portal:")):
            yield Requirement("npm", name, text)


def _requirement_lines(text: str) -> Iterator[Requirement]:
    """Names in a requirements file; options, paths and bare addresses are not."""
    for line in re.sub(r"\\\r?\n", " ", checked(text)).split("\n"):
        content = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if not content.startswith("-"):
            yield from _requirement(re.split(r"\s--", content, maxsplit=1)[0])


_NAME = re.compile(
    r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*"
    r"(?:\[[^\]]*\])?\s*(?P<rest>$|[<>=!~;(@,].*)",
    re.S,
)


def _requirement(line: str) -> Iterator[Requirement]:
    """The requirement of one PEP 508 line; nothing for what is not one."""
    found = _NAME.match(line)
    if found:
        rest = found["rest"].split(";", 1)[0].strip()
        yield Requirement("pypi", found[1], "" if rest.startswith("@") else rest)
