"""A run's own credentials in what is about to leave it, however they are written.

Text is compared without anything but its ASCII letters and digits, in small letters:
what a secret is split by (blanks, zero-width characters, Markdown, quotes, `+`) is
gone then, and both alphabets of base64 are one. Tags, links' targets and escapes are
taken out or undone in further views of the text, made only where there are any.

Cost: linear, a pass for each view and one of RE2 for all forms together. Figures stand
in docs/security.md.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from pydantic import SecretStr

from architect_review.letters import latin, normal
from architect_review.publication.spellings import (
    SHORTEST as SHORTEST,
)
from architect_review.publication.spellings import bare, expressions, spelt

WITHHELD = "«withheld: it held a credential»"
"""What stands in the place of a text that held one."""
REPLACED = "«redacted:own-credential»"
"""What stands in the place of one in what is read."""
# Each begins with a fixed character: then re looks for nothing else. All are linear.
_TAGS = (
    re.compile(r"<[^<>]{0,300}>"),
    re.compile(r"\]\([^()\s]{0,300}\)"),
    re.compile(r"&(?:[A-Za-z]{2,8}|#0*820[3-7]);"),
)
_ESCAPES = (
    (re.compile(r"%([0-9A-Fa-f]{2})"), 16),
    (re.compile(r"&#([0-9]{2,7});"), 10),
    (re.compile(r"&#[xX]([0-9A-Fa-f]{2,6});"), 16),
    (re.compile(r"\\\\{0,3}u\{?([0-9A-Fa-f]{4,6}|[0-9A-Fa-f]{2}\})"), 16),
    (re.compile(r"\\\\{0,3}x([0-9A-Fa-f]{2})"), 16),
    (re.compile(r"\\\\{0,3}U([0-9A-Fa-f]{8})"), 16),
    # Of Python and of a shell, which writes a nought before it.
    (re.compile(r"\\\\{0,3}(0[0-7]{3}|[0-7]{2,3})"), 8),
    (re.compile(r"\\\\{0,3}[nrtbf]"), 0),
)
_NAME = re.compile(r"\\N\{([A-Za-z0-9 -]{1,88})\}")
"""A character of Python by its name, of at most as many letters as one has."""


class Leaks:
    """Tells whether a text holds one of some secrets."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {each.strip() for each in secrets}
        self._known = tuple(sorted(each for each in known if len(each) >= SHORTEST))
        plain = {form for each in self._known for form in spelt(each)}
        # The longest first: one may stand in another.
        self._plain = tuple(sorted(plain, key=lambda form: (-len(form), form)))
        self._expressions = expressions(self._known)

    def __bool__(self) -> bool:
        return bool(self._known)

    def spells(self, text: str) -> bool:
        """Whether one stands there as programs write it; the quick look."""
        return any(each in text for each in self._plain)

    def respelt(self, text: str) -> str:
        """The text with REPLACED for each that stands there as programs write it."""
        for each in self._plain:
            text = text.replace(each, REPLACED)
        return text

    def holds(self, text: str) -> bool:
        """Whether one stands there in any form."""
        if not self._known or len(text) < SHORTEST:
            return False
        return self.spells(text) or any(
            each.search(view) for view in _views(text) for each in self._expressions
        )


def _views(text: str) -> Iterator[bytes]:
    """The text as it may be read, in each kind of letters that it may be meant in."""
    if text.isascii():
        yield from _undressed(text)
        return
    # Letters that only look different; ASCII ones beside others stay (NFKD). Those of
    # other scripts stand for letters, or between them.
    plain = normal("NFKD", text)
    for each in {plain, latin(plain)}:
        yield from _undressed(each)


def _undressed(text: str) -> Iterator[bytes]:
    """The text as it is, without tags, with escapes undone."""
    yield bare(text)
    bared = text
    for tag in _TAGS:
        bared = tag.sub("", bared)
    if bared != text:
        yield bare(bared)
    for each in {text, bared}:
        if (undone := _undone(each)) != each:
            yield bare(undone)


def _undone(text: str) -> str:
    for escape, radix in _ESCAPES:
        if escape.pattern[0] in text:
            text = escape.sub(partial(_character, radix), text)
    return _NAME.sub(_named, text) if "N{" in text else text


