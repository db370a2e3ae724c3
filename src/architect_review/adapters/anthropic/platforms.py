"""The clouds that offer Claude under addresses, and with clients, of their own."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_BEDROCK = re.compile(r"bedrock-mantle\.([a-z0-9-]{1,40})\.api\.aws")
_VERTEX = re.compile(r"(.+)/projects/([A-Za-z0-9._:-]+)/locations/([a-z0-9-]+)/?")


@dataclass(frozen=True, slots=True)
class Bedrock:
    """Amazon Bedrock in a region; it speaks the Messages API below `base_url`."""

    base_url: str
    region: str
    name = "Amazon Bedrock"
    token = "a Bedrock API key"  # noqa: S105 - what it is called
    has_batches = True


@dataclass(frozen=True, slots=True)
class Vertex:
    """A project on Google's Vertex AI; `base_url` ends before `/projects`."""

    base_url: str
    project: str
    region: str
    name = "Vertex AI"
    token = "an access token"  # noqa: S105 - what it is called
    has_batches = False


def platform(address: str) -> Bedrock | Vertex | None:
    """Whose address it is; None for Anthropic's own and for gateways.

    Bedrock's is `https://bedrock-mantle.REGION.api.aws/anthropic`, Vertex AI's ends in
    `/projects/PROJECT/locations/REGION` (the SDK's `lib/bedrock/_mantle.py` and
    `lib/vertex/_client.py`). Raises ValueError where it is no address.
    """
    if found := _BEDROCK.fullmatch(urlsplit(address).hostname or ""):
        return Bedrock(address, found[1])
    if found := _VERTEX.fullmatch(address):
        return Vertex(*found.groups())
    return None
