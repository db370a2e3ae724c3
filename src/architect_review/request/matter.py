"""The frontmatter of Markdown files: fields above the text, their words as written."""

import re
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler


class PlainLoader(yaml.BaseLoader):
    """YAML in which every scalar is the text as written, without aliases or depth.

    An alias can stand for text many times its size, and deep nesting exhausts the
    stack; a field that we read needs neither.
    """

    _depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next node. Raises ComposerError for what is refused here."""
        if self.check_event(yaml.AliasEvent) or self._depth > 20:
            raise yaml.composer.ComposerError(problem="aliases or deep nesting")
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


class TolerantHandler(YAMLHandler):
    """Frontmatter at the very top only; read as YAML, or else line by line."""

    # python-frontmatter's own boundary would take two thematic breaks further down
    # for the delimiters and drop the text before them.
    _BLOCK = re.compile(r"-{3}[ \t]*\n(.*?)^-{3}[ \t]*$(.*)", re.S | re.M)

    def split(self, text: str) -> tuple[str, str]:
        """The text between the delimiters, and what follows them."""
        found = self._BLOCK.match(text)
        return (found[1], found[2]) if found else ("", text)

    def load(self, fm: str, **kwargs: object) -> dict[str, Any]:
        """The fields: words, lists and tables of words."""
        try:
            fields = super().load(fm, Loader=PlainLoader)
        except yaml.YAMLError:
            return self.by_line(fm)
        if not isinstance(fields, dict):
            return self.by_line(fm)
        return {str(key): value for key, value in fields.items()}

    def by_line(self, fm: str) -> dict[str, Any]:
        """What to read of frontmatter that is not YAML."""
        return {}
