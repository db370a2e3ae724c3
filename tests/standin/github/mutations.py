"""What can be changed over GraphQL."""

from collections.abc import Callable
from typing import Any

from standin.github.connections import Info, Node, not_accessible, refused
from standin.github.pull_nodes import Nodes
from standin.github.rest_reviews import add_reply
from standin.github.state import Inline, IssueComment, Pull, Review, State


def mutations(nodes: Nodes) -> dict[str, Callable[..., Node]]:
    """Return the resolvers of the mutations that are played."""
    state = nodes.state

    def settle(wanted: Node, by: str | None) -> Node:
        # Not pull-requests: write; reports on this are many and agree.
        _require(state, "contents", "pull_requests")
        pull, root = _thread(state, wanted["threadId"])
        root.resolved_by = by
        return {"thread": nodes.thread(pull, root)}

    def resolve(_: Info, input: Node) -> Node:  # noqa: A002
        return settle(input, state.viewer)

    def unresolve(_: Info, input: Node) -> Node:  # noqa: A002
        return settle(input, None)

    def minimize(_: Info, input: Node) -> Node:  # noqa: A002
        node = _hide(nodes, input["subjectId"], input["classifier"])
        return {"minimizedComment": node}

    def unminimize(_: Info, input: Node) -> Node:  # noqa: A002
        return {"unminimizedComment": _hide(nodes, input["subjectId"], None)}

    def reply(_: Info, input: Node) -> Node:  # noqa: A002
        _require(state, "pull_requests")
        pull, root = _thread(state, input["pullRequestReviewThreadId"])
        made = add_reply(state, pull, root, input["body"])
        return {"comment": nodes.inline(pull, made)}

    return {
        "resolveReviewThread": resolve,
        "unresolveReviewThread": unresolve,
        "minimizeComment": minimize,
        "unminimizeComment": unminimize,
        "addPullRequestReviewThreadReply": reply,
    }


def _hide(nodes: Nodes, identifier: str, classifier: str | None) -> Node:
    state = nodes.state
    _require(state, "pull_requests")
    pull, said = _said(state, identifier)
    if said.author != state.viewer:
        state.problem(f"hides or shows a comment of {said.author}: {identifier}")
    said.minimized = classifier
    if isinstance(said, IssueComment):
        return nodes.comment(said)
    if isinstance(said, Review):
        return nodes.review(pull, said)
    return nodes.inline(pull, said)


def _require(state: State, *names: str) -> None:
    if not all(state.may(name, "write") for name in names):
        raise not_accessible()


def _thread(state: State, identifier: str) -> tuple[Pull, Inline]:
    for pull in state.pulls.values():
        for each in pull.inline:
            if f"PRRT_{each.id}" == identifier and each.root is None:
                return pull, each
    raise _unknown(identifier)


def _said(state: State, identifier: str) -> tuple[Pull, Any]:
    for pull in state.pulls.values():
        listed: dict[str, Any] = {
            **{f"IC_{each.id}": each for each in pull.comments},
            **{f"PRR_{each.id}": each for each in pull.reviews},
            **{f"PRRC_{each.id}": each for each in pull.inline},
        }
        if identifier in listed:
            return pull, listed[identifier]
    raise _unknown(identifier)


def _unknown(identifier: str) -> Exception:
    message = f"Could not resolve to a node with the global id of '{identifier}'"
    return refused("NOT_FOUND", message)
