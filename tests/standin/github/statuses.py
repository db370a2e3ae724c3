"""Commit statuses: their rules, and how REST and GraphQL write them."""

from standin.github.actors import actor
from standin.github.answers import Refusal, invalid
from standin.github.connections import Info, Node
from standin.github.shapes import Json, Site, repository, user
from standin.github.state import State, Status

_FULL = "This SHA and context has reached the maximum number of statuses."


def add_status(state: State, author: str, sha: str, asked: Json) -> Status:
    """Keep a status; `asked` is the body that REST takes.

    Raises `Refusal` (422) where GitHub does.
    """
    context = asked.get("context") or "default"
    description, target = asked.get("description"), asked.get("target_url")
    most = state.limits.status_description
    if state.history.kind(sha) != "commit":
        raise Refusal(422, f"No commit found for SHA: {sha}")
    if description is not None and len(description) > most:
        message = f"description is too long (maximum is {most} characters)"
        raise invalid("Status", "description", message)
    if target and not target.startswith(("http://", "https://")):
        message = "target_url must use http(s) scheme"
        raise invalid("Status", "target_url", message)
    alike = [each for each in of(state, sha) if _same(each.context, context)]
    if len(alike) >= state.limits.statuses:
        raise Refusal(422, "Validation Failed", [{"message": _FULL}])
    made = Status(
        id=state.next_id(),
        sha=sha,
        context=context,
        state=asked["state"],
        description=description,
        target_url=target,
        author=author,
        created=state.now(),
    )
    state.statuses.append(made)
    return made


def of(state: State, sha: str) -> list[Status]:
    """Return every status of a commit, newest first."""
    return [each for each in reversed(state.statuses) if each.sha == sha]


def latest(state: State, sha: str) -> list[Status]:
    """Return the last status of each context; contexts differ by more than case."""
    found: dict[str, Status] = {}
    for each in of(state, sha):
        found.setdefault(each.context.lower(), each)
    return list(found.values())


def combined(found: list[Status]) -> str:
    """Return what the last statuses come to: failure, pending or success."""
    states = {each.state for each in found}
    if states & {"error", "failure"}:
        return "failure"
    return "success" if states == {"success"} else "pending"


def shape(site: Site, state: State, found: Status, *, simple: bool = False) -> Json:
    """Return a status as REST writes it; only the simple one has no creator."""
    creator = {} if simple else {"creator": user(site, found.author)}
    return {
        "url": f"{site.repository(state)}/statuses/{found.sha}",
        "avatar_url": None,
        "id": found.id,
        "node_id": f"SC_{found.id}",
        "state": found.state,
        "description": found.description,
        "target_url": found.target_url,
        "context": found.context,
        "created_at": found.created,
        "updated_at": found.created,
        **creator,
    }


def combined_shape(site: Site, state: State, sha: str, page: list[Status]) -> Json:
    """Return the combined status of a commit, with one page of its contexts."""
    every = latest(state, sha)
    own = f"{site.repository(state)}/commits/{sha}"
    return {
        "state": combined(every),
        "statuses": [shape(site, state, each, simple=True) for each in page],
        "sha": sha,
        "total_count": len(every),
        "repository": repository(site, state),
        "commit_url": own,
        "url": f"{own}/status",
    }


def node(site: Site, state: State, sha: str) -> Node | None:
    """Return the `status` of a commit in GraphQL, None while it has none."""
    every = latest(state, sha)

    def context(_: Info, name: str) -> Node | None:
        found = (each for each in every if _same(each.context, name))
        return next((_context(site, each) for each in found), None)

    if not every:
        return None
    return {
        "id": f"CS_{sha}",
        "state": combined(every).upper(),
        "context": context,
        "contexts": [_context(site, each) for each in every],
    }


def _context(site: Site, found: Status) -> Node:
    return {
        "id": f"SC_{found.id}",
        "context": found.context,
        "state": found.state.upper(),
        "description": found.description,
        "targetUrl": found.target_url,
        **dict.fromkeys(("createdAt", "updatedAt"), found.created),
        "creator": actor(site, found.author),
        "isRequired": False,
    }


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
