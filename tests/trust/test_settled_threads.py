"""Which threads are resolved: a branch may ask for all of them before a merge."""

from collections.abc import Sequence
from typing import Any

import pytest

from architect_review.evidence.lookups import Look
from architect_review.prompt.answer import ANSWER
from architect_review.prompt.request import ModelRequest
from architect_review.review.ledger import Ledger, decode
from architect_review.review.reply import Reply, Usage
from architect_review.vocabulary import Severity
from e2e.in_memory import Pull as Checked
from e2e.scene import an_answer
from trust.obedient import HONEST

BASE = {"app/pool.py": "def close(worker):\n    return worker\n"}
LINE = "    return worker.stop()"
BROKEN = {"app/pool.py": f"def close(worker):\n{LINE}\n"}
GUARDED = {"app/pool.py": f"def close(worker):\n    guard(worker)\n{LINE}\n"}
GONE = {"app/pool.py": "def close(worker):\n    return worker.halt()\n"}
EMPTY = an_answer(fixed=[], change_size="none")
WORD = {
    "number": 1,
    "why": "A guard was added.",
    "path": "app/pool.py",
    "quote": "    guard(worker)",
}


class Pull(Checked):
    """A pull request with a model that checks nothing away."""

    def review(
        self, requests: Sequence[ModelRequest[Any]], look: Look
    ) -> Sequence[Reply[Any]]:
        checks = [each for each in requests if each.expected is not ANSWER]
        if not checks:
            return super().review(requests, look)
        return [
            Reply(each.paths, each.expected.model(verdicts=()), None, Usage(), "m")
            for each in checks
        ]


def pushed(severity: str, head: dict[str, str], **given: str) -> tuple[Pull, Ledger]:
    """A finding of this severity, and a push that a model calls a fix of it."""
    found = HONEST | {"severity": severity, "line": 2}
    pull = Pull(BASE, lambda part: EMPTY | {"findings": [found]})
    pull.push(BROKEN)
    pull.run(**given)
    assert len(pull.threads) == 1
    pull.answer = lambda part: EMPTY | {"fixed": [WORD]}
    pull.push(head)
    pull.run(**given)
    ledger = decode(pull.summaries[0].body)
    assert ledger is not None
    return pull, ledger


def test_what_code_sees_gone_is_said_and_resolved() -> None:
    pull, ledger = pushed("critical", GONE)

    (thread,) = pull.threads
    assert thread.is_resolved
    assert "The lines it was about are gone" in thread.remarks[-1].body
    assert ledger.findings[0].state.value == "fixed"


def test_what_a_model_calls_fixed_is_said_and_not_resolved() -> None:
    pull, ledger = pushed("medium", GUARDED)

    (thread,) = pull.threads
    assert not thread.is_resolved
    assert "by the reviewer's word. A guard was added." in thread.remarks[-1].body
    assert ledger.findings[0].state.value == "fixed"


@pytest.mark.parametrize(
    ("severity", "given"), [("critical", {}), ("high", {"fail_on": "high"})]
)
def test_what_blocks_stands_and_the_summary_says_why(
    severity: str, given: dict[str, str]
) -> None:
    pull, ledger = pushed(severity, GUARDED, **given)

    (thread,) = pull.threads
    assert (thread.is_resolved, len(thread.remarks)) == (False, 1)
    (known,) = ledger.findings
    assert (known.state.value, known.claimed) == ("open", WORD["why"])
    assert known.severity is Severity(severity)
    said = pull.summaries[0].body
    assert "perhaps fixed" in said
    assert "which no program can check: A guard was added." in said
    assert "/architect dismiss F1" in said


def test_it_is_said_with_the_next_push_too() -> None:
    pull, _ = pushed("critical", GUARDED)

    pull.answer = lambda part: EMPTY
    pull.push({"app/pool.py": f"{GUARDED['app/pool.py']}\n\nX = 1\n"})
    pull.run()

    assert "A guard was added." in pull.summaries[0].body
