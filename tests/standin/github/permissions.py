"""What a token can be allowed to do, as GitHub documents it for GITHUB_TOKEN."""

from collections.abc import Mapping

_LEVELS = {"none", "read", "write"}
_NAMES = {
    "actions",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "id_token",
    "issues",
    "metadata",
    "models",
    "packages",
    "pages",
    "pull_requests",
    "security_events",
    "statuses",
    # No workflow can ask for it: a token of an app or a person may have it.
    "members",
}

PERMISSIONS = {"contents": "read", "pull_requests": "write"}
"""What the project's own workflow asks for."""

SIGNING = PERMISSIONS | {"statuses": "write"}
"""Enough to set the lead's commit status too."""

RESOLVING = PERMISSIONS | {"contents": "write"}
"""Enough to resolve threads too."""

AUDITING = {"contents": "read", "issues": "write"}
"""What an audit asks for that keeps its record."""

FORK = dict.fromkeys(("contents", "pull_requests", "issues", "statuses"), "read")
"""What is left of any of them in a run for a fork's pull request."""


def checked(permissions: Mapping[str, str]) -> dict[str, str]:
    """Return permissions with names as the API writes them; all others are none.

    Raises `ValueError` for a name or a level that GitHub does not document.
    """
    named = {name.replace("-", "_"): level for name, level in permissions.items()}
    for name, level in named.items():
        if name not in _NAMES or level not in _LEVELS:
            raise ValueError(f"no such permission: {name}: {level}")
    return named
