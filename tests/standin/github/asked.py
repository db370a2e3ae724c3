"""What a GraphQL document asks to change, mutation by mutation."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

from graphql import (
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
)
from graphql.utilities import value_from_ast_untyped


@dataclass(frozen=True, slots=True)
class Mutation:
    """One mutation of a document.

    `key` is its name in the answer (its alias when it has one), `input` what it was
    given; `is_done` says whether it was carried out, whatever came back.
    """

    key: str
    name: str
    input: dict[str, Any]
    is_done: bool = False

    def settled(self, done: set[str]) -> Self:
        """Return it with whether its key is among those that were carried out."""
        return replace(self, is_done=self.key in done)


def mutations(body: Any) -> tuple[Mutation, ...]:
    """Return the mutations of a request in their order; none for a query.

    A document that cannot be read has none.
    """
    asked = body if isinstance(body, dict) else {}
    document, variables = asked.get("query"), asked.get("variables") or {}
    if not isinstance(document, str):
        return ()
    try:
        definitions = parse(document).definitions
    except GraphQLError:
        return ()
    return tuple(
        Mutation(field.alias.value if field.alias else name, name, given)
        for operation in definitions
        if isinstance(operation, OperationDefinitionNode)
        and operation.operation is OperationType.MUTATION
        for field in _fields(operation.selection_set)
        for name, given in [(field.name.value, _input(field, variables))]
    )


def _fields(selected: SelectionSetNode) -> Iterator[FieldNode]:
    for each in selected.selections:
        if isinstance(each, FieldNode):
            yield each


def _input(field: FieldNode, variables: dict[str, Any]) -> dict[str, Any]:
    for argument in field.arguments or ():
        value = value_from_ast_untyped(argument.value, variables)
        if argument.name.value == "input" and isinstance(value, dict):
            return value
    return {}
