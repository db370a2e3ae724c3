"""GitHub as a test sees it: set a scene, start it, read what was said."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from standin.github import events, pull_shapes
from standin.github.answers import Answer, not_found
from standin.github.faults import Fault
from standin.github.history import History
from standin.github.rest_reviews import add_reply, add_review
from standin.github.server import Server
from standin.github.service import Recorded, Service
from standin.github.shapes import Json, Site
from standin.github.state import Inline, IssueComment, Limits, Pull, Review, State
from standin.github.transport import Transfer, Transport

PERMISSIONS = {"contents": "read", "pull_requests": "write"}
"""What the project's own workflow asks for."""


class GitHub:
    """A GitHub with one repository, on a free port of 127.0.0.1.

    Use it as a context manager. `git_dir` is a bare repository with
    `refs/heads/main`; `permissions` is what the token may do, as a workflow writes
    it. On a public repository (the default) reading needs no permission. `identity`
    is whom the token stands for; one that ends in [bot] is a bot's.

    `problems` must stay empty: it names every request GitHub would not understand,
    every request for something not played here, and every answer of the stand-in
    that GitHub's own description does not allow.
    """

    def __init__(
        self,
        git_dir: Path,
        *,
        repository: str = "octo/project",
        token: str = "ghs_standin",
        identity: str = "github-actions[bot]",
        permissions: Mapping[str, str] = PERMISSIONS,
        private: bool = False,
        limits: Limits | None = None,
    ) -> None:
        self.state = State(
            History(git_dir),
            repository,
            identity,
            dict(permissions),
            private=private,
            limits=limits or Limits(),
        )
        self._server = Server(self._respond, self.state.problem)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.api_url = f"{self.url}/api/v3"
        self.graphql_url = f"{self.url}/api/graphql"
        self.repository = repository
        self.token = token
        self._site = Site(self.api_url, self.url)
        self._service = Service(self.state, self._site, token)
        self._transport = Transport(self.state, token)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()

    @property
    def requests(self) -> list[Recorded]:
        """Every request so far, oldest first."""
        return list(self._service.requests)

    @property
    def transfers(self) -> list[Transfer]:
        """Every request of git's own protocol so far, oldest first."""
        return list(self._transport.transfers)

    @property
    def writes(self) -> list[Recorded]:
        """The requests that asked to change something."""
        return [request for request in self.requests if request.is_write]

    @property
    def problems(self) -> list[str]:
        """What went against GitHub's own descriptions; empty when all is well."""
        return list(self.state.problems)

    def pull(
        self,
        number: int,
        *,
        head_sha: str,
        title: str = "Change the code",
        body: str | None = "What and why.",
        author: str = "ada",
        base: str = "main",
        branch: str = "change",
        fork: bool = False,
        draft: bool = False,
        labels: Sequence[str] = (),
    ) -> Pull:
        """Open a pull request and point `refs/pull/<number>/head` at its head."""
        now, history = self.state.now(), self.state.history
        base_sha = history.resolve(f"refs/heads/{base}")
        if base_sha is None:
            raise LookupError(f"no branch {base}")
        opened = Pull(
            id=self.state.next_id(),
            number=number,
            title=title,
            body=body,
            author=author,
            base=base,
            base_sha=base_sha,
            branch=branch,
            head=head_sha,
            fork=fork,
            draft=draft,
            labels=list(labels),
            created=now,
            updated=now,
        )
        self.state.pulls[number] = opened
        self._move(opened, head_sha)
        return opened

    def push(self, number: int, sha: str) -> None:
        """Move the head. After a forced push, reviews name the new head as theirs."""
        pull = self.state.pulls[number]
        forced = not self.state.history.is_ancestor(pull.head, sha)
        pull.base_sha = self.state.base_tip(pull)
        pull.updated = self.state.now()
        self._move(pull, sha)
        for review in pull.reviews if forced else ():
            review.commit = sha

    def comment(self, number: int, author: str, body: str) -> IssueComment:
        """Let somebody comment on a pull request."""
        now = self.state.now()
        made = IssueComment(self.state.next_id(), number, author, body, now, now)
        self.state.pulls[number].comments.append(made)
        return made

    def review(
        self, number: int, author: str, body: str, *, state: str = "COMMENTED"
    ) -> Review:
        """Let somebody review a pull request, without comments on lines."""
        pull = self.state.pulls[number]
        return add_review(self.state, pull, pull.head, state, body, author)

    def reply(self, number: int, thread: int, author: str, body: str) -> Inline:
        """Let somebody answer the comment with the id `thread`, which began it."""
        pull = self.state.pulls[number]
        root = next(each for each in pull.inline if each.id == thread)
        return add_reply(self.state, pull, root, body, author)

    def role(self, user: str, role: str) -> None:
        """Give a user a role: admin, maintain, write, triage, read or none."""
        self.state.roles[user] = role

    def nobody(self, login: str) -> None:
        """Let a login belong to no account at all."""
        self.state.nobodies.add(login)

    def fault(
        self,
        method: str,
        path: str,
        respond: Fault,
        *,
        times: int = 1,
        body: str = "",
    ) -> None:
        """Let the next `times` requests that match go wrong.

        `path` is a regular expression searched in the path and query below the base
        (`/repos/octo/project/...`, `/graphql`), `body` one searched in the raw body.
        `respond` is an `Answer` to give instead, a `Drop`, or `After()`: do it and
        answer 502.
        """
        self._service.plan(method, path, body, respond, times)

    def fault_at(self, place: int, respond: Fault) -> None:
        """Let the request at this place, counted from 0 in all so far, go wrong."""
        self._service.plan_at(place, respond)

    def no_more_faults(self) -> None:
        """Let everything go right from here on."""
        self._service.plan_nothing()

    def transfer_fault(self, path: str, respond: Fault, *, times: int = 1) -> None:
        """Let the next `times` requests of git's own protocol go wrong.

        `path` is a regular expression searched in the path with its query, from the
        root: `/octo/project.git/info/refs?service=git-upload-pack` comes first, then
        `/octo/project.git/git-upload-pack`.
        """
        self._transport.plan(path, respond, times)

    def comments(self, number: int) -> list[IssueComment]:
        """Return the conversation of a pull request, oldest first."""
        return list(self.state.pulls[number].comments)

    def reviews(self, number: int) -> list[Review]:
        """Return the reviews of a pull request, pending ones included."""
        return list(self.state.pulls[number].reviews)

    def inline(self, number: int) -> list[Inline]:
        """Return the comments on the diff, those of pending reviews included."""
        return list(self.state.pulls[number].inline)

    def event(
        self,
        name: str,
        number: int,
        *,
        action: str = "opened",
        sender: str | None = None,
        before: str | None = None,
    ) -> Json:
        """Return the payload of pull_request, pull_request_target or merge_group."""
        pull = self.state.pulls[number]
        who = sender or pull.author
        if name == "merge_group":
            return events.merge_group(self._site, self.state, pull, who)
        if name not in {"pull_request", "pull_request_target"}:
            raise LookupError(f"no payload of {name} is made here")
        return events.pull_request(self._site, self.state, pull, action, who, before)

    def comment_event(
        self, number: int, author: str, body: str, *, action: str = "created"
    ) -> Json:
        """Let somebody comment, and return the payload of issue_comment."""
        made = self.comment(number, author, body)
        pull = self.state.pulls[number]
        return events.issue_comment(self._site, self.state, pull, made, action)

    def dispatch_event(
        self, inputs: Mapping[str, str], *, ref: str = "main", sender: str = "octo"
    ) -> Json:
        """Return the payload of workflow_dispatch on a branch."""
        full = f"refs/heads/{ref}"
        return events.workflow_dispatch(
            self._site, self.state, dict(inputs), full, sender
        )

    def pull_json(self, number: int) -> Json:
        """Return a pull request as REST shows it."""
        pull = self.state.pulls[number]
        return pull_shapes.pull_request(self._site, self.state, pull)

    def _move(self, pull: Pull, sha: str) -> None:
        pull.head = sha
        self.state.history.move(f"refs/pull/{pull.number}/head", sha)

    def _respond(
        self, method: str, target: str, headers: Mapping[str, str], data: bytes
    ) -> Answer | None:
        for base, shown in (("/api/v3", ""), ("/api/graphql", "/graphql")):
            if target == base or target.startswith((f"{base}/", f"{base}?")):
                below = shown + target.removeprefix(base)
                return self._service.answer(method, below, headers, data)
        if self._transport.takes(target):
            return self._transport.answer(method, target, headers, data)
        self.state.problem(f"unexpected request: {method} {target}")
        return not_found().answer