def _named(found: re.Match[str]) -> str:
    try:
        return unicodedata.lookup(found[1])
    except KeyError:
        return ""


def _character(radix: int, found: re.Match[str]) -> str:
    code = int(found[1].rstrip("}"), radix) if radix else 0
    return chr(code) if 0 < code < 0x110000 else ""


class Guard:
    """Takes a run's own credentials out of what leaves it, and remembers where.

    Any thread may use it. `why` names the places, for the report: nothing is withheld
    in silence.
    """

    def __init__(self, secrets: Iterable[SecretStr | str | None] = ()) -> None:
        plain = (
            each.get_secret_value() if isinstance(each, SecretStr) else each
            for each in secrets
        )
        # Only ever appended to, so that no thread's is lost to another's.
        self._secrets = list(filter(None, plain))
        self._known = 0, Leaks()
        self._tell: Callable[[SecretStr], None] = lambda secret: None
        self._withheld: set[str] = set()
        self._met: set[str] = set()

    def learn(self, secret: SecretStr) -> None:
        """Know one more, such as a token that was made while the run goes on.

        From here on it is caught like the others, in every thread.
        """
        self._secrets.append(secret.get_secret_value())
        self._tell(secret)

    def on_learning(self, tell: Callable[[SecretStr], None]) -> None:
        """Have somebody else told of those that are learnt, once they are known."""
        self._tell = tell

    @property
    def _leaks(self) -> Leaks:
        count, leaks = self._known
        secrets = tuple(self._secrets)
        if count != len(secrets):
            leaks = Leaks(secrets)
            self._known = len(secrets), leaks
        return leaks

    @property
    def why(self) -> str:
        """Where something was withheld, as a sentence; "" for nowhere."""
        if not self._withheld:
            return ""
        places = ", ".join(sorted(self._withheld))
        return f"a credential of this run was withheld from {places}"

    @property
    def met(self) -> str:
        """Where one stood in what was read, as a sentence; "" for nowhere."""
        places = ", ".join(sorted(self._met))
        told = f"a credential of this run stands in {places}: it was replaced"
        return told if places else ""

    def holds(self, text: str) -> bool:
        """Whether a text holds a credential in any form; nothing is remembered."""
        return self._leaks.holds(text)

    def text(self, text: str, where: str) -> str:
        """The text, or WITHHELD in its place. `where` is for people to read."""
        if not self._leaks.holds(text):
            return text
        self.withheld(where)
        return WITHHELD

    def lines(self, text: str, where: str) -> str:
        """The text with WITHHELD for the lines that hold one.

        Where no line does by itself, for the whole text.
        """
        if not self._leaks.holds(text):
            return text
        self.withheld(where)
        lines = [
            WITHHELD if self._leaks.holds(line) else line for line in text.split("\n")
        ]
        cleaned = "\n".join(lines)
        return WITHHELD if self._leaks.holds(cleaned) else cleaned

    def data(self, data: Any, where: str) -> Any:
        """JSON data with WITHHELD for every text, and every key, that holds one.

        `where` is "" for what is told of by other means.
        """
        if not self._leaks:
            return data
        if isinstance(data, str):
            return self.text(data, where)
        if isinstance(data, Mapping):
            return {
                self.text(str(key), where): self.data(value, where)
                for key, value in data.items()
            }
        if isinstance(data, list | tuple):
            return [self.data(each, where) for each in data]
        return data

    def sent(self, data: Any, where: str) -> Any:
        """JSON data in which `source` was done to every text."""
        if isinstance(data, str):
            return self.source(data, where)
        if isinstance(data, Mapping):
            return {key: self.sent(value, where) for key, value in data.items()}
        if isinstance(data, list | tuple):
            return [self.sent(each, where) for each in data]
        return data

    def source(self, text: str, where: str) -> str:
        """What is read: REPLACED for each that is spelled out; it keeps its lines.

        A diff and its files still fit each other, and YAML stays YAML. The quick look
        only: this sees whole repositories. Nothing was about to leave: `met` tells of
        it, and `why` does not.
        """
        if not self._leaks.spells(text):
            return text
        self._met.add(where)
        return self._leaks.respelt(text)

    def withheld(self, where: str) -> None:
        """Remember that something was."""
        if where:
            self._withheld.add(where)
