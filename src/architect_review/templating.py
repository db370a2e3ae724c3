"""Plain-text templates that ship with the package; comments have their own renderer."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("architect_review"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - prompts and terminal text are not HTML
    )


def text(template: str, **values: Any) -> str:
    """Render a text template. A missing value is an error, never an empty string."""
    return _environment().get_template(template).render(**values)
