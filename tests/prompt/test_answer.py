"""The answer's schema stays small and plain: the service compiles it to a grammar."""

import json
from collections.abc import Iterator
from typing import Any

from architect_review.prompt.answer import ANSWER, SECTIONS, Answer

UNIONS = {"anyOf", "oneOf", "allOf", "$ref", "$defs"}


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from nodes(value)


def test_it_is_smaller_than_any_schema_known_to_be_refused() -> None:
    assert len(json.dumps(ANSWER.schema(), separators=(",", ":"))) < 2_500


def test_it_has_nothing_optional_and_no_union() -> None:
    for node in nodes(ANSWER.schema()):
        assert not UNIONS & set(node)
        assert not isinstance(node.get("type"), list)
        if node.get("type") == "object":
            assert node["required"] == list(node["properties"])
            assert node["additionalProperties"] is False


def test_it_asks_for_what_is_read_in_the_order_in_which_it_is_thought() -> None:
    properties = ANSWER.schema()["properties"]
    assert list(properties) == list(Answer.model_fields)
    assert set(SECTIONS) < set(properties)
    finding = list(properties["findings"]["items"]["properties"])
    assert finding.index("quote") < finding.index("problem") < finding.index("severity")
    assert finding[-1] == "confidence"
