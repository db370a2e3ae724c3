"""What changed lines call and read: names whose definitions tell what happens there."""

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from architect_review.change.mentions import PER_WORD_LIMIT, Mention
from architect_review.change.paths import PathKind, kind_of
from architect_review.evidence.mentioned import definitions, nearness
from architect_review.evidence.names import is_telling
from architect_review.evidence.outline import Outline
from architect_review.evidence.places import Kind, Place
from architect_review.signals.places import brief

NAMES_LIMIT = 20
"""Names of one change that are looked up because changed lines use them."""
PER_FILE_LIMIT = 5
"""Definitions shown for one file, of names that its changed lines use."""
MEANINGS_LIMIT = 3
"""Definitions of one name from which nobody can tell which is meant."""
LINES_LIMIT = 2_000
"""Changed lines of one file that are looked at."""
_CALL = re.compile(r"(?<!\w)([A-Za-z_]\w{2,79})\s*\(")
_VALUE = re.compile(r"(?<![\w\"'])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w\"'])")
_OWNER = re.compile(r"(?<![\w.\"'])([A-Z][a-z]\w{1,79})\s*\.")
_ATTRIBUTE = re.compile(r"\.([a-z]\w*_\w{3,79})\b(?!\s*[(\w])")
_SETTING = re.compile(
    r"\b(?:settings|conf|config|cfg|constants|defaults)\.([A-Z][A-Z0-9_]{2,79})\b"
)
_KNOWN = frozenset((*keyword.kwlist, *dir(builtins), "print", "super", "self"))


def names(after: Outline, added: Iterable[int]) -> Counter[str]:
    """How often lines use a name that they do not define themselves."""
    found: Counter[str] = Counter()
    for number in sorted(added)[:LINES_LIMIT]:
        line = after.lines[number - 1][:400]
        for pattern in (_CALL, _VALUE, _OWNER, _ATTRIBUTE):
            found.update(name for name in pattern.findall(line) if name not in _KNOWN)
    lines = frozenset(added)
    own = {each.name for each in after.definitions if each.line in lines}
    own |= {each.name for each in after.values.values() if each.line in lines}
    for name in [name for name in found if name in own or not is_telling(name)]:
        del found[name]
    return found


def settings(after: Outline, added: Iterable[int]) -> dict[str, int]:
    """The settings that lines read, by name, with the first line of each."""
    found: dict[str, int] = {}
    for number in sorted(added)[:LINES_LIMIT]:
        for name in _SETTING.findall(after.lines[number - 1][:400]):
            found.setdefault(name, number)
    return found


def wanted(of: Mapping[str, Counter[str]], besides: Iterable[str]) -> tuple[str, ...]:
    """The names to look up: values first, then those that are used most."""
    counts: Counter[str] = Counter()
    for each in of.values():
        counts.update(each)
    for name in besides:
        counts.pop(name, None)
    ranked = sorted(counts, key=lambda name: (not name.isupper(), -counts[name], name))
    return tuple(ranked[:NAMES_LIMIT])


def places(
    path: str, used: Counter[str], mentions: Mapping[str, Sequence[Mention]]
) -> Iterator[Place]:
    """The definitions of used names, where it is clear which one is meant."""
    shown = 0
    language = path.rpartition(".")[2]
    for name in sorted(used, key=lambda each: (not each.isupper(), -used[each], each)):
        every = definitions(name, mentions.get(name, ()))
        if not name.isupper():
            every = [each for each in every if each.path.endswith(f".{language}")]
        every.sort(key=partial(nearness, path))
        is_here = any(each.path == path for each in every)
        is_clear = is_here or len(every) <= MEANINGS_LIMIT
        whole = not name.isupper()
        for each in every[: 1 if whole else 2] if is_clear else ():
            why = f"defines `{brief(name)}`, which the changed lines use"
            yield Place(Kind.DEFINITION, path, each.path, each.line, why, whole=whole)
            shown += 1
        if shown >= PER_FILE_LIMIT:
            return


def absent(
    path: str, read: Mapping[str, int], mentions: Mapping[str, Sequence[Mention]]
) -> Iterator[Place]:
    """The settings that no line sets: every line with the name only reads it.

    Mentions must be those of a search that saw every file.
    """
    for name, line in read.items():
        found = mentions.get(name, ())
        if found and len(found) < PER_WORD_LIMIT and _only_read(name, found):
            why = f"nothing outside tests sets `{brief(name)}`, which this line reads"
            yield Place(Kind.READER, path, path, line, why, is_bare=True)


def _only_read(name: str, found: Iterable[Mention]) -> bool:
    read = re.compile(rf"\.{re.escape(name)}\b(?!\s*(?::[^=]*)?=(?!=))")
    words = (PathKind.TEST, PathKind.DOCUMENTATION)
    return all(
        read.search(each.text) for each in found if kind_of(each.path) not in words
    )
