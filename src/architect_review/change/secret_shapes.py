"""Shapes of secrets that no vendor prefix tells: keys, addresses, named literals.

Every pattern, here and in `vendor_tokens`, stays linear on any line: it begins with a
literal or only where no character of its own stands before it; what may be long is
not followed by a condition, or cannot hold the pattern's own beginning, or is bounded.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from architect_review.change.plausible import (
    is_common_password,
    is_placeholder,
    looks_random,
)


class Weight(Enum):
    """How much a sighting means."""

    CERTAIN = auto()
    """A secret, beyond doubt."""
    LIKELY = auto()
    """A secret as far as one line shows, or one half of one."""
    QUIET = auto()
    """Replaced to be safe, not worth a finding by itself."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of secret. `name` has its article; `remark` is said beside a finding."""

    name: str
    weight: Weight = Weight.CERTAIN
    remark: str = ""

    @property
    def slug(self) -> str:
        """The name as one word."""
        return self.name.partition(" ")[2].lower().replace(" ", "-")


Accept = Callable[[re.Match[str]], bool]


@dataclass(frozen=True, slots=True)
class Shape:
    """A form. The secret is the pattern's last group, or all of the match.

    `marks` are lower-case texts of which at least one stands in every line that has
    the form. `in_context`: the form is told by a name beside it. `source` says where
    the form is described.
    """

    kind: Kind
    source: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    accept: Accept
    in_context: bool = False


def shape(
    kind: Kind | str,
    source: str,
    marks: str,
    pattern: str,
    *,
    accept: Accept | None = None,
    in_context: bool = False,
) -> Shape:
    """A row of a table: a kind by its name, marks parted by blanks."""
    return Shape(
        kind if isinstance(kind, Kind) else Kind(kind),
        source,
        tuple(marks.split()),
        re.compile(pattern, re.ASCII),
        accept or _real,
        in_context,
    )


IN_BASE64 = "A-Za-z0-9_+/-"
"""Characters that a prefix must not stand behind where base64 could hold it."""


def start(prefix: str, not_behind: str = "A-Za-z0-9_-") -> str:
    """A prefix of fixed width where a word starts, also behind `\\n` or `%3D`.

    The literal comes first: the search for it is many times faster than a look back
    at every character.
    """
    return (
        rf"{prefix}(?:(?<![{not_behind}]{prefix})|(?<=\\[nrt]{prefix})"
        rf"|(?<=%[0-9A-F][0-9A-F]{prefix}))"
    )


def secret_in(match: re.Match[str]) -> str:
    """The text that has to go."""
    return match[match.re.groups]


def _real(match: re.Match[str]) -> bool:
    return not is_placeholder(secret_in(match))


def _random(match: re.Match[str]) -> bool:
    return looks_random(secret_in(match))


def _random_and_no_call(match: re.Match[str]) -> bool:
    return match.string[match.end() : match.end() + 1] not in ("(", "[") and _random(
        match
    )


def _in_address(match: re.Match[str]) -> bool:
    return not is_common_password(secret_in(match), match[1])


IS = r"[\"'`\])]{0,2}[ \t]{0,8}(?:=>|:=|={1,3}|!=|:|,|>|\()[ \t]{0,8}"
"""What may stand between a name and its value."""

PRIVATE_KEY = Kind("a private key")
BLOCK = Kind("a base64 block", Weight.QUIET)
"""One full line of armour: a key's, a certificate's, an image's."""
_LOCAL = Kind("a local password", Weight.QUIET)
_HARD_CODED = Kind(
    "a hard-coded secret",
    Weight.LIKELY,
    "It was recognised by the name beside it and by its random look.",
)

