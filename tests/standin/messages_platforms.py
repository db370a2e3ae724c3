"""Requests as clouds take them, and the plain ones of the Messages API that they mean.

The paths and where the version stands are those of the clouds' documentation (Amazon
Bedrock, "Use the Messages API"; Vertex AI, "Request predictions with Claude models").
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_BEDROCK = "/anthropic"
_VERTEX = re.compile(
    r"/v1/projects/[^/]+/locations/[^/]+/publishers/anthropic/models/"
    r"(?P<model>[^/:]+):(?P<how>rawPredict|streamRawPredict)"
)


class Plain(NamedTuple):
    """Path, headers and body of a request, and what a cloud would refuse it for."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    problem: str = ""


def plain(path: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> Plain:
    """The same request to Anthropic itself."""
    if path.startswith(f"{_BEDROCK}/"):
        return Plain(path.removeprefix(_BEDROCK), headers, body)
    if (found := _VERTEX.fullmatch(path)) is None:
        return Plain(path, headers, body)
    rest = dict(body)
    version = str(rest.pop("anthropic_version", ""))
    headers = {**headers, "anthropic-version": version}
    if found["model"] == "count-tokens":
        return Plain("/v1/messages/count_tokens", headers, rest)
    problem = "" if version else "anthropic_version: Field required"
    if "model" in body:
        problem = "model: Extra inputs are not permitted"
    if bool(body.get("stream")) != (found["how"] == "streamRawPredict"):
        problem = f"stream: {found['how']} was asked for"
    meant = {"model": found["model"], **rest}
    return Plain("/v1/messages", headers, meant, problem)
