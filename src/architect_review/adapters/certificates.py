"""Certificate authorities of one's own, as the one file that every client can use.

The clients do not agree on where they look: requests and libgit2 take a file in place
of their own, the SDK a context of Python's. So a file is written that holds the public
authorities and the given ones.
"""

import atexit
import os
import tempfile
from functools import cache
from pathlib import Path

from architect_review.errors import SettingsError

FILE_LIMIT = 1_000_000
"""Bytes of a file of authorities; the public ones take a quarter of that."""
_BEGIN = "-----BEGIN CERTIFICATE-----"


@cache
def trusted(given: str) -> str:
    """Path of a PEM file with the public authorities and those given; "" for "".

    `given` is PEM text or the path of a PEM file. Raises SettingsError when it holds
    no certificate. The file goes with the process.
    """
    if not given:
        return ""
    # Few runs need them: an ignored event starts without.
    import ssl

    import certifi

    pem = given if _BEGIN in given else _read(Path(given))
    try:
        ssl.create_default_context(cadata=pem)
    except (ssl.SSLError, ValueError) as error:
        raise SettingsError(
            "input: `ca-bundle` holds a certificate that cannot be read: it must be "
            f"PEM, whole, with its line breaks ({error})"
        ) from error
    descriptor, name = tempfile.mkstemp(prefix="architect-review-ca-", suffix=".pem")
    atexit.register(Path(name).unlink, missing_ok=True)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{Path(certifi.where()).read_text(encoding='utf-8')}\n{pem}\n")
    return name


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"input: `ca-bundle` is neither PEM text nor a file that can be read: "
            f"{type(error).__name__}"
        ) from error
    text = data.decode("utf-8", "replace")
    if len(data) > FILE_LIMIT or _BEGIN not in text:
        raise SettingsError(
            f"input: `ca-bundle`: {path} holds no `{_BEGIN}`, or more than "
            f"{FILE_LIMIT:,} bytes: give a PEM file of authorities"
        )
    return text
