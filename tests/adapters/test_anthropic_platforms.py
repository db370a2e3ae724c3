"""Claude at Amazon Bedrock and at Vertex AI: the SDK's own clients and a token."""

from collections.abc import Iterator

import anthropic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from adapters.asking_claude import (
    ANSWER,
    KEY,
    a_claude,
    a_request,
    failure,
    overview,
    unasked,
)
from architect_review.adapters.anthropic.batches import Batches
from architect_review.adapters.anthropic.budget import Budget
from architect_review.adapters.anthropic.connection import Connection
from architect_review.adapters.anthropic.credentials import Credentials, unusable
from architect_review.adapters.anthropic.platforms import Bedrock, Vertex, platform
from architect_review.adapters.anthropic.probing import Met, meet
from architect_review.errors import ModelError
from architect_review.publication.leaks import Guard
from standin.model import Model

BEDROCK = "https://bedrock-mantle.eu-central-1.api.aws/anthropic"
GOOGLE = "https://europe-west1-aiplatform.googleapis.com/v1"
VERTEX = f"{GOOGLE}/projects/p-1/locations/europe-west1"


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(lambda request: ANSWER, key=KEY) as running:
        yield running


def vertex(model: Model) -> str:
    """The stand-in's address as that of a project."""
    return f"{model.url}/v1/projects/p-1/locations/europe-west1"


def a_connection(address: str) -> Connection:
    return Connection(Credentials(key=KEY), address, lambda: 60.0, Guard().learn)


def test_an_address_tells_the_platform() -> None:
    assert platform(BEDROCK) == Bedrock(BEDROCK, "eu-central-1")
    assert platform(VERTEX) == Vertex(GOOGLE, "p-1", "europe-west1")
    assert platform(f"{VERTEX}/") == platform(VERTEX)


def test_a_gateway_may_have_projects_of_its_own_before_vertex() -> None:
    gateway = "https://gateway.example/projects/shop/locations/all/vertex/v1"
    address = f"{gateway}/projects/p-1/locations/eu"

    assert platform(address) == Vertex(gateway, "p-1", "eu")


@pytest.mark.parametrize(
    "address",
    [
        "https://api.anthropic.com",
        "https://llm-gateway.example/anthropic",
        "https://bedrock-mantle.eu-central-1.api.aws.example/anthropic",
        "https://gateway.example/bedrock-mantle.eu-central-1.api.aws",
        f"{VERTEX}/publishers/anthropic/models/x",
        "https://aiplatform.googleapis.com/v1",
        "https://gateway.example/projects//locations/",
    ],
)
def test_any_other_address_is_asked_as_anthropic_is(address: str) -> None:
    assert platform(address) is None


@given(st.text(max_size=60))
def test_whatever_stands_behind_a_host_an_address_is_read(text: str) -> None:
    found = platform(f"https://h.example/{text}".replace("[", "").replace("]", ""))
    assert found is None or isinstance(found, Vertex)


def test_bedrock_is_asked_with_its_own_client_and_the_token_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "another")
    monkeypatch.setenv("AWS_PROFILE", "a-profile-that-runs-a-program")
    connection = a_connection(BEDROCK)
    client = connection.client

    assert isinstance(client, anthropic.AnthropicBedrockMantle)
    assert str(client.base_url) == f"{BEDROCK}/"
    assert client.auth_headers == {"Authorization": f"Bearer {KEY}"}
    assert connection.host == "bedrock-mantle.eu-central-1.api.aws"
    connection.close()


def test_vertex_is_asked_with_its_own_client(model: Model) -> None:
    reply = a_claude(vertex(model)).review([a_request()], unasked)[0]

    assert overview(reply) == ANSWER["overview"]
    sent = model.requests[0]
    assert sent.path == (
        "/v1/projects/p-1/locations/europe-west1/publishers/anthropic/models/"
        "claude-sonnet-5-5:streamRawPredict"
    )
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert "x-api-key" not in sent.headers
    assert model.problems == []


def test_a_token_that_vertex_refuses_is_named_without_it(model: Model) -> None:
    reply = a_claude(vertex(model), api_key=SecretStr("ya29.wrong-token-0123")).review(
        [a_request()], unasked
    )[0]

    kind, detail = failure(reply)
    assert kind == "rejected"
    assert "wrong-token" not in detail


def test_the_doctor_meets_vertex(model: Model) -> None:
    met = meet(Credentials(key=KEY), vertex(model), "claude-sonnet-5-5", Guard())

    assert met == Met(model.url.removeprefix("http://"), True)


def test_vertex_has_no_batches_and_is_not_asked_for_one(model: Model) -> None:
    batches = Batches(
        api_key=SecretStr(KEY),
        base_url=vertex(model),
        deadline=lambda: 60.0,
        budget=Budget(None, 1_000_000),
        progress=None,
    )

    with pytest.raises(ModelError, match="has no Message Batches: leave `batch` out"):
        batches.submit({"one": a_request()})
    assert model.requests == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (BEDROCK, "Amazon Bedrock was given no token. Set `anthropic-api-key` to a "
         "Bedrock API key."),
        (VERTEX, "Vertex AI was given no token. Set `anthropic-api-key` to an access "
         "token."),
    ],
)  # fmt: skip
def test_a_cloud_without_a_token_is_not_asked(
    address: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unusable(Credentials.found(None), address) == said
    monkeypatch.setenv("ANTHROPIC_FEDERATION_RULE_ID", "rule")
    monkeypatch.setenv("ANTHROPIC_ORGANIZATION_ID", "organisation")
    assert unusable(Credentials.found(None), address) == said
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "of-an-earlier-step")
    assert unusable(Credentials.found(None), address) == ""
