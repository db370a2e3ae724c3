"""Texts that are nearly right: strategies that know how each form is written."""

import json
from typing import Any

from hypothesis import strategies as st

from architect_review.prompt.expected import Expected
from architect_review.review.packed import deflated

_WORDS = st.sampled_from(
    ("a", "src/app.py", "x b/y", "é", '"q\\303"', "-", "", " ", "/dev/null", "\t", "0")
)
_TEXT = st.text(max_size=12) | _WORDS
_COUNT = st.integers(0, 4) | st.sampled_from((10**6, 10**30))

_HUNK = st.builds(
    "@@ -{},{} +{},{} @@{}\n{}".format,
    _COUNT, _COUNT, _COUNT, _COUNT, _TEXT,
    st.lists(st.builds("{}{}".format, st.sampled_from(" +-\\"), _TEXT), max_size=5)
    .map("\n".join),
)  # fmt: skip
_HEADERS = st.lists(
    st.builds(
        "{} {}".format,
        st.sampled_from(
            ("index", "old mode", "new mode", "deleted file mode", "new file mode",
             "rename from", "rename to", "copy from", "copy to", "---", "+++",
             "Binary files", "similarity index")
        ),
        _TEXT | st.sampled_from(("100644", "120000", "160000", "a/x", "b/x")),
    ),
    max_size=4,
)  # fmt: skip
DIFFS = st.lists(
    st.builds(
        lambda old, new, headers, hunks: "\n".join(
            [f"diff --git {old} {new}", *headers, *hunks]
        ),
        _WORDS | st.sampled_from(("a/x", '"a/\\t"')),
        _WORDS | st.sampled_from(("b/x", '"b/\\t"')),
        _HEADERS,
        st.lists(_HUNK, max_size=3),
    ),
    max_size=3,
).map("\n".join)

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner),
    max_leaves=8,
)
"""What JSON can hold, and NaN."""

_SCALARS = _TEXT | st.sampled_from(
    ("!!int ''", "!!timestamp x", "!!bool 1", "!!binary é", "!x y", "&a b", "*a", "<<",
     "1:59" + ":59" * 200 + ".5", "2026-99-99", "0x_", "=", "|", "> ", "[a, {b: c}]",
     "'", "- - -", "? x", "off", "~", "1e999", "a: b: c", "# x", "%YAML 9.9")
)  # fmt: skip


def yaml(keys: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Lines of a mapping with these keys, most of them well formed."""
    line = st.builds("{}{}:{}{}".format,
                     st.sampled_from(("", "", "", "  ", "- ", "? ")),
                     st.sampled_from(keys) | _SCALARS,
                     st.sampled_from((" ", " ", "", "\n  - ", "\n    ")),
                     _SCALARS)  # fmt: skip
    return st.lists(line, max_size=6).map("\n".join)


def frontmatter(keys: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Markdown below fields."""
    body = st.lists(_TEXT | st.sampled_from(_MARKDOWN), max_size=6).map("\n".join)
    fences = st.sampled_from(("---\n", "---\n", "--- \t\n", "\ufeff---\r\n", "----\n"))
    return st.builds("{}{}\n{}{}".format, fences, yaml(keys), fences, body)


_MARKDOWN = (
    "# Title", "## Status", "Accepted", "Superseded by [2](2.md)", "Status: **draft**",
    "Applies to: `src/*`, docs/", "## Applies to", "- `a/**/b`", "> quoted", "```",
    "~~~", "ask @lead/team.", "- [ ] x", "<details>", "</details>", "<!--", "-->",
    "    code",
    "/architect", "/architect review full", "/ARCHITECT dismiss F1 by design",
    "/architect answer Q1 yes", "/architect approve abcdef0", "won't fix",
    "As designed.",
)  # fmt: skip
COMMENTS = st.lists(
    st.builds("{}{}".format, st.sampled_from(_MARKDOWN), _TEXT), max_size=8
).map("\n".join)

PATTERNS = st.lists(
    st.builds(
        "{} {}".format,
        st.text("*?[]!^-&|~a/.\\\"# ", max_size=12),
        _TEXT | st.sampled_from(
            ("linguist-generated", "-linguist-vendored", "@a @b/c",
             "!linguist-documentation=false", "linguist-generated=", "=", "-", "!")
        ),
    ),
    max_size=6,
).map("\n".join)  # fmt: skip
"""Lines of a CODEOWNERS or .gitattributes file."""


def broken(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The text, or what arrived of it."""
    return st.builds(lambda t, at: t[: len(t) * at // 8], text, st.integers(1, 8))


def shaped(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a schema of ours, some of another kind than it says."""
    return _right(schema) if schema.get("type") == "object" else _nearly(schema)


def _nearly(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.one_of(*[_right(schema)] * 6, VALUES)


def _right(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema.get("type")
    if kind == "object":
        named = {name: _nearly(of) for name, of in schema["properties"].items()}
        return st.fixed_dictionaries({}, optional=named)
    if kind == "array":
        return st.lists(_nearly(schema["items"]), max_size=2)
    return st.integers() if kind == "integer" else _TEXT


def answers(expected: Expected[Any]) -> st.SearchStrategy[str]:
    """What a model may say when it is asked for this, whole or cut off."""
    said = shaped(expected.schema()).map(json.dumps)
    around = st.sampled_from(("{}", "Here:\n```json\n{}\n```", "{{ {} }}", "{}{}"))
    return broken(st.builds(lambda f, s: f.replace("{}", s), around, said))


def jsons(sample: dict[str, Any]) -> st.SearchStrategy[str]:
    """A JSON object with the keys of the sample, and values of any kind."""
    fields = {
        name: st.just(value) | st.just(value) | VALUES for name, value in sample.items()
    }
    return broken(
        st.fixed_dictionaries({}, optional=fields).map(json.dumps)
        | VALUES.map(json.dumps)
    )


def markers(head: str, sample: dict[str, Any]) -> st.SearchStrategy[str]:
    """A hidden marker: compressed JSON behind `head`."""
    return jsons(sample).map(lambda data: f"{head} {deflated(data)} -->")
