"""The conversation, labels and reactions over REST."""

from urllib.parse import unquote

from standin.github import pull_shapes, rules, said, shapes
from standin.github.answers import Answer, Refusal
from standin.github.rest_reviews import add_reaction
from standin.github.routes import Call, commented, route

# A comment on a pull request belongs to pull requests, whatever its path says.
_READ = ("issues=read", "pull_requests=read")
_WRITE = ("issues=write", "pull_requests=write")


@route("GET", r"/issues/(\d+)/comments", *_READ)
def comments(call: Call) -> Answer:
    """List the conversation, oldest first."""
    page, headers = call.paged(call.talk("read").comments)
    rows = [pull_shapes.issue_comment(call.site, call.state, each) for each in page]
    return Answer(body=rows, headers=headers)


@route("POST", r"/issues/(\d+)/comments", *_WRITE)
def create_comment(call: Call) -> Answer:
    """Add to the conversation."""
    on, state = call.talk("write"), call.state
    made = said.add_comment(state, on, state.viewer, _accepted(call))
    return Answer(201, pull_shapes.issue_comment(call.site, state, made))


@route("GET", r"/issues/comments/(\d+)", *_READ)
def comment(call: Call) -> Answer:
    """Show one comment."""
    _, found = commented(call)
    return Answer(body=pull_shapes.issue_comment(call.site, call.state, found))


@route("PATCH", r"/issues/comments/(\d+)", *_WRITE)
def update_comment(call: Call) -> Answer:
    """Change a comment. GitHub lets a writer change anybody's; we should not."""
    _, found = commented(call, "write")
    if found.author != call.state.viewer:
        call.state.problem(f"edits a comment of {found.author}: {call.path}")
    said.change(call.state, found, call.state.viewer, _accepted(call))
    return Answer(200, pull_shapes.issue_comment(call.site, call.state, found))


@route("DELETE", r"/issues/comments/(\d+)", *_WRITE)
def delete_comment(call: Call) -> Answer:
    """Delete a comment; anybody's, but it should be our own."""
    _, found = commented(call, "write")
    if found.author != call.state.viewer:
        call.state.problem(f"deletes a comment of {found.author}: {call.path}")
    said.take_away(call.state, found)
    return Answer(204)


@route("POST", r"/issues/(\d+)/reactions", *_WRITE)
def react_to_pull(call: Call) -> Answer:
    """React to the pull request itself."""
    return add_reaction(call, call.pull().reactions)


@route("POST", r"/issues/comments/(\d+)/reactions", *_WRITE)
def react(call: Call) -> Answer:
    """React to a comment."""
    _, found = commented(call, "write")
    return add_reaction(call, found.reactions)


@route("POST", r"/issues/(\d+)/labels", *_WRITE)
def add_labels(call: Call) -> Answer:
    """Add labels, which are made when the repository lacks them."""
    pull = call.pull()
    given = call.body["labels"] if isinstance(call.body, dict) else call.body
    names = [each if isinstance(each, str) else each["name"] for each in given]
    pull.labels = list(dict.fromkeys([*pull.labels, *names]))
    rows = [shapes.label(call.site, call.state, name) for name in pull.labels]
    return Answer(200, rows)


@route("DELETE", r"/issues/(\d+)/labels/([^/]+)", *_WRITE)
def remove_label(call: Call) -> Answer:
    """Take a label away."""
    pull, name = call.pull(), unquote(call.words[1])
    if name not in pull.labels:
        raise Refusal(404, "Label does not exist")
    pull.labels.remove(name)
    rows = [shapes.label(call.site, call.state, each) for each in pull.labels]
    return Answer(200, rows)


def _accepted(call: Call) -> str:
    text: str = call.body["body"]
    refused = rules.refused_body(call.state, text)
    if refused is None:
        return text
    error = {
        "resource": "IssueComment",
        "code": "unprocessable",
        "field": "data",
        "message": refused,
    }
    raise Refusal(422, "Validation Failed", [error])
