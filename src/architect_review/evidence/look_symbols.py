"""Which lines define a name: by patterns of one line, in linear time.

Written for the usual forms of Python, JavaScript and TypeScript, Go, Rust, Java, C and
their relatives, Ruby, shell, SQL, Terraform, and keys of settings. A line is enough for
a reader who then looks; nothing is decided by it.
"""

import re
from collections.abc import Sequence
from typing import Any

import re2

from architect_review.change.paths import PathKind, kind_of
from architect_review.evidence.look_answer import RefusedError

_NAME = re.compile(r"[\w$@][\w$-]*[?!]?")
_PARTS = re.compile(r"\.|::|#|->|/")
_LINE_LIMIT = 500
"""Characters of a line that are looked at."""

# {n} is the name, {e} its end. Lines are matched from their beginning.
_END = r"(?:[^\pL\pN_$]|$)"
_MODIFIERS = (
    r"(?:(?:export|default|declare|async|public|private|protected|internal|static|final"
    r"|abstract|sealed|override|virtual|readonly|pub|pub\([a-z]+\)|unsafe|extern|open"
    r"|data|inline|suspend|local|global|partial|const|mut|declare)[ \t]+)*"
)
_KEYWORDS = (
    r"(?:def|class|func|fun|fn|function\*?|interface|trait|struct|enum|union|record|type"
    r"|typealias|object|module|mod|namespace|protocol|mixin|macro|macro_rules!|defmodule"
    r"|defp|defmacro|sub|proc|let|var|val|const|static|#define|message|service|rpc"
    r"|input|scalar)"
)
_EVERYWHERE = (
    rf"[ \t]*{_MODIFIERS}{_KEYWORDS}[ \t]+(?:mut[ \t]+|\([^)]*\)[ \t]*)?(?:\w+[.:]+)*"
    r"{n}{e}",
    # Assignments: indented ones with a blank, which keyword arguments lack.
    r"(?:export[ \t]+|\$)?{n}[ \t]*(?::[^=]+)?[:?]?=(?:[^=>~]|$)",
    r"[ \t]+(?:self\.|this\.|cls\.|@@?|\$)?{n}(?:[ \t]*:[^=]+)?[ \t]+:?=(?:[^=>~]|$)",
    r"(?i)[ \t]*[\w\"'(=. \t]*\bcreate[ \t]+(?:[a-z]+[ \t]+){{1,7}}[\"'`\[]?"
    r"(?:\w+[\"'`\]]?\.[\"'`\[]?)?{n}{e}",
)
_FIELDS = (r"[ \t]+(?:readonly[ \t]+)?{n}[?!]?[ \t]*:[ \t]*[^,{{(\s][^,{{(]*$",)
_METHODS = (
    rf"[ \t]+{_MODIFIERS}(?:(?:get|set)[ \t]+)?[*#]?"
    r"{n}[ \t]*(?:<[^>]*>)?\(.*\{{[ \t]*$",
    r"[ \t]*(?:[\w<>\[\],.?:&*@]+[ \t]+[*&]*)+(?:\w+::)*{n}[ \t]*\([^=]*$",
    r"[ \t]*(?:(?:public|private|protected|static|final|readonly)[ \t]+)+"
    r"[\w<>\[\],.?]+[ \t]+{n}[ \t]*[=;]",
)
_GO = (
    r"[ \t]+{n}[ \t]+[\w*\[\].]+(?:[ \t]+`.*`)?[ \t]*$",
    r"[ \t]+{n}\(.*\)[ \t]+[\w(*\[][^{{]*$",
    r"[ \t]+(?:\w+,[ \t]*)*{n}(?:,[ \t]*\w+)*[ \t]*:=",
)
_RUBY = (r"[ \t]*(?:attr_\w+|has_\w+|belongs_to|scope|alias_method)\b.*:{n}{e}",)
_SHELL = (r"[ \t]*{n}[ \t]*\(\)",)
_SQL = (
    r"(?i).*\badd[ \t]+(?:column[ \t]+)?(?:if[ \t]+not[ \t]+exists[ \t]+)?"
    r"[\"`]?{n}[\"`]?[ \t]+\w",
    r"(?i)[ \t]+[\"`]?{n}[\"`]?[ \t]+(?:\w*int|\w*serial|text|\w*char|bool|numeric"
    r"|decimal|real|double|float|date|time|json|uuid|bytea|blob|enum)",
)
_KEYS = (
    r"[ \t{{]*(?:-[ \t]+)?(?:export[ \t]+|ENV[ \t]+|ARG[ \t]+)?[\"']?(?:[\w-]+\.)*{n}"
    r"[\"']?[ \t]*[:=]",
    r"[ \t]*(?:ENV|ARG)[ \t]+{n}(?:[ \t=]|$)",
    r"[ \t]*\[+(?:[\w\"-]+\.)*\"?{n}\"?\]",
    r"[ \t]*[a-z]+[ \t]+(?:\"[^\"]*\"[ \t]+)?\"{n}\"[ \t]*\{{",
)

