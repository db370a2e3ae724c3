"""What the files of one component say by themselves.

This is the costly part of a survey. It is pure, and what it takes and gives can be
pickled: whoever runs an audit may spread it over several processes.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from architect_review import signals
from architect_review.audit.component_change import component_change, line_count
from architect_review.audit.components import Component, ComponentKind
from architect_review.audit.languages import PROGRAMMING, language_of
from architect_review.audit.survey import Facts, Technology, distinct
from architect_review.audit.technologies import (
    LANGUAGE,
    by_path,
    declares,
    technologies,
)
from architect_review.audit.uses import Imports
from architect_review.change.change import Change
from architect_review.change.redaction import redact_change
from architect_review.change.sides import sides
from architect_review.change.snapshot import Entry
from architect_review.signals import Gap, Signals, syntax
from architect_review.signals.importing import Import, imports, line_imports
from architect_review.signals.modules import module
from architect_review.signals.reading import UnreadableError

SYMBOLS_LIMIT = 40
"""Public names of a component that are named."""
IMPORTS_LIMIT = 2_000
"""Imported names of one file that are looked at."""
GAPS_LIMIT = 20
"""Unreadable files that are named; further ones are counted."""


@dataclass(frozen=True, slots=True)
class Material:
    """A component with the texts that people wrote, and what stands around them."""

    component: Component
    texts: tuple[tuple[str, str], ...]
    change: Change
    entries: Mapping[str, Entry]
    finds_signals: bool
    hidden: frozenset[str] = frozenset()
    """Files of which no name is told: what is said of a component is sent."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What a component's own files say; who uses whom, all of them say together."""

    facts: Facts
    imports: Imports = field(default_factory=dict)


def observed(material: Material) -> Observed:
    """What the files of one component say by themselves."""
    component = material.component
    if component.kind in _BESIDE:
        return _beside(component, dict(material.texts), material.hidden)
    plain = component_change(
        material.change, component, material.texts, material.entries
    )
    change = redact_change(plain)
    texts = _redacted(dict(material.texts), plain, change)
    unreadable: dict[str, str] = {}
    shown = {path: each for path, each in texts.items() if path not in material.hidden}
    names, imported = _python(component, shown, unreadable)
    built_on = tuple(_technologies(component, shown, unreadable))
    found = (
        signals.detect(change, {}, standing=True)
        if material.finds_signals
        else Signals()
    )
    syntax.forget()
    lines, languages = _languages(texts)
    said = "\n".join(gap.reason for gap in found.gaps)
    own = {path: why for path, why in unreadable.items() if f"{path}: " not in said}
    facts = Facts(
        component,
        lines,
        tuple(languages.most_common()),
        names,
        technologies=built_on,
        signals=found.found,
        gaps=(*found.gaps, *_gaps(own)),
    )
    return Observed(facts, imported)


_BESIDE = (ComponentKind.TESTS, ComponentKind.DOCUMENTATION)
"""Kinds of which nothing else is asked, and which may be most of a repository: no
detector that holds at any time looks at them, and nobody imports from them."""


def _beside(
    component: Component, texts: Mapping[str, str], hidden: frozenset[str]
) -> Observed:
    """Of tests and documents only what no text of theirs stands in."""
    lines, languages = _languages(texts)
    shown = {path: each for path, each in texts.items() if path not in hidden}
    _, imported = _python(component, shown, {})
    found = tuple(_technologies(component, shown, {}))
    ranked = tuple(languages.most_common())
    return Observed(Facts(component, lines, ranked, technologies=found), imported)


def _redacted(
    texts: Mapping[str, str], plain: Change, change: Change
) -> Mapping[str, str]:
    """The texts as the redacted change has them, so that each is parsed once."""
    pairs = zip(plain.diff.files, change.diff.files, strict=True)
    altered = {
        new.path: sides(new, None).after or "" for old, new in pairs if old is not new
    }
    return {path: altered.get(path, text) for path, text in texts.items()}


def _python(
    component: Component, texts: Mapping[str, str], unreadable: dict[str, str]
) -> tuple[tuple[str, ...], Imports]:
    """Public names, some of every module, and what each module imports."""
    names: list[list[str]] = []
    imported: dict[str, tuple[Import, ...]] = {}
    for path, text in texts.items():
        if not path.endswith(".py"):
            continue
        if component.kind in _BESIDE:
            imported[path] = tuple(islice(_by_line(text), IMPORTS_LIMIT))
            continue
        try:
            imported[path] = imports(text)[:IMPORTS_LIMIT]
            names.append(_names(component, path, text))
        except UnreadableError as error:
            unreadable[path] = str(error)
    rows = zip_longest(*names)
    every = (name for row in rows for name in row if name is not None)
    return tuple(islice(dict.fromkeys(every), SYMBOLS_LIMIT)), imported


def _by_line(text: str) -> Iterator[Import]:
    """What a file imports, as far as its lines tell one by one."""
    for line in _IMPORTS.findall(text):
        yield from line_imports(line.strip())


_IMPORTS = re.compile(r"^[ \t]*(?:from|import)[ \t].*", re.M)


def _names(component: Component, path: str, text: str) -> list[str]:
    """A module's public functions, classes and constants, classes first."""
    stem = path.rpartition("/")[2].removesuffix(".py")
    is_private = stem.startswith("_") and not stem.startswith("__")
    if component.kind not in _OFFERING or is_private:
        return []
    public = {
        name: symbol for name, symbol in module(text).public.items() if "." not in name
    }
    order = {"class": 0, "function": 1}
    chosen = sorted(public, key=lambda name: order.get(public[name].kind, 2))
    prefix = "" if stem in ("__init__", "__main__") else f"{stem}."
    return [f"{prefix}{name}" for name in chosen]


_OFFERING = (ComponentKind.PACKAGE, ComponentKind.SERVICE)
"""Kinds whose names others may use."""


def _technologies(
    component: Component, texts: Mapping[str, str], unreadable: dict[str, str]
) -> Iterator[Technology]:
    found: list[Technology] = []
    if component.kind not in _BESIDE:
        for path, text in texts.items():
            found += by_path(path)
            if not declares(path):
                continue
            try:
                found += technologies(path, text)
            except UnreadableError as error:
                unreadable[path] = str(error)
    for path in texts:
        if (language := language_of(path)) in PROGRAMMING:
            found.append(Technology(language, LANGUAGE, path))
    yield from distinct(found)


def _languages(texts: Mapping[str, str]) -> tuple[int, Counter[str]]:
    """All lines, and those of each language."""
    total = 0
    lines: Counter[str] = Counter()
    for path, text in texts.items():
        count = line_count(text)
        total += count
        if language := language_of(path):
            lines[language] += count
    return total, lines


def _gaps(unreadable: Mapping[str, str]) -> tuple[Gap, ...]:
    if not unreadable:
        return ()
    named = [f"{path}: {why}" for path, why in islice(unreadable.items(), GAPS_LIMIT)]
    more = len(unreadable) - GAPS_LIMIT
    tail = [f"and {more} more"] if more > 0 else []
    return (Gap("files", "; ".join([*named, *tail])),)
