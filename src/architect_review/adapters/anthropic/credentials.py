"""What a client shows an endpoint to be let in, and whether it can be sent at all."""

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import SecretStr

DEFAULT_BASE_URL = "https://api.anthropic.com"
# Local servers such as Ollama want a key and read none.
_PLACEHOLDER = "none"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key or a token; one of them is set. Neither is shown when this is printed."""

    key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    @classmethod
    def found(cls, api_key: SecretStr | None) -> "Credentials":
        """The key; without one `ANTHROPIC_AUTH_TOKEN`, and without that a placeholder.

        White space around either is left out.
        """
        if api_key and (key := api_key.get_secret_value().strip()):
            return cls(key=key)
        if token := os.environ.get("ANTHROPIC_AUTH_TOKEN", "").strip():
            return cls(token=token)
        return cls(key=_PLACEHOLDER)

    @property
    def secret(self) -> str:
        """Whichever it is."""
        return self.key or self.token or ""


def unusable(credentials: Credentials, base_url: str) -> str:
    """Why no request can be sent with these, or ""."""
    if not (credentials.secret.isascii() and credentials.secret.isprintable()):
        return "The key holds characters that no key has. Copy it again, on one line."
    try:
        parts = urlsplit(base_url)
        named = parts.scheme in ("http", "https") and bool(parts.hostname)
        valid = named and parts.port != 0
    except ValueError:
        valid = False
    return "" if valid else "The base URL is not an address. Write it as https://HOST."
