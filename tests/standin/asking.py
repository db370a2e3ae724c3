"""A small HTTP client and a small scene for the tests of the GitHub stand-in."""

import http.client
import json
from pathlib import Path
from typing import Any, NamedTuple

from standin.github import GitHub
from standin.repository import Executable, Repository, Submodule, Symlink

OLD = "".join(f"line {number}\n" for number in range(1, 31))
NEW = OLD.replace("line 3\n", "line three\n").replace("line 20\n", "")
API = "/api/v3/repos/octo/project"
PULL = f"{API}/pulls/7"


class Reply(NamedTuple):
    """An answer: its header names are in lower case, its body parsed when JSON."""

    status: int
    headers: dict[str, str]
    body: Any


class Scene(NamedTuple):
    """A repository in which main went on after `head` had left it at `base`."""

    repository: Repository
    base: str
    head: str


def scene(folder: Path) -> Scene:
    """Build a change with every kind of file in it; two hunks are in app.py."""
    repository = Repository(folder)
    base = repository.commit(
        {
            "app.py": OLD,
            "gone.py": "bye\n",
            "old name.py": "same\n" * 5,
            "docs/guide.md": "# Guide\n",
            "link": Symlink("app.py"),
            "lib": Submodule("1" * 40),
        },
        "start",
    )
    head = repository.commit(
        {
            "app.py": NEW,
            "gone.py": None,
            "old name.py": None,
            "new name.py": "same\n" * 5,
            "logo.png": b"\0\1\2",
            "docs/guide.md": Executable("# Guide\n"),
            "added.py": "a = 1\n",
        },
        "change",
        parent=base,
    )
    tip = repository.commit({"later.py": "x\n"}, "later", parent=base)
    repository.branch("main", tip)
    return Scene(repository, base, head)


def ask(
    github: GitHub,
    method: str,
    path: str,
    body: object = None,
    *,
    accept: str = "*/*",
    token: str = "ghs_standin",
) -> Reply:
    """Send one request over a connection of its own."""
    connection = http.client.HTTPConnection(github.url.removeprefix("http://"))
    headers = {"Authorization": f"token {token}", "Accept": accept}
    data = None if body is None else json.dumps(body)
    try:
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        raw = answer.read()
        found = {name.lower(): value for name, value in answer.getheaders()}
        is_json = found.get("content-type", "").startswith("application/json")
        return Reply(answer.status, found, json.loads(raw) if is_json else raw)
    finally:
        connection.close()


def graphql(github: GitHub, query: str, **variables: object) -> Any:
    """Run a GraphQL document and return the answer with its `data` and `errors`."""
    body = {"query": query, "variables": variables}
    return ask(github, "POST", "/api/graphql", body).body


def review(**changes: object) -> dict[str, object]:
    """Return the body of a review without comments."""
    return {"event": "COMMENT", "body": "Look.", "comments": []} | changes


def on(line: int, side: str = "RIGHT", **more: object) -> dict[str, object]:
    """Return a comment on a line of app.py."""
    return {"path": "app.py", "line": line, "side": side, "body": "here"} | more
