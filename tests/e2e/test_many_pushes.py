"""Fifty random pushes on a pull request with twenty findings, in memory."""

import re
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.report.report import Report
from architect_review.review.ledger import MARKER, SIZE_LIMIT, decode
from architect_review.vocabulary import Status
from e2e.in_memory import Pull
from e2e.scene import a_finding, an_answer

PUSHES = 50
BUGS = range(20)
FILES = 4
BUG = re.compile(r"\+(broken_(\d\d) = unsafe\(\d+\))")
SAID = re.compile(r"<!-- architect-review:finding v1 ([0-9a-f]{16}) F(\d+) ")
FILLER = [f"line_{at} = {at}" for at in range(12)]


def text_of(number: int, bugs: set[int], moved: int) -> str:
    """A file with its bugs, some lines apart, and a number of lines above them."""
    lines = [f"above_{at} = {at}" for at in range(moved)]
    for at, line in enumerate(FILLER):
        lines.append(line)
        bug = at // 2 * FILES + number
        if at % 2 == 0 and bug in bugs:
            lines.append(f"broken_{bug:02} = unsafe({bug})")
    return "\n".join([*lines, ""])


def answer(part: str) -> Mapping[str, Any]:
    """Every bug that is shown, with other words each time."""
    return an_answer(
        *(
            a_finding(
                path=f"part_{int(number) % FILES}.py",
                quote=quote,
                line=0,
                title=f"Wording {len(part)} of {number}",
            )
            for quote, number in BUG.findall(part)
        )
    )