_BRACES = "c h cc cpp hpp cxx m mm java kt kts scala swift cs php dart groovy"
_OF_SUFFIX = {
    **dict.fromkeys(["py", "pyi", "graphql", "gql"], _FIELDS),
    **dict.fromkeys(["ts", "tsx", "mts", "js", "jsx", "mjs", "cjs", "vue", "svelte"],
                    (*_FIELDS, *_METHODS[:1])),
    **dict.fromkeys(_BRACES.split(), (*_FIELDS, *_METHODS)),
    **dict.fromkeys(["rs"], _FIELDS),
    **dict.fromkeys(["go"], _GO),
    **dict.fromkeys(["rb", "rake"], _RUBY),
    **dict.fromkeys(["sh", "bash", "zsh", "mk"], _SHELL),
    **dict.fromkeys(["sql"], _SQL),
}  # fmt: skip
_NOT_FIRST = """
    return new throw await yield else elif if while for switch catch case in and or not
    print assert del go defer raise import from use using require include
"""
"""Words that begin a line which defines nothing."""
_CALLING = frozenset(_NOT_FIRST.split())
_BESIDES = frozenset({PathKind.TEST})
"""Settings of tests are settings too."""
_COMMENTS = ("//", "/*", "* ", "-- ", "<!--")


class Name:
    """What a symbol is called: its last part, and what stands before it."""

    def __init__(self, symbol: str) -> None:
        """Raises RefusedError for what is no name."""
        parts = [
            each for each in _PARTS.split(symbol.strip().removesuffix("()")) if each
        ]
        if not parts or not _NAME.fullmatch(parts[-1]):
            raise RefusedError(
                "that is no name: give one such as close_all or Pool.close_all, or use "
                "search"
            )
        self.last = parts[-1]
        self.before = tuple(parts[:-1])
        self._compiled: dict[tuple[str, bool], Sequence[Any]] = {}

    def nearness(self, path: str, text: str) -> int:
        """How well a file fits what stands before the name; more is nearer."""
        folders = re.split(r"[/.]", path.lower())
        named = sum(each.lower() in folders for each in self.before)
        return named + sum(each in text for each in self.before[-1:])

    def is_defined_on(self, path: str, line: str) -> bool:
        """Whether a line that holds the name seems to define it."""
        if kind_of(path) is PathKind.DOCUMENTATION:
            return False
        short = line[:_LINE_LIMIT].rstrip()
        bare = short.lstrip()
        word = re.match(r"\w*", bare)
        if bare.startswith(_COMMENTS) or (word and word[0] in _CALLING):
            return False
        return any(each.match(short) for each in self._patterns(path))

    def _patterns(self, path: str) -> Sequence[Any]:
        suffix = path.rpartition(".")[2].lower()
        is_settings = kind_of(path, _BESIDES) is PathKind.CONFIGURATION
        key = (suffix if suffix in _OF_SUFFIX else "", is_settings)
        if key not in self._compiled:
            options = re2.Options()
            options.log_errors = False
            forms = (*_EVERYWHERE, *_OF_SUFFIX.get(suffix, ()))
            self._compiled[key] = [
                re2.compile(form.format(n=re2.escape(self.last), e=_END), options)
                for form in (*forms, *(_KEYS if is_settings else ()))
            ]
        return self._compiled[key]