ARMOUR = re.compile(r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----")
ARMOUR_END = "-----END "
BLOCK_LINE = re.compile(
    r"[ \t]*(?:(?:#|//|\*|>)[ \t]*)?[\"'`]?(?:\\+[nr]){0,2}"
    r"([A-Za-z0-9+/=]{64}|[A-Za-z0-9+/=]{70})"
    r"(?:\\+[nr]){0,2}[\"'`]?[ \t]*[,+\\;.)]{0,2}[ \t]*\r?\Z",
    re.ASCII,
)
"""A line that is nothing but one full line of base64, 64 characters (RFC 7468, GnuPG)
or 70 (OpenSSH), quoted, commented, or joined in code, or not."""

_NAME = (
    r"(?i:pass(?:word|wd|phrase)|pwd|secret(?:[_-]?key)?"
    r"|(?<!next)(?<!next_)(?<!page)(?<!page_)(?<!public)(?<!public_)token"
    r"|(?<!public_)(?:api|access|auth|private|signing|encryption|master|account)[_-]?key"
    r"|credentials?)(?:[_-]?(?i:prod|production|live|staging|dev|test|value|\d{1,2}))?"
)
_NAMED = (
    rf"(?:{_NAME}|(?<=[A-Z0-9]_)KEY)"
    r"(?:[ \t]{0,4}:[ \t]{0,4}[A-Za-z]{1,12}(?=[ \t]{0,4}=))?"
)
_NAMES = "password passwd passphrase pwd secret token credential key"
_OUR_RULE = "our own rule: a telling name and a literal with entropy"
_USERINFO = r"://([^\s:/\"'`<>?#]{0,100}):([^\s/\"'`<>?#«»]{3,})@"
_LOOPBACK = r"(?:localhost|127\.|0\.0\.0\.0|\[::1\]|host\.docker\.internal)"

KEYS = (
    Shape(
        PRIVATE_KEY,
        "RFC 7468; OpenSSH, PROTOCOL.key; RFC 9580",
        ("private key",),
        re.compile(
            ARMOUR.pattern + r"(?:\\+[nr]|[\"' \t+,]){0,12}"
            r"([A-Za-z0-9+/]{40}[A-Za-z0-9+/=\\]*)"
        ),
        _real,
    ),
    shape(
        PRIVATE_KEY,
        "RFC 5958, 8017, 5915, 8410: how the DER begins; OpenSSH, PROTOCOL.key",
        "mii agea ageb caqeei caqawbq caqewbq meecaqa b3blbnnzac1rzxktdje",
        r"(?<![A-Za-z0-9+/])(?:MII[A-Za-z0-9+/]{2}[AQgw]IBA"
        r"|MI[GH][A-Za-z0-9+/]AgE[AB]|M[DH][A-Za-z0-9+/]CAQEEI"
        r"|M[CF][A-Za-z0-9+/]CAQ[AE]wBQYDK2V|MEECAQAwEwYH|b3BlbnNzaC1rZXktdjE)"
        r"[A-Za-z0-9+/]{30}[A-Za-z0-9+/=\\]*",
    ),
    shape(
        "an age secret key",
        "age, The age file format: X25519 identities",
        "age-secret-key-1",
        r"AGE-SECRET-KEY-1[A-Z0-9]{50,}",
    ),
)
NAMED = (
    shape(
        _LOCAL,
        "RFC 3986, 3.2.1; a password for this machine is a development value",
        "://",
        _USERINFO + f"(?={_LOOPBACK})",
        accept=_in_address,
    ),
    shape(
        "a password in an address",
        "RFC 3986, 3.2.1 (not the tag before a container image's digest)",
        "://",
        _USERINFO + r"(?!sha256:)",
        accept=_in_address,
    ),
    shape(
        "a JSON Web Token",
        "RFC 7519 and 7515: two JSON objects and a signature",
        "eyj",
        r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}"
        r"\.[A-Za-z0-9_-]{16,}",
    ),
    shape(
        Kind("an authorization header", Weight.LIKELY),
        "RFC 9110, 11.6.2; RFC 6750",
        "authorization",
        r"(?i:authorization)[\"'`\]]{0,2}[ \t]{0,4}(?:=>|:|=|,)?[ \t]{0,4}[\"'`f]{0,2}"
        r"(?i:bearer|token|basic)[ \t]{1,4}([A-Za-z0-9._~+/-]{16,}={0,2})",
        accept=_random,
        in_context=True,
    ),
    shape(
        _HARD_CODED,
        _OUR_RULE,
        _NAMES,
        _NAMED + rf"(?:{IS}|[ \t]{{1,8}})[bBrRuU@$]{{0,2}}[\"'`]"
        r"([^\s\"'`«»]{8,})[\"'`]",
        accept=_random,
        in_context=True,
    ),
    shape(
        _HARD_CODED,
        _OUR_RULE + "; connection strings end each part with a semicolon",
        "password= pwd=",
        r"(?i:password|pwd)=([^\s\"'`;&<>«»{}]{8,128});",
        accept=_random,
        in_context=True,
    ),
    shape(
        _HARD_CODED,
        _OUR_RULE,
        _NAMES,
        _NAMED + IS + r"([^\s\"'`;,()\[\]{}<>«»&\\]{12,})",
        accept=_random_and_no_call,
        in_context=True,
    ),
)
