"""Issues and the repository's labels over REST."""

from typing import Any
from urllib.parse import unquote

from standin.github import pull_shapes, rules, shapes
from standin.github.answers import Answer, Refusal, forbidden, not_found
from standin.github.routes import Call, route
from standin.github.shapes import Json
from standin.github.state import Issue, Pull
from standin.github.tracker import add_issue, set_state

_READ, _WRITE = "issues=read", "issues=write"
_ISSUE = r"/issues/(\d+)"


@route("GET", "/issues", _READ)
def issues(call: Call) -> Answer:
    """List issues, pull requests among them, newest first unless asked otherwise."""
    state, asked = call.state, call.query
    wanted = asked.get("state", "open")
    labels = set(filter(None, asked.get("labels", "").split(",")))
    creator = asked.get("creator", "")
    here = [each for each in state.issues.values() if not each.is_deleted]
    every: list[Pull | Issue] = [*state.pulls.values()]
    every += here if state.has_issues else []
    found = [
        each
        for each in every
        if wanted in {"all", each.state}
        and labels <= set(each.labels)
        and creator.lower() in {"", each.author.lower()}
    ]
    is_rising = asked.get("direction", "desc") == "asc"
    found.sort(key=lambda each: (each.created, each.number), reverse=not is_rising)
    page, headers = call.paged(found)
    return Answer(body=[_shape(call, each) for each in page], headers=headers)


@route("POST", "/issues", _WRITE)
def create(call: Call) -> Answer:
    """Open an issue. Its labels are made where the repository lacks them."""
    state, asked = call.state, call.body
    if not state.has_issues:
        raise Refusal(410, "Issues has been disabled in this repository.")
    _accept(call, asked)
    made = add_issue(
        state,
        state.viewer,
        str(asked["title"]),
        asked.get("body"),
        [each if isinstance(each, str) else each["name"] for each in _labels(asked)],
    )
    return Answer(201, _shape(call, made))


@route("GET", _ISSUE, "issues=read", "pull_requests=read")
def issue(call: Call) -> Answer:
    """Show an issue or a pull request as one."""
    _refuse_deleted(call)
    return Answer(body=_shape(call, call.talk("read")))


@route("PATCH", _ISSUE, _WRITE)
def update(call: Call) -> Answer:
    """Change an issue. GitHub lets a writer change anybody's; we should not."""
    state, asked = call.state, call.body
    _refuse_deleted(call)
    found = state.issues.get(int(call.words[0]))
    if found is None:
        raise not_found()
    if found.author != state.viewer:
        state.problem(f"edits an issue of {found.author}: {call.path}")
    _accept(call, asked)
    if "body" in asked:
        found.body, found.editor = asked["body"], state.viewer
    found.title = str(asked.get("title", found.title))
    set_state(state, found, asked.get("state", found.state), asked.get("state_reason"))
    found.updated = state.now()
    return Answer(body=_shape(call, found))


@route("POST", "/labels", "issues=write", "pull_requests=write")
def create_label(call: Call) -> Answer:
    """Make a label, once."""
    state, name = call.state, call.body["name"]
    if not state.may("issues", "write"):
        raise forbidden(_WRITE)
    if name.lower() in {each.lower() for each in state.labels}:
        error = {"resource": "Label", "code": "already_exists", "field": "name"}
        raise Refusal(422, "Validation Failed", [error])
    state.labels.add(name)
    return Answer(201, shapes.label(call.site, state, name))


@route("GET", "/labels/([^/]+)", _READ)
def show_label(call: Call) -> Answer:
    """Show a label."""
    name = unquote(call.words[0])
    if name not in call.state.labels:
        raise not_found()
    return Answer(body=shapes.label(call.site, call.state, name))


def _labels(asked: Json) -> list[Any]:
    return list(asked.get("labels") or ())


def _accept(call: Call, asked: Json) -> None:
    refused = rules.too_long(call.state, asked.get("body") or "")
    if refused is None:
        return
    error = {
        "resource": "Issue",
        "code": "custom",
        "field": "body",
        "message": refused[0].lower() + refused[1:],
    }
    raise Refusal(422, "Validation Failed", [error])


def _refuse_deleted(call: Call) -> None:
    found = call.state.issues.get(int(call.words[0]))
    if found is not None and found.is_deleted:
        raise Refusal(410, "This issue was deleted")


def _shape(call: Call, found: Pull | Issue) -> Json:
    site, state = call.site, call.state
    if isinstance(found, Pull):
        return pull_shapes.issue(site, state, found)
    own = f"{site.repository(state)}/issues/{found.number}"
    return {
        "id": found.id,
        "node_id": f"I_{found.id}",
        "number": found.number,
        "url": own,
        "html_url": site.issue_page(state, found.number),
        "repository_url": site.repository(state),
        "labels_url": f"{own}/labels{{/name}}",
        "comments_url": f"{own}/comments",
        "events_url": f"{own}/events",
        "timeline_url": f"{own}/timeline",
        "title": found.title,
        "body": found.body,
        "user": shapes.user(site, found.author),
        "author_association": state.association(found.author),
        "state": found.state,
        "state_reason": found.state_reason,
        "locked": False,
        "active_lock_reason": None,
        "created_at": found.created,
        "updated_at": found.updated,
        "closed_at": found.closed_at,
        "assignee": None,
        "assignees": [],
        "labels": [shapes.label(site, state, name) for name in found.labels],
        "milestone": None,
        "comments": len(found.comments),
        "reactions": shapes.reactions(own, []),
        "performed_via_github_app": None,
    }
