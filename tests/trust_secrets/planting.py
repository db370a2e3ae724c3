"""Credentials to plant, and every way in which one may be written down."""

import base64
import html
import json
import random
import unicodedata
from collections.abc import Callable, Mapping
from urllib.parse import quote

from e2e.scene import TOKEN

KEY = "sk-ant-api03-9fQz7Lk2Vn8Xw4Rb6Tc1Ym5Hd3Jg0PsUaEiOoWvZ-qNxKyBt2Mr7_DlCfGhAA"
OWN = (TOKEN, KEY)
CYRILLIC = str.maketrans("aeopcyxijskhABEKMHOPCTXIJS", "аеорсухіјѕкһАВЕКМНОРСТХІЈЅ")
GREEK = str.maketrans("oavptuikx", "οανρτυικχ")
GREEK_CAPITALS = str.maketrans("ABEZHIKMNOPTYX", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
SMALL_CAPITALS = str.maketrans("abcdeghijklmnoprtuvwyz", "ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ")


def _base64(before: str, alphabet: Callable[[bytes], bytes]) -> Callable[[str], str]:
    return lambda secret: alphabet(f"{before}{secret}:end".encode()).decode()


def _each(form: str, between: str = "") -> Callable[[str], str]:
    return lambda secret: between.join(form.format(ord(each)) for each in secret)


def _split(between: str, every: int = 1) -> Callable[[str], str]:
    return lambda secret: between.join(
        secret[at : at + every] for at in range(0, len(secret), every)
    )


FORMS: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "in capitals": str.upper,
    "backwards": lambda secret: secret[::-1],
    "hex": lambda secret: secret.encode().hex(),
    "hex in capitals": lambda secret: secret.encode().hex().upper(),
    "hex with colons": lambda secret: secret.encode().hex(":"),
    "hex of a list": _each("0x{:02x}", ", "),
    "hex backwards": lambda secret: secret[::-1].encode().hex(),
    "decimal codes": _each("{}", ", "),
    "base64": _base64("", base64.b64encode),
    "base64 after one byte": _base64("u", base64.b64encode),
    "base64 after two bytes": _base64("me", base64.b64encode),
    "base64 of git's pair": _base64("x-access-token:", base64.b64encode),
    "base64 for addresses": _base64("u", base64.urlsafe_b64encode),
    "base64 in lines": lambda secret: base64.encodebytes(secret.encode() * 2).decode(),
    "base64 backwards": lambda secret: base64.b64encode(secret[::-1].encode()).decode(),
    "base32": lambda secret: base64.b32encode(secret.encode()).decode(),
    "percent": _each("%{:02X}"),
    "percent where needed": lambda secret: quote(secret, safe=""),
    "escapes of JSON": _each("\\u{:04x}"),
    "escapes of JSON twice": _each("\\\\u{:04x}"),
    "escapes of Python": _each("\\x{:02x}"),
    "escapes of Python, long": _each("\\U{:08x}"),
    "escapes of Python, in octal": _each("\\{:o}"),
    "escapes of a shell, in octal": _each("\\0{:03o}"),
    "escapes of Python, by name": lambda secret: "".join(
        f"\\N{{{unicodedata.name(each)}}}" for each in secret
    ),
    "as JSON": json.dumps,
    "entities": _each("&#{};"),
    "hex entities": _each("&#x{:x};"),
    "escaped HTML": html.escape,
    "zero-width spaces": _split("\u200b"),
    "soft hyphens": _split("\u00ad", 3),
    "named zero-width": _split("&zwnj;", 4),
    "blanks": _split(" "),
    "lines": _split("\n", 5),
    "tags": _split("<b></b>", 2),
    "comments": _split("<!-- x -->", 7),
    "tags around": lambda secret: "".join(f"<i>{each}</i>" for each in secret),
    "emphasis": _split("**", 3),
    "code": _split("``", 6),
    "links": lambda secret: f"[{secret[:9]}](https://a.example/b)[{secret[9:]}](c)",
    "concatenation": _split('" + "', 8),
    "concatenation of lines": _split("' \\\n    '", 8),
    "dots": _split("."),
    "full-width letters": lambda secret: "".join(
        chr(ord(each) + 0xFEE0) if each.isalnum() else each for each in secret
    ),
    "Cyrillic letters": lambda secret: secret.translate(CYRILLIC),
    "Cyrillic letters, split": lambda secret: "**".join(secret.translate(CYRILLIC)),
    "Greek letters": lambda secret: secret.translate(GREEK),
    "Greek capitals": lambda secret: secret.upper().translate(GREEK_CAPITALS),
    "small capitals": lambda secret: secret.lower().translate(SMALL_CAPITALS),
    "between Cyrillic letters": _split("\u0430\u0435"),
    "an address": lambda secret: f"https://a.example/?q={quote(secret)}#x",
    "an image": lambda secret: f"![x](https://a.example/{secret}.png)",
    "a fence": lambda secret: f"```\n{secret}\n```",
    "the first half": lambda secret: secret[: len(secret) // 2 + 2],
    "the second half": lambda secret: secret[len(secret) // 2 - 1 :],
}
"""What a model, an endpoint or a person may make of a credential."""


def signed(seed: int, size: int = 1_500) -> str:
    """A token as long as those that GitHub signs, with their usual beginning."""
    made = random.Random(seed).randbytes(size)
    text = base64.urlsafe_b64encode(made).decode().rstrip("=")
    begin = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ"
    return f"{begin}.{text[:-342]}.{text[-342:]}"
