"""Comments that are made once, and edited where they stand."""

from collections.abc import Iterator
from typing import Any

from architect_review.adapters.github.client import PAGE, Client
from architect_review.adapters.github.errors import GitHubError

PAGES_LIMIT = 20


class Comments:
    """Writes comments as one identity; `viewer` is its login without `[bot]`."""

    def __init__(self, client: Client, viewer: str) -> None:
        self._client = client
        self._viewer = viewer

    def once(self, path: str, body: dict[str, Any], doing: str) -> dict[str, Any]:
        """POST a comment; after an open answer look for it before trying again.

        Its first line is its marker. Raises GitHubError.
        """
        try:
            return self.posted(path, body, doing)
        except GitHubError as error:
            if not error.is_uncertain:
                raise
            marker = str(body["body"]).split("\n", 1)[0]
            return self.found(path, marker) or self.posted(path, body, doing)

    def edited(self, path: str, text: str, doing: str) -> bool:
        """PATCH a comment, twice if need be: it does no harm. False: it was deleted."""
        for is_last in (False, True):
            try:
                self._client.send("PATCH", path, doing, {"body": text})
                return True
            except GitHubError as error:
                if error.status == 404:
                    return False
                if is_last or not error.is_uncertain:
                    raise
        return True

    def found(self, path: str, marker: str) -> dict[str, Any] | None:
        """Our first comment or review at an API path that begins with a marker."""
        return next(
            (
                each
                for each in self.ours(path, "looking for what was said")
                if str(each.get("body") or "").lstrip().startswith(marker)
            ),
            None,
        )

    def ours(self, path: str, doing: str) -> Iterator[dict[str, Any]]:
        """What this identity said at an API path, oldest first."""
        for page in range(1, PAGES_LIMIT + 1):
            rows = self._client.get(path, doing, per_page=PAGE, page=page)
            for row in rows:
                login = str((row.get("user") or {}).get("login") or "")
                if self._viewer and login.removesuffix("[bot]") == self._viewer:
                    yield row
            if len(rows) < PAGE:
                return

    def posted(self, path: str, body: dict[str, Any], doing: str) -> dict[str, Any]:
        """POST a comment, whatever stands there. Raises GitHubError."""
        answer: dict[str, Any] = self._client.send("POST", path, doing, body)
        return answer
