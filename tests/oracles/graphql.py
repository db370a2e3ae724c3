"""GitHub's GraphQL interface as its own schema has it."""

from functools import cache
from pathlib import Path

from graphql import (
    GraphQLError,
    GraphQLSchema,
    NoDeprecatedCustomRule,
    build_schema,
    parse,
    specified_rules,
    validate,
)


@cache
def schema() -> GraphQLSchema:
    """Return the pruned schema, built once."""
    text = Path(__file__).with_name("github-graphql.graphql").read_text("utf-8")
    return build_schema(text)


def problems(document: str) -> list[str]:
    """Return what is wrong with a document, the use of deprecated fields included."""
    try:
        parsed = parse(document)
    except GraphQLError as error:
        return [error.message]
    rules = [*specified_rules, NoDeprecatedCustomRule]
    return [error.message for error in validate(schema(), parsed, rules)]
