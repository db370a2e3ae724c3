"""Comments from templates: what the template says is trusted, every value is not.

A value leaves a template as one line of escaped text unless it is `Markdown`. The
filters `prose`, `sentence`, `code`, `fence`, `suggestion`, `mention` and `inline`
make Markdown.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    Environment,
    PackageLoader,
    StrictUndefined,
    Undefined,
    nodes,
)
from jinja2.bccache import Bucket

from architect_review.publication import markdown
from architect_review.publication.inlines import Links
from architect_review.publication.markdown import Markdown
from architect_review.publication.sentence import sentence

PROSE_LIMIT = 4_000
"""Characters of one piece of the model's prose in a comment."""
CODE_LIMIT = 4_000
"""Characters of one fenced block in a comment, fence included."""
VALUE_LIMIT = 500
"""Characters of a plain value in the running text."""

# A name that no template can spell.
_TRUSTED = " trusted"


class _Compiled(BytecodeCache):
    """Templates that are compiled already, by name and digest of their text.

    Environments differ in what their links may be, which no compiled template holds;
    to compile them again takes longer than to render them.
    """

    def __init__(self) -> None:
        self._found: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled of this very text."""
        if code := self._found.get(f"{bucket.key} {bucket.checksum}"):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._found[f"{bucket.key} {bucket.checksum}"] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class _CommentEnvironment(Environment):
    """An environment whose own output is Markdown.

    Everything a template puts together went through `finalize` piece by piece, so what
    `{% set %}`, macros and whole templates return must not be escaped a second time.
    """

    @staticmethod
    def concat(pieces: Iterable[str]) -> str:
        """Join finished pieces (overrides an attribute, as jinja2.nativetypes does)."""
        return Markdown("".join(pieces))

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        """Trust the strings that a template writes out itself (a hook of Jinja's)."""
        for output in source.find_all(nodes.Output):
            output.nodes = [_trusting(node) for node in output.nodes]
        return super()._generate(source, name, filename, defer_init)


def comment_environment(links: Links, loader: BaseLoader | None = None) -> Environment:
    """Templates for GitHub comments; prose may link to what `links` allows.

    A value that is None, or neither text nor number, raises TypeError; one that is
    missing raises jinja2.UndefinedError.
    """
    environment = _CommentEnvironment(
        loader=loader or PackageLoader("architect_review"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # HTML's; `finalize` escapes for Markdown
        finalize=_finished,
        bytecode_cache=_COMPILED,
    )
    environment.filters |= {
        "prose": partial(_prose, links),
        "sentence": partial(_sentence, links),
        "inline": _inline,
        "code": _code,
        "fence": _fence,
        "suggestion": markdown.suggestion,
        "mention": markdown.mention,
        _TRUSTED: Markdown,
    }
    environment.tests["verbatim"] = markdown.is_verbatim
    return environment


def render(template: str, /, *, links: Links, **values: Any) -> Markdown:
    """A comment from a template that ships with the package."""
    return Markdown(comment_environment(links).get_template(template).render(**values))


def _finished(value: object) -> str:
    if isinstance(value, Markdown):
        return value
    # Of the undefined, only the missing half of `{{ a if b }}` has a text: "".
    if isinstance(value, str | Undefined):
        return markdown.inline(str(value), limit=VALUE_LIMIT)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise TypeError(f"a comment cannot say {value!r}")


def _trusting(node: nodes.Expr) -> nodes.Expr:
    if isinstance(node, nodes.CondExpr):
        node.expr1 = _trusting(node.expr1)
        node.expr2 = node.expr2 and _trusting(node.expr2)
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        return nodes.Filter(node, _TRUSTED, [], [], None, None, lineno=node.lineno)
    return node


def _prose(links: Links, text: str, limit: int = PROSE_LIMIT) -> Markdown:
    return markdown.safe(text, limit=limit, links=links)


def _sentence(links: Links, text: str, limit: int = VALUE_LIMIT) -> Markdown:
    return sentence(text, limit=limit, links=links)


def _inline(text: str, limit: int = VALUE_LIMIT) -> Markdown:
    return markdown.inline(text, limit=limit)


def _code(text: str, limit: int = 200) -> Markdown:
    return markdown.code(text, limit=limit)


def _fence(text: str, language: str = "", limit: int = CODE_LIMIT) -> Markdown:
    return markdown.fence(text, language, limit=limit)
