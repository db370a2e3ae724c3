"""Commands in comments: `/architect review` at the start of a line."""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt

COMMENT_LIMIT = 65_536
"""Characters of a comment that are searched: the longest that GitHub accepts."""

_LINE = re.compile(r"[ \t]{0,3}/architect(?:[ \t]+(\S+))?(?:[ \t]+(.*))?[ \t]*$", re.I)


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name in lower case and the rest of its line."""

    name: str
    argument: str = ""


def commands(body: str) -> tuple[Command, ...]:
    """The commands of a comment, in order: lines of paragraphs at the top level.

    Quotations, lists, code and HTML command nothing.
    """
    if "/architect" not in body.lower():
        return ()
    text = body[:COMMENT_LIMIT].replace("\r\n", "\n")
    found: list[Command] = []
    opener = ""
    for token in MarkdownIt("commonmark").parse(text):
        if token.type != "inline" or token.level != 1 or opener != "paragraph_open":
            opener = token.type
            continue
        code = "\n".join(
            child.content
            for child in token.children or ()
            if child.type == "code_inline"
        )
        for line in token.content.split("\n"):
            match = _LINE.match(line)
            if match and line not in code:
                name, argument = match[1] or "help", match[2] or ""
                found.append(Command(name.lower(), argument.strip()))
    return tuple(found)
