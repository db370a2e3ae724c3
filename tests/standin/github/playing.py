"""GitHub as a test sees it: set a scene, start it, read what was said."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from standin.github import published, pull_shapes
from standin.github.answers import Answer, not_found
from standin.github.faults import Fault, Meanwhile
from standin.github.history import History
from standin.github.payloads import Payloads
from standin.github.permissions import PERMISSIONS, checked
from standin.github.server import Server
from standin.github.service import Recorded, Service
from standin.github.shapes import Json, Site
from standin.github.state import Inline, IssueComment, Limits, Pull, Review, State
from standin.github.transport import Transfer, Transport


class GitHub(Payloads):
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
            checked(permissions),
            private=private,
            limits=limits or Limits(),
        )
        self._lock = Lock()
        self._server = Server(self._respond, self.state.problem)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.api_url = f"{self.url}/api/v3"
        self.graphql_url = f"{self.url}/api/graphql"
        self.repository = repository
        self.token = token
        self.site = Site(self.api_url, self.url)
        self._service = Service(self.state, self.site, token)
        self._transport = Transport(self.state, token)

    def __enter__(self) -> Self:
        # Read once, and by no request: a client waits a second or two for an answer.
        published.described()
        published.schema()
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
        """What was asked to be changed: each mutation of a document for itself."""
        return [write for request in self.requests for write in request.each_write()]

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

    def push(self, number: int, sha: str) -> str:
        """Move the head, and return the old one, which can still be fetched.

        After a forced push, reviews name the new head as theirs.
        """
        pull = self.state.pulls[number]
        before = pull.head
        forced = not self.state.history.is_ancestor(pull.head, sha)
        pull.base_sha = self.state.base_tip(pull)
        pull.updated = self.state.now()
        self._move(pull, sha)
        for review in pull.reviews if forced else ():
            review.commit = sha
        return before

    def permit(self, permissions: Mapping[str, str]) -> None:
        """Let the token do this from now on, and nothing else."""
        self.state.permissions = checked(permissions)

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
        `respond` is an `Answer` to give instead, a `Drop`, `After()` (do it and answer
        502), or `Meanwhile(act)`: let something else happen first.
        """
        self._service.plan(method, path, body, respond, times)

    def fault_at(self, place: int, respond: Fault) -> None:
        """Let the request at this place, counted from 0 in all so far, go wrong."""
        self._service.plan_at(place, respond)

    def refuse(
        self,
        mutation: str,
        message: str = "Resource not accessible by integration",
        *,
        kind: str = "FORBIDDEN",
        times: int = 1,
    ) -> None:
        """Let the next mutations of a name fail, wherever in a document they stand."""
        self.state.refusals += [(mutation, kind, message)] * times

    def no_more_faults(self) -> None:
        """Let everything go right from here on."""
        self._service.plan_nothing()
        self.state.refusals.clear()

    def transfer_fault(self, path: str, respond: Fault, *, times: int = 1) -> None:
        """Let the next `times` requests of git's own protocol go wrong.

        `path` is a regular expression searched in the path with its query, from the
        root: `/octo/project.git/info/refs?service=git-upload-pack` comes first, then
        `/octo/project.git/git-upload-pack`.
        """
        self._transport.plan(path, respond, times)

    def comments(self, number: int) -> list[IssueComment]:
        """Return the conversation of a pull request or an issue, oldest first."""
        on = self.state.talk(number)
        if on is None:
            raise LookupError(f"no pull request and no issue {number}")
        return list(on.comments)

    def reviews(self, number: int) -> list[Review]:
        """Return the reviews of a pull request, pending ones included."""
        return list(self.state.pulls[number].reviews)

    def inline(self, number: int) -> list[Inline]:
        """Return the comments on the diff, those of pending reviews included."""
        return list(self.state.pulls[number].inline)

    def pull_json(self, number: int) -> Json:
        """Return a pull request as REST shows it."""
        pull = self.state.pulls[number]
        return pull_shapes.pull_request(self.site, self.state, pull)

    def _move(self, pull: Pull, sha: str) -> None:
        pull.head = sha
        pull.heads.append(sha)
        self.state.history.move(f"refs/pull/{pull.number}/head", sha)

    def _respond(
        self, method: str, target: str, headers: Mapping[str, str], data: bytes
    ) -> Answer | None:
        for base, shown in (("/api/v3", ""), ("/api/graphql", "/graphql")):
            if target == base or target.startswith((f"{base}/", f"{base}?")):
                below = shown + target.removeprefix(base)
                return self._answer(method, below, headers, data)
        with self._lock:
            if self._transport.takes(target):
                return self._transport.answer(method, target, headers, data)
            self.state.problem(f"unexpected request: {method} {target}")
            return not_found().answer

    def _answer(
        self, method: str, target: str, headers: Mapping[str, str], data: bytes
    ) -> Answer | None:
        with self._lock:
            fault = self._service.met(method, target, data)
        # What happens meanwhile may ask for something itself: it has no lock.
        meanwhile = fault if isinstance(fault, Meanwhile) else None
        if meanwhile and not meanwhile.after:
            meanwhile.act()
        with self._lock:
            met = None if meanwhile else fault
            answer = self._service.answer(method, target, headers, data, met)
        if meanwhile and meanwhile.after:
            meanwhile.act()
        return answer
