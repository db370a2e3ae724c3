"""Which language a file is written in, and whether it is written at all, by its name.

Names and suffixes are those of github-linguist (MIT), chosen by hand.
"""

from collections.abc import Mapping
from functools import lru_cache

from architect_review.change.paths import (
    TRANSLATIONS,
    PathKind,
    is_translation,
    kind_of,
)

_CODE: Mapping[str, str] = {
    "Python": "py pyi pyx pxd",
    "JavaScript": "js jsx mjs cjs",
    "TypeScript": "ts tsx mts cts",
    "Vue": "vue",
    "Svelte": "svelte",
    "Go": "go",
    "Rust": "rs",
    "Java": "java",
    "Kotlin": "kt kts",
    "Scala": "scala sc",
    "Groovy": "groovy gradle",
    "C": "c h",
    "C++": "cc cpp cxx hpp hh hxx",
    "C#": "cs",
    "F#": "fs fsx",
    "Swift": "swift",
    "Objective-C": "m mm",
    "Dart": "dart",
    "Ruby": "rb rake",
    "PHP": "php",
    "Perl": "pl pm",
    "Elixir": "ex exs",
    "Erlang": "erl hrl",
    "Haskell": "hs",
    "OCaml": "ml mli",
    "Clojure": "clj cljs cljc",
    "Lua": "lua",
    "R": "r",
    "Julia": "jl",
    "Zig": "zig",
    "Shell": "sh bash zsh fish",
    "PowerShell": "ps1 psm1",
    "SQL": "sql",
    "PL/pgSQL": "pgsql",
    "GraphQL": "graphql gql",
    "Protocol Buffer": "proto",
    "HCL": "tf hcl tfvars",
    "Solidity": "sol",
}
_OTHER: Mapping[str, str] = {
    "HTML": "html htm",
    "Jinja": "j2 jinja jinja2",
    "Handlebars": "hbs handlebars mustache",
    "CSS": "css",
    "SCSS": "scss sass",
    "Less": "less",
    "YAML": "yml yaml",
    "TOML": "toml",
    "JSON": "json jsonc json5",
    "XML": "xml xsd xsl wsdl",
    "INI": "ini cfg conf properties",
    "Markdown": "md mdx",
    "reStructuredText": "rst",
    "AsciiDoc": "adoc",
    "Gettext": "po pot",
    "CSV": "csv tsv",
    "Text": "txt",
}
_NAMES: Mapping[str, str] = {
    "dockerfile": "Dockerfile",
    "containerfile": "Dockerfile",
    "makefile": "Makefile",
    "gnumakefile": "Makefile",
    "rakefile": "Ruby",
    "gemfile": "Ruby",
    "jenkinsfile": "Groovy",
    "pipfile": "TOML",
}

_DATA = """
    db sqlite sqlite3 mo bin pkl pickle parquet npy npz so dll dylib exe class pyc o a
    tar bz2 rar dmg iso apk pfx p12 jks keystore xlsx xls docx pptx heic tif tiff flac
    ds_store
"""
_BINARY = frozenset(_DATA.split())


def _by_suffix(table: Mapping[str, str]) -> dict[str, str]:
    return {end: language for language, ends in table.items() for end in ends.split()}


_SUFFIXES = _by_suffix(_CODE)
_EVERY_SUFFIX = {**_by_suffix(_OTHER), **_SUFFIXES}
PROGRAMMING = frozenset(_CODE)
"""Languages that programs are written in; others hold data, settings or prose."""


@lru_cache(maxsize=8_192)
def language_of(path: str) -> str:
    """The language's name, "" for a file that is of none."""
    name = path.rpartition("/")[2].lower()
    stem, dot, suffix = name.rpartition(".")
    known = _NAMES.get(name) or (_NAMES.get(stem.partition(".")[0]) if dot else None)
    if known == "Dockerfile" or not dot:
        return known or ""
    if suffix == "dockerfile":
        return "Dockerfile"
    return _EVERY_SUFFIX.get(suffix, "")


def is_code(path: str) -> bool:
    """Whether a file is written in a language that programs are written in.

    Translations are none, whatever their tools write them as.
    """
    *folders, name = path.split("/")
    is_known = name.rpartition(".")[2].lower() in _SUFFIXES and "." in name
    return is_known and TRANSLATIONS.isdisjoint(folders)


def is_binary(path: str) -> bool:
    """Whether a file's name says that it is no text."""
    is_data = path.rpartition(".")[2].lower() in _BINARY
    return is_data or kind_of(path, _ROLES) is PathKind.ASSET


def is_written(path: str) -> bool:
    """Whether people write this file, as text: no tool, and nobody elsewhere."""
    is_made = kind_of(path, _ROLES) in MADE or is_translation(path)
    return not is_made and not is_binary(path)


MADE = (PathKind.VENDORED, PathKind.GENERATED, PathKind.LOCK)
"""Files that tools make, or others: reviews summarise them."""
_ROLES = frozenset({PathKind.TEST, PathKind.DOCUMENTATION})
"""What a file is for; it may be a picture all the same."""
