"""Commit statuses, and the pull requests of a commit or a branch, over REST."""

from urllib.parse import unquote

from standin.github import git_shapes, pull_shapes, statuses
from standin.github.answers import Answer, Refusal, not_found
from standin.github.routes import Call, route
from standin.github.state import Pull, State

_COMMIT = "([0-9a-f]{40})"


@route("POST", f"/statuses/{_COMMIT}", "statuses=write")
def create_status(call: Call) -> Answer:
    """Set a commit status."""
    state = call.state
    made = statuses.add_status(state, state.viewer, call.words[0], call.body)
    return Answer(201, statuses.shape(call.site, state, made))


@route("GET", "/commits/(.+)/statuses", "statuses=read")
def list_statuses(call: Call) -> Answer:
    """List every status of a commit, newest first, those replaced included."""
    page, headers = call.paged(statuses.of(call.state, _sha(call)))
    rows = [statuses.shape(call.site, call.state, each) for each in page]
    return Answer(body=rows, headers=headers)


@route("GET", "/commits/(.+)/status", "statuses=read")
def combined_status(call: Call) -> Answer:
    """Show the last status of each context and what they come to."""
    sha = _sha(call)
    page, headers = call.paged(statuses.latest(call.state, sha))
    body = statuses.combined_shape(call.site, call.state, sha, page)
    return Answer(body=body, headers=headers)


@route("GET", f"/commits/{_COMMIT}/pulls", "pull_requests=read")
def pulls_of_commit(call: Call) -> Answer:
    """List the pull requests of a commit, but never a fork's."""
    return _listed(call, associated(call.state, _sha(call)))


@route("GET", "/pulls", "pull_requests=read")
def pulls(call: Call) -> Answer:
    """List pull requests, newest first: open ones unless asked otherwise."""
    state, asked = call.state, call.query
    wanted = asked.get("state", "open")
    found = [
        pull
        for pull in sorted(state.pulls.values(), key=lambda each: -each.number)
        if wanted in {"all", pull.state}
        and asked.get("base", pull.base) == pull.base
        and _is_from(state, pull, asked.get("head", ""))
    ]
    return _listed(call, found)


@route("GET", "/commits/(.+)", "contents=read")
def commit(call: Call) -> Answer:
    """Show a commit by any name; its SHA alone when the Accept header asks for it."""
    named = unquote(call.words[0])
    found = call.state.history.resolve(f"{named}^{{commit}}")
    if found is None:
        raise Refusal(422, f"No commit found for SHA: {named}")
    if "vnd.github.sha" in call.accept:
        media = "application/vnd.github.sha; charset=utf-8"
        return Answer(body=found.encode(), headers={"Content-Type": media})
    return Answer(body=git_shapes.commit(call.site, call.state, found))


def associated(state: State, sha: str) -> list[Pull]:
    """Return the pull requests that GitHub associates with a commit, oldest first.

    They hold the commit, as head or below it, and are open or merged. GitHub finds
    none of a fork: its commits are not the base repository's. To find every open pull
    request with one head, list the open ones.
    """
    return [
        pull
        for pull in state.pulls.values()
        if not pull.fork
        and (pull.merged or pull.state == "open")
        and sha in state.commits(pull)
    ]


def _is_from(state: State, pull: Pull, head: str) -> bool:
    owner = pull_shapes.fork_owner(pull) if pull.fork else state.owner
    return not head or head == f"{owner}:{pull.branch}"


def _listed(call: Call, found: list[Pull]) -> Answer:
    page, headers = call.paged(found)
    rows = [
        pull_shapes.simple(pull_shapes.pull_request(call.site, call.state, each))
        for each in page
    ]
    return Answer(body=rows, headers=headers)


def _sha(call: Call) -> str:
    named = unquote(call.words[0])
    found = call.state.history.resolve(f"{named}^{{commit}}")
    if found is None:
        raise not_found()
    return found
