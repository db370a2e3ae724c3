"""SQL as words: one linear pass that takes comments and strings out.

No parser of a whole dialect: migrations are of many, nest as deeply as they like and
are long where they hold data, and a parser that knows one dialect leaves what matters
most here (VALIDATE CONSTRAINT, ATTACH PARTITION, ALTER TYPE) unread.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from architect_review.signals.places import brief

_TOKEN = re.compile(
    r"""--[^\n]*
    | /\*.*?(?:\*/|\Z)
    | \b[eE]'[^'\\]*(?:(?:\\.|'')[^'\\]*)*(?:'|\Z)
    | '[^']*(?:''[^']*)*(?:'|\Z)
    | \$(?P<tag>(?:[A-Za-z_]\w*)?)\$(?P<body>.*?)(?:\$(?P=tag)\$|\Z)
    | (?P<name>(?:\w+|"[^"\n]*(?:""[^"\n]*)*"|`[^`\n]*`|\[[^\]\n]{0,200}\])
        (?:\.(?:\w+|"[^"\n]*(?:""[^"\n]*)*"|`[^`\n]*`|\[[^\]\n]{0,200}\]))*)
    | (?P<mark>[;,()])""",
    re.S | re.X,
)
_SKIPPED = ("IF", "NOT", "EXISTS", "ONLY")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a name with its quotes and schema, or a mark; `at` is its offset."""

    text: str
    at: int

    @property
    def word(self) -> str:
        """In upper case; a quoted name keeps its quotes and so is no keyword."""
        return self.text.upper()


Tokens = Sequence[Token]


def statements(text: str) -> Iterator[Tokens]:
    """Cut at semicolons outside strings and comments; enter DO blocks, which run."""
    return _statements(text, 0, len(text))


def _statements(
    text: str, start: int, end: int, *, is_block: bool = False
) -> Iterator[Tokens]:
    statement: list[Token] = []
    for found in _TOKEN.finditer(text, start, end):
        if found["mark"] == ";":
            yield statement
            statement = []
        elif found["body"] is not None:
            if statement and statement[0].word == "DO" and not is_block:
                yield from _statements(text, *found.span("body"), is_block=True)
        elif found["name"] or found["mark"]:
            statement.append(Token(found[0], found.start()))
    yield statement


def words(tokens: Tokens, count: int = 8) -> list[str]:
    """The first words in upper case, filled up with empty ones."""
    return [*(token.word for token in tokens[:count]), *[""] * count][:count]


def unconditional(tokens: Tokens) -> Tokens:
    """Without IF NOT EXISTS, IF EXISTS and ONLY in front."""
    start = 0
    while start < len(tokens) and tokens[start].word in _SKIPPED:
        start += 1
    return tokens[start:]


def name(tokens: Tokens) -> str:
    """The name in front, without quotes; "?" where there is none."""
    rest = unconditional(tokens)
    if not rest or rest[0].text in (",", "(", ")"):
        return "?"
    return brief(re.sub(r'["`\[\]]', "", rest[0].text), 120)


def names(tokens: Tokens) -> Iterator[str]:
    """A list of names, each followed by a comma but the last."""
    rest = unconditional(tokens)
    for before, token in zip([None, *rest], rest, strict=False):
        if before is None or before.text == ",":
            yield name([token])
        elif token.text != ",":
            return


def clauses(tokens: Tokens) -> Iterator[Tokens]:
    """Cut at commas outside parentheses."""
    clause: list[Token] = []
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "," and depth <= 0:
            if clause:
                yield clause
            clause = []
        else:
            clause.append(token)
    if clause:
        yield clause


def outside(tokens: Tokens) -> list[Token]:
    """The tokens that stand in no parentheses."""
    kept: list[Token] = []
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth <= 0 and token.text not in "()":
            kept.append(token)
    return kept
