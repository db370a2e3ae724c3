"""How the Actions runner reads what an action writes (actions/runner 2.336.0).

An independent reader of our own writers; nothing here is shared with them.
"""

import re
from dataclasses import dataclass

REGISTERED = frozenset(
    {
        *("add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error"),
        *("group", "notice", "remove-matcher", "save-state", "set-env", "set-output"),
        *("stop-commands", "warning"),
    }
)
"""The workflow commands the runner acts on, deprecated and refused ones included."""

_DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
_PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
_OLD = (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%"))


@dataclass(frozen=True, slots=True)
class Command:
    """A workflow command: its name, properties and data, unescaped."""

    name: str
    properties: dict[str, str]
    data: str


def parse_env_file(text: str) -> list[tuple[str, str]]:
    """Return the pairs in a GITHUB_OUTPUT, GITHUB_ENV or GITHUB_STATE file.

    Lines end at LF only, so a CR stays in the value. Whichever of `=` and `<<` comes
    first on a line decides its form, and a closing delimiter must be a whole line.
    Raises `ValueError` where the runner would fail the step.
    """
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    pairs: list[tuple[str, str]] = []
    at = 0
    while at < len(lines):
        line = lines[at].removesuffix("\n")
        at += 1
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            pairs.append((line[:equals], line[equals + 1 :]))
        elif heredoc > 0 and line[heredoc + 2 :]:
            value, at = _heredoc(lines, at, line[heredoc + 2 :])
            pairs.append((line[:heredoc], value))
        else:
            raise ValueError(f"invalid format {line!r}")
    return pairs


def parse_command(line: str) -> Command | None:
    """Return the command that the runner would act on in a log line, or None.

    Only white space may precede `::name k=v,k=v::data`; the older form
    `##[name k=v;k=v]data` counts anywhere in the line.
    """
    return _current_form(line.lstrip()) or _older_form(line)


def _heredoc(lines: list[str], at: int, delimiter: str) -> tuple[str, int]:
    kept: list[str] = []
    for index in range(at, len(lines)):
        if lines[index].removesuffix("\n") == delimiter:
            return "".join(kept).removesuffix("\n"), index + 1
        if not lines[index].endswith("\n"):
            break
        kept.append(lines[index])
    raise ValueError(f"matching delimiter not found {delimiter!r}")


def _current_form(text: str) -> Command | None:
    end = text.find("::", 2)
    if not text.startswith("::") or end < 0:
        return None
    return _command(text[2:end], ",", _PROPERTY, _unescaped(text[end + 2 :], _DATA))


def _older_form(line: str) -> Command | None:
    start = line.find("##[")
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    return _command(line[start + 3 : end], ";", _OLD, _unescaped(line[end + 1 :], _OLD))


def _command(
    head: str, separator: str, escapes: tuple[tuple[str, str], ...], data: str
) -> Command | None:
    name, _, listed = head.partition(" ")
    if name.lower() not in REGISTERED:
        return None
    pairs = (pair.partition("=") for pair in listed.strip().split(separator))
    properties = {
        key: _unescaped(value, escapes) for key, _, value in pairs if key and value
    }
    return Command(name.lower(), properties, data)


def _unescaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for written, meant in escapes:
        text = text.replace(written, meant)
    return text
