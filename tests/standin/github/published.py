"""GitHub's own descriptions, with what the cut ones of the oracles leave out.

`further.graphql` is from the schema that the oracles' one was cut from (npm
`@octokit/graphql-schema`, MIT, Octokit contributors), arguments and fields that
nobody here asks for left out. The membership of a team is from the OpenAPI
description (npm `@octokit/openapi`, MIT, Octokit contributors).
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    NoDeprecatedCustomRule,
    extend_schema,
    parse,
    specified_rules,
    validate,
)
from openapi_schema_validator import OAS30ReadValidator

from oracles import graphql
from oracles.rest import Oracle

_MEMBERSHIP = re.compile(r"/orgs/[^/]+/teams/[^/]+/memberships/[^/]+")
_MEMBER = {
    "type": "object",
    "required": ["role", "state", "url"],
    "properties": {
        "url": {"type": "string", "format": "uri"},
        "role": {"type": "string", "enum": ["member", "maintainer"]},
        "state": {"type": "string", "enum": ["active", "pending"]},
    },
}


class _Described(Oracle):
    """Finds the operations whose path begins like that of `GET /commits/{ref}`."""

    def __init__(self) -> None:
        super().__init__()
        self._routes.sort(key=lambda each: (each[0], -each[1].count("/")))


@cache
def described() -> Oracle:
    """Return GitHub's description of REST, built once."""
    return _Described()


@cache
def schema() -> GraphQLSchema:
    """Return the whole GraphQL schema, built once."""
    text = Path(__file__).with_name("further.graphql").read_text("utf-8")
    known = graphql.schema()
    # The oracles' schema may come to have them itself.
    return (
        known
        if "StatusContext" in known.type_map
        else extend_schema(known, parse(text))
    )


def document_problems(document: str) -> list[str]:
    """Return what is wrong with a document, the use of deprecated fields included."""
    try:
        parsed = parse(document)
    except GraphQLError as error:
        return [error.message]
    rules = [*specified_rules, NoDeprecatedCustomRule]
    return [error.message for error in validate(schema(), parsed, rules)]


def request_problems(method: str, path: str, body: object) -> list[str]:
    """Return what is wrong with the body of a REST request."""
    if _MEMBERSHIP.fullmatch(path):
        return [] if body is None else ["operation takes no body"]
    return described().request(method, path, body)


def answer_problems(method: str, path: str, status: int, body: Any) -> list[str]:
    """Return what is wrong with an answer over REST."""
    if not _MEMBERSHIP.fullmatch(path):
        return described().response(method, path, status, body)
    if status != 200:
        return [f"status {status} is not documented"]
    found = OAS30ReadValidator(_MEMBER).iter_errors(body)
    return [error.message for error in found]
