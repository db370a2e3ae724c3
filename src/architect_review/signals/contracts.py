"""Signals from declared layers: which part of the code may import which.

Sources: the documentation of import-linter (contracts in `.importlinter`, `setup.cfg`
and `pyproject.toml`), tach (`tach.toml`) and dependency-cruiser (rules in JSON).
"""

import configparser
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from architect_review.change.sides import Scene, matches
from architect_review.signals.comparison import Sighting, compare
from architect_review.signals.jsontext import json_document
from architect_review.signals.places import brief, line_of
from architect_review.signals.reading import (
    UnreadableError,
    Yaml,
    checked,
    table,
    toml,
)
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

INI = (".importlinter", "setup.cfg")
TOML = ("pyproject.toml",)
TACH = ("tach.toml",)
CRUISER = (".dependency-cruiser.json", "dependency-cruiser.config.json")
CONTRACTS = (*INI, *TOML, *TACH, *CRUISER)


@dataclass(frozen=True, slots=True)
class Contract:
    """A rule on imports. `exceptions` are what it lets pass all the same.

    `layers` are in order; `terms` are the rest of what it says, by key, and
    `permissions` those of them whose growth allows more.
    """

    title: str
    layers: tuple[str, ...] = ()
    exceptions: frozenset[str] = frozenset()
    terms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    permissions: frozenset[str] = frozenset()


@detector(Weight.SUPPORTING, Category.ARCHITECTURE, reads=CONTRACTS)
def layer_contract_changed(scene: Scene) -> Iterator[Found]:
    """A declared rule on what may import what is gone, or allows something else.

    Rules of import-linter, tach and dependency-cruiser. New rules are no signal.
    """
    found = compare(scene.matching(*CONTRACTS), _contracts)
    yield from found.unreadable
    for each in found.removed:
        fact = f"{each.thing.title} is removed: nothing checks these imports any more."
        yield _at(each, fact, each.key, each.key.partition(":")[2], is_removed=True)
    for before, after in found.kept:
        yield from _differences(before, after)


def _differences(
    before: Sighting[Contract], after: Sighting[Contract]
) -> Iterator[Evidence]:
    old, new = before.thing, after.thing
    stayed = [layer for layer in old.layers if layer in new.layers]
    if stayed != [layer for layer in new.layers if layer in old.layers]:
        fact = f"{new.title}: the order of its layers is another one."
        yield _at(after, fact, f"{after.key} order", new.layers[0])
    for layer in old.layers:
        if layer not in new.layers:
            fact = f"{new.title}: layer `{brief(layer)}` is no longer in it."
            yield _at(before, fact, f"{after.key} {layer}", layer, is_removed=True)
    for exception in sorted(new.exceptions - old.exceptions):
        fact = f"{new.title} lets `{brief(exception)}` pass now."
        yield _at(after, fact, f"{after.key} {exception}", exception)
    for name in sorted(old.terms.keys() | new.terms.keys()):
        was, now = (each.terms.get(name, frozenset()) for each in (old, new))
        if name in new.permissions:
            for value in sorted(now - was):
                fact = f"{new.title} may use `{brief(value)}` now."
                yield _at(after, fact, f"{after.key} {value}", value)
        else:
            for value in sorted(was - now):
                fact = f"{new.title}: {name} no longer says `{brief(value)}`."
                subject = f"{after.key} {name} {value}"
                yield _at(before, fact, subject, value, is_removed=True)


def _contracts(path: str, text: str) -> Mapping[str, Contract]:
    if matches(path, CRUISER):
        return dict(_cruiser(json_document(text)))
    if matches(path, TACH):
        return dict(_tach(toml(text)))
    if "importlinter" not in text:
        return {}
    if matches(path, TOML):
        given = table(toml(text), "tool", "importlinter").get("contracts")
        named = [each for each in _list(given) if isinstance(each, dict)]
        return dict(_import_linter(str(each.get("name", "")), each) for each in named)
    return dict(_sections(checked(text)))


def _sections(text: str) -> Iterator[tuple[str, Contract]]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError) as error:
        raise UnreadableError("not a valid INI file") from error
    for section in parser.sections():
        if section.startswith("importlinter:contract:"):
            given = dict(parser.items(section))
            yield _import_linter(section.split(":", 2)[2], given)


def _import_linter(name: str, given: Mapping[str, Any]) -> tuple[str, Contract]:
    lists = {key: _texts(value) for key, value in given.items()}
    name = str(given.get("name") or name)
    told = ("name", "layers", "ignore_imports")
    terms = {
        key: frozenset(value)
        for key, value in lists.items()
        if key not in told and value
    }
    return f"import-linter:{name}", Contract(
        f"Import contract `{brief(name, 60)}`",
        tuple(lists.get("layers", ())),
        frozenset(lists.get("ignore_imports", ())),
        terms,
        frozenset({"allowed_importers", "allow_indirect_imports"}),
    )


def _tach(data: Mapping[str, Any]) -> Iterator[tuple[str, Contract]]:
    layers = tuple(
        str(each.get("name")) if isinstance(each, dict) else str(each)
        for each in _list(data.get("layers"))
    )
    if layers:
        yield "tach:layers", Contract("The order of tach's layers", layers)
    for each in _list(data.get("modules")):
        if not isinstance(each, dict):
            continue
        paths = _list(each.get("path") or each.get("paths")) or [each.get("path")]
        name = ", ".join(str(path) for path in paths)[:200]
        uses = [
            str(use.get("path")) if isinstance(use, dict) else str(use)
            for use in _list(each.get("depends_on"))
        ]
        terms = {"depends_on": frozenset(uses), "layer": _single(each.get("layer"))}
        yield (
            f"tach:{name}",
            Contract(
                f"Module `{brief(name)}`",
                (),
                frozenset(),
                terms,
                frozenset({"depends_on"}),
            ),
        )


def _cruiser(value: Yaml) -> Iterator[tuple[str, Contract]]:
    for kind in ("forbidden", "required"):
        for each in value.at(kind).items:
            name = each.at("name").text
            terms = {
                part: frozenset({each.at(part).shown()}) - {""}
                for part in ("from", "to", "severity")
            }
            if name:
                yield f"{kind}:{name}", Contract(f"Rule `{brief(name)}`", terms=terms)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _single(value: object) -> frozenset[str]:
    return frozenset({value}) if isinstance(value, str) else frozenset()


def _texts(value: object) -> list[str]:
    """The entries of a list, which in an INI file stand on lines of their own."""
    lines = value if isinstance(value, list) else str(value or "").split("\n")
    texts = (re.sub(r"\s+", " ", str(line).partition("#")[0]) for line in lines)
    return [text.strip() for text in texts if text.strip()]


def _at(
    each: Sighting[Contract],
    fact: str,
    subject: str,
    word: str,
    *,
    is_removed: bool = False,
) -> Evidence:
    pattern = re.compile(r"\s+".join(map(re.escape, word[:200].split())))
    line = line_of(each.side, pattern, is_removed=is_removed) if word else None
    return Evidence(each.side.path, fact, subject, line, line, is_removed)
