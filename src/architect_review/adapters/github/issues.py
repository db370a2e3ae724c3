"""The living record of a scope's audits: one issue of ours, kept up to date.

It is known by its author and the marker at its head. Every write can be repeated: a
run that was cut off anywhere leaves a state from which the next ends where it would
have ended itself.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from architect_review.adapters.github import queries
from architect_review.adapters.github.client import PAGE, Client
from architect_review.adapters.github.comments import Comments
from architect_review.adapters.github.conversation import login_of
from architect_review.adapters.github.errors import GitHubError
from architect_review.audit.memory import marked, scope_digest
from architect_review.audit_report.record import (
    LABEL,
    RecordComment,
    Recorded,
    RecordEntry,
    news_of,
    title_of,
)
from architect_review.errors import PublishError

PERMISSIONS = "permissions: {contents: read, issues: write}"
"""The line that gives a job what the record needs."""
PAGES_LIMIT = 10
"""Pages of a hundred issues that are looked through."""
_LABEL = {
    "name": LABEL,
    "color": "5319e7",
    "description": "The living record of an architecture audit",
}

Row = Mapping[str, Any]


class AuditIssue:
    """The issue of one scope, as the identity of the client's token."""

    def __init__(self, client: Client, repository: str, scope: str) -> None:
        self._client = client
        self._repository = repository
        self._scope = scope
        self._viewer = ""
        self._found: Recorded | None = None

    def read(self) -> Recorded | None:
        """The record as it stands, None where there is none yet.

        Raises PublishError with what is missing when it cannot be looked for.
        """
        with self._explained():
            row = self._searched()
            self._found = self._recorded(row) if row else None
            return self._found

    def write(self, entry: RecordEntry) -> str:
        """Write the record down where `read` found it; returns its address.

        The comment comes before the body, which says that it was made. Whether the
        issue is open changes only where this audit changes it: what a person did
        meanwhile stands. Raises PublishError when GitHub refuses or fails.
        """
        with self._explained():
            row = self._fresh() or self._created(entry)
            if entry.comment:
                self._say(row, entry.comment)
            self._settle(row, entry)
            return str(row["html_url"])

    @property
    def _issues(self) -> str:
        return f"/repos/{self._repository}/issues"

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except GitHubError as error:
            raise PublishError(_why(error, self._repository)) from error

    def _searched(self) -> Row | None:
        """Our issue of this scope, the oldest of several."""
        doing = "looking for the audit's issue"
        if not self._viewer:
            data = self._client.graphql(queries.viewer(), {}, doing)
            self._viewer = str(data["viewer"]["login"])
        for asked in ({"labels": LABEL}, {"creator": self._viewer}):
            if row := self._chosen(list(self._listed(asked, doing))):
                return row
        return None

    def _listed(self, asked: Mapping[str, str], doing: str) -> Iterator[Row]:
        """Issues of ours, oldest first."""
        for page in range(1, PAGES_LIMIT + 1):
            rows = self._client.get(
                self._issues,
                doing,
                state="all",
                sort="created",
                direction="asc",
                per_page=PAGE,
                page=page,
                **asked,
            )
            for row in rows:
                if "pull_request" not in row and _is_by(row, self._viewer):
                    yield row
            if len(rows) < PAGE:
                return

    def _chosen(self, rows: list[Row]) -> Row | None:
        """The one with our marker; else one that lost it, known by its title."""
        own = scope_digest(self._scope)
        named = title_of(self._scope)
        marks = [(marked(str(row["body"] or ""))[0], row) for row in rows]
        same = (row for digest, row in marks if digest == own)
        lost = (row for digest, row in marks if not digest and row["title"] == named)
        return next(same, None) or next(lost, None)

    def _recorded(self, row: Row) -> Recorded:
        owner, name = self._repository.split("/", 1)
        number = int(row["number"])
        data = self._client.graphql(
            queries.edited(),
            {"owner": owner, "name": name, "number": number},
            f"reading {self._repository}#{number}",
        )
        issue = (data["repository"] or {}).get("issue") or {}
        author = issue.get("author")
        return Recorded(
            body=str(row["body"] or ""),
            is_open=row["state"] == "open",
            url=str(row["html_url"]),
            number=number,
            is_altered=login_of(issue.get("editor") or author) != login_of(author),
        )

    def _fresh(self) -> Row | None:
        """The issue as it stands now, None where there is none any more."""
        if self._found is None:
            row = self._searched()
            self._found = self._recorded(row) if row else None
            return row
        try:
            path = f"{self._issues}/{self._found.number}"
            found: Row = self._client.get(path, "reading the audit's issue again")
        except GitHubError as error:
            if error.status not in (404, 410):
                raise
            self._found = None
            return None
        return found

    def _created(self, entry: RecordEntry) -> Row:
        """A new issue; after an open answer it is looked for, and then made again."""
        try:
            path, doing = f"/repos/{self._repository}/labels", "making the label"
            self._client.send("POST", path, doing, _LABEL)
        except GitHubError:
            # It is there already, or the issue goes without it.
            pass
        body = {
            "title": entry.title,
            "body": entry.draft or entry.body,
            "labels": [LABEL],
        }
        try:
            return self._opened(body)
        except GitHubError as error:
            if not error.is_uncertain:
                raise
            return self._searched() or self._opened(body)

    def _opened(self, body: dict[str, Any]) -> Row:
        doing = "opening the audit's issue"
        row: Row = self._client.send("POST", self._issues, doing, body)
        return row

    def _say(self, row: Row, comment: RecordComment) -> None:
        """Comment once; without its mentions where those were notified already."""
        path = f"{self._issues}/{row['number']}/comments"
        bodies = self._latest(path, int(row["comments"]))
        if any(body.startswith(comment.marker) for body in bodies):
            return
        heard = {each for body in bodies for each in news_of(body)}
        is_heard = bool(comment.told) and heard.issuperset(comment.told)
        if text := comment.quiet if is_heard else comment.body:
            said = Comments(self._client, login_of({"login": self._viewer}))
            said.once(path, {"body": text}, "commenting on the audit's issue")

    def _latest(self, path: str, count: int) -> list[str]:
        """Our latest comments, of the last page and the one before it."""
        last = max(1, -(-count // PAGE))
        doing = "looking for what was said"
        rows = [
            row
            for page in range(max(1, last - 1), last + 1)
            for row in self._client.get(path, doing, per_page=PAGE, page=page)
        ]
        ours = (row for row in rows if _is_by(row, self._viewer))
        return [str(row["body"] or "").lstrip() for row in ours]

    def _settle(self, row: Row, entry: RecordEntry) -> None:
        """The body and the state in one request, where either is to change."""
        was_open = self._found.is_open if self._found else True
        is_open = row["state"] == "open"
        change: dict[str, Any] = {}
        if row["body"] != entry.body:
            change["body"] = entry.body
        if entry.is_open is not was_open and entry.is_open is not is_open:
            closed = {"state": "closed", "state_reason": "completed"}
            change |= {"state": "open"} if entry.is_open else closed
        if not change:
            return
        path, doing = f"{self._issues}/{row['number']}", "updating the audit's issue"
        try:
            self._client.send("PATCH", path, doing, change)
        except GitHubError as error:
            if not error.is_uncertain:
                raise
            self._client.send("PATCH", path, doing, change)


def _is_by(row: Row, viewer: str) -> bool:
    """Whether we wrote it: GitHub does not write every bot's name with its `[bot]`."""
    user = row.get("user") or {}
    login = str(user.get("login") or "")
    is_bot = user.get("type") == "Bot"
    same = login_of({"login": login}) == login_of({"login": viewer})
    return bool(viewer) and (login == viewer or (is_bot and same))


def _why(error: GitHubError, repository: str) -> str:
    if error.status == 410:
        return (
            f"issues are disabled in {repository}: turn them on in its settings, or "
            "have the audit published elsewhere"
        )
    if error.is_permission:
        asks = f" (GitHub asks for {error.needs})" if error.needs else ""
        return (
            f"the token may not keep an issue here{asks}: give the job `{PERMISSIONS}`"
        )
    return str(error)
