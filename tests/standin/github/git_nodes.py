"""Repositories, references and git objects as GraphQL nodes."""

from collections.abc import Callable
from typing import Any

from standin.github import statuses
from standin.github.actors import actor
from standin.github.connections import (
    Info,
    Node,
    connection,
    not_accessible,
    refused,
)
from standin.github.history import Signature, TreeRow
from standin.github.shapes import Site, account_id
from standin.github.state import Pull, State

_TYPES = {"blob": "Blob", "tree": "Tree", "commit": "Commit"}
_PERMISSIONS = {"none": None, "read": "READ", "write": "WRITE", "admin": "ADMIN"}


def repository(site: Site, state: State, pull_request: Callable[[Pull], Node]) -> Node:
    """Return the repository; `pull_request` makes the nodes of its pull requests."""
    full_name = f"{state.owner}/{state.name}"

    def pull(_: Info, number: int) -> Node:
        if not state.may("pull_requests", "read"):
            raise not_accessible()
        if number not in state.pulls:
            message = f"Could not resolve to a PullRequest with the number of {number}."
            raise refused("NOT_FOUND", message)
        return pull_request(state.pulls[number])

    def stored(
        _: Info, expression: str | None = None, oid: str | None = None
    ) -> Node | None:
        if not state.may("contents", "read"):
            raise not_accessible()
        sha = state.history.resolve(expression or oid or "HEAD")
        return None if sha is None else git_object(site, state, sha)

    branch = state.default_branch
    return {
        "__typename": "Repository",
        "id": f"R_{account_id(full_name)}",
        "name": state.name,
        "nameWithOwner": full_name,
        "url": f"{site.web}/{full_name}",
        "resourcePath": f"/{full_name}",
        "description": None,
        "isPrivate": state.private,
        "visibility": "PRIVATE" if state.private else "PUBLIC",
        "isFork": False,
        "isArchived": False,
        "isEmpty": False,
        "viewerPermission": _PERMISSIONS[state.permissions.get("contents", "none")],
        "defaultBranchRef": lambda _: reference(site, state, f"refs/heads/{branch}"),
        "ref": lambda _, qualifiedName: reference(site, state, qualifiedName),  # noqa: N803
        "object": stored,
        "pullRequest": pull,
        "issue": lambda _, number: issue(site, state, number),
        "pullRequests": connection(
            state, lambda asked: _pulls(state, asked), pull_request
        ),
    }


def issue(site: Site, state: State, number: int) -> Node:
    """Return an issue; a pull request is none here."""
    if not state.may("issues", "read"):
        raise not_accessible()
    found = state.issues.get(number)
    if found is None or found.is_deleted:
        message = f"Could not resolve to an Issue with the number of {number}."
        raise refused("NOT_FOUND", message)
    return {
        "id": f"I_{found.id}",
        "number": number,
        "title": found.title,
        "body": found.body or "",
        "state": found.state.upper(),
        "url": site.issue_page(state, number),
        "author": actor(site, found.author),
        "editor": None if found.editor is None else actor(site, found.editor),
    }


def _pulls(state: State, asked: Node) -> list[Pull]:
    states = asked.get("states")
    base, head = asked.get("baseRefName"), asked.get("headRefName")
    return [
        pull
        for pull in state.pulls.values()
        if (not states or pull.kind in states)
        and base in {None, pull.base}
        and head in {None, pull.branch}
    ]


def reference(site: Site, state: State, name: str) -> Node | None:
    """Return a reference by its full or short name, None for one not there."""
    for full in (name, f"refs/heads/{name}"):
        sha = state.history.resolve(full) if full.startswith("refs/") else None
        if sha is not None:
            prefix, _, short = full.rpartition("/")
            if full.startswith("refs/heads/"):
                prefix, short = "refs/heads", full.removeprefix("refs/heads/")
            return {
                "id": f"REF_{full}",
                "name": short,
                "prefix": f"{prefix}/",
                "target": git_object(site, state, sha),
            }
    return None


def git_object(site: Site, state: State, sha: str) -> Node:
    """Return a blob, a tree or a commit."""
    kind = state.history.kind(sha) or "blob"
    page = f"/{state.owner}/{state.name}/commit/{sha}"
    node = {
        "__typename": _TYPES[kind],
        "id": f"GIT_{sha}",
        "oid": sha,
        "abbreviatedOid": sha[:7],
        "commitResourcePath": page,
        "commitUrl": site.web + page,
    }
    if kind == "blob":
        return node | _blob(state, sha)
    if kind == "tree":
        return node | {"entries": lambda _: _entries(site, state, sha)}
    return node | _commit(site, state, sha)


def _blob(state: State, sha: str) -> Node:
    data = state.history.blob(sha)
    binary = b"\0" in data[:8000]
    limit = state.limits.contents
    text = data[:limit].decode("utf-8", "replace")
    return {
        "byteSize": len(data),
        "isBinary": binary,
        "isTruncated": len(data) > limit,
        "text": None if binary else text,
    }


def _commit(site: Site, state: State, sha: str) -> Node:
    facts = state.history.commit(sha)
    headline, _, rest = facts.message.partition("\n")
    page = f"/{state.owner}/{state.name}/commit/{sha}"

    def file(_: Info, path: str) -> Node | None:
        row = state.history.row(sha, path)
        return None if row is None else _entry(site, state, row)

    return {
        "message": facts.message,
        "messageHeadline": headline,
        "messageBody": rest.strip("\n"),
        "author": _signature(facts.author),
        "committer": _signature(facts.committer),
        "authoredDate": facts.author.date,
        "committedDate": facts.committer.date,
        "resourcePath": page,
        "url": site.web + page,
        "tree": lambda _: git_object(site, state, facts.tree),
        "file": file,
        "status": lambda _: statuses.node(site, state, sha),
        "associatedPullRequests": lambda info, **asked: info.context.associated(sha)(
            info, **asked
        ),
    }


def _entries(site: Site, state: State, tree: str) -> list[Node]:
    return [_entry(site, state, row) for row in state.history.rows(tree)]


def _entry(site: Site, state: State, row: TreeRow) -> Node:
    is_submodule = row.kind == "commit"

    def stored(_: Info) -> Node | None:
        return None if is_submodule else git_object(site, state, row.sha)

    def size(_: Info) -> int:
        return len(state.history.blob(row.sha)) if row.kind == "blob" else 0

    name = row.path.rpartition("/")[2]
    return {
        "name": name,
        "path": row.path,
        "extension": f".{name.rpartition('.')[2]}" if "." in name else "",
        "type": row.kind,
        "mode": int(row.mode, 8),
        "oid": row.sha,
        "size": size,
        "object": stored,
    }


def _signature(found: Signature) -> dict[str, Any]:
    return {
        "name": found.name,
        "email": found.email,
        "date": found.date,
        "user": None,
    }
