"""The reviewer: which requests are sent, in which order, and when to stop."""

import importlib
import os
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from architect_review.adapters.anthropic.budget import Budget
from architect_review.adapters.anthropic.exchange import Call, Exchange, Terms
from architect_review.adapters.anthropic.fanout import FanOut, unsent
from architect_review.adapters.anthropic.form import Form
from architect_review.adapters.anthropic.outcome import Outcome
from architect_review.errors import ModelError
from architect_review.evidence.lookups import Look
from architect_review.ports import Progress
from architect_review.prompt.expected import T
from architect_review.prompt.request import ModelRequest
from architect_review.request.models import Prices
from architect_review.review.reply import Reply

if TYPE_CHECKING:
    from architect_review.adapters.anthropic.endpoint import Endpoint

DEFAULT_BASE_URL = "https://api.anthropic.com"
_SDK = "architect_review.adapters.anthropic.endpoint"
# Local servers such as Ollama want a key and read none.
_PLACEHOLDER = "none"

OnCall = Callable[[Mapping[str, Any], Outcome], None]


class Claude:
    """Asks Claude, or another model behind an endpoint that speaks its API.

    Without `api_key` the token in `ANTHROPIC_AUTH_TOKEN` is sent, and without that a
    placeholder. A blank `base_url` is Anthropic's own. `deadline` tells the seconds
    left of the run. `max_cost_usd` bounds what all calls together may cost (None: no
    bound), `max_tokens` those to models that have none of the `prices`. `tries` are
    the calls whose reply breaks off, per request; `sleep` takes seconds. `on_call` is
    told of the end of each call, from its thread.
    """

    def __init__(
        self,
        *,
        api_key: SecretStr | None,
        base_url: str,
        deadline: Callable[[], float],
        max_cost_usd: float | None,
        max_tokens: int | None = None,
        prices: Prices | None = None,
        progress: Progress | None,
        tries: int = 3,
        sleep: Callable[[float], None] = time.sleep,
        on_call: OnCall | None = None,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url.strip() or DEFAULT_BASE_URL
        self._progress = progress
        self._on_call = on_call
        self._announcing = threading.Lock()
        self._is_over = False

        def left() -> float:
            return 0.0 if self._is_over else deadline()

        self._budget = Budget(max_cost_usd, max_tokens)
        self._prices = prices or Prices()
        self._left, self._tries, self._sleep = left, tries, sleep
        self._form = Form()
        self._endpoint: Endpoint | None = None

    @staticmethod
    def preload() -> None:
        """Start to import the SDK in the background; `review` joins it."""
        threading.Thread(
            target=importlib.import_module, args=(_SDK,), daemon=True
        ).start()

    def review(self, requests: Sequence[ModelRequest[T]], look: Look) -> list[Reply[T]]:
        """Answer every request, in order; one that had to be divided in several parts.

        The first goes ahead to fill the provider's cache, then at most six run at the
        same time. `look` answers what the model looks up. A failure is a Reply too,
        never raised. An exception raised into the calling thread (a signal's) ends
        this without waiting for answers.
        """
        if not requests:
            return []
        key = self._api_key.get_secret_value().strip() if self._api_key else ""
        token = "" if key else os.environ.get("ANTHROPIC_AUTH_TOKEN", "").strip()
        if problem := _unusable(key or token, self._base_url):
            reason = ModelError("rejected", problem)
            return [unsent(request, reason) for request in requests]
        terms = Terms(
            self._budget, self._left, self._tries, self._sleep, look, self._prices
        )
        return self._send(
            requests, key or (None if token else _PLACEHOLDER), token, terms
        )

    def _send(
        self,
        requests: Sequence[ModelRequest[T]],
        key: str | None,
        token: str,
        terms: Terms,
    ) -> list[Reply[T]]:
        endpoint = self._connected(key, token)

        def begin(
            request: ModelRequest[T], form: Form, begun: Callable[[Form], None]
        ) -> Exchange[T]:
            self._announce(request)
            return Exchange(request, form, self._heard(endpoint.call), terms, begun)

        fan_out = FanOut(begin, requests, self._form)
        self._is_over = False
        try:
            return fan_out.replies()
        finally:
            self._is_over = True
            self._form = fan_out.form

    def _connected(self, key: str | None, token: str) -> "Endpoint":
        """The one endpoint of all requests: building its client takes 0.1 s."""
        if self._endpoint is None:
            # Late, since the SDK is slow to import and many runs never ask.
            from architect_review.adapters.anthropic.endpoint import Endpoint

            self._endpoint = Endpoint(
                # Explicit, so that the SDK takes none of these from the environment,
                # where an unset input of an action is an empty variable.
                key=key,
                token=token or None,
                base_url=self._base_url,
                left=self._left,
            )
            weakref.finalize(self, self._endpoint.close)
        return self._endpoint

    def _heard(self, call: Call) -> Call:
        """The same call, told to whoever listens."""
        on_call = self._on_call
        if on_call is None:
            return call

        def heard(parameters: dict[str, Any], begun: Callable[[], None]) -> Outcome:
            outcome = call(parameters, begun)
            on_call(parameters, outcome)
            return outcome

        return heard

    def _announce(self, request: ModelRequest[Any]) -> None:
        if self._progress is None:
            return
        files = len(request.paths)
        noun = "file" if files == 1 else "files"
        with self._announcing:
            self._progress.step(f"Asking {request.model} about {files} {noun}")


def _unusable(secret: str, base_url: str) -> str:
    """Why no request can be sent with these, or ""."""
    if not (secret.isascii() and secret.isprintable()):
        return "The key holds characters that no key has. Copy it again, on one line."
    try:
        parts = urlsplit(base_url)
        named = parts.scheme in ("http", "https") and bool(parts.hostname)
        valid = named and parts.port != 0
    except ValueError:
        valid = False
    return "" if valid else "The base URL is not an address. Write it as https://HOST."
