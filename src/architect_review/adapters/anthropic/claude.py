"""The reviewer: which requests are sent, in which order, and when to stop."""

import importlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from pydantic import SecretStr

from architect_review.adapters.anthropic.budget import Budget
from architect_review.adapters.anthropic.exchange import Exchange, Terms
from architect_review.adapters.anthropic.fanout import FanOut, unsent
from architect_review.adapters.anthropic.form import Form
from architect_review.errors import ModelError
from architect_review.ports import Progress
from architect_review.prompt.request import ModelRequest
from architect_review.review.reply import Reply

DEFAULT_BASE_URL = "https://api.anthropic.com"
_SDK = "architect_review.adapters.anthropic.endpoint"
# Local servers such as Ollama want a key and read none.
_PLACEHOLDER = "none"


class Claude:
    """Asks Claude, or another model behind an endpoint that speaks its API.

    Without `api_key` the token in `ANTHROPIC_AUTH_TOKEN` is sent, and without that a
    placeholder. A blank `base_url` is Anthropic's own. `deadline` tells the seconds
    left of the run, `max_cost_usd` bounds what all calls together may cost (None: no
    bound), `tries` the calls whose reply breaks off, per request. `sleep` takes
    seconds.
    """

    def __init__(
        self,
        *,
        api_key: SecretStr | None,
        base_url: str,
        deadline: Callable[[], float],
        max_cost_usd: float | None,
        progress: Progress | None,
        tries: int = 3,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url.strip() or DEFAULT_BASE_URL
        self._progress = progress
        self._announcing = threading.Lock()
        self._is_over = False

        def left() -> float:
            return 0.0 if self._is_over else deadline()

        self._terms = Terms(Budget(max_cost_usd), left, tries, sleep)

    @staticmethod
    def preload() -> None:
        """Start to import the SDK in the background; `review` joins it."""
        threading.Thread(
            target=importlib.import_module, args=(_SDK,), daemon=True
        ).start()

    def review(self, requests: Sequence[ModelRequest]) -> list[Reply]:
        """Answer every request, in order; one that had to be divided in several parts.

        The first goes ahead to fill the provider's cache, then at most six run at the
        same time. A failure is a Reply too, never raised. An exception raised into
        the calling thread (a signal's) ends this without waiting for answers.
        """
        if not requests:
            return []
        key = self._api_key.get_secret_value().strip() if self._api_key else ""
        token = "" if key else os.environ.get("ANTHROPIC_AUTH_TOKEN", "").strip()
        if problem := _unusable(key or token, self._base_url):
            reason = ModelError("rejected", problem)
            return [unsent(request, reason) for request in requests]
        return self._send(requests, key or (None if token else _PLACEHOLDER), token)

    def _send(
        self, requests: Sequence[ModelRequest], key: str | None, token: str
    ) -> list[Reply]:
        # Late, since the SDK is slow to import and many runs never ask.
        from architect_review.adapters.anthropic.endpoint import Endpoint

        self._is_over = False
        with Endpoint(
            # Explicit, so that the SDK takes none of these from the environment,
            # where an unset input of an action is an empty variable.
            key=key,
            token=token or None,
            base_url=self._base_url,
            left=self._terms.left,
        ) as endpoint:

            def begin(
                request: ModelRequest, form: Form, begun: Callable[[Form], None]
            ) -> Exchange:
                self._announce(request)
                return Exchange(request, form, endpoint.call, self._terms, begun)

            try:
                return FanOut(begin, requests).replies()
            finally:
                self._is_over = True

    def _announce(self, request: ModelRequest) -> None:
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
