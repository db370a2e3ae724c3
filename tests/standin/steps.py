"""Answers to the steps that follow a review, where a test has none of its own.

The schema that a request asks for tells which step it is.
"""

import json
from collections.abc import Callable
from typing import Any

from standin.messages import Answer, Recorded

Script = Callable[[Recorded], Answer]
_SECTIONS = (
    *("overview", "components", "technology", "roadmap", "risks", "operations"),
)


def candidates(request: Recorded) -> list[dict[str, Any]]:
    """The candidates that a request shows, in its order."""
    texts = [each for each in request.prompt.split("\n") if each]
    at = texts.index('"candidates": [')
    whole = "\n".join(texts[at:])
    found, _ = json.JSONDecoder().raw_decode(whole.removeprefix('"candidates": '))
    return [each for each in found if "number" in each]


def verdict(number: int, **details: Any) -> dict[str, Any]:
    """A candidate that nothing refuted."""
    return {
        "number": number,
        "why": "Nothing stands in its way.",
        "path": "",
        "quote": "",
        "same_as": 0,
        "verdict": "confirmed",
        "severity": "critical",
        **details,
    }


def confirm(request: Recorded) -> Answer:
    """Let every candidate stand as it is."""
    return {"verdicts": [verdict(each["number"]) for each in candidates(request)]}


def add_nothing(request: Recorded) -> dict[str, Any]:
    """Put parts together without a word."""
    lists: dict[str, Any] = {"findings": [], "duplicates": [], "questions": []}
    return lists | dict.fromkeys(_SECTIONS, "")


def script_for(
    request: Recorded, answer: Script, sceptic: Script, merge: Script
) -> Script:
    """Which of the scripts a request is for."""
    if request.schema_names == ("verdicts",):
        return sceptic
    return merge if "duplicates" in request.schema_names else answer
