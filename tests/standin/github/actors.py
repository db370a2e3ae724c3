"""Accounts as GraphQL nodes."""

from standin.github.connections import Node
from standin.github.shapes import Site, account_id
from standin.github.state import State


def actor(site: Site, login: str) -> Node:
    """Return an author; GraphQL names bots without the [bot] that REST adds."""
    bot = login.endswith("[bot]")
    name = login.removesuffix("[bot]")
    path = f"/apps/{name}" if bot else f"/{name}"
    return {
        "__typename": "Bot" if bot else "User",
        "id": f"{'BOT' if bot else 'U'}_{account_id(login)}",
        "login": name,
        "databaseId": account_id(login),
        "avatarUrl": lambda _, size=None: f"{site.web}/avatars/{account_id(login)}",
        "resourcePath": path,
        "url": site.web + path,
        "name": None,
    }


def viewer(site: Site, state: State) -> Node:
    """Return the identity itself, a User that keeps its [bot]."""
    return actor(site, state.viewer) | {
        "__typename": "User",
        "login": state.viewer,
        "isViewer": True,
    }
