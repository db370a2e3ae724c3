"""Is a literal a secret, or a word, a placeholder, a reference to one?

Vendors' tokens need no more than `is_placeholder`: their shape says the rest. A value
that only stands beside a telling name must also look made up (`looks_random`).
"""

import math
import re
from collections import Counter

LONGEST = 512
"""Characters of the longest literal that is judged by its name alone: longer ones are
data, among them values that were encrypted to be committed."""

_STANDS_FOR_ONE = re.compile(
    r"example|placeholder|change_?-?me|replace_?-?|redacted|dummy|your|insert|"
    r"x{4}|\*{3}|\.{3}|…|«|"
    # Azurite's and jwt.io's published values: public by purpose.
    r"eby8vdm02xnocqflquwjpllm|eyjzdwiioiixmjm0nty3odkw",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"[$<%{(\[]|\w+:/|.*(?:\$\{|\{\{|\$\(|%\(|<[A-Za-z]|&lt;)|arn:|ENC\[|sha\d+[:-]|md5[:-]"
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_CLASSES = tuple(map(re.compile, (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")))
_COMMON = re.compile(
    r"(?:admin|changeme|default|demo|dev|development|foo|guest|local|localhost|mariadb"
    r"|mongo|mongodb|mysql|pass|passwd|password|postgres|postgresql|pw|pwd|qwerty"
    r"|rabbit|rabbitmq|redis|root|sa|secret|sql|test|testing|token|user|username){1,3}"
)


def is_placeholder(value: str) -> bool:
    """Whether a token only shows where one belongs.

    AWS, among others, ends every key of its documentation in `EXAMPLE`; a value of
    at most four different characters was typed, not generated.
    """
    return bool(_STANDS_FOR_ONE.search(value, 0, 120)) or len(set(value[-20:])) <= 4


def looks_random(value: str) -> bool:
    """Whether a literal beside a telling name is one that was made up to be secret.

    It has digits, is no reference (`${X}`, `vault:/…`, `arn:…`), no row of words, and
    reaches an entropy floor: 2.5 bits a character with three kinds of characters
    from 8 characters on, 3 bits with two kinds from 16 on.
    """
    if not 8 <= len(value) <= LONGEST or not _CLASSES[2].search(value):
        return False
    if is_placeholder(value) or _REFERENCE.match(value) or is_words(value):
        return False
    kinds = sum(bool(kind.search(value)) for kind in _CLASSES)
    is_short = len(value) < 16
    floor = 2.5 if is_short else 3.0
    return kinds >= (3 if is_short else 2) and entropy(value) >= floor


def is_common_password(value: str, user: str) -> bool:
    """Whether a password in an address is none: a default, the user's name, a variable.

    Digits and signs do not make a default less of one (`Postgres1!`).
    """
    letters = re.sub(r"[^a-z]", "", value.lower())
    return (
        bool(_COMMON.fullmatch(letters))
        or value == user
        or bool(_REFERENCE.match(value))
        or bool(re.match(r"%[A-Za-z(]", value))
        or is_placeholder(value)
    )


def entropy(value: str) -> float:
    """Shannon's entropy of the characters, in bits a character."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values())


def is_words(value: str) -> bool:
    """`my-app-v2`, `process.env.KEY_2`: few numbers, and words longer than noise."""
    parts = _WORD.findall(value)
    words = [part for part in parts if not part[0].isdigit()]
    numbers = len(parts) - len(words)
    if not words or numbers > max(2, len(value) // 12):
        return False
    return sum(map(len, words)) >= 3 * len(words)
