"""Git over HTTP as GitHub serves it: `git http-backend` on the bare repository.

It hands out any object to whoever may read the repository. A transfer is no request to
the API: it is recorded apart and counts against no rate.
"""

import re
import subprocess
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass

from standin.github.answers import Answer
from standin.github.faults import Fault, Planned, carried_out
from standin.github.state import State
from standin.repository import git_environment

_SERVICE = re.compile(r"/(info/refs\?service=git-upload-pack|git-upload-pack)")
_SETTINGS = {
    "uploadpack.allowAnySHA1InWant": "true",
    "uploadpack.allowReachableSHA1InWant": "true",
    "safe.directory": "*",
}


@dataclass(frozen=True, slots=True)
class Transfer:
    """A request for git objects; `path` has the query, `status` 0 is a closed one."""

    method: str
    path: str
    status: int
    bytes: int


class Transport:
    """Answers git's requests and remembers them."""

    def __init__(self, state: State, token: str) -> None:
        self.transfers: list[Transfer] = []
        self._state = state
        self._token = token
        self._planned: list[Planned] = []

    def takes(self, target: str) -> bool:
        """Say whether a request, by its path and query, is one of git's."""
        return ".git/" in target.partition("?")[0]

    def plan(self, path: str, fault: Fault, times: int) -> None:
        """Let the next `times` requests whose path and query match meet a fault."""
        for method in ("GET", "POST"):
            pattern = re.compile(path)
            self._planned.append(Planned(method, pattern, re.compile(""), fault, times))

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], data: bytes
    ) -> Answer | None:
        """Return the answer to a request, None when its connection is to be closed."""
        met = (each for each in self._planned if each.takes(method, target, ""))
        planned = next(met, None)
        fault = planned.fault if planned else None
        sent = carried_out(fault, lambda: self._act(method, target, headers, data))
        status = 0 if sent is None else sent.status
        size = len(sent.body) if sent and isinstance(sent.body, bytes) else 0
        self.transfers.append(Transfer(method, target, status, size))
        return sent

    def _act(
        self, method: str, target: str, headers: Mapping[str, str], data: bytes
    ) -> Answer:
        state = self._state
        given = headers.get("Authorization", "")
        known = self._is_known(given)
        if (given and not known) or (state.private and not known):
            asks = {"WWW-Authenticate": 'Basic realm="GitHub"'}
            return Answer(401, b"Invalid username or token.", asks)
        if not state.may("contents", "read"):
            return Answer(403, b"Write access to repository not granted.")
        own = f"/{state.owner}/{state.name}.git".lower()
        service = target[len(own) :]
        if not target.lower().startswith(own) or not _SERVICE.fullmatch(service):
            state.problem(f"unexpected git request: {method} {target}")
            return Answer(404, b"Repository not found.")
        return self._backend(method, service, headers, data)

    def _is_known(self, given: str) -> bool:
        scheme, _, encoded = given.partition(" ")
        try:
            pair = b64decode(encoded, validate=True).decode()
        except (Error, UnicodeDecodeError):
            return False
        return scheme.lower() == "basic" and pair == f"x-access-token:{self._token}"

    def _backend(
        self, method: str, service: str, headers: Mapping[str, str], data: bytes
    ) -> Answer:
        path, _, query = service.partition("?")
        folder = self._state.history.git_dir.resolve()
        environment = git_environment() | {
            "GIT_PROJECT_ROOT": str(folder.parent),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": f"/{folder.name}{path}",
            "QUERY_STRING": query,
            "REQUEST_METHOD": method,
            "CONTENT_TYPE": headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(data)),
            "HTTP_CONTENT_ENCODING": headers.get("Content-Encoding", ""),
            "HTTP_GIT_PROTOCOL": headers.get("Git-Protocol", ""),
            "GIT_CONFIG_COUNT": str(len(_SETTINGS)),
        }
        for index, (name, value) in enumerate(_SETTINGS.items()):
            environment[f"GIT_CONFIG_KEY_{index}"] = name
            environment[f"GIT_CONFIG_VALUE_{index}"] = value
        done = subprocess.run(
            ["git", "http-backend"],
            input=data,
            capture_output=True,
            check=False,  # it says in its answer what is wrong
            env=environment,
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        lines = (line.partition(": ") for line in head.decode().split("\r\n"))
        fields = {name.title(): value for name, _, value in lines}
        status = int(fields.pop("Status", "200").split()[0])
        return Answer(status, body, fields)
