"""Unicode's letters by what they look like: normal forms, and Latin ones."""

import re
from typing import Literal
from unicodedata import combining, normalize

MARKS = 30
"""Combining marks on one letter: more than any language needs (UAX 15, "Stream-Safe
Text Format")."""

# What is no mark by its class and becomes some (Unicode 14 to 16): two letters of half
# width, three vowels of Tibetan.
_TAKEN_APART = {
    "\uff9e": "\u3099",
    "\uff9f": "\u309a",
    "\u0f73": "\u0f71\u0f72",
    "\u0f75": "\u0f71\u0f74",
    "\u0f81": "\u0f71\u0f80",
}
# No mark is a letter.
_NO_LETTERS = re.compile(rf"[^\w\x00-\x7f]{{{MARKS + 1},}}")


class _Latin(dict[int, int]):
    """Letters by those that they look like; of others the letter without its accent."""

    def __missing__(self, key: int) -> int:
        plain = ord(normalize("NFKD", chr(key))[0])
        small = chr(key).lower()
        if plain >= 0x80 and len(small) == 1 and small != chr(key):
            plain = self[ord(small)]
        self[key] = plain if plain < 0x80 else key
        return self[key]


# Letters that look like Latin ones: Unicode's confusables.txt (UTS 39), those of the
# scripts that fonts draw alike. Capitals look like their small ones, or stand here.
_ALIKE = _Latin(
    str.maketrans(
        # Cyrillic
        "аеорсухіјѕкмнтвԁԛԝһӏѵүьғгпӕ"
        # Greek
        "οανρτυικεγχωησβ"
        "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
        # Armenian
        "ոսօհցգք"
        # Latin small capitals and variants
        "ɡıɩɑʀɴɪɢᴏᴇᴀᴄᴅᴊᴋʟᴍᴘᴛᴜᴠᴡʏᴢʙʜꜱꜰⅼ",
        "aeopcyxijskmhtbdqwhlvybfrna"
        "oavptuikeyxwnob"
        "abezhikmnoptyx"
        "nuohggp"
        "giiarnigoeacdjklmptuvwyzbhsfl",
    )
)


def normal(form: Literal["NFKC", "NFKD"], text: str) -> str:
    """A normal form of the text without its piled up marks; linear.

    Normal forms sort the marks of a letter one by one past each other, in a call that
    no signal interrupts: an hour for a megabyte of marks.
    """
    return normalize(form, _thinned(text))


def is_piled(text: str) -> bool:
    """Whether a letter has more than MARKS marks, so that to sort them takes long."""
    return not text.isascii() and _thinned(text) != _spelt(text)


def _thinned(text: str) -> str:
    """The text with at most MARKS marks on a letter: the first."""
    return _NO_LETTERS.sub(_first_marks, _spelt(text))


def _spelt(text: str) -> str:
    """The text with every mark in it as one."""
    for each, marks in _TAKEN_APART.items():
        text = text.replace(each, marks)
    return text


def _first_marks(found: re.Match[str]) -> str:
    kept: list[str] = []
    count = 0
    for each in found[0]:
        count = count + 1 if combining(each) else 0
        if count <= MARKS:
            kept.append(each)
    return "".join(kept)


def latin(text: str) -> str:
    """The text in the Latin letters that it looks like, of the same length.

    Some letters that look like capital ones become small.
    """
    return text.translate(_ALIKE)
