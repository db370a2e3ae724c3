"""The SDK's client for one endpoint, and what its errors are in our words.

Only this module, and what imports it, needs the SDK.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import anthropic
import httpx2

from architect_review.adapters.anthropic import failure, wire
from architect_review.adapters.anthropic.credentials import Credentials
from architect_review.adapters.anthropic.identity import Identity, Learn
from architect_review.adapters.anthropic.platforms import Bedrock, Vertex, platform
from architect_review.adapters.anthropic.trust import verification
from architect_review.errors import ModelError

# A placeholder such as "none" is a word of error messages, not a secret.
_SHORTEST_SECRET = 8
_RETRIES = 2

Client = (
    anthropic.Anthropic | anthropic.AnthropicBedrockMantle | anthropic.AnthropicVertex
)


class Connection:
    """A client that no request holds longer than the run may last.

    A key and a token are sent alike, and nothing is read from the environment for
    either; with a federation the job's identity is shown for a token. `left` tells the
    seconds left of the run; `learn` is told the tokens that are given then. `ca_file`
    is a PEM file of the authorities to trust, "" for the usual ones. It may be used
    from several threads.
    """

    def __init__(
        self,
        credentials: Credentials,
        base_url: str,
        left: Callable[[], float],
        learn: Learn,
        ca_file: str = "",
    ) -> None:
        self._secret = credentials.secret
        self._identity: Identity | None = None
        self._left = left
        self.host = urlsplit(base_url).netloc.rpartition("@")[2]
        hooks = wire.Hooks(left, failure.SPEND_LIMIT)
        http_client = anthropic.DefaultHttpxClient(
            # Neither the key nor a private change follows to another address.
            follow_redirects=False,
            verify=verification(ca_file),
            event_hooks={"request": [hooks.request], "response": [hooks.response]},
        )
        if credentials.federation:
            self._identity = Identity(
                credentials.federation, base_url, http_client, learn
            )
        cloud = platform(base_url)
        self.has_batches = cloud is None or cloud.has_batches
        if cloud is not None:
            self.client: Client = _of_cloud(cloud, self._secret, http_client)
            return
        self.client = anthropic.Anthropic(
            # Explicit, so that the SDK takes none of these from the environment,
            # where an unset input of an action is an empty variable.
            api_key=credentials.key,
            auth_token=credentials.token,
            credentials=self._identity,
            base_url=base_url,
            max_retries=_RETRIES,
            http_client=http_client,
        )

    def close(self) -> None:
        """Close the connections that are kept for further requests."""
        self.client.close()

    def unreached(
        self, cause: str, left: Callable[[], float] | None = None
    ) -> ModelError:
        """Why there was no reply; `left` where a call has less time than the run."""
        if (left or self._left)() <= 0:
            return failure.out_of_time()
        if self._identity and self._identity.refusal:
            return self._identity.refusal
        return failure.unreachable(self.host, self._without_secret(cause))

    def api_error(self, error: anthropic.APIStatusError) -> failure.ApiError:
        """What the endpoint reported, without the key."""
        message = str(error.api_message or error.message)
        if message.lstrip().startswith("<"):
            message = "a web page"
        return failure.ApiError(
            status=error.status_code,
            type=str(error.type or ""),
            code=error.error_code or "",
            message=self._without_secret(message),
            request_id=error.request_id or "",
        )

    def _without_secret(self, text: str) -> str:
        secret = self._identity.token if self._identity else self._secret
        return text if len(secret) < _SHORTEST_SECRET else text.replace(secret, "***")


def _of_cloud(
    cloud: Bedrock | Vertex, token: str, http_client: httpx2.Client
) -> Client:
    """The SDK's client for a cloud.

    With a token it asks nobody for more: left to themselves these clients look for
    credentials in files, at addresses of the machine and in programs that a profile
    names.
    """
    if isinstance(cloud, Bedrock):
        return anthropic.AnthropicBedrockMantle(
            api_key=token,
            aws_region=cloud.region,
            base_url=cloud.base_url,
            max_retries=_RETRIES,
            http_client=http_client,
        )
    return anthropic.AnthropicVertex(
        access_token=token,
        project_id=cloud.project,
        region=cloud.region,
        base_url=cloud.base_url,
        max_retries=_RETRIES,
        http_client=http_client,
    )
