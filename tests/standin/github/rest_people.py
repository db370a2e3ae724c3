"""What people may do, over REST: their roles on the repository, and their teams."""

from standin.github import shapes
from standin.github.answers import Answer, Refusal, forbidden, not_found
from standin.github.routes import Call, route

_SEEN_AS = {"maintain": "write", "triage": "read"}
_TEAM = "^/orgs/([^/]+)/teams/([^/]+)"


@route("GET", "/collaborators/([^/]+)/permission", "metadata=read")
def permission(call: Call) -> Answer:
    """Show what an account may do; on a public repository everyone reads.

    An app's bot is no user here unless a test gives it a role; who never had a role
    on a private repository is not found.
    """
    state, login = call.state, call.words[0]
    known = login in state.roles
    if login in state.nobodies or (login.endswith("[bot]") and not known):
        raise Refusal(404, f"{login} is not a user")
    if state.private and not known:
        raise not_found()
    name = state.roles.get(login, "none")
    if name == "none" and not state.private:
        name = "read"
    base = state.custom_roles.get(name, name)
    person = shapes.collaborator(call.site, login, base) | {"role_name": name}
    body = {
        "permission": _SEEN_AS.get(base, base),
        "role_name": name,
        "user": person,
    }
    return Answer(body=body)


@route("GET", f"{_TEAM}/memberships/([^/]+)")
def membership(call: Call) -> Answer:
    """Show whether a person is in a team, to a token that may read teams."""
    found = _team(call).get(call.words[2])
    if found is None:
        raise not_found()
    role, state = found
    own = f"{call.site.api}{call.path}"
    return Answer(body={"url": own, "role": role, "state": state})


@route("GET", f"{_TEAM}/members")
def members(call: Call) -> Answer:
    """List who is in a team; an invitation is no membership yet."""
    found = [name for name, (_, state) in _team(call).items() if state == "active"]
    page, headers = call.paged(found)
    return Answer(body=[shapes.user(call.site, name) for name in page], headers=headers)


def _team(call: Call) -> dict[str, tuple[str, str]]:
    """Return the members of a team, or refuse: GITHUB_TOKEN never may read teams."""
    state = call.state
    if not state.may("members", "read"):
        is_app = state.viewer.endswith("[bot]")
        raise forbidden("members=read") if is_app else not_found()
    organisation, slug = call.words[:2]
    if organisation.lower() != state.owner.lower() or slug not in state.teams:
        raise not_found()
    return state.teams[slug]
