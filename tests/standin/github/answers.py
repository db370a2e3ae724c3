"""What the stand-in answers with, and the refusals in GitHub's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. `body` is sent as JSON, bytes as they are, None not at all.

    `delay` are seconds of silence before it.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0


class Refusal(Exception):  # noqa: N818 - an answer, not a failure of the stand-in
    """A request that GitHub answers with an error, which `answer` is."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: list[Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        body = {
            "message": message,
            "documentation_url": _DOCUMENTATION,
            "status": str(status),
        }
        extra = {} if errors is None else {"errors": errors}
        self.answer = Answer(status, body | extra, headers or {})


def not_found() -> Refusal:
    """What is not there, or not to be seen by this token."""
    return Refusal(404, "Not Found")


def bad_credentials() -> Refusal:
    """A token that GitHub does not know."""
    return Refusal(401, "Bad credentials")


def forbidden(accepted: str) -> Refusal:
    """A token without a permission; `accepted` names those that would do."""
    headers = {"X-Accepted-GitHub-Permissions": accepted} if accepted else {}
    return Refusal(403, "Resource not accessible by integration", headers=headers)


def unprocessable(*errors: str) -> Refusal:
    """A review that breaks a rule: the errors are sentences."""
    return Refusal(422, "Unprocessable Entity", list(errors))


def invalid(resource: str, name: str, message: str) -> Refusal:
    """Anything else that breaks a rule: the error is an object."""
    error = {"resource": resource, "code": "custom", "field": name, "message": message}
    return Refusal(422, "Validation Failed", [error])


def malformed(problem: str) -> Refusal:
    """A body that does not have the documented shape."""
    return Refusal(422, f"Invalid request.\n\n{problem}")


def too_large(message: str) -> Refusal:
    """A diff over one of GitHub's limits."""
    error = {"resource": "PullRequest", "field": "diff", "code": "too_large"}
    return Refusal(406, message, [error])