class Life:
    """A pull request that is pushed to at random, and what is known of it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.bugs = set(BUGS)
        self.moved = [0] * FILES
        self.dismissed: set[int] = set()
        self.names: dict[int, str] = {}
        self.was_broken = False
        self.pull = Pull(self.files(set()), answer)
        self.pull.push(self.files(self.bugs))

    def files(self, bugs: set[int]) -> dict[str, str]:
        return {
            f"part_{number}.py": text_of(number, bugs, self.moved[number])
            for number in range(FILES)
        }

    def step(self) -> None:
        """Let something happen, and push what may be the same as before."""
        for bug in self.random.sample(list(BUGS), self.random.randrange(4)):
            self.bugs ^= {bug}
        if self.random.random() < 0.3:
            self.moved[self.random.randrange(FILES)] += 1
        what = self.random.random()
        if what < 0.1:
            self.spoil()
        elif what < 0.2:
            self.pull.comment("mallory", f"{MARKER} v1 AAAA -->\n\n### Fine")
        elif what < 0.35:
            self.dismiss()
        self.pull.push(self.files(self.bugs))

    def spoil(self) -> None:
        """Somebody with write access edits our summary."""
        self.was_broken = True
        for at, each in enumerate(self.pull.comments):
            if each in self.pull.summaries:
                body = each.body.replace("v1 ", "v1 A", 1)
                self.pull.comments[at] = replace(each, body=body)

    def dismiss(self) -> None:
        bug = self.random.choice(list(self.names))
        if bug in self.bugs:
            said = f"/architect dismiss {self.names[bug]} it is meant so"
            self.pull.comment("grace", said, is_heeded=True)
            self.dismissed.add(bug)

    def run(self) -> Report:
        return self.pull.run(max_comments="20", depth="quick", min_severity="low")

    def check(self, report: Report) -> None:
        """Nothing was said twice, nothing was lost, nothing grew too large."""
        assert report.status is Status.REVIEWED, report.why
        firsts = (thread.remarks[0].body for thread in self.pull.threads)
        said = [match[1] for body in firsts if (match := SAID.match(body))]
        assert len(said) == len(set(said))
        published = {
            int(match[1]): each.name
            for each in report.findings
            if each.fate.value != "withheld"
            and (match := re.match(r"broken_(\d\d)", each.quote))
        }
        open_now = self.bugs - self.dismissed
        assert published.keys() == open_now
        for bug, name in published.items():
            assert self.names.setdefault(bug, name) == name
        assert len(set(self.names.values())) == len(self.names)
        if not self.was_broken:
            # What was rebuilt from threads alone stays open until it is settled.
            named = {each.name for each in report.findings if each.name}
            assert named == {self.names[bug] for bug in open_now}
            assert (report.verdict.value == "clean") is (not open_now)
        (summary,) = self.pull.summaries
        assert len(summary.body.split("\n")[0]) <= SIZE_LIMIT + 100
        ledger = decode(summary.body)
        assert ledger is not None
        assert ledger.last_number == len(self.names)


@settings(max_examples=5)
@given(seed=st.integers(0, 2**32))
def test_over_fifty_pushes_nothing_is_said_twice_and_nothing_is_lost(
    seed: int,
) -> None:
    life = Life(Random(seed))
    life.check(life.run())
    assert len(life.names) == len(BUGS)
    for _ in range(PUSHES):
        life.step()
        broken = decode(life.pull.summaries[0].body) is None
        forged = any(each.author == "mallory" for each in life.pull.comments)

        report = life.run()

        life.check(report)
        told = " ".join(report.notes)
        assert ("it was rebuilt from the threads" in told) is broken
        assert ("a comment by mallory looks like" in told) is forged


def test_the_same_content_under_another_commit_asks_no_model() -> None:
    life = Life(Random(1))
    first = life.run()
    asked = life.pull.asked

    life.pull.push(life.files(life.bugs))
    again = life.run()

    assert life.pull.asked == asked > 0
    assert again.status is Status.REVIEWED
    assert again.verdict is first.verdict
    assert {each.name for each in again.findings} == {
        each.name for each in first.findings
    }
    assert "the same change as reviewed at 0000000" in again.notes
    ledger = decode(life.pull.summaries[0].body)
    assert ledger is not None
    assert ledger.head == life.pull.sha
    assert len(life.pull.threads) == len(BUGS)


def test_what_a_push_adds_is_read_and_what_it_leaves_is_not() -> None:
    parts: list[str] = []

    def reading(part: str) -> Mapping[str, Any]:
        parts.append(part)
        return answer(part)

    life = Life(Random(1))
    life.bugs = {0, 1}
    life.pull.push(life.files(life.bugs))
    life.pull.answer = reading
    life.run()
    life.bugs |= {4}
    life.pull.push(life.files(life.bugs))

    report = life.run()

    assert len(parts) == 2
    assert "part_1.py" in parts[0]
    assert "part_1.py" not in parts[1]
    unread = {each.path: each.reason for each in report.files if each.reason}
    assert unread["part_1.py"] == "reviewed before, unchanged"
    assert {each.name for each in report.findings} == {"F1", "F2", "F3"}
    assert len(life.pull.threads) == 3


def test_a_paused_pull_request_is_not_reviewed_until_it_is_resumed() -> None:
    life = Life(Random(1))
    life.run()
    asked = life.pull.asked
    life.pull.comment("mona", "/architect pause", is_heeded=True)
    life.bugs = {1}
    life.pull.push(life.files(life.bugs))

    paused = life.run()

    assert paused.status is Status.SKIPPED
    assert paused.why == "paused by mona; `/architect resume` goes on"
    assert life.pull.asked == asked

    life.pull.comment("mona", "/architect resume", is_heeded=True)
    assert life.run().status is Status.REVIEWED


def test_the_summary_says_in_one_line_what_was_fixed_and_dismissed() -> None:
    life = Life(Random(1))
    life.run()
    said = "/architect dismiss F3 <b>meant</b> so, @octocat"
    life.pull.comment("grace", said, is_heeded=True)
    life.bugs -= {0, 4}
    life.pull.push(life.files(life.bugs))

    life.run()

    (line,) = [
        each
        for each in life.pull.summaries[0].body.split("\n")
        if each.startswith("Fixed:")
    ]
    assert line.startswith("Fixed: F1, F2. Dismissed: F3 (")
    assert line.endswith(", grace).")
    assert "<b>" not in line
    assert "@octocat" not in line
