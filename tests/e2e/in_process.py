"""The real adapters of GitHub in this process, with a reviewer in memory.

No process is started and no model asked over a wire, so that there can be hundreds of
runs.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from architect_review import pipeline
from architect_review.adapters.actions import StepSummary
from architect_review.adapters.github import (
    Client,
    PullRequestPublisher,
    PullRequestSource,
)
from architect_review.ports import Tools
from architect_review.report.report import Report
from architect_review.request.events import PullRequestReview, Trigger
from architect_review.review.ledger import MARKER, decode
from e2e.drills.drill import TWO
from e2e.in_memory import Pull, Silent
from e2e.scene import BASE, HEAD, KEY, an_answer
from standin.github import GitHub, IssueComment
from standin.repository import Repository

NUMBER = 7
LEAD = "octocat"


@dataclass
class History:
    """A repository with the usual change, and a push on top of it."""

    repository: Repository
    heads: tuple[str, str] = field(init=False)
    harmless: str = field(init=False)
    """A head after the first without what made the change a major one."""

    def __post_init__(self) -> None:
        made = self.repository
        base = made.commit(BASE, "Shop")
        made.branch("main", base)
        head = made.commit(HEAD, "Publish orders", parents=[base])
        mended = str(HEAD["shop/orders.py"]).replace(
            "    return None", '    raise RuntimeError("down")'
        )
        more = {"shop/orders.py": mended, "shop/new.py": "import os\n\nLIMIT = 5\n"}
        self.heads = (head, made.commit(more, "Raise", parents=[head]))
        self.harmless = made.commit(
            {**BASE, **{path: None for path in HEAD if path not in BASE}},
            "Take it back",
            parents=[head],
        )


def opened(history: History, **details: Any) -> GitHub:
    """A GitHub, not started yet, with the usual pull request."""
    github = GitHub(history.repository.git_dir, **details)
    github.role(LEAD, "write")
    github.pull(NUMBER, head_sha=history.heads[0], title="Tidy up orders")
    return github


def run(
    github: GitHub,
    inputs: Mapping[str, str] | None = None,
    *,
    timeout: float = 10,
    step_summary: str = "",
    request: PullRequestReview | None = None,
    sleep: Callable[[float], object] = lambda seconds: None,
    clock: Callable[[], float] = lambda: 0,
) -> Report:
    """One run of the pipeline, as the action does it; it waits for nothing.

    Unless `sleep` does, or lets something happen meanwhile.
    """

    def waits(seconds: float) -> None:
        sleep(seconds)

    client = Client(
        SecretStr(github.token),
        github.api_url,
        timeout=timeout,
        sleep=waits,
    )
    request = request or PullRequestReview(github.repository, NUMBER, Trigger.AUTOMATIC)
    source = PullRequestSource(client, request)
    architect = Pull({}, lambda part: an_answer(*TWO))
    tools = Tools(
        source=source,
        reviewer=lambda settings: architect,
        publishers=(StepSummary(step_summary), PullRequestPublisher(client, clock)),
        recorders=(),
        progress=Silent(),
        elapsed=lambda: 0,
    )
    given = {name.replace("_", "-"): value for name, value in (inputs or {}).items()}
    usual = {"anthropic-api-key": KEY, "project-lead": LEAD, "depth": "standard"}
    try:
        return pipeline.run(request, {**usual, **given}, {}, tools)
    finally:
        source.close()


_NUMBERS = re.compile(r"#(issuecomment-|discussion_r|pullrequestreview-)\d+")


def left(github: GitHub) -> dict[str, Any]:
    """All that is on the pull request, but for times and GitHub's numbers."""
    pull = github.state.pulls[NUMBER]
    reacted: list[Any] = [pull, *pull.comments, *pull.reviews, *pull.inline]
    return {
        "comments": sorted(
            (each.author, _said(github, each)) for each in pull.comments
        ),
        "reviews": [
            (each.author, each.state, each.commit, _text(github, each.body))
            for each in pull.reviews
        ],
        "threads": [
            (
                *(each.path, each.side, each.start_line, each.line, each.commit),
                *(_text(github, each.body), bool(each.root), each.resolved_by),
            )
            for each in pull.inline
        ],
        "labels": (sorted(pull.labels), sorted(github.state.labels)),
        "requested": pull.requested,
        "statuses": {
            (each.sha, each.context): (each.state, each.description)
            for each in github.state.statuses
        },
        "reactions": [
            sorted((author, content) for _, author, content in each.reactions)
            for each in reacted
        ],
        "issues": [
            (each.title, each.state, each.labels, _text(github, each.body or ""))
            for each in github.issues
        ],
        "said in issues": [
            [(said.author, _text(github, said.body)) for said in each.comments]
            for each in github.issues
        ],
    }


def _said(github: GitHub, comment: IssueComment) -> str:
    """A comment; of a summary its headline and its memory.

    The rest of it tells what that one run did and cost.
    """
    ledger = decode(comment.body)
    if ledger is None or not comment.body.startswith(MARKER):
        return _text(github, comment.body)
    lines = (line for line in comment.body.split("\n") if line.startswith("### "))
    return f"{next(lines)}\n{ledger.model_copy(update={'rounds': 0})}"


def _text(github: GitHub, body: str) -> str:
    """A text whose links are to no port and no number."""
    return _NUMBERS.sub(r"#\1N", body.replace(github.url, "https://github.com"))
