"""The job's identity in place of a key: GitHub's word, one exchange, then requests."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.asking_claude import ANSWER, ask, failure, overview
from architect_review.adapters.anthropic.credentials import Credentials
from architect_review.adapters.anthropic.probing import meet
from architect_review.publication.leaks import Guard
from standin.model import Model
from standin.vouching import RUNTIME, TOKEN, VARIABLES, Vouching


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    """It takes the token of the exchange only."""
    Vouching.begin("a.signed.word", TOKEN)
    with Model(lambda request: ANSWER, key=TOKEN) as started:
        started._server.RequestHandlerClass = Vouching
        monkeypatch.delenv("ANTHROPIC_AUTH_TOKEN", raising=False)
        for name, value in VARIABLES.items():
            monkeypatch.setenv(name, value)
        url = f"{started.url}/oidc?api-version=2.0"
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", url)
        yield started


def test_the_jobs_identity_is_shown_for_a_token_that_requests_are_sent_with(
    model: Model,
) -> None:
    assert overview(ask(model, api_key=None))

    assert Vouching.words == [("https://api.anthropic.com", f"Bearer {RUNTIME}")]
    assert Vouching.exchanges == [
        {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": "a.signed.word",
            "federation_rule_id": "fdrl_1",
            "organization_id": "0b1c",
            "service_account_id": "svac_1",
        }
    ]
    sent = model.requests[0].headers
    assert sent["authorization"] == f"Bearer {TOKEN}"
    assert "oauth-2025-04-20" in sent["anthropic-beta"]


def test_a_token_that_runs_out_is_asked_for_again_with_a_new_word(
    model: Model,
) -> None:
    Vouching.lifetime = 1
    model.next(status=529, headers={"retry-after-ms": "1"})

    assert overview(ask(model, api_key=None))

    assert len(Vouching.words) == len(Vouching.exchanges) == 2


@pytest.mark.parametrize("given", [{"api_key": SecretStr(TOKEN)}, {}])
def test_a_key_or_a_token_goes_before_it(
    model: Model, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any]
) -> None:
    if not given:
        monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", TOKEN)

    assert overview(ask(model, **({"api_key": None} | given)))

    assert Vouching.words == []


def test_a_rule_that_does_not_fit_is_told_once_and_not_tried_again(
    model: Model,
) -> None:
    Vouching.refusal = (401, {"error": "invalid_grant"})

    kind, detail = failure(ask(model, api_key=None))

    assert kind == "rejected"
    assert "docs/keyless.md" in detail
    assert "invalid_grant" in detail
    assert (len(Vouching.exchanges), model.requests) == (1, [])


def test_an_exchange_that_is_down_is_tried_again_and_is_no_refusal(
    model: Model,
) -> None:
    Vouching.refusal = (503, {"error": "overloaded"})

    kind, detail = failure(ask(model, api_key=None))

    assert kind == "unavailable"
    assert "503" in detail
    assert len(Vouching.exchanges) == 3


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ((403, {"message": "no"}), "it answered 403"),
        ((200, {}), "its answer was none"),
        ((200, ["value"]), "its answer was none"),
    ],
)
def test_a_job_that_github_does_not_vouch_for_sends_nothing(
    model: Model, word: tuple[int, Any], expected: str
) -> None:
    Vouching.word = word

    kind, detail = failure(ask(model, api_key=None))

    assert kind == "unavailable"
    assert expected in detail
    assert (Vouching.exchanges, model.requests) == ([], [])


def test_without_the_permission_it_is_named_and_nothing_is_sent(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_URL")

    kind, detail = failure(ask(model, api_key=None))

    assert kind == "rejected"
    assert "`id-token: write`" in detail
    assert (Vouching.words, model.requests) == ([], [])


def test_an_identity_is_never_sent_in_clear_text(model: Model) -> None:
    kind, detail = failure(ask("http://gateway.internal:4000", api_key=None))

    assert kind == "rejected"
    assert "https only" in detail
    assert Vouching.words == []


def test_variables_that_are_set_but_empty_name_no_federation(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_FEDERATION_RULE_ID", "")

    assert Credentials.found(None) == Credentials(key="none")


def test_neither_the_token_nor_the_word_is_told_when_an_endpoint_repeats_them(
    model: Model,
) -> None:
    model.always(status=403, message=f"{TOKEN} may not")

    kind, detail = failure(ask(model, api_key=None))

    assert kind == "rejected"
    assert TOKEN not in detail
    assert RUNTIME not in repr(Credentials.found(None))


def test_the_doctor_says_why_no_token_was_given(model: Model) -> None:
    Vouching.refusal = (401, {"error": "invalid_grant"})
    started = time.monotonic()

    met = meet(Credentials.found(None), model.url, "claude-sonnet-5-5", Guard())

    assert met.is_usable is False
    assert "docs/keyless.md" in met.why
    assert time.monotonic() - started < 20
    assert TOKEN not in met.why
