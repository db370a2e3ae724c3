"""How single settings are read: each turns what was written into a value.

Each raises ValueError with what is expected, which pydantic puts into its error.
"""

import ipaddress
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

GLOB_LIMIT = 1_000
"""Characters of a glob."""
ANY_FOLDERS = 5
"""How often a glob may have `**/`; every one doubles what it is compared with."""
_TOP = re.compile(r"(?:\./|/)+")
_BRACES = "braces are not known: write each glob out, `?` for a brace in a name"
_MEANINGLESS = {
    "{": _BRACES,
    "}": _BRACES,
    "\\": "a backslash divides and escapes nothing: folders end with `/`",
    "//": "`//` has no folder in it",
}
_NAME = "[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*"
HANDLE = re.compile(rf"(?=[^/]{{1,39}}(?:/|\Z)){_NAME}(?:/{_NAME})?")
"""A GitHub user, or a team with its organisation; underscores are managed users'."""


def items(value: Any) -> Any:
    """Inputs are strings: a list is written with commas or line feeds."""
    if isinstance(value, str):
        return tuple(
            filter(
                None, (item.strip() for item in value.replace(",", "\n").split("\n"))
            )
        )
    return value


def word(value: Any) -> Any:
    """A fixed word in any case."""
    return value.strip().lower() if isinstance(value, str) else value


def words(value: Any) -> Any:
    """Fixed words in any case, as a list or with commas."""
    listed = items(value)
    if not isinstance(listed, list | tuple):
        return value
    return tuple(map(word, listed))


def weight(value: Any) -> Any:
    """A fixed word; YAML reads an unquoted `off` as False."""
    return "off" if value is False else word(value)


def handle(value: Any) -> Any:
    """A GitHub user or team, with or without the @."""
    if not isinstance(value, str):
        return value
    name = value.strip().removeprefix("@")
    if name and not HANDLE.fullmatch(name):
        raise ValueError("it must be a GitHub login or organisation/team")
    return name


def handles(value: Any) -> Any:
    """One GitHub user or team or several, as a list or with commas."""
    return (
        tuple(map(handle, value))
        if isinstance(value, list | tuple)
        else tuple(map(handle, items(value) if isinstance(value, str) else (value,)))
    )


def globs(value: Any) -> Any:
    """Globs of files; a folder with its slash stands for all that is in it."""
    return _each(value, _glob)


def withheld(value: Any) -> Any:
    """Globs as `change.never_sent` takes them: of files, and of folders."""
    return _each(value, _withheld)


def places(value: Any) -> Any:
    """Folders, files or globs, as they were written; `.` is everything."""
    return _each(value, _place)


def _each(value: Any, read: Callable[[str], str]) -> Any:
    listed = items(value)
    if not isinstance(listed, list | tuple):
        return value
    return tuple(read(each) if isinstance(each, str) else each for each in listed)


def _glob(text: str) -> str:
    plain = _checked(text)
    return f"{plain}**" if plain.endswith("/") else plain


def _place(text: str) -> str:
    if text not in (".", "./"):
        _checked(text)
    return text


def _withheld(text: str) -> str:
    # As in git's lists, whose authors know no other sign for "none of these".
    return _checked(text).rstrip("/").replace("[^", "[!")


def _checked(text: str) -> str:
    """A glob from the top of the repository. Raises ValueError for what fits no path.

    It would be in force and do nothing, which nobody sees.
    """
    stripped = text.strip()
    plain = stripped[at.end() :] if (at := _TOP.match(stripped)) else stripped
    if not plain:
        raise ValueError("a glob is empty")
    if len(plain) > GLOB_LIMIT:
        raise ValueError(f"a glob is longer than {GLOB_LIMIT:,} characters")
    folders = plain.removesuffix("/").split("/")
    wrong = list(dict.fromkeys(_MEANINGLESS[s] for s in _MEANINGLESS if s in plain))
    wrong += [f"`{each}` is no folder" for each in (".", "..") if each in folders]
    if plain.startswith("!"):
        wrong.append("`!` takes nothing out again: name what is meant")
    if plain.count("**/") > ANY_FOLDERS:
        wrong.append(f"`**/` stands there more than {ANY_FOLDERS} times")
    if wrong:
        raise ValueError(f"{stripped!r} would fit no file: {'; '.join(wrong)}")
    return plain


def folders(value: Any) -> Any:
    """Folders of the repository, with or without a slash at either end."""
    listed = items(value)
    if not isinstance(listed, list | tuple):
        return value
    return tuple(map(_folder, listed))


def _folder(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    name = value.strip().removeprefix("./").strip("/")
    if not name or not {"", ".", ".."}.isdisjoint(name.split("/")):
        raise ValueError("it must be a folder of the repository such as docs/adr")
    return name


def address(value: Any) -> Any:
    """A key must not travel in the clear: plain http stays on the near network."""
    if not isinstance(value, str) or not value:
        return value
    parts = urlsplit(value)
    host = parts.hostname or ""
    if parts.username or parts.password:
        raise ValueError(
            "it must not hold a user or a password: give what the endpoint asks for as "
            "`anthropic-api-key`"
        )
    if not host or parts.scheme not in ("http", "https"):
        raise ValueError("it must be an address such as https://gateway.example")
    if parts.scheme == "http" and not _is_near(host):
        raise ValueError(f"the key would travel in the clear to {host}: use https")
    return value


def _is_near(host: str) -> bool:
    """Loopback and private addresses, and names without a dot (a job's services)."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host
