"""What SQL migrations do: enough of the language to tell what is lost.

Comments and strings are taken out by one linear pass, statements are cut at
semicolons and read word by word. Covers what PostgreSQL, MySQL, SQLite and SQL Server
share; a statement it does not know is no operation.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from architect_review.signals.operation import Operation
from architect_review.signals.places import brief

_TOKEN = re.compile(
    r"""--[^\n]*
    | /\*.*?(?:\*/|\Z)
    | '[^']*(?:''[^']*)*(?:'|\Z)
    | \$(?P<tag>(?:[A-Za-z_]\w*)?)\$(?P<body>.*?)(?:\$(?P=tag)\$|\Z)
    | (?P<name>(?:\w+|"[^"\n]*"|`[^`\n]*`|\[[^\]\n]*\])
        (?:\.(?:\w+|"[^"\n]*"|`[^`\n]*`|\[[^\]\n]*\]))*)
    | (?P<mark>[;,()])""",
    re.S | re.X,
)
_DOWN = re.compile(
    r"^--[ \t]*(?:migrate:down|\+goose Down|\+migrate Down)\b.*", re.M | re.S
)
"""Where dbmate, goose and sql-migrate begin the way back."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    at: int

    @property
    def word(self) -> str:
        return self.text.upper()


def operations(text: str, first_line: int = 1) -> Iterator[Operation]:
    """The schema changes of a text that begins on `first_line`, in order."""
    text = _DOWN.sub("", text)
    ends = [found.start() for found in re.finditer(r"\n", text)]
    for statement in _statements(text, 0, len(text)):
        for fact, subject, at, lost in _read(statement):
            line = first_line + bisect_right(ends, at - 1)
            yield Operation(fact, subject, line, lost)


_Step = tuple[str, str, int, bool]


def _statements(
    text: str, start: int, end: int, *, is_block: bool = False
) -> Iterator[list[_Token]]:
    """Cut at semicolons outside strings and comments; enter DO blocks, which run."""
    statement: list[_Token] = []
    for found in _TOKEN.finditer(text, start, end):
        if found["mark"] == ";":
            yield statement
            statement = []
        elif found["body"] is not None:
            if statement and statement[0].word == "DO" and not is_block:
                yield from _statements(text, *found.span("body"), is_block=True)
        elif found["name"] or found["mark"]:
            statement.append(_Token(found[0], found.start()))
    yield statement


def _read(tokens: list[_Token]) -> Iterator[_Step]:
    while tokens and tokens[0].word in ("BEGIN", "DECLARE", "THEN"):
        tokens = tokens[1:]
    words = [token.word for token in tokens[:6]] + [""] * 6
    at = tokens[0].at if tokens else 0
    if words[0] == "DROP" and words[1] in ("TABLE", "SCHEMA", "DATABASE"):
        for name in _names(tokens[2:]):
            yield f"Drops {words[1].lower()} `{name}`.", name, at, True
    elif words[0] == "DROP" and words[1] == "INDEX":
        for name in _names([t for t in tokens[2:] if t.word != "CONCURRENTLY"]):
            yield f"Drops index `{name}`.", name, at, False
    elif words[0] == "TRUNCATE":
        for name in _names([t for t in tokens[1:] if t.word not in ("TABLE", "ONLY")]):
            yield f"Empties table `{name}`.", name, at, True
    elif words[:2] == ["RENAME", "TABLE"]:
        name = _name(tokens[2:])
        yield f"Renames table `{name}`.", name, at, True
    elif words[:2] == ["ALTER", "TABLE"]:
        yield from _alter_table(tokens[2:])
    elif words[0] == "CREATE":
        yield from _create(tokens)


_KINDS = {"TABLE", "INDEX", "VIEW", "TYPE", "SCHEMA", "SEQUENCE"}
_MODIFIERS = """
    OR REPLACE UNIQUE TEMP TEMPORARY GLOBAL LOCAL UNLOGGED MATERIALIZED FULLTEXT SPATIAL
    CLUSTERED NONCLUSTERED RECURSIVE EXTERNAL FOREIGN
"""


def _create(tokens: list[_Token]) -> Iterator[_Step]:
    rest = tokens[1:]
    while rest and rest[0].word in _MODIFIERS.split():
        rest = rest[1:]
    if rest and rest[0].word in _KINDS:
        names = [token for token in rest[1:7] if token.word != "CONCURRENTLY"]
        name = _name(names)
        if name.upper() == "ON":
            name = f"on {_name(names[1:])}"
        yield f"Creates {rest[0].word.lower()} `{name}`.", name, tokens[0].at, False


_SKIPPED = ("IF", "NOT", "EXISTS", "ONLY")


def _unconditional(tokens: list[_Token]) -> list[_Token]:
    while tokens and tokens[0].word in _SKIPPED:
        tokens = tokens[1:]
    return tokens


def _name(tokens: list[_Token]) -> str:
    rest = _unconditional(tokens)
    if not rest or rest[0].text in (",", "(", ")"):
        return "?"
    return brief(re.sub(r'["`\[\]]', "", rest[0].text), 120)


def _names(tokens: list[_Token]) -> Iterator[str]:
    """A list of names, each followed by a comma but the last."""
    rest = _unconditional(tokens)
    for before, token in zip([None, *rest], rest, strict=False):
        if before is None or before.text == ",":
            yield _name([token])
        elif token.text != ",":
            return


def _alter_table(tokens: list[_Token]) -> Iterator[_Step]:
    tokens = _unconditional(tokens)
    if not tokens:
        return
    table = _name(tokens)
    action: list[_Token] = []
    depth = 0
    for token in [*tokens[1:], _Token(",", 0)]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "," and depth <= 0:
            if action:
                fact, subject, lost = _action(action, table)
                yield fact, subject, action[0].at, lost
            action = []
        else:
            action.append(token)


_DROPPED = {
    "COLUMN": ("column", True),
    "CONSTRAINT": ("constraint", True),
    "CHECK": ("constraint", True),
    "PRIMARY": ("primary key", True),
    "FOREIGN": ("foreign key", True),
    "PARTITION": ("partition", True),
    "INDEX": ("index", False),
    "KEY": ("index", False),
}
_PARTS = {"INDEX", "KEY", "CONSTRAINT"}


def _action(tokens: list[_Token], table: str) -> tuple[str, str, bool]:
    """The fact, the subject and whether something is lost of one ALTER TABLE action."""
    words = [token.word for token in tokens[:8]] + [""] * 8
    of = f"of table `{table}`"
    rest = tokens[2:] if words[1] == "COLUMN" else tokens[1:]
    column = _name(rest)
    subject = f"{table}.{column}"
    then = [token.word for token in _unconditional(rest)[1:6]]
    if words[0] == "DROP":
        what, lost = _DROPPED.get(words[1], ("column", True))
        keyed = words[1] in ("PRIMARY", "FOREIGN")
        if words[1] in _DROPPED:
            column = _name(tokens[3 if keyed else 2 :])
        subject = f"{table}.{what if keyed and column == '?' else column}"
        return f"Drops {what} `{column}` {of}.".replace(" `?`", ""), subject, lost
    if words[0] == "RENAME" and words[1] not in _PARTS:
        if words[1] in ("TO", "AS"):
            return f"Renames table `{table}`.", table, True
        return f"Renames column `{column}` {of}.", subject, True
    if words[0] in ("ALTER", "MODIFY", "CHANGE") and words[1] not in _PARTS:
        if then[:3] == ["SET", "NOT", "NULL"]:
            return f"Makes column `{column}` {of} required.", subject, True
        if words[0] != "ALTER" or "TYPE" in then[:3]:
            return f"Redefines column `{column}` {of}.", subject, True
        if then and then[0] not in ("SET", "DROP", "ADD", "RESTART"):
            return f"Redefines column `{column}` {of}.", subject, True
    return f"Alters table `{table}`.", table, False
