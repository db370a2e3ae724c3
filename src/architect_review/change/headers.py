"""The lines that git writes above a file's hunks.

Source: `git help diff`, "Generating patch text with -p".
"""

import re

_HEADERS = (
    "old mode",
    "new mode",
    "deleted file mode",
    "new file mode",
    "rename from",
    "rename to",
    "copy from",
    "copy to",
    "index",
    "---",
    "+++",
)


def extended(headers: list[str]) -> dict[str, str]:
    """The known header lines between `diff --git` and the first hunk, by keyword."""
    return {
        name: line[len(name) + 1 :]
        for line in headers
        for name in _HEADERS
        if line.startswith(name + " ")
    }


def names(line: str, found: dict[str, str]) -> tuple[str | None, str | None]:
    """The path before and after; None for /dev/null or when it cannot be told.

    `line` is what stands behind `diff --git `, `found` the headers below it.
    """
    if "rename from" in found:
        return unquote(found["rename from"]), unquote(found.get("rename to", ""))
    if "copy from" in found:
        return unquote(found["copy from"]), unquote(found.get("copy to", ""))
    if "---" in found and "+++" in found:
        return _side(found["---"], "a/"), _side(found["+++"], "b/")
    name = _git_line_name(line)
    return name, name


def _side(name: str, prefix: str) -> str | None:
    # git ends a name that has blanks in it with a tab.
    name = name.removesuffix("\t")
    return None if name == "/dev/null" else unquote(name).removeprefix(prefix)


def _git_line_name(names: str) -> str | None:
    """The one name in `a/NAME b/NAME`, quoted or with spaces in it."""
    if names.startswith('"'):
        end = re.match(r'"(?:[^"\\]|\\.)*"', names)
        return unquote(end[0]).removeprefix("a/") if end else None
    half = len(names) // 2
    left, right = names[:half], names[half + 1 :]
    if left.removeprefix("a/") == right.removeprefix("b/"):
        return left.removeprefix("a/")
    return None


_ESCAPES = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13}


def unquote(name: str) -> str:
    """Undo git's C-style quoting of a path (`core.quotePath`); others pass unchanged.

    Bytes that are not UTF-8 become U+FFFD.
    """
    if len(name) < 2 or not (name.startswith('"') and name.endswith('"')):
        return name
    out = bytearray()
    for plain, octal, short in re.findall(
        r"([^\\]+)|\\([0-7]{3})|\\(.)", name[1:-1], re.S
    ):
        if plain:
            out += plain.encode("utf-8", "surrogatepass")
        elif octal:
            out.append(int(octal, 8) & 0xFF)
        else:
            known = _ESCAPES.get(short)
            plain = short.encode("utf-8", "surrogatepass")
            out += plain if known is None else bytes([known])
    return out.decode("utf-8", "replace")
