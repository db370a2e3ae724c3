"""What is wrong with a setting's value, in a sentence for people."""

import re
from typing import Any

from architect_review.request.suggestions import nearest

UNSAID = ("anthropic-base-url",)
"""Settings whose value is not repeated: it may hold a password."""
_EXPECTED = {
    "bool_parsing": "it must be true or false",
    "bool_type": "it must be true or false",
    "dict_type": "it must be a table of `name: value`",
    "float_parsing": "it must be a number",
    "float_type": "it must be a number",
    "int_from_float": "it must be a whole number",
    "int_parsing": "it must be a whole number",
    "int_type": "it must be a whole number",
    "model_type": "it must be a table of `name: value`",
    "string_pattern_mismatch": "it must be a name of letters, such as German",
    "string_type": "it must be text",
    "tuple_type": "it must be a list",
}
"""What a value must be, by pydantic's type of the error."""


def explain(error: Any, name: str, place: str, known: tuple[str, ...]) -> str:
    """One of pydantic's errors at `place`, in the setting `name`.

    `known` are the settings that there are.
    """
    kind, given = error["type"], error["input"]
    if kind == "extra_forbidden":
        if place == name:
            return f"unknown setting `{name}`{nearest(name, known)}"
        return f"`{place}`: there is no such key"
    if kind == "missing":
        return f"`{place}` is missing"
    if kind == "enum":
        words = tuple(re.findall("'([^']*)'", error["ctx"]["expected"]))
        return f"`{place}`: {given!r} is not allowed{nearest(str(given), words)}"
    why = _EXPECTED.get(kind, error["msg"].removeprefix("Value error, "))
    if given is None:
        return f"`{place}` is empty: {why}"
    if name in UNSAID:
        return f"`{place}`: {why}"
    return f"`{place}`: {given!r} cannot be used: {why}"
