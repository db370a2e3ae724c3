"""Reactions as GraphQL nodes."""

from standin.github.actors import actor
from standin.github.connections import Node
from standin.github.shapes import Site
from standin.github.state import Reactions, State

CONTENTS = {
    "THUMBS_UP": "+1",
    "THUMBS_DOWN": "-1",
    "LAUGH": "laugh",
    "HOORAY": "hooray",
    "CONFUSED": "confused",
    "HEART": "heart",
    "ROCKET": "rocket",
    "EYES": "eyes",
}
"""GraphQL's names of the contents, and REST's; in the order that GitHub shows."""


def node(site: Site, state: State, given: tuple[int, str, str]) -> Node:
    """Return a reaction."""
    number, author, content = given
    names = {rest: name for name, rest in CONTENTS.items()}
    return {
        "id": f"REA_{number}",
        "databaseId": number,
        "content": names[content],
        "createdAt": state.now(),
        "user": actor(site, author),
    }


def groups(state: State, subject: Node, given: Reactions) -> list[Node]:
    """Return a group for each content, those that nobody gave too."""
    return [
        {
            "content": name,
            "createdAt": state.now() if _authors(given, content) else None,
            "subject": subject,
            "viewerHasReacted": state.viewer in _authors(given, content),
        }
        for name, content in CONTENTS.items()
    ]


def _authors(given: Reactions, content: str) -> list[str]:
    return [author for _, author, said in given if said == content]
