"""What a lock file's diff says about the packages that are really installed.

Read from the diff alone: lock files are long, and their tools write each package in
lines next to each other. Sources: what uv, Poetry, PDM, Pipenv, npm and pip-compile
write.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from architect_review.change.diff import FileChange, Hunk, LineKind
from architect_review.change.sides import matches

TOML_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")
JSON_LOCKS = ("package-lock.json", "npm-shrinkwrap.json", "Pipfile.lock")
LOCKS = (*TOML_LOCKS, *JSON_LOCKS)
MANIFEST_OF: Mapping[str, tuple[str, ...]] = {
    "Pipfile.lock": ("Pipfile",),
    "package-lock.json": ("package.json",),
    "npm-shrinkwrap.json": ("package.json",),
}
"""The manifests that a lock file follows, where that is not a pyproject.toml."""


@dataclass(slots=True)
class _Package:
    """What a diff shows of a package; a line's number where it stands at the head."""

    old: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Locked:
    """New packages, and those whose first version number changed, with both versions.

    `line` is the first line at the head that shows one of them.
    """

    added: tuple[str, ...]
    bumped: tuple[tuple[str, str, str], ...]
    line: int | None


def locked(file: FileChange) -> Locked:
    """Read a lock file's diff."""
    packages: dict[str, _Package] = {}
    for hunk in file.hunks:
        for name, version, kind, line in _versions(file.path, hunk):
            package = packages.setdefault(name, _Package())
            if kind is LineKind.REMOVED:
                package.old.add(version)
            elif kind is LineKind.ADDED:
                package.new.add(version)
                package.line = package.line or line or 0
            else:
                package.kept.add(version)
    added: list[str] = []
    bumped: list[tuple[str, str, str]] = []
    lines: list[int] = []
    for name, package in packages.items():
        old, new = package.old - package.new, package.new - package.old
        if new and not package.old and not package.kept:
            added.append(name)
        elif len(old) == len(new) == 1 and _major(min(old)) != _major(min(new)):
            bumped.append((name, min(old), min(new)))
        else:
            continue
        lines.append(package.line)
    return Locked(tuple(sorted(added)), tuple(sorted(bumped)), min(lines, default=None))


_TOML = re.compile(r'(name|version) = "([^"]{1,200})"')
_JSON_NAME = re.compile(r'\s*"((?:node_modules/|[^"]*/node_modules/)?[^"]{0,200})": \{')
_JSON_VERSION = re.compile(r'\s*"version": "=*([^"]{1,100})"')


def _versions(path: str, hunk: Hunk) -> Iterator[tuple[str, str, LineKind, int | None]]:
    """Names with their versions in a hunk, as kept, old or new ones."""
    is_toml = matches(path, TOML_LOCKS)
    names: dict[LineKind, str] = {}
    for line in hunk.lines:
        text = line.text
        if is_toml:
            found = _TOML.match(text)
            name = found[2] if found and found[1] == "name" else None
            version = found[2] if found and found[1] == "version" else None
            begins = text.startswith("[")
        else:
            opened, stated = _JSON_NAME.match(text), _JSON_VERSION.match(text)
            name = _npm_name(opened[1]) if opened else None
            version = stated[1] if stated else None
            begins = opened is not None
        kinds = (
            (LineKind.ADDED, LineKind.REMOVED)
            if line.kind is LineKind.CONTEXT
            else (line.kind,)
        )
        for kind in kinds:
            if begins:
                names.pop(kind, None)
            if name:
                names[kind] = name
        if version and kinds[0] in names:
            yield names[kinds[0]], version, line.kind, line.new


def _npm_name(key: str) -> str:
    """The package of an entry; "" for what is none and for a further copy of one."""
    inner, _, name = key.rpartition("node_modules/")
    return "" if inner or name == "packages" else name


def _major(version: str) -> str:
    found = re.match(r"v?(\d+)", version)
    return found[1] if found else version
