"""Reading pull requests over REST."""

from standin.github import git_shapes, pull_shapes
from standin.github.answers import Answer, Refusal, not_found, too_large
from standin.github.routes import Call, route

_READ = "pull_requests=read"
_PULL = r"/pulls/(\d+)"


@route("GET", _PULL, _READ)
def pull(call: Call) -> Answer:
    """Show a pull request, as its diff when the Accept header asks for it."""
    found = call.pull()
    if "diff" in call.accept:
        return _diff(call)
    return Answer(body=pull_shapes.pull_request(call.site, call.state, found))


@route("GET", rf"{_PULL}/files", _READ)
def files(call: Call) -> Answer:
    """List the changed files, up to GitHub's 3,000."""
    found = call.pull()
    state = call.state
    changes = state.history.changes(state.base_tip(found), found.head)
    page, headers = call.paged(list(changes[: state.limits.listed_files]))
    rows = git_shapes.diff_entries(call.site, state, page, found.head)
    return Answer(body=rows, headers=headers)


@route("GET", rf"{_PULL}/commits", _READ)
def commits(call: Call) -> Answer:
    """List the commits, oldest first, up to GitHub's 250."""
    listed = call.state.commits(call.pull())[: call.state.limits.listed_commits]
    page, headers = call.paged(listed)
    rows = [git_shapes.commit(call.site, call.state, sha) for sha in page]
    return Answer(body=rows, headers=headers)


@route("POST", rf"{_PULL}/requested_reviewers", "pull_requests=write")
def request_reviewers(call: Call) -> Answer:
    """Request reviews; from collaborators only, and never from the author."""
    found = call.pull()
    for name in call.body.get("reviewers", ()):
        if name == found.author:
            raise Refusal(422, "Review cannot be requested from pull request author.")
        if call.state.roles.get(name, "none") == "none":
            raise Refusal(
                422,
                "Reviews may only be requested from collaborators. One or more of the "
                "users or teams you specified is not a collaborator of the repository.",
            )
    asked = [*call.body.get("reviewers", ()), *call.body.get("team_reviewers", ())]
    found.requested = list(dict.fromkeys([*found.requested, *asked]))
    shown = pull_shapes.pull_request(call.site, call.state, found)
    return Answer(201, pull_shapes.simple(shown))


@route("GET", rf"{_PULL}/reviews", _READ)
def reviews(call: Call) -> Answer:
    """List the reviews, with the viewer's own pending one."""
    page, headers = call.paged(call.state.visible_reviews(call.pull()))
    rows = [pull_shapes.review(call.site, call.state, found) for found in page]
    return Answer(body=rows, headers=headers)


@route("GET", rf"{_PULL}/comments", _READ)
def comments(call: Call) -> Answer:
    """List the comments on the diff, those of pending reviews left out."""
    found = call.pull()
    page, headers = call.paged(call.state.published_inline(found))
    rows = [pull_shapes.inline(call.site, call.state, found, each) for each in page]
    return Answer(body=rows, headers=headers)


@route("GET", r"/pulls/comments/(\d+)", _READ)
def comment(call: Call) -> Answer:
    """Show one comment on the diff."""
    for found in call.state.pulls.values():
        for each in call.state.published_inline(found):
            if each.id == int(call.words[0]):
                shape = pull_shapes.inline(call.site, call.state, found, each)
                return Answer(body=shape)
    raise not_found()


def _diff(call: Call) -> Answer:
    found, state = call.pull(), call.state
    base, limits = state.base_tip(found), state.limits
    if len(state.history.changes(base, found.head)) > limits.diff_files:
        raise too_large(
            "Sorry, the diff exceeded the maximum number of files "
            f"({limits.diff_files}). Consider using 'List pull requests files' API or "
            "locally cloning the repository instead."
        )
    diff = state.history.diff(base, found.head)
    if diff.count(b"\n") > limits.diff_lines or len(diff) > limits.diff_bytes:
        raise too_large(
            "Sorry, the diff exceeded the maximum number of lines "
            f"({limits.diff_lines})"
        )
    media = "application/vnd.github.diff; charset=utf-8"
    return Answer(body=diff, headers={"Content-Type": media})
