"""Who uses which component: imports, and what the things in operation run."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from architect_review.change.mentions import Mention
from architect_review.change.sides import Scene, matches
from architect_review.signals.components import CODE, DEPTH, Component, Kind, Layout
from architect_review.signals.importing import Import, imports, line_imports
from architect_review.signals.places import folder, is_development, shipped
from architect_review.signals.processes import Deployable
from architect_review.signals.reading import UnreadableError, Yaml, yaml_documents
from architect_review.signals.workloads import (
    COMPOSE,
    DEPLOYABLES,
    DOCKERFILES,
    MANIFESTS,
    PROCFILE,
    UNITS,
    deployables,
    kubernetes_documents,
)

Use = tuple[Component, Component]
"""Who depends, and on what."""

_IMPORTS_LIMIT = 2_000
"""Imported names of one file that are looked at."""


def in_changed_files(scene: Scene, layout: Layout) -> Iterator[Use]:
    """What changed Python files import, once for each file."""
    for side in scene.matching("*.py"):
        user = layout.component(side.path)
        if not user or user.kind not in CODE or side.after is None:
            continue
        try:
            found = imports(side.after)[:_IMPORTS_LIMIT]
        except UnreadableError:
            continue
        for target in {_reached(side.path, each, layout) for each in found}:
            if target:
                yield user, target


def in_other_files(scene: Scene, layout: Layout) -> Iterator[Use]:
    """Imports and commands of unchanged files, on the lines that were searched for."""
    changed = {path for file in scene.diff.files for path in file.paths}
    found = (mention for each in scene.mentions.of.values() for mention in each)
    for mention in dict.fromkeys(found):
        if mention.path in changed:
            continue
        if not mention.path.endswith(".py"):
            yield from _run_on(mention, layout)
        elif (user := layout.component(mention.path)) and user.kind in CODE:
            found_here = line_imports(mention.text.strip())
            for target in {_reached(mention.path, each, layout) for each in found_here}:
                if target:
                    yield user, target


def _reached(path: str, each: Import, layout: Layout) -> Component | None:
    """The component that an import in a file stands for."""
    dotted = f"{each.module}.{each.name}".strip(".")
    if not each.level:
        return layout.imported(dotted, path)
    above = path.split("/")[: -each.level]
    return layout.enclosing("/".join([*above, *dotted.split(".")[:DEPTH]]))


@dataclass(frozen=True, slots=True)
class Operated:
    """A thing in operation: what it runs, and what it names of its own file.

    `image` is the path of the Dockerfile that it is built from, where one is named.
    `content` is all that the file says about it.
    """

    component: Component
    words: frozenset[str]
    needs: tuple[str, ...]
    image: str
    content: object


def operated(path: str, text: str) -> Mapping[str, Operated]:
    """The things in operation of one file. Raises UnreadableError."""
    described = {each.line: each for each in _described(path, text)}
    return {
        key: _operated(path, each, described.get(each.line, Yaml(0)), text)
        for key, each in deployables(path, text).items()
    }


def _described(path: str, text: str) -> Iterator[Yaml]:
    if matches(path, COMPOSE):
        for document in yaml_documents(text):
            yield from document.at("services").entries.values()
    elif matches(path, MANIFESTS):
        for document in kubernetes_documents(text):
            yield Yaml(document.at("kind").line, entries=document.entries)


def _operated(path: str, each: Deployable, described: Yaml, text: str) -> Operated:
    commands = (
        value.text
        for name, value in each.properties.items()
        if name.startswith(("command", "arguments", "entrypoint"))
        or name in ("CMD", "ENTRYPOINT", "ExecStart")
    )
    words = frozenset(word for line in commands for word in _dotted(line))
    needs = described.at("depends_on")
    build = described.at("build")
    context = build.text or build.at("context").text
    image = ""
    if build:
        file = build.at("dockerfile").text or "Dockerfile"
        image = posixpath.normpath(posixpath.join(folder(path), context, file))
    content: object = described.entries
    if not described:
        is_line = matches(path, PROCFILE)
        content = sorted(words) if is_line else text
    return Operated(
        _component(each),
        words,
        tuple(needs.entries) or tuple(item.text for item in needs.items),
        image,
        content,
    )


_DATABASES = (
    *("postgres", "postgresql", "postgis", "timescaledb", "mysql", "mariadb"),
    *("mongo", "mongodb", "redis", "valkey", "elasticsearch", "opensearch"),
    *("clickhouse", "clickhouse-server", "cassandra", "mssql", "cockroach"),
)


def _component(each: Deployable) -> Component:
    images = (
        value.text.rpartition("/")[2].partition(":")[0].partition("@")[0]
        for name, value in each.properties.items()
        if name.startswith("image")
    )
    if each.kind == "image":
        kind = Kind.IMAGE
    elif "Job" in each.kind or "timer" in each.kind:
        kind = Kind.JOB
    else:
        kind = Kind.DATABASE if not {*images}.isdisjoint(_DATABASES) else Kind.SERVICE
    return Component(kind, each.name)


_WORD = re.compile(r"[A-Za-z_][\w./]*")


def _dotted(command: str) -> Iterator[str]:
    """The words of a command that may name a module, as one that is imported."""
    for word in _WORD.findall(command):
        yield word.removesuffix(".py").replace("/", ".").strip(".")


_COMMAND = re.compile(
    r"\s*(?:-\s|(?:CMD|ENTRYPOINT)\b|[\"']?(?:command|entrypoint)[\"']?\s*:|ExecStart=)"
)


def _run_on(mention: Mention, layout: Layout) -> Iterator[Use]:
    """What a line of an unchanged file runs; of most files only the path is known."""
    path, line = mention.path, mention.text
    name = path.rpartition("/")[2]
    if is_development(name):
        return
    user: Component | None = None
    if matches(path, PROCFILE):
        process, colon, line = line.partition(":")
        user = Component(Kind.SERVICE, process.strip()) if colon else None
    elif matches(path, (*DOCKERFILES, *COMPOSE, *UNITS)) and _COMMAND.match(line):
        is_image = matches(path, DOCKERFILES)
        user = Component(Kind.IMAGE if is_image else Kind.SERVICE, path)
    for word in {*_dotted(line)} if user else ():
        target = layout.imported(word)
        if user and target:
            yield user, target


@dataclass(frozen=True, slots=True)
class Operations:
    """What the changed files about operation say."""

    changed: frozenset[Component]
    uses: tuple[Use, ...]


def in_operation(scene: Scene, layout: Layout) -> Operations:
    """Which things in operation changed, and what those of their files use."""
    changed: set[Component] = set()
    uses: list[Use] = []
    for side in shipped(scene, *DEPLOYABLES):
        try:
            old, new = (
                operated(side.path, text) if text is not None else {}
                for text in (side.before, side.after)
            )
        except UnreadableError:
            continue
        for key in {*old, *new}:
            here = [each for each in (new.get(key), old.get(key)) if each]
            if len(here) == 1 or here[0].content != here[1].content:
                changed.add(here[0].component)
        named = {each.component.name: each.component for each in new.values()}
        for each in new.values():
            uses += _uses(each, named, layout)
    return Operations(frozenset(changed), tuple(uses))


def _uses(
    each: Operated, named: Mapping[str, Component], layout: Layout
) -> Iterator[Use]:
    targets = {layout.imported(word) for word in each.words}
    targets |= {named.get(name) for name in each.needs}
    targets.add(Component(Kind.IMAGE, each.image) if each.image else None)
    yield from ((each.component, target) for target in targets if target)


def of_databases(touched: Iterable[Component], layout: Layout) -> Iterator[Use]:
    """A package uses the database whose migrations it holds."""
    for each in touched:
        owner = layout.enclosing(folder(each.place))
        if each.kind is Kind.DATABASE and owner:
            yield owner, each
