"""What kind of file a path names: decided by paths alone, never by content.

A marker inside a file is the author's word; a path and the base branch's
`.gitattributes` are not. Sources of the lists: the lock files' own tools, the
`vendor.yml` and `generated.rb` rules of github-linguist (MIT) in our own words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase, translate
from functools import lru_cache


class PathKind(StrEnum):
    """What a file is for."""

    VENDORED = "vendored"
    LOCK = "lock"
    GENERATED = "generated"
    TEST = "test"
    DOCUMENTATION = "documentation"
    ASSET = "asset"
    CONFIGURATION = "configuration"
    SOURCE = "source"


_GLOBS: Mapping[PathKind, str] = {
    PathKind.VENDORED: """
        */vendor/* */vendored/* */_vendor/* */third_party/* */third-party/*
        */node_modules/* */bower_components/* */site-packages/* */.venv/* */venv/*
        */.yarn/releases/* */.yarn/plugins/* */carthage/build/* */pods/*
    """,
    PathKind.LOCK: """
        */uv.lock */poetry.lock */pdm.lock */pipfile.lock */pixi.lock */pylock.toml
        */pylock.*.toml */conda-lock.yml */package-lock.json */npm-shrinkwrap.json
        */yarn.lock */pnpm-lock.yaml */bun.lock */bun.lockb */deno.lock */cargo.lock
        */go.sum */composer.lock */gemfile.lock */mix.lock */flake.lock */pubspec.lock
        */podfile.lock */cartfile.resolved */package.resolved */packages.lock.json
        */gradle.lockfile */.terraform.lock.hcl */chart.lock */buf.lock
    """,
    PathKind.GENERATED: """
        *_pb2.py *_pb2.pyi *_pb2_grpc.py *.pb.go *.pb.cc *.pb.h *.g.dart *.freezed.dart
        *.g.cs *.designer.cs *.min.js *.min.css *.js.map *.css.map *.snap
        */__generated__/* */generated/* */dist/* */__snapshots__/* */__pycache__/*
        *.egg-info/* */zz_generated.* *.generated.* *_generated.go
    """,
    PathKind.TEST: """
        */tests/* */test/* *[-_]test/* *[-_]tests/* */__tests__/* */testdata/*
        */e2e/* */cypress/* */test_*.py *_test.py */conftest.py *_test.go
        *_spec.rb *_test.rb *.test.js *.test.jsx *.test.ts *.test.tsx *.test.mjs
        *.spec.js *.spec.jsx *.spec.ts *.spec.tsx *.spec.mjs
    """,
    PathKind.DOCUMENTATION: """
        */docs/* */doc/* *.md *.mdx *.rst *.adoc
        */license */license.txt */licence */copying */notice */authors */changelog
        */changelog.txt */changes.txt */contributors
    """,
    PathKind.ASSET: """
        *.png *.jpg *.jpeg *.gif *.webp *.ico *.svg *.bmp *.avif *.mp3 *.mp4 *.wav *.ogg
        *.webm *.mov *.ttf *.otf *.woff *.woff2 *.eot *.pdf *.zip *.gz *.tgz *.xz *.7z
        *.jar *.whl *.psd *.ai
    """,
    PathKind.CONFIGURATION: """
        *.toml *.yml *.yaml *.json *.jsonc *.json5 *.ini *.cfg *.conf *.properties *.env
        */.env* *.tf *.tfvars *.hcl *.service *.timer *.editorconfig
        */dockerfile* *.dockerfile */containerfile* */procfile */makefile */codeowners
        */.github/* */.gitignore */.gitattributes */.dockerignore */.*rc
        *requirements*.txt */requirements/*.txt *requirements*.in */requirements/*.in
    """,
}
"""Globs over "/" and the path in lower case; `*` crosses folders. The first wins."""

_PATTERNS = {
    kind: re.compile("|".join(translate(glob) for glob in globs.split()))
    for kind, globs in _GLOBS.items()
}


@lru_cache(maxsize=8192)
def kind_of(path: str, besides: frozenset[PathKind] = frozenset()) -> PathKind:
    """What a path's name and folders say; the kinds in `besides` are not considered."""
    name = "/" + path.lower()
    for kind, pattern in _PATTERNS.items():
        if kind not in besides and pattern.match(name):
            return kind
    return PathKind.SOURCE


_ATTRIBUTES = {
    "linguist-generated": PathKind.GENERATED,
    "linguist-vendored": PathKind.VENDORED,
    "linguist-documentation": PathKind.DOCUMENTATION,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One attribute of one line: True and False decide, None takes a decision back."""

    pattern: str
    kind: PathKind
    value: bool | None


@dataclass(frozen=True, slots=True)
class Attributes:
    """The `linguist-*` attributes of the repository's top `.gitattributes`."""

    rules: tuple[Rule, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Attributes":
        """Read a `.gitattributes`; lines that git would not accept count as absent.

        Source: gitattributes(5). Like GitHub, every value but `false` sets.
        """
        rules: list[Rule] = []
        for line in text.split("\n"):
            pattern, states = _pattern_and_states(line.strip())
            for state in states:
                name, _, value = state.lstrip("-!").partition("=")
                kind = _ATTRIBUTES.get(name)
                if pattern and kind:
                    decided = None if state[0] == "!" else state[0] != "-"
                    rules.append(
                        Rule(pattern, kind, decided and value.lower() != "false")
                    )
        return cls(tuple(rules))

    def kind(self, path: str) -> PathKind | None:
        """The kind that the attributes decide; None where they say nothing.

        A kind that is denied (`-linguist-generated`) gives what the path says
        otherwise. Of several matching rules for one attribute the last one counts.
        """
        decided: dict[PathKind, bool | None] = {}
        for rule in self.rules:
            if fits(path, rule.pattern):
                decided[rule.kind] = rule.value
        for kind in (PathKind.VENDORED, PathKind.GENERATED, PathKind.DOCUMENTATION):
            if decided.get(kind):
                return kind
        denied = frozenset(kind for kind, value in decided.items() if value is False)
        return kind_of(path, denied) if denied else None


def _pattern_and_states(line: str) -> tuple[str, list[str]]:
    quoted = re.match(r'"((?:[^"\\]|\\.)*)"(.*)', line)
    if quoted:
        return re.sub(r"\\(.)", r"\1", quoted[1]), quoted[2].split()
    parts = line.split()
    if not parts or parts[0][0] in "#!" or parts[0].startswith("[attr]"):
        return "", []
    return parts[0], parts[1:]


def fits(path: str, pattern: str) -> bool:
    """Whether git holds `path` to match: without a slash, its name; else from the top.

    Folder by folder, so that no pattern takes more than quadratic time. As for git
    (wildmatch.c), a bracket that is never closed matches nothing; each would be looked
    through to the pattern's end.
    """
    if pattern.rfind("[") > pattern.rfind("]"):
        return False
    pattern = pattern.replace("[^", "[!")
    if "/" not in pattern:
        return fnmatchcase(path.rsplit("/", 1)[-1], pattern)
    folders = path.split("/")
    reached = {0}
    for part in pattern.removeprefix("/").split("/"):
        if part == "**":
            reached = set(range(min(reached), len(folders) + 1))
        else:
            reached = {
                at + 1
                for at in reached
                if at < len(folders) and fnmatchcase(folders[at], part)
            }
        if not reached:
            return False
    return len(folders) in reached


TRANSLATIONS = frozenset(("l10n", "locale", "locales", "translations"))
"""Folders of texts in other languages."""
_DATA = "json yml yaml properties strings ftl php po pot mo xlf xliff arb ts js"
_TRANSLATED = frozenset(_DATA.split())
_CATALOGUES = (".po", ".pot", ".xlf", ".xliff", ".arb")


def is_translation(path: str) -> bool:
    """Whether a file holds an interface's texts in some language, and no code."""
    *folders, name = path.lower().split("/")
    is_data = name.rpartition(".")[2] in _TRANSLATED
    is_there = not TRANSLATIONS.isdisjoint(folders)
    return name.endswith(_CATALOGUES) or (is_there and is_data)
