"""Runtime requirements as manifests declare them.

Sources: the pyproject.toml specification and PEP 508 (names and version specifiers),
PEP 503 (normalised names), PEP 735 (dependency groups, which are for development), the
documentation of setuptools, Poetry, Pipenv, pip-tools and npm.
"""

import ast
import configparser
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from architect_review.change.sides import matches
from architect_review.signals.expressions import entries, given, text_of
from architect_review.signals.places import is_development
from architect_review.signals.reading import (
    UnreadableError,
    checked,
    json_object,
    table,
    toml,
)
from architect_review.signals.syntax import Syntax, last_name, syntax_reader

PYPROJECT = ("pyproject.toml",)
SETUP_PY = ("setup.py",)
SETUP_CFG = ("setup.cfg",)
PIPFILE = ("Pipfile",)
REQUIREMENTS = (
    "*requirements*.txt",
    "*requirements*.in",
    "**/requirements/*.txt",
    "**/requirements/*.in",
)
PACKAGE_JSON = ("package.json",)
FLOORS = (*PYPROJECT, *SETUP_PY, *SETUP_CFG)
"""Files that say which Python versions a project supports."""
MANIFESTS = (*FLOORS, *PIPFILE, *REQUIREMENTS, *PACKAGE_JSON)


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
    elif matches(path, SETUP_PY):
        found = _lines(_setup(text).requirements)
    elif matches(path, SETUP_CFG):
        found = _setup_cfg(text)
    elif matches(path, PIPFILE):
        found = _poetry_table(table(toml(text), "packages"))
    elif _is_for_development(path):
        return {}
    else:
        found = _requirement_lines(text)
    return {f"{each.ecosystem}:{each.normal}": each for each in found}


def python_floors(path: str, text: str) -> Mapping[str, str]:
    """The version specifiers of Python by the key they stand under.

    Raises UnreadableError.
    """
    if matches(path, SETUP_PY):
        stated = _setup(text).python
        return {"python_requires": stated} if stated else {}
    if matches(path, SETUP_CFG):
        stated = _options(text, "options").get("python_requires", "")
        return {"python_requires": stated} if stated else {}
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


_CONSTRAINTS = {
    "constraint",
    "constraints",
    "build",
    "release",
    "packaging",
    "pkgutils",
}


def _is_for_development(path: str) -> bool:
    """Whether a requirements file is named as one that nothing runs on."""
    words = set(re.split(r"[^a-z]+", path.rsplit("/", 1)[-1].lower()))
    return is_development("-".join(words)) or not words.isdisjoint(_CONSTRAINTS)


def _pyproject(data: dict[str, Any]) -> Iterator[Requirement]:
    project = table(data, "project")
    yield from _lines(project.get("dependencies"))
    for name, group in table(project, "optional-dependencies").items():
        if not is_development(name):
            yield from _lines(group)
    poetry = table(data, "tool", "poetry")
    yield from _poetry_table(table(poetry, "dependencies"))
    for name, group in table(poetry, "group").items():
        if not is_development(name):
            yield from _poetry_table(table(group, "dependencies"))


def _lines(lines: object) -> Iterator[Requirement]:
    for line in lines if isinstance(lines, list | tuple) else ():
        yield from _requirement(line) if isinstance(line, str) else ()


def _poetry_table(packages: dict[str, Any]) -> Iterator[Requirement]:
    """Names with a version, or with a table or several that may hold one."""
    for name, given_as in packages.items():
        value = given_as[0] if isinstance(given_as, list) and given_as else given_as
        specifier = value.get("version", "") if isinstance(value, dict) else value
        is_local = isinstance(value, dict) and "path" in value
        if name.lower() != "python" and not is_local:
            text = specifier if isinstance(specifier, str) else ""
            yield Requirement("pypi", name, text)


@dataclass(frozen=True, slots=True)
class _Setup:
    """What a setup.py writes out: requirements and the Python versions."""

    requirements: tuple[str, ...] = ()
    python: str = ""
    is_computed: bool = False


def is_computed(path: str, text: str) -> bool:
    """Whether a manifest is a program that computes its requirements.

    Raises UnreadableError.
    """
    return matches(path, SETUP_PY) and _setup(text).is_computed


@syntax_reader
def _setup(syntax: Syntax) -> _Setup:
    lines: list[str] = []
    python = ""
    is_unknown = False
    for call in syntax.all(ast.Call):
        if last_name(call.func) == "setup":
            named = given(call)
            python = text_of(named.get("python_requires")) or python
            groups = [named.get("install_requires")]
            extras = named.get("extras_require")
            for name, group in entries(extras) if extras else ():
                groups += [] if is_development(name) else [group]
            for each in groups:
                if isinstance(each, ast.List | ast.Tuple):
                    lines += [text_of(item) for item in each.elts]
                elif each is not None:
                    is_unknown = True
    return _Setup(tuple(lines), python, is_unknown)


def _setup_cfg(text: str) -> Iterator[Requirement]:
    yield from _lines(_options(text, "options").get("install_requires", "").split("\n"))
    for name, group in _options(text, "options.extras_require").items():
        if not is_development(name):
            yield from _lines(group.split("\n"))


def _options(text: str, section: str) -> Mapping[str, str]:
    parser = configparser.RawConfigParser(strict=False, comment_prefixes=("#", ";"))
    try:
        parser.read_string(checked(text))
    except configparser.Error as error:
        reason = " ".join(str(error).split())[:120]
        raise UnreadableError(f"not a valid setup.cfg: {reason}") from error
    return dict(parser.items(section)) if parser.has_section(section) else {}


def _package_json(data: dict[str, Any]) -> Iterator[Requirement]:
    wanted = {**table(data, "optionalDependencies"), **table(data, "dependencies")}
    for name, specifier in wanted.items():
        text = specifier if isinstance(specifier, str) else ""
        if name and not text.startswith(("workspace:", "file:", "link:", "portal:")):
            yield Requirement("npm", name, text)


def requirement_in(line: str) -> str:
    """The normalised name of what a line of a requirements file requires, or ""."""
    return next((each.normal for each in _requirement_lines(line)), "")


def is_runtime_file(path: str) -> bool:
    """Whether a path is that of a requirements file which the product runs on."""
    return matches(path, REQUIREMENTS) and not _is_for_development(path)


def _requirement_lines(text: str) -> Iterator[Requirement]:
    """Names in a requirements file; options, paths and bare addresses are not.

    Of a file that pip-compile or uv wrote, what only other packages require is not.
    """
    lines = re.sub(r"\\\r?\n", " ", checked(text)).split("\n")
    is_compiled = re.search(r"^# .*autogenerated by (pip-compile|uv)", text, re.M)
    reasons = _reasons(lines) if is_compiled else {}
    for number, line in enumerate(lines):
        content = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if not content.startswith("-") and _is_direct(reasons.get(number, "")):
            yield from _requirement(re.split(r"\s--", content, maxsplit=1)[0])


def _reasons(lines: list[str]) -> Mapping[int, str]:
    """The comments behind and below each requirement: what it is there for."""
    found: dict[int, list[str]] = {}
    at = -1
    for number, line in enumerate(lines):
        content, _, comment = line.partition("#")
        at = number if content.strip() else at
        found.setdefault(at, []).append(comment.strip())
    return {number: " ".join(words) for number, words in found.items()}


def _is_direct(reason: str) -> bool:
    words = reason.split()
    return "via" not in words or "-r" in words or "(pyproject.toml)" in words


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
