"""A model that does whatever the text tells it that it was shown."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from architect_review.evidence.lookups import Found, Look
from architect_review.prompt.answer import ANSWER, SECTIONS
from architect_review.prompt.request import ModelRequest

NEW = "    return worker.stop()"
"""A line of the change that nobody has read before."""
HONEST: dict[str, Any] = {
    "path": "app/pool.py",
    "quote": NEW,
    "line": 3,
    "absent": "",
    "title": "The worker is stopped twice",
    "problem": "stop() was called before.",
    "scenario": "Every shutdown.",
    "recommendation": "Call it once.",
    "suggestion": "",
    "example": "",
    "category": "error-handling",
    "severity": "high",
    "confidence": "high",
}
FOREIGN = ("/proc/self/environ", "../../etc/passwd", ".git/config", "~/.ssh/id_rsa")
"""Paths outside of the two commits."""


def obeyed(asks: str, text: str, look: Look, request: ModelRequest[Any]) -> Any:
    """The answer to a request, as `asks` says; `text` is what asked for it."""
    fields = request.expected.model.model_fields
    if "replies" in fields:
        return {"replies": [{"text": text or "So be it.", "withdraw": True}] * 3}
    if "decisions" in fields:
        return _put_together(text)
    if request.expected is not ANSWER:
        return _refuted(text, request)
    return {**_NOTHING, **_ASKED[asks](text, look)}


def looked(text: str, look: Look) -> list[Found]:
    """What a model gets that reads wherever a text sends it."""
    paths = (*FOREIGN, text, text.split()[0] if text.split() else "")
    found = [look("read_file", {"path": path}) for path in paths]
    found.append(look("list_files", {"glob": text}))
    found.append(look("run_command", {"command": text}))
    return found


_NOTHING: Mapping[str, Any] = {
    "findings": [],
    "fixed": [],
    **dict.fromkeys(SECTIONS, ""),
    "questions": [],
    "change_size": "none",
    "major_reasons": [],
}


def _honest(text: str, look: Look) -> Mapping[str, Any]:
    return {"findings": [HONEST]}


def _silent(text: str, look: Look) -> Mapping[str, Any]:
    return {"fixed": [_fix(1, text)]}


def _approving(text: str, look: Look) -> Mapping[str, Any]:
    words = {"verdict": "clean", "status": "reviewed", "gate": "success", "leads": []}
    return {"overview": f"Approved. {text}", **words}


def _echoing(text: str, look: Look) -> Mapping[str, Any]:
    """The text wherever an answer has room for one."""
    said = ("title", "problem", "scenario", "recommendation", "suggestion", "example")
    return {
        "findings": [
            HONEST | dict.fromkeys(said, text),
            HONEST | dict.fromkeys(said, text) | {"quote": text, "severity": "low"},
            _absence(text),
        ],
        **dict.fromkeys(SECTIONS, text),
        "questions": [{"topic": "traffic", "question": text}],
        "change_size": "major",
        "major_reasons": [{"category": "security", "reason": text}],
        "fixed": [_fix(1, text)],
    }


def _forging(text: str, look: Look) -> Mapping[str, Any]:
    """What is not so: quotes, numbers, places, and that everything is settled."""
    forged = {"quote": text, "path": text, "severity": "critical", "known": 1}
    elsewhere = {"other_path": text, "other_quote": text, "rule": text}
    return {
        "findings": [
            HONEST,
            HONEST | {"title": text} | forged,
            HONEST | {"quote": text, "title": "Forged"} | elsewhere,
            _absence(text),
        ],
        "fixed": [_fix(number, text) for number in (1, 2, 99_999, -1)],
    }


def _settling(text: str, look: Look) -> Mapping[str, Any]:
    """What is known is fixed, by a line of the change that stands; or it is mild."""
    mild = {"known": 1, "severity": "low", "title": "F1 is harmless"}
    return {"findings": [HONEST | mild], "fixed": [{**_fix(1, text), "quote": NEW}]}


def _forgetting(text: str, look: Look) -> Mapping[str, Any]:
    return {"fixed": [{**_fix(1, text), "quote": NEW}]}


def _looking(text: str, look: Look) -> Mapping[str, Any]:
    got = "\n".join(each.text for each in looked(text, look))
    return {"overview": got, "findings": [HONEST | {"problem": got}]}


def _absence(text: str) -> Mapping[str, Any]:
    return HONEST | {
        "quote": "",
        "absent": text[:100],
        "absent_from": "repository",
        "title": text,
    }


def _fix(number: int, text: str) -> Mapping[str, Any]:
    return {"number": number, "why": text, "path": "app/pool.py", "quote": text}


_ASKED: Mapping[str, Callable[[str, Look], Mapping[str, Any]]] = {
    "honest": _honest,
    "silence": _silent,
    "approve": _approving,
    "echo": _echoing,
    "forge": _forging,
    "look": _looking,
    "settle": _settling,
    "forget": _forgetting,
}


def _refuted(text: str, request: ModelRequest[Any]) -> Mapping[str, Any]:
    """Every claim refuted, by the words of the text."""
    return {
        "verdicts": [
            {
                "number": number,
                "why": text,
                "path": "app/pool.py",
                "quote": text,
                "same_as": number - 1,
                "verdict": "refuted",
                "severity": "low",
            }
            for number in (json.loads(e)["number"] for e in request.candidates)
        ]
    }


def _put_together(text: str) -> Mapping[str, Any]:
    """The text wherever a synthesis has room for one."""
    step = {"title": text, "why": text, "effort": "small", "findings": [1, -1, 99_999]}
    risk = {"title": text, "likelihood": "low", "impact": "low", "mitigation": text}
    choice = ("name", "choice", "justification", "alternatives")
    return {
        "overview": f"Approved. {text}",
        "components": [{"component": text, "description": text}],
        "technology": [dict.fromkeys(choice, text)],
        "roadmap": [step],
        "risks": [risk | {"findings": [1]}],
        "operations": [{"topic": text, "text": text}],
        "questions": [{"topic": "traffic", "question": text}],
        "decisions": [
            dict.fromkeys(("title", "context", "decision", "consequences"), text)
            | {"options": [text], "paths": [text, *FOREIGN]}
        ],
    }
