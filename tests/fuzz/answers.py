"""What models are asked, with good answers."""

import json
from collections.abc import Mapping
from typing import Any

from architect_review.audit.synthesis import SYNTHESIS
from architect_review.evaluation.judge import JUDGEMENT
from architect_review.prompt.answer import ANSWER
from architect_review.prompt.expected import Expected, UnreadableError
from architect_review.review.merging import MERGED
from architect_review.review.thread_talk import REPLIES
from architect_review.review.verification import VERDICTS
from fuzz import grammar
from fuzz.readers import answer
from fuzz.samples import ASKED, FINDING, TEXTS
from fuzz.target import Target


def _asking(name: str, expected: Expected[Any], sample: Mapping[str, Any]) -> Target:
    text = json.dumps(sample)
    words = tuple(f'"{field}":' for field in sample)
    return Target(
        f"answer: {name}",
        answer(expected),
        (UnreadableError,),
        (text, f"Here it is:\n```json\n{text}\n```\n", json.dumps(sample, indent=1)),
        grammar.answers(expected),
        (*words, "}", "]", '\\"', "},{", '"high"', "```json\n"),
    )


ANSWERS = (
    _asking(
        "review",
        ANSWER,
        {
            "findings": [FINDING],
            "fixed": [{"number": 1, "why": "w", "path": "p", "quote": "q"}],
            **TEXTS,
            "questions": [ASKED],
            "change_size": "major",
            "major_reasons": [{"category": "security", "reason": "r"}],
        },
    ),
    _asking(
        "merge",
        MERGED,
        {
            "duplicates": [{"number": 2, "same_as": 1}],
            "findings": [FINDING],
            **TEXTS,
            "questions": [ASKED],
        },
    ),
    _asking(
        "check",
        VERDICTS,
        {
            "verdicts": [
                {"number": 1, "why": "w", "verdict": "refuted", "severity": "low"}
            ]
        },
    ),
    _asking("thread", REPLIES, {"replies": [{"text": "t", "withdraw": False}]}),
    _asking(
        "judge", JUDGEMENT, {"matches": [{"finding": "f", "reason": "r", "golden": ""}]}
    ),
    _asking(
        "synthesis",
        SYNTHESIS,
        {
            "overview": "o",
            "components": [{"component": "c", "description": "d"}],
            "technology": [],
            "roadmap": [{"title": "t", "why": "w", "effort": "small", "after": [1]}],
            "risks": [
                {"title": "t", "likelihood": "low", "impact": "high", "mitigation": "m"}
            ],
            "operations": [{"topic": "t", "text": "x"}],
            "questions": [],
            "decisions": [],
        },
    ),
)
