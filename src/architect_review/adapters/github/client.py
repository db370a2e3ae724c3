"""The one place that talks to GitHub's API, and its quirks.

PyGithub's objects stay out of here on purpose: it fetches list items again when a
field was absent. Its transport is used as it is, with calmer settings than its own:
no retry of a POST, no wait of an hour for a rate limit, no sleep between requests
(a run makes at most eight).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from github import Auth, Github, GithubException, GithubRetry
from pydantic import SecretStr
from requests import RequestException

from architect_review import __version__
from architect_review.errors import ArchitectError

API_VERSION = "2022-11-28"
TIMEOUT_SECONDS = 30
RATE_LIMIT_WAIT_SECONDS = 60
PAGE = 100


class GitHubError(ArchitectError):
    """GitHub refused or did not answer.

    `status` is the HTTP status, 0 for no answer; `messages` what GitHub said;
    `needs` the permissions it asks for (`x-accepted-github-permissions`).
    """

    def __init__(
        self, doing: str, status: int, messages: tuple[str, ...], needs: str = ""
    ) -> None:
        said = "; ".join(messages) or "no reason given"
        what = f"GitHub answered {status}" if status else "GitHub did not answer"
        wants = f" (needs {needs})" if needs else ""
        super().__init__(f"{doing}: {what}: {said}{wants}")
        self.status = status
        self.messages = messages
        self.needs = needs


class Client:
    """JSON in, JSON out, over one connection."""

    def __init__(self, token: SecretStr, api_url: str) -> None:
        self._github = Github(
            auth=Auth.Token(token.get_secret_value()),
            base_url=api_url.rstrip("/"),
            timeout=TIMEOUT_SECONDS,
            user_agent=f"architect-review/{__version__}",
            per_page=PAGE,
            retry=GithubRetry(
                total=3,
                allowed_methods=frozenset({"GET"}),
                max_rate_limit_wait=RATE_LIMIT_WAIT_SECONDS,
            ),
            seconds_between_requests=0,
            seconds_between_writes=0,
            api_version=API_VERSION,
        )

    def get(self, path: str, doing: str, **parameters: Any) -> Any:
        """GET an API path. Raises GitHubError."""
        with _explained(doing):
            return self._github.requester.requestJsonAndCheck("GET", path, parameters)[
                1
            ]

    def text(self, path: str, accept: str, doing: str) -> str:
        """GET a path in a media type that is not JSON. Raises GitHubError."""
        with _explained(doing):
            requester = self._github.requester
            status, headers, body = requester.requestJson(
                "GET", path, headers={"Accept": accept}
            )
            if status >= 400:
                raise requester.createException(status, headers, _json_or_text(body))
            return body

    def send(self, verb: str, path: str, doing: str, body: Mapping[str, Any]) -> Any:
        """POST, PATCH or PUT a JSON body. Raises GitHubError."""
        with _explained(doing):
            return self._github.requester.requestJsonAndCheck(verb, path, input=body)[1]

    def graphql(self, document: str, variables: Mapping[str, Any], doing: str) -> Any:
        """Run a GraphQL document and return its `data`. Raises GitHubError."""
        with _explained(doing):
            answer = self._github.requester.graphql_query(document, dict(variables))[1]
            return answer["data"]


def _json_or_text(body: str) -> Any:
    return {"message": body[:200]}


@contextmanager
def _explained(doing: str) -> Iterator[None]:
    try:
        yield
    except GithubException as error:
        needs = {key.lower(): value for key, value in (error.headers or {}).items()}
        raise GitHubError(
            doing,
            error.status,
            _messages(error.data, error.message),
            needs.get("x-accepted-github-permissions", ""),
        ) from error
    except RequestException as error:
        raise GitHubError(doing, 0, (type(error).__name__,)) from error


def _messages(data: Any, message: str | None) -> tuple[str, ...]:
    """GitHub's message and its `errors`, a list of strings or of objects."""
    if not isinstance(data, dict):
        return (str(message or data)[:300],)
    said = [str(data.get("message") or "")]
    for error in data.get("errors") or ():
        if isinstance(error, dict):
            fields = (error.get("message"), error.get("field"), error.get("code"))
            said.append(" ".join(str(field) for field in fields if field))
        else:
            said.append(str(error))
    return tuple(dict.fromkeys(text[:300] for text in said if text))
