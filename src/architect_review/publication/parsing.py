"""The parser of what others wrote, made once somebody has written Markdown."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


@cache
def parser() -> MarkdownIt:
    """GitHub's Markdown as far as it is heeded here: CommonMark, tables, strike-out."""
    # Most runs end with a sentence of ours, in which there is nothing to parse.
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": True, "maxNesting": 20})
    made.enable(["table", "strikethrough"])
    # Without HTML blocks a tag is text in a paragraph that is read like any other;
    # without reference definitions nothing is hidden and no address is multiplied.
    return made.disable(["html_block", "reference"])
