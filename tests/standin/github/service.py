"""One request from its headers to its answer: token, faults, rules, records."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import parse_qsl, unquote

from standin.github import (
    graph,
    published,
    rest_commits,
    rest_issues,
    rest_people,
    rest_pulls,
    rest_repository,
    rest_reviews,
    rest_tracker,
    routes,
)
from standin.github.answers import (
    Answer,
    Refusal,
    bad_credentials,
    malformed,
    not_found,
)
from standin.github.asked import Mutation, mutations
from standin.github.faults import Fault, Planned, carried_out
from standin.github.pull_nodes import Nodes
from standin.github.routes import Call, Route
from standin.github.shapes import Site
from standin.github.state import State

# Importing these registered their operations.
OPERATIONS = (
    rest_commits,
    rest_issues,
    rest_people,
    rest_pulls,
    rest_repository,
    rest_reviews,
    rest_tracker,
)

_GENERAL = {401, 403, 404, 422, 429}
_PER_HOUR = 1000
_REPOSITORY = re.compile(r"^/repos/[^/]+/[^/]+")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request that came in, and the status it got; 0 for a closed connection.

    `path` is below the API's base, without `query`; `kind` is rest or graphql;
    `is_write` says whether it asked to change something, `is_done` whether that was
    carried out, whatever came back. `mutations` are those of a GraphQL document.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int
    kind: str
    is_write: bool
    is_done: bool = False
    mutations: tuple[Mutation, ...] = ()

    @property
    def what(self) -> str:
        """Name it in short: `POST /issues/7/comments`, `addReaction`."""
        if self.mutations:
            return ", ".join(each.name for each in self.mutations)
        return f"{self.method} {_REPOSITORY.sub('', self.path)}"

    def each_write(self) -> list[Self]:
        """Return the writes in it: each mutation of a document is one."""
        return [
            replace(self, mutations=(each,), is_done=each.is_done)
            for each in self.mutations
        ] or [self] * self.is_write


@dataclass(frozen=True, slots=True)
class _Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: Any
    readable: bool

    @classmethod
    def read(
        cls, method: str, target: str, headers: Mapping[str, str], data: bytes
    ) -> Self:
        path, _, query = target.partition("?")
        body, readable = _read(data)
        asked = dict(parse_qsl(query, keep_blank_values=True))
        return cls(method, path, asked, headers, body, readable)

    @property
    def kind(self) -> str:
        return "graphql" if self.path == "/graphql" else "rest"

    def recorded(self, status: int, done: Answer | None) -> Recorded:
        asked = mutations(self.body) if self.kind == "graphql" else ()
        given = done.body if done is not None and isinstance(done.body, dict) else {}
        data = given.get("data") or {} if self.kind == "graphql" else {}
        settled = {key for key, value in data.items() if value is not None}
        return Recorded(
            self.method,
            unquote(self.path),
            self.query,
            self.body,
            status,
            self.kind,
            is_write=bool(asked) or (self.kind == "rest" and self.method != "GET"),
            is_done=done is not None and done.status < 400,
            mutations=tuple(each.settled(settled) for each in asked),
        )


class Service:
    """Answers requests one at a time and remembers them."""

    def __init__(self, state: State, site: Site, token: str) -> None:
        self.state = state
        self.site = site
        self.token = token
        self.requests: list[Recorded] = []
        self.planned: list[Planned] = []
        self._at: dict[int, Fault] = {}

    def answer(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        data: bytes,
        fault: Fault | None = None,
    ) -> Answer | None:
        """Return the answer to a request, None when its connection is to be closed.

        `target` is the path with its query, below `/api/v3`, or `/graphql`.
        """
        asked = _Asked.read(method, target, headers, data)
        wrong = self._wrong(asked)
        done: list[Answer] = []

        def act() -> Answer:
            done.append(self._act(asked, wrong))
            return done[0]

        sent = carried_out(fault, act)
        if fault is None and sent is not None:
            self._check_answer(asked, sent)
        status = 0 if sent is None else sent.status
        self.requests.append(asked.recorded(status, done[0] if done else None))
        return None if sent is None else self._limited(sent, asked.kind)

    def plan(self, method: str, path: str, body: str, fault: Fault, times: int) -> None:
        """Let the next `times` matching requests meet a fault."""
        self.planned.append(
            Planned(method, re.compile(path), re.compile(body), fault, times)
        )

    def plan_at(self, place: int, fault: Fault) -> None:
        """Let the request at this place, counted from 0, meet a fault."""
        self._at[place] = fault

    def plan_nothing(self) -> None:
        """Forget the faults that were not met."""
        self.planned.clear()
        self._at.clear()

    def met(self, method: str, target: str, data: bytes) -> Fault | None:
        """Return the fault that a request meets, once, or None."""
        if len(self.requests) in self._at:
            return self._at.pop(len(self.requests))
        for planned in self.planned:
            if planned.takes(method, target, data.decode("utf-8", "replace")):
                return planned.fault
        return None

    def _wrong(self, asked: _Asked) -> list[str]:
        """Return, and keep, what GitHub would not understand about a request."""
        wrong = []
        if not asked.readable:
            wrong = ["the body is not JSON"]
        elif asked.kind == "rest" and self._route(asked) is not None:
            wrong = published.request_problems(asked.method, asked.path, asked.body)
        for problem in wrong:
            self.state.problem(f"{asked.method} {asked.path}: {problem}")
        return wrong

    def _act(self, asked: _Asked, wrong: list[str]) -> Answer:
        try:
            return self._allowed(asked, wrong)
        except Refusal as refusal:
            return refusal.answer

    def _allowed(self, asked: _Asked, wrong: list[str]) -> Answer:
        self._authenticate(asked.headers)
        if not asked.readable:
            raise Refusal(400, "Problems parsing JSON")
        if asked.kind == "graphql":
            return graph.answer(Nodes(self.site, self.state), asked.body)
        found = self._route(asked)
        if found is None:
            self.state.problem(f"unexpected request: {asked.method} {asked.path}")
            raise not_found()
        route, words = found
        route.check(self.state)
        if wrong:
            raise malformed("; ".join(wrong))
        call = Call(
            self.state,
            self.site,
            asked.path,
            words,
            asked.query,
            asked.body,
            asked.headers.get("Accept", ""),
        )
        return route.handler(call)

    def _authenticate(self, headers: Mapping[str, str]) -> None:
        scheme, _, given = headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in {"token", "bearer"}:
            raise Refusal(401, "Requires authentication")
        if given != self.token:
            raise bad_credentials()

    def _route(self, asked: _Asked) -> tuple[Route, tuple[str, ...]] | None:
        """Return the operation asked for, None for one, or a place, not played."""
        own = f"/repos/{self.state.owner}/{self.state.name}/".lower()
        elsewhere = not f"{asked.path}/".lower().startswith(own)
        if asked.path.startswith("/repos/") and elsewhere:
            return None
        return routes.find(asked.method, asked.path)

    def _check_answer(self, asked: _Asked, sent: Answer) -> None:
        if isinstance(sent.body, bytes) or self._route(asked) is None:
            return
        wrong = published.answer_problems(
            asked.method, asked.path, sent.status, sent.body
        )
        if sent.status in _GENERAL and wrong and "not documented" in wrong[0]:
            return
        for problem in wrong:
            self.state.problem(f"answer to {asked.method} {asked.path}: {problem}")

    def _limited(self, sent: Answer, kind: str) -> Answer:
        resource = "graphql" if kind == "graphql" else "core"
        used = sum(each.kind == kind for each in self.requests)
        headers = {
            "X-RateLimit-Limit": str(_PER_HOUR),
            "X-RateLimit-Remaining": str(max(_PER_HOUR - used, 0)),
            "X-RateLimit-Used": str(used),
            "X-RateLimit-Reset": str(int(time.time()) + 3600),
            "X-RateLimit-Resource": resource,
            "X-GitHub-Request-Id": f"STAN:{len(self.requests):04X}",
        }
        return replace(sent, headers=headers | dict(sent.headers))


def _read(data: bytes) -> tuple[Any, bool]:
    if not data:
        return None, True
    try:
        return json.loads(data), True
    except ValueError:
        return data.decode("utf-8", "replace"), False
