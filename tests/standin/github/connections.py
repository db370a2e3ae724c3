"""Lists in GraphQL, a page at a time, with GitHub's bounds."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from graphql import GraphQLError, GraphQLResolveInfo

from standin.github.state import State

MOST = 100
"""The largest page that GitHub gives."""

_WITHHELD = object()
"""What GitHub shows nobody: in its schema every element of a list may be null."""

Node = dict[str, Any]
Connection = Callable[..., Node]
Info: TypeAlias = "GraphQLResolveInfo[Any]"


def refused(kind: str, message: str) -> GraphQLError:
    """Return an error of GitHub's `type` (FORBIDDEN, NOT_FOUND, ...)."""
    return GraphQLError(message, extensions={"type": kind})


def not_accessible() -> GraphQLError:
    """Return the error for a token without a permission."""
    return refused("FORBIDDEN", "Resource not accessible by integration")


def connection(
    state: State, items: Callable[[Node], Sequence[Any]], node: Callable[[Any], Node]
) -> Connection:
    """Return the resolver of a connection.

    `items` gets the field's other arguments and returns everything; `node` is called
    for what is on the page only. A field that the state names as `withheld` has a null
    at its beginning and at its end, as the schema allows for every element.
    """

    def resolve(
        info: Info,
        first: int | None = None,
        last: int | None = None,
        after: str | None = None,
        before: str | None = None,
        **arguments: Any,
    ) -> Node:
        _check_bounds(state, first, last)
        every = list(items(arguments))
        if info.field_name in state.withheld:
            every = [_WITHHELD, *every, _WITHHELD]
        start = 0 if after is None else _index(after) + 1
        end = len(every) if before is None else _index(before)
        if first is not None:
            end = min(end, start + first)
        if last is not None:
            start = max(start, end - last)
        nodes = [None if item is _WITHHELD else node(item) for item in every[start:end]]
        return _page(nodes, start, len(every))

    return resolve


def _page(nodes: list[Node | None], start: int, total: int) -> Node:
    edges = [
        {"cursor": f"cursor:{index}", "node": node}
        for index, node in enumerate(nodes, start)
    ]
    return {
        "totalCount": total,
        "nodes": nodes,
        "edges": edges,
        "pageInfo": {
            "hasNextPage": start + len(nodes) < total,
            "hasPreviousPage": start > 0,
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }


def _check_bounds(state: State, first: int | None, last: int | None) -> None:
    given = [bound for bound in (first, last) if bound is not None]
    if not given:
        state.problem("a GraphQL connection without first or last")
        raise refused(
            "MISSING_PAGINATION_BOUNDARIES",
            "You must provide a `first` or `last` value to properly paginate the "
            "connection.",
        )
    if not all(1 <= bound <= MOST for bound in given):
        state.problem(f"a GraphQL connection with a page of {given}")
        raise refused(
            "EXCESSIVE_PAGINATION",
            f"Requesting {max(given)} records exceeds the limit of {MOST} records.",
        )


def _index(cursor: str) -> int:
    kind, _, index = cursor.partition(":")
    if kind != "cursor" or not index.isdigit():
        raise refused(
            "INVALID_CURSOR_ARGUMENTS",
            f"`{cursor}` does not appear to be a valid cursor.",
        )
    return int(index)
