"""Good texts, to be damaged."""

from collections.abc import Mapping
from pathlib import Path

from architect_review.adapters.bundle import files as bundle
from architect_review.adapters.bundle.forms import Manifest, SourceAnswers, State
from architect_review.audit import memory
from architect_review.evaluation import cases
from architect_review.request import events
from architect_review.review.ledger import KnownFinding, KnownQuestion, Ledger
from architect_review.vocabulary import Severity, Topic
from builders import HEAD, a_finding

ROOT = Path(__file__).resolve().parents[2]

FINDING = a_finding().model_dump(mode="json")
TEXTS = dict.fromkeys(
    ("overview", "components", "technology", "roadmap", "risks", "operations"), "x"
)
ASKED = {"topic": "budget", "question": "How much?"}
KNOWN = KnownFinding(
    number=3, fingerprint="0123456789abcdef", severity=Severity.HIGH, path="a.py",
    title="T", proof=("ab12",), also=("fedcba9876543210",),
)  # fmt: skip
QUESTION = KnownQuestion(number=1, fingerprint="1" * 16, topic=Topic.BUDGET, text="?")
LEDGER = Ledger(
    head=HEAD, rounds=2, findings=(KNOWN,), questions=(QUESTION,), told=("a:b",)
)
AUDITED = memory.AuditLedger(
    scope="o/r", head=HEAD, findings=(KNOWN,), questions=(QUESTION,),
    trend=(memory.TrendEntry(date="2026-01-01", head=HEAD, high=1),),
)  # fmt: skip
CASE = cases.Case(
    id="c",
    base_sha="",
    head_sha="",
    pr_title="T",
    major_change=cases.Major.TRUE,
)
CASE_TEXT = (ROOT / "examples/eval/cases/dropped-column.json").read_text("utf-8")
MANIFEST = Manifest(
    state=State.COMPLETE,
    pull_request=events.PullRequestReview("o/r", 7, events.Trigger.AUTOMATIC),
)
BUNDLE: Mapping[str, str] = {
    bundle.MANIFEST: MANIFEST.model_dump_json(),
    bundle.CHANGE: "null",
    bundle.SOURCE: SourceAnswers().model_dump_json(),
    bundle.TEXTS: "{}",
    bundle.REPLIES: "[]",
}
ENTRY = {
    "custom_id": "k-0",
    "result": {
        "type": "succeeded",
        "message": {
            "content": [{"type": "text", "text": "{}"}],
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 3, "output_tokens": 2},
        },
    },
}
ADR = """\
---
status: accepted
applies_to: ["src/*.py", docs/]
---
# 7. Use one queue

## Status

Superseded by [9](9.md)

Applies to: `src/queue/*`
- `a/**/b`
"""
