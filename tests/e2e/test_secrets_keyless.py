"""Tokens that a run is given while it lasts are kept in like those it began with."""

from collections.abc import Sequence
from typing import Any

import pytest

from architect_review.publication.leaks import WITHHELD
from e2e.scene import Run, Scene, a_finding, an_answer
from e2e.test_secrets_planted import Planted, assert_silent, unmasked
from standin.messages import Recorded
from standin.vouching import RUNTIME, VARIABLES, Vouching
from trust_secrets.planting import FORMS, signed

WORD = signed(1)
TOKEN = "sk-ant-oat01-8Hq2Zr6Vx1Nc4Mt9Lb3Kd7Jf5Ws0Pg-Ya_EuQiRoTnBvXzSlAhDkGw"
GIVEN = (WORD, TOKEN)


@pytest.fixture
def keyless(scene: Scene) -> Planted:
    """A scene whose model takes the token of an exchange only."""
    Vouching.begin(WORD, TOKEN)
    scene.model.key = TOKEN
    scene.model._server.RequestHandlerClass = Vouching
    scene.environ |= VARIABLES
    url = f"{scene.model.url}/oidc?api-version=2.0"
    scene.environ["ACTIONS_ID_TOKEN_REQUEST_URL"] = url
    scene.open()
    return Planted(scene)


def act(keyless: Planted, **inputs: str) -> Run:
    scene = keyless.scene
    event = scene.github.event("pull_request", 7)
    return scene.act(
        "pull_request", event, key="", anthropic_base_url=scene.model.url, **inputs
    )


def test_tokens_that_an_endpoint_echoes_in_every_form_reach_nobody(
    keyless: Planted,
) -> None:
    forms = list(FORMS.values())

    def said(at: int) -> str:
        form = forms[at % len(forms)]
        spelt = form(GIVEN[at % 2])
        # A long one would leave no room for the others in an answer.
        return spelt if len(spelt) < 5 * len(WORD) else form(TOKEN)

    def answer(request: Recorded) -> dict[str, Any]:
        findings = [
            a_finding(
                title=f"No {at}: {said(at)}",
                problem=said(at + 1),
                scenario=said(at + 4),
                severity="critical",
            )
            for at in range(0, len(forms), 8)
        ]
        return an_answer(a_finding(), *findings, overview=said(1))

    keyless.scene.model.answer = answer

    run = act(keyless, min_severity="low", max_comments="20")

    assert run.outputs["status"] == "partial", run.log
    assert "held a credential of this run" in run.report["why"]
    assert_silent(keyless.heard, GIVEN)
    assert_silent(unmasked(run), GIVEN)
    titles = {each["title"] for each in run.report["findings"]}
    assert {a_finding()["title"], WITHHELD} <= titles


def test_they_are_masked_before_the_first_request_is_sent_with_them(
    keyless: Planted,
) -> None:
    masked: list[Sequence[str]] = []

    def answer(request: Recorded) -> dict[str, Any]:
        log = keyless.scene.folder / f"log-{keyless.scene.runs}"
        lines = log.read_text(encoding="utf-8").split("\n")
        masked.append([each for each in lines if each.startswith("::add-mask::")])
        return an_answer(a_finding())

    keyless.scene.model.answer = answer

    run = act(keyless)

    assert run.outputs["status"] == "reviewed", run.log
    assert [each.removeprefix("::add-mask::") for each in masked[0][-2:]] == [
        WORD,
        TOKEN,
    ]
    assert f"::add-mask::{RUNTIME}" in masked[0]


@pytest.mark.parametrize("form", ["plain", "base64", "backwards"])
def test_an_exchange_that_echoes_the_word_in_its_refusal_is_not_repeated(
    keyless: Planted, form: str
) -> None:
    Vouching.refusal = (400, {"error": "invalid_grant", "said": FORMS[form](WORD)})

    run = act(keyless)

    assert run.outputs["status"] == "failed", run.log
    assert "docs/keyless.md" in run.log
    assert_silent(keyless.heard + unmasked(run), GIVEN)
