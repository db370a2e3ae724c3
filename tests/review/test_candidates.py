"""What the repository says about a claim, before anybody reads it."""

import pytest

from architect_review.change.diff import FileStatus
from architect_review.change.mentions import Mention, Mentions
from architect_review.prompt.coverage import FileCoverage
from architect_review.review.candidates import (
    Claim,
    Proofs,
    absences,
    candidates,
    witnesses,
)
from architect_review.review.finding import Finding
from architect_review.vocabulary import Confidence, Fate, How, Severity
from builders import a_diff, a_finding

READ = (FileCoverage("app/pool.py", FileStatus.MODIFIED, 4, 2, How.READ),)


def candidate(proofs: Proofs | None = None, **details: object) -> Finding:
    claims = [Claim(a_finding(**details))]
    (found,) = candidates(claims, a_diff(), READ, Severity.MEDIUM, proofs)
    return found


def has(word: str, path: str, line: int, text: str) -> Proofs:
    return Proofs(Mentions({word: (Mention(path, line, text),)}))


def test_a_claim_that_nothing_does_it_is_withheld_where_a_search_finds_it() -> None:
    unused = {"absent": "stop(", "absent_from": "repository"}

    found = candidate(has("stop(", "app/main.py", 8, "pool.stop()"), **unused)

    assert absences([a_finding(**unused)]) == ("stop(",)
    assert found.fate is Fate.WITHHELD
    assert found.reason == "what it says is missing stands in app/main.py:8"


@pytest.mark.parametrize(
    ("path", "line", "text"),
    [
        ("app/base.py", 3, "    def stop(self):"),
        ("web/pool.ts", 3, "export function stop(pool) {"),
        ("app/pool.py", 13, "            worker.stop()"),
    ],
)
def test_neither_its_definition_nor_the_quote_itself_disproves_that_it_is_unused(
    path: str, line: int, text: str
) -> None:
    proofs = has("stop(", path, line, text)

    found = candidate(proofs, absent="stop(", absent_from="repository")

    assert found.fate is Fate.INLINE


def test_a_claim_about_the_change_alone_is_not_disproved_by_the_repository() -> None:
    proofs = has("close()", "app/main.py", 8, "pool.close()")

    found = candidate(proofs, absent="close()")

    assert found.fate is Fate.INLINE


def test_what_is_quoted_from_another_file_is_shown_with_its_line() -> None:
    other = {"other_path": "app/jobs.py", "other_quote": "pool.close()"}
    proofs = Proofs(texts={"app/jobs.py": "import pool\n\n    pool.close()\n"})

    found = candidate(proofs, **other)

    assert witnesses([a_finding(**other)]) == ("app/jobs.py",)
    assert found.fate is Fate.INLINE
    assert found.witness
    assert (found.witness.path, found.witness.line) == ("app/jobs.py", 3)


def test_a_finding_that_quotes_what_stands_nowhere_gets_no_comment_of_its_own() -> None:
    found = candidate(other_path="app/jobs.py", other_quote="pool.explode()")

    assert found.witness is None
    assert found.confidence is Confidence.LOW
    assert found.fate is Fate.LISTED
