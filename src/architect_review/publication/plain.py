"""Untrusted text for terminals and logs, and the annotations of the Actions runner."""

import re

ZWSP = "\u200b"
"""Zero-width space: breaks what a machine would act on, invisible to a reader."""

MESSAGE_LIMIT = 4096
"""Characters of an annotation that the runner keeps."""

# Unicode's default-ignorable code points, controls, surrogates and non-characters,
# without line feed and tab. Written out because `unicodedata` does not know the
# property (DerivedCoreProperties.txt, Default_Ignorable_Code_Point).
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_NEWLINE = re.compile("\r\n?|[\x85\u2028\u2029]")

# ECMA-48: control sequences, then strings (OSC, DCS, SOS, PM, APC) up to BEL or ST,
# then two-byte escapes. A string without its end loses the escape byte only; none goes
# on behind the beginning of another, or each would be looked through to the end.
_ESCAPE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])"
    "[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[ -/]*[0-Z\\\\^-~]"
)


def without_invisible(text: str) -> str:
    """Drop every character that a reader cannot see; all line ends become `\\n`.

    Kept are line feed and tab. Bidirectional controls, zero-width and tag characters,
    variation selectors and lone surrogates go.
    """
    return _INVISIBLE.sub("", _NEWLINE.sub("\n", text))


def with_invisible_shown(text: str) -> str:
    """Write the same characters out as `U+XXXX`, for quoting code that hides some."""
    return _INVISIBLE.sub(
        lambda found: f"U+{ord(found[0]):04X}", _NEWLINE.sub("\n", text)
    )


def has_invisible(text: str) -> bool:
    """Whether a reader cannot see all of a text; a carriage return counts too."""
    return _INVISIBLE.search(text) is not None


def plain(text: str, *, limit: int | None = None) -> str:
    """Text that cannot steer a terminal, at most `limit` characters long.

    Terminal escape sequences and invisible characters are dropped; line feeds and
    tabs stay. A text that was cut ends with an ellipsis.
    """
    # Cut before anything else as well: nobody waits for a megabyte to be cleaned.
    told = text if limit is None else text[: 4 * limit + 1]
    clean = without_invisible(_ESCAPE.sub("", told))
    if limit is None or (len(clean) <= limit and len(told) == len(text)):
        return clean
    return clean[: max(limit - 1, 0)] + "…"[:limit]


def one_line(text: str, limit: int) -> str:
    """Text on one line that cannot steer a terminal, at most `limit` characters long.

    White space that goes takes room too.
    """
    told = text[: 4 * limit + 1]
    line = plain(" ".join(plain(told).split()), limit=limit)
    is_whole = told == text or line.endswith("…")
    return line if is_whole else line[: limit - 1] + "…"


def log_line(text: str) -> str:
    """Text for standard output or error: it steers no terminal and is no command."""
    return without_commands(plain(text))


def without_commands(text: str) -> str:
    """The same text, no line of which is a workflow command.

    The runner reads `::name::` after leading white space and `##[name]` anywhere in a
    line (actions/runner, ActionCommand.cs); both are broken by a zero-width space.
    """
    clean = re.sub(r"(?m)^([^\S\n]*):(?=:)", rf"\1:{ZWSP}", text)
    return _without_old_commands(clean)


def log_json(text: str) -> str:
    """The same JSON for standard output: it steers no terminal and is no command.

    What a reader cannot see is written as JSON escapes it. No line of JSON begins with
    a colon.
    """
    seen = _INVISIBLE.sub(lambda found: _json_escaped(found[0]), text)
    return seen.replace("##[", r"##\u005b")


def _json_escaped(character: str) -> str:
    # In JSON's escapes a character beyond U+FFFF is its two surrogates (RFC 8259, 7).
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def command(name: str, message: str, /, **properties: str | int | None) -> str:
    """One workflow command of our own, such as an `error` annotation.

    Escapes as the runner unescapes. Properties that are None are left out; the message
    is cut at MESSAGE_LIMIT characters. Raises ValueError for a name that is not one.
    """
    if not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", name):
        raise ValueError(f"not a workflow command: {name!r}")
    if odd := [key for key in properties if not re.fullmatch("[A-Za-z]+", key)]:
        raise ValueError(f"not properties of a workflow command: {odd!r}")
    listed = ",".join(
        f"{key}={_property(str(value))}"
        for key, value in properties.items()
        if value is not None
    )
    told = plain(message, limit=MESSAGE_LIMIT)
    data = _escaped(_without_old_commands(told)[:MESSAGE_LIMIT])
    return f"::{name}{' ' if listed else ''}{listed}::{data}"


def _property(text: str) -> str:
    escaped = _escaped(_without_old_commands(plain(text)))
    return escaped.replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _without_old_commands(text: str) -> str:
    return text.replace("##[", f"##{ZWSP}[")
