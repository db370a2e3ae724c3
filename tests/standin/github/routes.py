"""The table of REST operations that the stand-in plays."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from standin.github.answers import Answer, forbidden, not_found
from standin.github.shapes import Site
from standin.github.state import Issue, IssueComment, Pull, State


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` is below the API's base, `words` are what it names."""

    state: State
    site: Site
    path: str
    words: tuple[str, ...]
    query: dict[str, str]
    body: Any
    accept: str

    def pull(self) -> Pull:
        """Return the pull request that the first word numbers, or refuse with 404."""
        found = self.state.pulls.get(int(self.words[0]))
        if found is None:
            raise not_found()
        return found

    def talk(self, level: str) -> Pull | Issue:
        """Return the pull request or issue of that number, or refuse.

        The permission for pull requests is none for an issue.
        """
        found = self.state.talk(int(self.words[0]))
        if found is None:
            raise not_found()
        self.check(found, level)
        return found

    def check(self, on: Pull | Issue, level: str) -> None:
        """Refuse what only the permission for issues lets through."""
        if isinstance(on, Issue) and not self.state.may("issues", level):
            raise forbidden(f"issues={level}")

    def paged(self, items: list[Any]) -> tuple[list[Any], dict[str, str]]:
        """Return the page that was asked for, and the headers that lead to others."""
        size = min(max(int(self.query.get("per_page", "30")), 1), 100)
        page = max(int(self.query.get("page", "1")), 1)
        last = max(-(-len(items) // size), 1)
        targets = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        shown = {
            name: target
            for name, target in targets.items()
            if 1 <= target <= last and target != page
        }
        links = [
            f'<{self._address(page)}>; rel="{name}"' for name, page in shown.items()
        ]
        headers = {"Link": ", ".join(links)} if links else {}
        return items[(page - 1) * size : page * size], headers

    def _address(self, page: int) -> str:
        query = urlencode(self.query | {"page": str(page)})
        return f"{self.site.api}{self.path}?{query}"


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """An operation: any one of `permissions` (`issues=write`) lets it through."""

    method: str
    pattern: re.Pattern[str]
    permissions: tuple[str, ...]
    handler: Handler

    def check(self, state: State) -> None:
        """Raise the 403 that GitHub answers when the token has none of them."""
        held = (state.may(*each.split("=")) for each in self.permissions)
        if self.permissions and not any(held):
            raise forbidden("; ".join(self.permissions))


_ROUTES: list[Route] = []


def route(method: str, path: str, *permissions: str) -> Callable[[Handler], Handler]:
    """Register the handler of an operation.

    `path` is a regular expression below the repository, or from the base when it
    starts with `^`. Its groups become the words of the call.
    """

    def register(handler: Handler) -> Handler:
        whole = path[1:] if path.startswith("^") else f"/repos/[^/]+/[^/]+{path}"
        _ROUTES.append(Route(method, re.compile(whole), permissions, handler))
        return handler

    return register


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """Return the operation at a path with the words in it, or None."""
    for each in _ROUTES:
        matched = each.pattern.fullmatch(path)
        if matched and each.method == method:
            return each, matched.groups()
    return None


def commented(call: Call, level: str = "read") -> tuple[Pull | Issue, IssueComment]:
    """Return the conversation comment that the first word numbers, or refuse."""
    every: list[Pull | Issue] = [*call.state.pulls.values()]
    for on in [*every, *call.state.issues.values()]:
        for comment in on.comments:
            if comment.id == int(call.words[0]):
                call.check(on, level)
                return on, comment
    raise not_found()
