"""What a token may do, found out without doing it.

GitHub has no list of what a GITHUB_TOKEN may do. Reading is tried; a write is asked
for in a form that nothing can come of, on number 0 or without a title: a token without
the permission is answered 403, one with it 404 or 422. docs/verify-live.md has what of
this only a live call can prove.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from architect_review.adapters.github import queries
from architect_review.adapters.github.client import Client
from architect_review.adapters.github.errors import GitHubError, rate_limit_wait
from architect_review.adapters.github.policy import texts

NOTHING = "0" * 40
"""The name of no commit."""

_Probe = tuple[str, str, Mapping[str, Any] | None]
_PROBES: Mapping[str, _Probe] = {
    "contents: read": ("GET", "/contents/", None),
    "pull-requests: read": ("GET", "/pulls?per_page=1", None),
    "pull-requests: write": (
        *("POST", "/pulls/0/reviews"),
        {"event": "COMMENT", "body": "architect-review doctor"},
    ),
    "statuses: write": (
        *("POST", f"/statuses/{NOTHING}"),
        {"state": "pending", "context": "architecture/lead-approval"},
    ),
    "issues: write": ("POST", "/issues", {"title": "", "milestone": 0}),
}
_ALLOWED = (404, 422)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: its status, 0 for none, what GitHub said and what it asks for.

    `enterprise` is the release of an Enterprise Server, "" for github.com.
    """

    status: int
    said: str = ""
    needs: str = ""
    enterprise: str = ""
    body: Any = None


class Probe:
    """Asks what the token of a client may see and do in one repository."""

    def __init__(self, client: Client, repository: str) -> None:
        self._client = client
        self._repository = repository

    def repository(self) -> Answered:
        """The repository as GitHub describes it."""
        return self._asked("GET", "", None)

    def may(self, permission: str) -> bool | None:
        """Whether the token has a permission, as `pull-requests: write`.

        None where the answer does not tell. Raises KeyError for one not known here.
        """
        found = self._asked(*_PROBES[permission])
        if found.status == 403:
            return False
        if permission.endswith("read"):
            return True if found.status == 200 else None
        return True if found.status in _ALLOWED else None

    def lacking(self, paths: Iterable[str]) -> str:
        """What of GraphQL this server lacks to read a pull request, or "".

        The query is for number 0: its words are checked before its values.
        """
        wanted = tuple(paths)
        owner, name = self._repository.split("/", 1)
        variables = {
            **{"owner": owner, "name": name, "number": 0},
            **{f"p{index}": path.rstrip("/") for index, path in enumerate(wanted)},
        }
        try:
            doing = "asking GraphQL for a pull request"
            self._client.graphql(queries.context(wanted), variables, doing)
        except GitHubError as error:
            return "" if error.status == 404 else str(error)
        return ""

    def workflows(self) -> dict[str, str]:
        """The workflows of the default branch, by path. Raises GitHubError."""
        folder = ".github/workflows"
        listed = self._asked("GET", f"/contents/{folder}", None)
        entries = listed.body if isinstance(listed.body, list) else ()
        paths = [
            str(each["path"])
            for each in entries
            if str(each.get("name", "")).endswith((".yml", ".yaml"))
        ]
        return self.files(paths)

    def files(self, paths: Iterable[str]) -> dict[str, str]:
        """Texts at the tip of the default branch. Raises GitHubError."""
        wanted = tuple(paths)
        if not wanted:
            return {}
        owner, name = self._repository.split("/", 1)
        expressions = {
            f"p{index}": f"HEAD:{path.rstrip('/')}" for index, path in enumerate(wanted)
        }
        data = self._client.graphql(
            queries.files(wanted),
            {"owner": owner, "name": name, **expressions},
            f"reading {len(wanted)} files of the default branch",
        )
        found: dict[str, str] = {}
        for index, path in enumerate(wanted):
            found.update(texts(path, data["repository"][f"p{index}"]))
        return found

    def _asked(self, verb: str, path: str, body: Mapping[str, Any] | None) -> Answered:
        try:
            status, headers, given = self._client.asked(
                verb, f"/repos/{self._repository}{path}", "asking GitHub", body
            )
        except GitHubError as error:
            return Answered(0, str(error))
        said = str(given.get("message") or "") if isinstance(given, dict) else ""
        if rate_limit_wait(status, headers, (said,)) is not None:
            return Answered(429, said)
        return Answered(
            status,
            said,
            headers.get("x-accepted-github-permissions", ""),
            headers.get("x-github-enterprise-version", ""),
            given,
        )
