"""Texts as they are kept in the hidden lines of our own comments."""

import base64
import binascii
import zlib

from architect_review.encodable import encodable


def line(text: str, limit: int) -> str:
    """The text in one line of at most `limit` characters."""
    whole = encodable(" ".join(text.split()))
    return whole if len(whole) <= limit else f"{whole[: limit - 1]}…"


def deflated(text: str) -> str:
    """A text in few characters that may stand in an HTML comment."""
    data = zlib.compress(text.encode("utf-8", "replace"), 9)
    return base64.b64encode(data).decode()


def inflated(text: str, limit: int) -> bytes:
    """What `deflated` wrote, at most `limit` bytes; nothing where it cannot be read."""
    try:
        data = base64.b64decode(text, validate=True)
        return zlib.decompressobj().decompress(data, limit)
    except (binascii.Error, zlib.error):
        return b""
