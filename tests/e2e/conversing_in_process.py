"""What people say on a pull request, and what an audit says, in this process."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import SecretStr

from architect_review.adapters.github import (
    AuditIssue,
    Client,
    CommitSource,
    PullRequestDesk,
    PullRequestSource,
)
from architect_review.adapters.store import NoStore
from architect_review.adapters.threads import Threads
from architect_review.auditing.flow import audit
from architect_review.auditing.tools import AuditTools
from architect_review.commanding import command
from architect_review.conversing import converse
from architect_review.evidence.lookups import Look
from architect_review.following import review_of_lead
from architect_review.ports import Tools
from architect_review.prompt.request import ModelRequest
from architect_review.request.audits import AuditRequest
from architect_review.request.conversation import Commanded, LeadReview, ThreadReply
from architect_review.request.events import parse
from architect_review.request.settings import Settings
from architect_review.review.reply import Reply, Usage
from e2e.drills.drill import TWO
from e2e.in_memory import Pull, Silent
from e2e.in_process import LEAD, NUMBER, run
from e2e.scene import KEY, a_finding, an_answer
from standin.github import GitHub

GIVEN = {"anthropic-api-key": KEY, "project-lead": LEAD, "depth": "standard"}
DEBT = a_finding(
    path="shop/orders.py",
    quote="MAX_RETRIES = 3",
    line=3,
    title="Retries without a pause",
    severity="critical",
)


class Talker(Pull):
    """A reviewer who answers in threads too."""

    def review(
        self, requests: Sequence[ModelRequest[Any]], look: Look
    ) -> Sequence[Reply[Any]]:
        model = requests[0].expected.model
        if "replies" in model.model_fields:
            said: dict[str, Any] = {"replies": [{"text": "So it is."}]}
        elif "decisions" in model.model_fields:
            said = {name: [] for name in model.model_fields} | {"overview": "A shop."}
        else:
            return super().review(requests, look)
        return [
            Reply((), model.model_validate(said), None, Usage(calls=1), each.model)
            for each in requests
        ]


def client_of(github: GitHub, timeout: float) -> Client:
    return Client(
        SecretStr(github.token),
        github.api_url,
        timeout=timeout,
        sleep=lambda seconds: None,
    )


def heard(
    github: GitHub,
    event: str,
    payload: Mapping[str, Any],
    inputs: Mapping[str, str],
    timeout: float = 10,
) -> None:
    """One run for what somebody said, as the action does it."""
    given = {
        **GIVEN,
        **{name.replace("_", "-"): value for name, value in inputs.items()},
    }
    asked = parse(event, payload, Settings.of(given))
    assert isinstance(asked, Commanded | ThreadReply | LeadReview), asked
    client = client_of(github, timeout)
    source = PullRequestSource(client, asked)
    desk = PullRequestDesk(client, github.repository, NUMBER)
    architect = Talker({}, lambda part: an_answer(*TWO))
    tools = Tools(source, lambda settings: architect, (), (), Silent(), lambda: 0)
    try:
        if isinstance(asked, Commanded):
            command(
                asked,
                given,
                desk,
                tools,
                lambda request: run(github, inputs, timeout=timeout, request=request),
            )
        elif isinstance(asked, ThreadReply):
            converse(asked, given, {}, desk, tools)
        else:
            review_of_lead(asked, given, desk, tools)
    finally:
        source.close()


def audited(github: GitHub, timeout: float = 10) -> None:
    """One audit of the whole repository, said in its issue."""
    client = client_of(github, timeout)
    request = AuditRequest(github.repository)
    source = CommitSource(client, github.repository, request.ref, request.since)
    architect = Talker({}, lambda part: an_answer(DEBT))
    tools = Tools(source, lambda settings: architect, (), (), Silent(), lambda: 0)
    try:
        audit(
            request,
            GIVEN,
            {},
            AuditTools(
                tools=tools,
                store=NoStore(),
                crew=Threads(),
                record=lambda scope, settings: AuditIssue(
                    client, github.repository, scope
                ),
                batches=lambda settings: NoBatches(),
                forms=(),
                now=lambda: "2026-01-01T00:00:00Z",
            ),
        )
    finally:
        source.close()


class NoBatches:
    """An audit that asks directly."""

    def submit(self, requests: Mapping[str, ModelRequest[Any]]) -> str:
        raise AssertionError("no batch was asked for")

    def collect(
        self, batch: str, requests: Mapping[str, ModelRequest[Any]], wait: float
    ) -> Mapping[str, Reply[Any]] | None:
        raise AssertionError("no batch was asked for")
