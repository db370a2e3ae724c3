"""What can be changed over GraphQL.

The mutations of a document are carried out one after the other: a refused one is null
with an error, those before and after it stand.
"""

from collections.abc import Callable
from typing import Any

from standin.github import said
from standin.github.connections import Info, Node, not_accessible, refused
from standin.github.pull_nodes import Nodes
from standin.github.reactions import CONTENTS
from standin.github.rest_reviews import add_reply
from standin.github.rules import refused_body
from standin.github.state import Inline, IssueComment, Pull, Review, State

_TALK = ("issues", "pull_requests")

Carry = Callable[[Nodes, Node], Node]


def mutations(nodes: Nodes) -> dict[str, Callable[..., Node]]:
    """Return the resolvers of the mutations that are played."""
    return {name: _resolver(nodes, name, carry) for name, carry in _PLAYED.items()}


def found(nodes: Nodes, identifier: str) -> Node:
    """Return what a global ID stands for; an error where there is no such thing."""
    if identifier.startswith("PRRT_"):
        thread = nodes.thread(*_thread(nodes.state, identifier))
        return thread | {"__typename": "PullRequestReviewThread"}
    return nodes.subject(_subject(nodes.state, identifier)[1])


def _resolver(nodes: Nodes, name: str, carry: Carry) -> Callable[..., Node]:
    def resolve(_: Info, input: Node) -> Node:  # noqa: A002
        for planned in nodes.state.refusals:
            if planned[0] == name:
                nodes.state.refusals.remove(planned)
                raise refused(planned[1], planned[2])
        own = {"clientMutationId": input.get("clientMutationId")}
        return own | carry(nodes, input)

    return resolve


def _resolve(nodes: Nodes, asked: Node) -> Node:
    return _settle(nodes, asked, nodes.state.viewer)


def _unresolve(nodes: Nodes, asked: Node) -> Node:
    return _settle(nodes, asked, None)


def _settle(nodes: Nodes, asked: Node, by: str | None) -> Node:
    # Not pull-requests: write alone; reports on this are many and agree.
    _require_all(nodes.state, "contents", "pull_requests")
    pull, root = _thread(nodes.state, asked["threadId"])
    root.resolved_by = by
    return {"thread": nodes.thread(pull, root)}


def _minimize(nodes: Nodes, asked: Node) -> Node:
    return {"minimizedComment": _hide(nodes, asked, asked["classifier"])}


def _unminimize(nodes: Nodes, asked: Node) -> Node:
    return {"unminimizedComment": _hide(nodes, asked, None)}


def _hide(nodes: Nodes, asked: Node, classifier: str | None) -> Node:
    state, identifier = nodes.state, asked["subjectId"]
    _require_all(state, "pull_requests")
    _, found = _subject(state, identifier)
    if isinstance(found, Pull):
        raise _unknown(identifier)
    if found.author != state.viewer:
        state.problem(f"hides or shows a comment of {found.author}: {identifier}")
    found.minimized = classifier
    return nodes.subject(found)


def _reply(nodes: Nodes, asked: Node) -> Node:
    _require_all(nodes.state, "pull_requests")
    pull, root = _thread(nodes.state, asked["pullRequestReviewThreadId"])
    text = _accepted(nodes.state, asked["body"])
    made = add_reply(nodes.state, pull, root, text)
    return {"comment": nodes.inline(pull, made)}


def _comment(nodes: Nodes, asked: Node) -> Node:
    state = nodes.state
    _require_any(state, *_TALK)
    pull, found = _subject(state, asked["subjectId"])
    if not isinstance(found, Pull):
        raise _unknown(asked["subjectId"])
    made = said.add_comment(state, pull, state.viewer, _accepted(state, asked["body"]))
    cursor = f"cursor:{len(pull.comments) - 1}"
    return {"commentEdge": {"cursor": cursor, "node": nodes.comment(made)}}


def _update_comment(nodes: Nodes, asked: Node) -> Node:
    _require_any(nodes.state, *_TALK)
    _, found = _edited(nodes, asked["id"], IssueComment, asked["body"])
    return {"issueComment": nodes.comment(found)}


def _update_inline(nodes: Nodes, asked: Node) -> Node:
    _require_all(nodes.state, "pull_requests")
    identifier = asked["pullRequestReviewCommentId"]
    pull, found = _edited(nodes, identifier, Inline, asked["body"])
    return {"pullRequestReviewComment": nodes.inline(pull, found)}


def _edited(
    nodes: Nodes, identifier: str, kind: type[Any], text: str
) -> tuple[Pull, Any]:
    state = nodes.state
    pull, found = _subject(state, identifier)
    if not isinstance(found, kind):
        raise _unknown(identifier)
    if found.author != state.viewer:
        state.problem(f"edits a comment of {found.author}: {identifier}")
    said.change(state, found, state.viewer, _accepted(state, text))
    return pull, found


def _react(nodes: Nodes, asked: Node) -> Node:
    found, content = _reactions(nodes, asked)
    made, _ = said.give_reaction(nodes.state, found.reactions, content)
    return {"reaction": nodes.reaction(made)} | _reacted(nodes, found)


def _take_back(nodes: Nodes, asked: Node) -> Node:
    found, content = _reactions(nodes, asked)
    taken = said.take_reaction(nodes.state, found.reactions, content)
    # What GitHub says when there is none is not documented.
    made = None if taken is None else nodes.reaction(taken)
    return {"reaction": made} | _reacted(nodes, found)


def _reacted(nodes: Nodes, found: Any) -> Node:
    return {
        "subject": lambda _: nodes.subject(found),
        "reactionGroups": lambda _: nodes.reaction_groups(found),
    }


def _reactions(nodes: Nodes, asked: Node) -> tuple[Any, str]:
    _, found = _subject(nodes.state, asked["subjectId"])
    on_diff = isinstance(found, Inline | Review)
    _require_any(nodes.state, *(_TALK[1:] if on_diff else _TALK))
    return found, CONTENTS[asked["content"]]


_PLAYED: dict[str, Carry] = {
    "addComment": _comment,
    "addPullRequestReviewThreadReply": _reply,
    "addReaction": _react,
    "minimizeComment": _minimize,
    "removeReaction": _take_back,
    "resolveReviewThread": _resolve,
    "unminimizeComment": _unminimize,
    "unresolveReviewThread": _unresolve,
    "updateIssueComment": _update_comment,
    "updatePullRequestReviewComment": _update_inline,
}


def _accepted(state: State, text: str) -> str:
    wrong = refused_body(state, text)
    if wrong is not None:
        raise refused("UNPROCESSABLE", wrong)
    return text


def _require_all(state: State, *names: str) -> None:
    if not all(state.may(name, "write") for name in names):
        raise not_accessible()


def _require_any(state: State, *names: str) -> None:
    if not any(state.may(name, "write") for name in names):
        raise not_accessible()


def _thread(state: State, identifier: str) -> tuple[Pull, Inline]:
    for pull in state.pulls.values():
        for each in pull.inline:
            if f"PRRT_{each.id}" == identifier and each.root is None:
                return pull, each
    raise _unknown(identifier)


def _subject(state: State, identifier: str) -> tuple[Pull, Any]:
    for pull in state.pulls.values():
        listed: dict[str, Any] = {
            f"PR_{pull.id}": pull,
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
