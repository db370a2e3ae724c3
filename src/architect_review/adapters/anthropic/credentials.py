"""What a client shows an endpoint to be let in, and whether it can be sent at all."""

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import SecretStr

from architect_review.adapters.anthropic.platforms import platform

DEFAULT_BASE_URL = "https://api.anthropic.com"
# Local servers such as Ollama want a key and read none.
_PLACEHOLDER = "none"
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Federation:
    """The rule by which Anthropic takes the job's own identity for a key.

    `url` and `request_token` are where and as whom the job asks GitHub for its
    identity, "" in a job that may not.
    """

    rule: str
    organization: str
    service_account: str = ""
    workspace: str = ""
    url: str = ""
    request_token: str = field(default="", repr=False)

    @classmethod
    def found(cls) -> "Federation | None":
        """What the step's `env` names, under the names that the SDK has for them."""

        def named(variable: str) -> str:
            return os.environ.get(variable, "").strip()

        found = cls(
            rule=named("ANTHROPIC_FEDERATION_RULE_ID"),
            organization=named("ANTHROPIC_ORGANIZATION_ID"),
            service_account=named("ANTHROPIC_SERVICE_ACCOUNT_ID"),
            workspace=named("ANTHROPIC_WORKSPACE_ID"),
            url=named("ACTIONS_ID_TOKEN_REQUEST_URL"),
            request_token=named("ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
        )
        return found if found.rule and found.organization else None


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key, a token or a federation; one is set. No secret is shown when printed."""

    key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    federation: Federation | None = None

    @classmethod
    def found(cls, api_key: SecretStr | None) -> "Credentials":
        """The key; else `ANTHROPIC_AUTH_TOKEN`, a federation, and last a placeholder.

        White space around them is left out.
        """
        if api_key and (key := api_key.get_secret_value().strip()):
            return cls(key=key)
        if token := os.environ.get("ANTHROPIC_AUTH_TOKEN", "").strip():
            return cls(token=token)
        if federation := Federation.found():
            return cls(federation=federation)
        return cls(key=_PLACEHOLDER)

    @property
    def secret(self) -> str:
        """The key or the token; "" with a federation, whose tokens come later."""
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
    if not valid:
        return "The base URL is not an address. Write it as https://HOST."
    if cloud := platform(base_url):
        if credentials.federation is None and credentials.secret != _PLACEHOLDER:
            return ""
        return (
            f"{cloud.name} was given no token. Set `anthropic-api-key` to "
            f"{cloud.token}."
        )
    if (federation := credentials.federation) is None:
        return ""
    if not (federation.url and federation.request_token):
        return (
            "The job has no identity to show in place of a key. Give it the permission "
            "`id-token: write`; GitHub gives none to pull requests of forks."
        )
    if parts.scheme != "https" and parts.hostname not in _HERE:
        return "The job's identity is sent by https only: change the base URL."
    return ""
