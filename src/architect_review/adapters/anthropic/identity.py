"""The job's own identity in place of a key: Workload Identity Federation.

GitHub vouches for a job that has `id-token: write` (docs.github.com, "OpenID Connect
reference"). Anthropic takes that word once, by a rule of the organization's, for a
token that lasts some minutes (platform.claude.com, "Use WIF with GitHub Actions").
"""

from collections.abc import Callable

import httpx2
from anthropic import WorkloadIdentityCredentials
from anthropic.lib.credentials import AccessToken, WorkloadIdentityError
from pydantic import SecretStr

from architect_review.adapters.anthropic.credentials import Federation
from architect_review.errors import ModelError

Learn = Callable[[SecretStr], None]

AUDIENCE = "https://api.anthropic.com"
"""Whom GitHub's word is for; what Anthropic expects where a rule names no other."""


class NoTokenError(Exception):
    """There is no token for now. Not of the SDK's kind, which it would not wrap."""


class Identity:
    """The SDK's provider of access tokens: it is called again when one runs out.

    `client` carries both requests, so that its bounds and certificates hold for them.
    `learn` is told GitHub's word and each token before they are used.
    """

    def __init__(
        self,
        federation: Federation,
        base_url: str,
        client: httpx2.Client,
        learn: Learn,
    ) -> None:
        self.token = ""
        """The last token that was given."""
        self.refusal: ModelError | None = None
        """Why the last attempt gave none; None when it gave one."""
        self._federation = federation
        self._client = client
        self._learn = learn
        self._exchange = WorkloadIdentityCredentials(
            identity_token_provider=self._word,
            federation_rule_id=federation.rule,
            organization_id=federation.organization,
            service_account_id=federation.service_account or None,
            workspace_id=federation.workspace or None,
            http_client=client,
        )
        self._exchange.bind_base_url(base_url)

    def __call__(self, *, force_refresh: bool = False) -> AccessToken:
        """A new token. Raises NoTokenError, after keeping the reason."""
        if self.refusal is not None and self.refusal.kind == "rejected":
            raise NoTokenError
        try:
            given = self._exchange(force_refresh=force_refresh)
        except WorkloadIdentityError as error:
            is_final = 400 <= (error.status_code or 0) < 500
            said = " ".join(str(error).split())[:600]
            raise self._refused(
                "rejected" if is_final else "unavailable",
                "No token was given for this job's identity. Hold the federation rule "
                f"against docs/keyless.md. ({said})",
            ) from None
        self._learn(SecretStr(given.token))
        self.token, self.refusal = given.token, None
        return given

    def _word(self) -> str:
        """GitHub's word for the job; each is good for one exchange."""
        asked = self._federation
        try:
            answer = self._client.get(
                httpx2.URL(asked.url).copy_merge_params({"audience": AUDIENCE}),
                headers={
                    "Accept": "application/json",
                    "Authorization": f"Bearer {asked.request_token}",
                },
            )
            answer.raise_for_status()
            word = str(answer.json()["value"])
        except httpx2.HTTPStatusError as error:
            why = f"it answered {error.response.status_code}"
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            why = f"it could not be reached: {' '.join(str(error).split())[:200]}"
        except (KeyError, TypeError, ValueError):
            why = "its answer was none"
        else:
            self._learn(SecretStr(word))
            return word
        raise self._refused(
            "unavailable", f"GitHub did not say who this job is ({why})."
        )

    def _refused(self, kind: str, detail: str) -> NoTokenError:
        self.refusal = ModelError(kind, detail)
        return NoTokenError()
