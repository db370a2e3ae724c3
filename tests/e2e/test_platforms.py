"""A whole review by Claude at Vertex AI and at Amazon Bedrock."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.scene import KEY, Scene
from standin.tls import Authority, Door, Proxy

BEDROCK = "bedrock-mantle.eu-central-1.api.aws"
MODEL = "anthropic.claude-sonnet-5-5"


class Elsewhere(Proxy):
    """A forward proxy that leads to one door, whatever host it is asked for."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door

    def way(self, host: str, port: int) -> tuple[str, int]:
        """Where a connection goes."""
        return "127.0.0.1", self._door.port


@pytest.fixture
def bedrock(scene: Scene, tmp_path: Path) -> Iterator[tuple[Proxy, str]]:
    """The way to the stand-in under Bedrock's name, and whom to trust for it."""
    authority = Authority(tmp_path, BEDROCK)
    with Door(authority.context, scene.model.port) as door, Elsewhere(door) as proxy:
        yield proxy, authority.pem


@pytest.mark.parametrize("depth", ["standard", "deep"])
def test_a_change_is_reviewed_by_claude_at_vertex(scene: Scene, depth: str) -> None:
    scene.open()

    run = scene.act(
        "pull_request",
        scene.github.event("pull_request", 7),
        anthropic_base_url=f"{scene.model.url}/v1/projects/shop/locations/eu",
        depth=depth,
    )

    assert (run.code, run.outputs.get("status")) == (0, "reviewed"), run.log
    assert len(scene.github.reviews(7)) == 1
    begin = "/v1/projects/shop/locations/eu/publishers/anthropic/models/"
    assert all(each.path.startswith(begin) for each in scene.model.requests)
    shown = {each.headers["authorization"] for each in scene.model.requests}
    assert shown == {f"Bearer {KEY}"}


def test_a_change_is_reviewed_by_claude_at_bedrock(
    scene: Scene, bedrock: tuple[Proxy, str]
) -> None:
    proxy, pem = bedrock
    scene.open()
    scene.environ = {
        "HTTPS_PROXY": proxy.url,
        "AWS_PROFILE": "one-that-names-a-program",
        "AWS_BEARER_TOKEN_BEDROCK": "not-the-one-that-was-given",
    }

    run = scene.act(
        "pull_request",
        scene.github.event("pull_request", 7),
        anthropic_base_url=f"https://{BEDROCK}/anthropic",
        ca_bundle=pem,
        model=MODEL,
        max_tokens="1000000",
    )

    assert (run.code, run.outputs.get("status")) == (0, "reviewed"), run.log
    assert set(proxy.reached) == {f"{BEDROCK}:443"}
    sent = scene.model.requests[0]
    assert (sent.path, sent.body["model"]) == ("/anthropic/v1/messages", MODEL)
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert "x-api-key" not in sent.headers
