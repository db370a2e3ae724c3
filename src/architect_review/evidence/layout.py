"""Lines of any language: definitions, what they hold and what holds them.

Nothing is parsed. A block reaches as far as its lines are indented, which is right for
Python, YAML and for code that is formatted.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from architect_review.evidence.definition import Definition

DEFINITIONS_LIMIT = 5_000
"""Definitions of one file that are looked at."""
LOOK_BACK = 1_000
"""Lines above one that are searched for what holds it."""
LINE_LIMIT = 400
"""Characters of a line that are looked at."""

_WORDS = (
    "export default public private protected internal static async final abstract pub "
    "override sealed open suspend inline virtual unsafe extern const"
)
_DEFINITION = re.compile(
    rf"\s*(?:(?:{'|'.join(_WORDS.split())})(?:\([a-z]+\))?\s+)*"
    r"(?P<kind>def|func|fun|function|fn|class|interface|struct|trait|enum|module|impl|"
    r"object|record)\b\*?\s*(?:\([^()]*\)\s*)?(?P<name>[A-Za-z_$][\w$]*)"
)
_ARROW = re.compile(
    r"\s*(?:export\s+)?(?:const|let|var)\s+(?P<name>[A-Za-z_$][\w$]*)\s*=\s*"
    r"(?:async\s*)?(?:function\b|\([^()]*\)\s*=>|[\w$]+\s*=>)"
)
_CLASSES = ("class", "interface", "struct", "trait", "enum", "module", "impl", "object")
_BASES = re.compile(r"\s*class\s+\w+\s*(?:\[[^\]]*\])?\(([^()]*)")
_CLOSERS = (")", "]", "}", "end", "else", "elif", "except", "finally", "catch", "{")
_NO_HOLDER = (")", "]", "}", "#", "//")
_HASH = (
    *(".py", ".pyi", ".yml", ".yaml", ".toml", ".sh", ".rb", ".cfg", ".ini", ".tf"),
    *(".env", ".conf", ".pl", ".r", "dockerfile", "makefile", ".txt", ".properties"),
)
_DASHES = (".sql", ".lua", ".hs")
_PROSE = (".md", ".rst", ".txt", ".adoc", ".html", ".css", ".svg", ".csv")


def indent(line: str) -> int:
    """The columns before a line's first character."""
    return len(line) - len(line.lstrip())


def is_silent(path: str, line: str) -> bool:
    """Whether a line is blank or a comment, by the looks of it."""
    text = line.strip()
    if not text:
        return True
    name = path.lower()
    if name.endswith(_HASH) or "dockerfile" in name:
        is_ini = name.endswith((".ini", ".cfg"))
        return text[0] == "#" or (is_ini and text[0] == ";")
    if name.endswith(_DASHES):
        return text.startswith("--")
    return text.startswith(("//", "/*", "*/", "* ", "<!--")) or text == "*"


def definition_on(line: str) -> tuple[str, bool] | None:
    """The name that a line defines and whether it is a class's; None for others."""
    line = line[:LINE_LIMIT]
    found = _DEFINITION.match(line)
    if found:
        return found["name"], found["kind"] in _CLASSES
    found = _ARROW.match(line)
    return (found["name"], False) if found else None


def bases_on(line: str) -> tuple[str, ...]:
    """The base classes of a Python class by last name, as far as on its line."""
    found = _BASES.match(line[:LINE_LIMIT])
    if not found:
        return ()
    names = (part.partition("[")[0].strip() for part in found[1].split(","))
    return tuple(n.rpartition(".")[2] for n in names if n and "=" not in n)


def block_end(lines: Sequence[str], line: int, most: int) -> int:
    """The last line of the block that begins on `line`, at most `most` lines later."""
    depth = indent(lines[line - 1])
    end = line
    for number in range(line + 1, min(len(lines), line + most) + 1):
        text = lines[number - 1]
        if not text.strip():
            continue
        if indent(text) < depth:
            break
        if indent(text) == depth and not text.lstrip().startswith(_CLOSERS):
            break
        end = number
    return end


def holders(lines: Sequence[str], line: int) -> tuple[int, ...]:
    """The lines that hold a line, outermost first: each less indented than the next."""
    depth = indent(lines[line - 1])
    found: list[int] = []
    for number in range(line - 1, max(0, line - 1 - LOOK_BACK), -1):
        if not depth:
            break
        text = lines[number - 1]
        if not text.strip() or indent(text) >= depth:
            continue
        if text.lstrip().startswith(_NO_HOLDER):
            continue
        depth = indent(text)
        found.append(number)
    return tuple(reversed(found))


def held(lines: Sequence[str]) -> list[int]:
    """For each line the nearest above that is less indented; 0 where there is none."""
    found: list[int] = []
    open_: list[tuple[int, int]] = []
    for number, line in enumerate(lines, 1):
        text = line.lstrip()
        depth = len(line) - len(text)
        while text and open_ and open_[-1][0] >= depth:
            open_.pop()
        found.append(open_[-1][1] if open_ else 0)
        if text and not text.startswith(_NO_HOLDER):
            open_.append((depth, number))
    return found


def is_prose(path: str) -> bool:
    """Whether a file holds text or markup, in which nothing is defined."""
    return path.lower().endswith(_PROSE)


def definitions(path: str, lines: Sequence[str]) -> list[Definition]:
    """The definitions of a file, in order."""
    found: list[Definition] = []
    if is_prose(path):
        return found
    open_: list[tuple[int, int]] = []
    last = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        depth = indent(line)
        is_closer = line.lstrip().startswith(_CLOSERS)
        while open_ and (
            open_[-1][0] > depth or (open_[-1][0] == depth and not is_closer)
        ):
            at = open_.pop()[1]
            found[at] = replace(found[at], end=last)
        last = number
        named = definition_on(line)
        if named and len(found) < DEFINITIONS_LIMIT:
            parent = open_[-1][1] if open_ else None
            outer = None if parent is None else found[parent]
            open_.append((depth, len(found)))
            found.append(_definition(line, number, named, parent, outer))
    for _, at in open_:
        found[at] = replace(found[at], end=last)
    return found


def _definition(
    line: str,
    number: int,
    named: tuple[str, bool],
    parent: int | None,
    outer: Definition | None,
) -> Definition:
    """The definition that a line begins, until its end is known."""
    name, is_class = named
    text = " ".join(line.split())[:LINE_LIMIT]
    return Definition(
        name,
        outer.name if outer and outer.is_class else "",
        number,
        number,
        number,
        is_class,
        parent,
        is_local=outer is not None and (outer.is_local or not outer.is_class),
        head=(text,),
        bases=bases_on(text) if is_class else (),
    )
