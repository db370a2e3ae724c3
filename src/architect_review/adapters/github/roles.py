"""Which role a person has in a repository."""

from architect_review.adapters.github.client import Client
from architect_review.adapters.github.errors import GitHubError
from architect_review.request.permissions import ROLES


def role(client: Client, repository: str, login: str) -> str:
    """The role of a user, `none` for strangers. Raises GitHubError.

    The permission API is the authority; `author_association` is not. An organisation's
    own role is called by its own name there: it counts as the legacy `permission` it
    comes with, which knows neither triage nor maintain and so never says too much
    (docs.github.com, "Get repository permissions for a user").
    """
    try:
        answer = client.get(
            f"/repos/{repository}/collaborators/{login}/permission",
            f"asking for the role of {login}",
        )
    except GitHubError as error:
        # A refusal for the rate says nothing about the person.
        if error.is_permission or error.status == 404:
            return "none"
        raise
    named = str(answer.get("role_name") or "")
    found = named if named in ROLES else str(answer.get("permission") or "")
    return found if found in ROLES else "none"
