"""The reviewer: which requests are sent, in which order, and when to stop."""

import importlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from pydantic import SecretStr

from architect_review.adapters.anthropic.exchange import Budget, Exchange, Terms
from architect_review.adapters.anthropic.form import Form
from architect_review.errors import ModelError
from architect_review.ports import Progress
from architect_review.prompt.request import ModelRequest
from architect_review.review.reply import Reply, Usage

DEFAULT_BASE_URL = "https://api.anthropic.com"
_SDK = "architect_review.adapters.anthropic.endpoint"
_FINAL = ("rejected", "cost-cap")
# Local servers such as Ollama want a key and read none.
_PLACEHOLDER = "none"

_Ask = Callable[[ModelRequest, Form], tuple[Reply, Form]]


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
        self._terms = Terms(Budget(max_cost_usd), deadline, tries, sleep)

    @staticmethod
    def preload() -> None:
        """Start to import the SDK in the background; `review` joins it."""
        threading.Thread(
            target=importlib.import_module, args=(_SDK,), daemon=True
        ).start()

    def review(self, requests: Sequence[ModelRequest]) -> list[Reply]:
        """Answer every request, in order. A failure is a Reply too, never raised."""
        if not requests:
            return []
        key = self._api_key.get_secret_value().strip() if self._api_key else ""
        token = "" if key else os.environ.get("ANTHROPIC_AUTH_TOKEN", "").strip()
        if problem := _unusable(key or token, self._base_url):
            reason = ModelError("rejected", problem)
            return [_unsent(request, reason) for request in requests]
        return self._send(requests, key or (None if token else _PLACEHOLDER), token)

    def _send(
        self, requests: Sequence[ModelRequest], key: str | None, token: str
    ) -> list[Reply]:
        # Late, since the SDK is slow to import and many runs never ask.
        from architect_review.adapters.anthropic.endpoint import Endpoint

        with Endpoint(
            # Explicit, so that the SDK takes none of these from the environment,
            # where an unset input of an action is an empty variable.
            key=key,
            token=token or None,
            base_url=self._base_url,
            left=self._terms.left,
        ) as endpoint:

            def ask(request: ModelRequest, form: Form) -> tuple[Reply, Form]:
                self._announce(request)
                exchange = Exchange(request, form, endpoint.call, self._terms)
                return exchange.reply(), exchange.form

            return _in_order(ask, requests)

    def _announce(self, request: ModelRequest) -> None:
        if self._progress is not None:
            files = len(request.paths)
            noun = "file" if files == 1 else "files"
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


def _in_order(ask: _Ask, requests: Sequence[ModelRequest]) -> list[Reply]:
    """One request after the other, each in the form that the last one ended with.

    A failure that the next request would meet too is not provoked again.
    """
    replies: list[Reply] = []
    form = Form()
    final: ModelError | None = None
    for request in requests:
        if final is not None:
            replies.append(_unsent(request, final))
            continue
        reply, form = ask(request, form)
        replies.append(reply)
        if reply.failure is not None and reply.failure.kind in _FINAL:
            final = reply.failure
    return replies


def _unsent(request: ModelRequest, reason: ModelError) -> Reply:
    return Reply(
        paths=request.paths,
        answer=None,
        failure=reason,
        usage=Usage(),
        model=request.model,
    )
