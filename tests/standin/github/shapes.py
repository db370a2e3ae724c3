"""Accounts and repositories as GitHub's REST interface writes them."""

from dataclasses import dataclass
from typing import Any

from standin.github.state import State

Json = dict[str, Any]

_USER_LINKS = {
    "events_url": "/events{/privacy}",
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "organizations_url": "/orgs",
    "received_events_url": "/received_events",
    "repos_url": "/repos",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "url": "",
}
_REPOSITORY_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
    "url": "",
}
_COUNTS = (
    *("forks", "forks_count", "open_issues", "open_issues_count", "size"),
    *("stargazers_count", "watchers", "watchers_count"),
)
_OFF = (
    *("archived", "disabled", "has_discussions", "has_pages", "has_projects"),
    *("has_wiki", "is_template", "web_commit_signoff_required"),
)
_CREATED = "2025-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Site:
    """Where the stand-in is reached: `api` and `web` without a slash at the end."""

    api: str
    web: str

    def repository(self, state: State) -> str:
        """Return the address of the repository's REST resources."""
        return f"{self.api}/repos/{state.owner}/{state.name}"

    def issue_page(self, state: State, number: int) -> str:
        """Return the address of the page of an issue."""
        return f"{self.web}/{state.owner}/{state.name}/issues/{number}"

    def talk_page(self, state: State, number: int) -> str:
        """Return the address of the page of an issue or a pull request."""
        is_issue = number in state.issues
        page = self.issue_page if is_issue else self.pull_page
        return page(state, number)

    def pull_page(self, state: State, number: int) -> str:
        """Return the address of the page of a pull request."""
        return f"{self.web}/{state.owner}/{state.name}/pull/{number}"


def account_id(login: str) -> int:
    """Return a number that is always the same for a login."""
    return 10_000 + sum(index * ord(letter) for index, letter in enumerate(login, 1))


def user(site: Site, login: str) -> Json:
    """Return an account; a login that ends in [bot] is a bot's."""
    bot = login.endswith("[bot]")
    own = f"{site.api}/users/{login}"
    page = f"{site.web}/apps/{login[:-5]}" if bot else f"{site.web}/{login}"
    return {
        "login": login,
        "id": account_id(login),
        "node_id": f"{'BOT' if bot else 'U'}_{account_id(login)}",
        "avatar_url": f"{site.web}/avatars/{account_id(login)}",
        "gravatar_id": "",
        "html_url": page,
        "type": "Bot" if bot else "User",
        "site_admin": False,
        **{key: own + path for key, path in _USER_LINKS.items()},
    }


def private_user(site: Site, login: str) -> Json:
    """Return an account as it sees itself."""
    counts = (
        *("followers", "following", "public_gists", "public_repos", "collaborators"),
        *("disk_usage", "owned_private_repos", "private_gists", "total_private_repos"),
    )
    blank = ("bio", "blog", "company", "email", "hireable", "location", "name")
    return (
        user(site, login)
        | dict.fromkeys(counts, 0)
        | dict.fromkeys(blank)
        | {
            "created_at": _CREATED,
            "updated_at": _CREATED,
            "two_factor_authentication": True,
        }
    )


def collaborator(site: Site, login: str, role: str) -> Json:
    """Return an account with what its role lets it do."""
    order = ("pull", "triage", "push", "maintain", "admin")
    held = ("none", "read", "triage", "write", "maintain", "admin").index(role)
    permissions = {name: rank < held for rank, name in enumerate(order)}
    return user(site, login) | {"permissions": permissions, "role_name": role}


def repository(site: Site, state: State, owner: str | None = None) -> Json:
    """Return the repository; with another `owner`, the fork of that account."""
    holder = owner or state.owner
    full_name = f"{holder}/{state.name}"
    own = f"{site.api}/repos/{full_name}"
    page = f"{site.web}/{full_name}"
    return {
        "id": account_id(full_name),
        "node_id": f"R_{account_id(full_name)}",
        "name": state.name,
        "full_name": full_name,
        "owner": user(site, holder),
        "private": state.private,
        "visibility": "private" if state.private else "public",
        "html_url": page,
        "description": None,
        "fork": owner is not None,
        "clone_url": f"{page}.git",
        "git_url": f"git://{page.partition('//')[2]}.git",
        "ssh_url": f"git@standin.invalid:{full_name}.git",
        "svn_url": page,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "default_branch": state.default_branch,
        "topics": [],
        "created_at": _CREATED,
        "updated_at": _CREATED,
        "pushed_at": _CREATED,
        "has_issues": True,
        "has_downloads": True,
        "allow_forking": True,
        **dict.fromkeys(_OFF, False),
        **dict.fromkeys(_COUNTS, 0),
        **{key: own + path for key, path in _REPOSITORY_LINKS.items()},
    }


def full_repository(site: Site, state: State) -> Json:
    """Return the repository with what only its own address shows."""
    return repository(site, state) | {"network_count": 0, "subscribers_count": 0}


def label(site: Site, state: State, name: str) -> Json:
    """Return a label."""
    return {
        "id": account_id(f"label {name}"),
        "node_id": f"LA_{account_id(f'label {name}')}",
        "url": f"{site.repository(state)}/labels/{name}",
        "name": name,
        "description": None,
        "color": "ededed",
        "default": False,
    }


def reaction(site: Site, found: tuple[int, str, str]) -> Json:
    """Return a reaction out of its id, author and content."""
    number, author, content = found
    return {
        "id": number,
        "node_id": f"REA_{number}",
        "user": user(site, author),
        "content": content,
        "created_at": _CREATED,
    }


def reactions(url: str, given: list[tuple[int, str, str]]) -> Json:
    """Return how often each reaction was given to what is at `url`."""
    kinds = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")
    contents = [content for _, _, content in given]
    counts = {kind: contents.count(kind) for kind in kinds}
    return {"url": f"{url}/reactions", "total_count": len(given), **counts}
