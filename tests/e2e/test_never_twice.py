"""Random changes, findings and faults of GitHub, through the whole pipeline.

It runs in this process, on the same adapters, so that there can be many.
"""

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from architect_review import pipeline
from architect_review.adapters.github import (
    Client,
    PullRequestPublisher,
    PullRequestSource,
)
from architect_review.app.wiring import reviewer
from architect_review.errors import ArchitectError
from architect_review.ports import Tools
from architect_review.report.report import Report
from architect_review.request.events import PullRequestReview, Trigger
from e2e.scene import KEY, TOKEN, a_finding, an_answer
from standin.github import After, Answer, Drop, GitHub
from standin.model import Model
from standin.repository import Repository

FAULTS: tuple[Answer | After | Drop, ...] = (
    Drop.BEFORE,
    Drop.AFTER,
    After(),
    After(Answer(500, b"<html>sorry</html>", {"Content-Type": "text/html"})),
    After(Answer(200, b"<html>sorry</html>", {"Content-Type": "text/html"})),
    Answer(500, {"message": "Server Error"}),
    Answer(401, {"message": "Bad credentials"}),
    Answer(403, {"message": "secondary rate limit"}, {"Retry-After": "1"}),
    Answer(403, {"message": "Resource not accessible by integration"}),
    Answer(409, {"message": "Conflict"}),
    Answer(422, {"message": "Validation Failed", "errors": ["no"]}),
)
PATHS = ("a.py", "lib/b.py", "ü c.txt")
LINES = st.lists(
    st.sampled_from(["x = 1", "x = 2", "", "    return x", "def f():", "ä\ty", "+1"]),
    max_size=12,
)
TREES = st.dictionaries(st.sampled_from(PATHS), LINES, max_size=3)
FINDINGS = st.lists(
    st.builds(
        lambda path, quote, line, severity, suggestion, title: a_finding(
            path=path,
            quote="\n".join(quote),
            line=line,
            severity=severity,
            suggestion=suggestion,
            title=title,
        ),
        st.sampled_from((*PATHS, "none.py")),
        LINES.filter(bool),
        st.integers(-1, 15),
        st.sampled_from(["critical", "high", "medium", "low"]),
        st.sampled_from(["", "x = 3", "```"]),
        st.sampled_from(["A", "B", "@octocat", "<!-- c -->"]),
    ),
    max_size=8,
)
TROUBLE = st.lists(
    st.dictionaries(st.integers(0, 12), st.sampled_from(FAULTS), max_size=4),
    max_size=3,
)


class Silent:
    """Shows no progress."""

    def step(self, text: str) -> None:
        """Say nothing."""


def files(tree: Mapping[str, list[str]]) -> dict[str, str]:
    return {path: "\n".join([*lines, ""]) for path, lines in tree.items()}


def run(github: GitHub, model: Model, **more: str) -> Report:
    """One run of the pipeline, as the action does it."""
    client = Client(
        SecretStr(TOKEN), github.api_url, timeout=5, sleep=lambda seconds: None
    )
    request = PullRequestReview("octo/project", 7, Trigger.AUTOMATIC)
    tools = Tools(
        source=PullRequestSource(client, request),
        reviewer=reviewer(lambda: 0, Silent()),
        publishers=(PullRequestPublisher(client),),
        recorders=(),
        progress=Silent(),
        elapsed=lambda: 0,
    )
    inputs = {
        "anthropic-api-key": KEY,
        "anthropic-base-url": model.url,
        "project-lead": "octocat",
        "min-severity": "low",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return pipeline.run(request, inputs, {}, tools)


def is_consistent(github: GitHub) -> None:
    """At most one review for the head, and one summary."""
    submitted = [each for each in github.reviews(7) if each.state != "PENDING"]
    assert len(submitted) <= 1
    markers = [each.body.split("\n")[0].split(" v1")[0] for each in github.comments(7)]
    assert len(markers) == len(set(markers))


@settings(max_examples=20)
@given(before=TREES, after=TREES, found=FINDINGS, trouble=TROUBLE)
def test_whatever_github_answers_no_head_is_reviewed_twice(
    before: dict[str, list[str]],
    after: dict[str, list[str]],
    found: list[dict[str, Any]],
    trouble: list[dict[int, Answer | After | Drop]],
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        GitHub((repository := Repository(Path(folder))).git_dir, token=TOKEN) as github,
        Model(lambda request: an_answer(*found), key=KEY) as model,
    ):
        base = repository.commit({"kept": "x\n", **files(before)}, "Begin")
        repository.branch("main", base)
        gone = dict.fromkeys(before.keys() - after.keys())
        head = repository.commit({**gone, **files(after)}, "Change", parents=[base])
        github.pull(7, head_sha=head)
        for faults in trouble:
            done = len(github.requests)
            for place, fault in faults.items():
                github.fault_at(done + place, fault)
            with suppress(ArchitectError):
                run(github, model)
            is_consistent(github)
        github.no_more_faults()

        report = run(github, model)

        is_consistent(github)
        assert not [each for each in github.reviews(7) if each.state == "PENDING"]
        assert report.status.value != "failed", report.why
        if not trouble:
            assert {each.status for each in github.requests} <= {200, 201}
            fates = [each.fate.value for each in report.findings]
            assert len(fates) == (len(found) if model.requests else 0)
            assert fates.count("inline") == len(
                [each for each in github.inline(7) if each.line]
            )
        assert (github.problems, model.problems) == ([], [])
