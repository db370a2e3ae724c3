"""GraphQL over the stand-in's state, executed by graphql-core."""

from collections.abc import Callable
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    execute_sync,
    parse,
)

from standin.github import published
from standin.github.actors import actor, viewer
from standin.github.answers import Answer, Refusal
from standin.github.connections import Info, Node, refused
from standin.github.mutations import found, mutations
from standin.github.pull_nodes import Nodes

_NEUTRAL = {"Boolean": False, "Int": 0}
_UNKNOWN = object()


def answer(nodes: Nodes, body: Any) -> Answer:
    """Return what GitHub answers to a GraphQL request: 200 with `errors` mostly."""
    document = body.get("query") if isinstance(body, dict) else None
    if not isinstance(document, str):
        nodes.state.problem("a GraphQL request without a query")
        raise Refusal(400, "A query attribute must be specified and must be a string.")
    wrong = published.document_problems(document)
    for problem in wrong:
        nodes.state.problem(f"GraphQL: {problem}")
    if any("is deprecated" not in problem for problem in wrong):
        return Answer(body={"errors": [{"message": problem} for problem in wrong]})
    result = execute_sync(
        published.schema(),
        parse(document),
        root_value=_root(nodes),
        variable_values=body.get("variables") or {},
        operation_name=body.get("operationName"),
        field_resolver=_resolver(nodes),
        context_value=nodes,
    )
    return Answer(body=_written(nodes, result))


def _root(nodes: Nodes) -> Node:
    state = nodes.state

    def repository(_: Info, owner: str, name: str, **__: Any) -> Node:
        wanted = f"{owner}/{name}"
        if wanted.lower() != f"{state.owner}/{state.name}".lower():
            message = f"Could not resolve to a Repository with the name '{wanted}'."
            raise refused("NOT_FOUND", message)
        return nodes.repository()

    def user(_: Info, login: str) -> Node:
        if login in state.nobodies or login.endswith("[bot]"):
            message = f"Could not resolve to a User with the login of '{login}'."
            raise refused("NOT_FOUND", message)
        return actor(nodes.site, login)

    limit = {"cost": 1, "limit": 1000, "nodeCount": 1, "remaining": 999, "used": 1}
    return {
        "viewer": lambda _: viewer(nodes.site, state),
        "repository": repository,
        "user": user,
        "node": lambda _, **asked: found(nodes, asked["id"]),
        "rateLimit": lambda _, **__: limit | {"resetAt": state.now()},
        **mutations(nodes),
    }


def _resolver(nodes: Nodes) -> Callable[..., Any]:
    def resolve(source: Any, info: Info, **arguments: Any) -> Any:
        value = source.get(info.field_name, _UNKNOWN)
        if value is _UNKNOWN:
            where = f"{info.parent_type.name}.{info.field_name}"
            nodes.state.problem(f"the stand-in does not play {where}")
            return _neutral(info.return_type)
        return value(info, **arguments) if callable(value) else value

    return resolve


def _neutral(kind: GraphQLOutputType) -> Any:
    """Return a value that completes a field which nothing here answers."""
    if not isinstance(kind, GraphQLNonNull):
        return None
    inner = kind.of_type
    if isinstance(inner, GraphQLList):
        return []
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    return _NEUTRAL.get(str(inner), "")


def _written(nodes: Nodes, result: ExecutionResult) -> Node:
    if not result.errors:
        return {"data": result.data}
    errors = [_error(nodes, error) for error in result.errors]
    return {"data": result.data, "errors": errors}


def _error(nodes: Nodes, error: GraphQLError) -> Node:
    kind = (error.extensions or {}).get("type")
    if kind is None:
        nodes.state.problem(f"GraphQL: {error.message}")
    places = [{"line": at.line, "column": at.column} for at in error.locations or []]
    typed = {} if kind is None else {"type": kind}
    return {
        **typed,
        "path": error.path or [],
        "extensions": {"saml_failure": False},
        "locations": places,
        "message": error.message,
    }
