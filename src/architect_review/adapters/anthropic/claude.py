"""The reviewer: which requests are sent, in which order, and when to stop."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from architect_review.adapters.anthropic.access import Access
from architect_review.adapters.anthropic.beginnings import Beginnings
from architect_review.adapters.anthropic.budget import Budget
from architect_review.adapters.anthropic.exchange import Exchange, Terms
from architect_review.adapters.anthropic.fanout import FanOut, unsent
from architect_review.adapters.anthropic.form import Form
from architect_review.adapters.anthropic.outcome import Failed, Outcome, Whole
from architect_review.adapters.anthropic.slots import Slots
from architect_review.change.visible import dumps
from architect_review.encodable import encodable_data
from architect_review.errors import ModelError
from architect_review.evidence.lookups import Look
from architect_review.guarding import HELD, SENT, answered
from architect_review.ports import Progress
from architect_review.prompt.expected import T
from architect_review.prompt.request import ModelRequest
from architect_review.publication.leaks import Guard
from architect_review.request.models import Prices
from architect_review.review.reply import Reply

if TYPE_CHECKING:
    from architect_review.adapters.anthropic.endpoint import Endpoint

OnCall = Callable[[Mapping[str, Any], Outcome], None]


class Claude:
    """Asks Claude, or another model behind an endpoint that speaks its API.

    Without `api_key` the token in `ANTHROPIC_AUTH_TOKEN` is sent, and without that a
    placeholder. A blank `base_url` is Anthropic's own. `deadline` tells the seconds
    left of the run. `max_cost_usd` bounds what all calls together may cost (None: no
    bound), `max_tokens` those to models that have none of the `prices`. `tries` are
    the calls whose reply breaks off, per request; `sleep` takes seconds. `on_call` is
    told of the end of each call, from its thread. `ca_file` is a PEM file of the
    authorities to trust, "" for the usual ones. What the `guard` knows is in no reply.
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
        ca_file: str = "",
        guard: Guard | None = None,
    ) -> None:
        self._guard = guard or Guard()
        self._access = Access(api_key, base_url, deadline, self._guard.learn, ca_file)
        self._progress = progress
        self._on_call = on_call
        self._announcing = threading.Lock()
        self.budget = Budget(max_cost_usd, max_tokens)
        """What all calls may still use; batches of the same run go by it too."""
        self._prices = prices or Prices()
        self._deadline, self._tries, self._sleep = deadline, tries, sleep
        self._slots = Slots()
        self._beginnings = Beginnings()

    @staticmethod
    def preload() -> None:
        """Start to import the SDK in the background; `review` joins it."""
        Access.preload()

    def review(self, requests: Sequence[ModelRequest[T]], look: Look) -> list[Reply[T]]:
        """Answer every request, in order, as `answers` does."""
        return [each for some in self.answers(requests, look) for each in some]

    def answers(
        self, requests: Sequence[ModelRequest[T]], look: Look
    ) -> list[list[Reply[T]]]:
        """The replies to each request, in order; several to one that was divided.

        The first goes ahead to fill the provider's cache. At most six run at the same
        time, over all threads that call this. `look` answers what the model looks up.
        A failure is a Reply too, never raised. An exception raised into the calling
        thread (a signal's) ends this without waiting for answers.
        """
        if not requests:
            return []
        try:
            endpoint = self._endpoint()
        except ModelError as reason:
            return [[unsent(request, reason)] for request in requests]
        is_over = threading.Event()

        def left() -> float:
            return 0.0 if is_over.is_set() else self._deadline()

        try:
            every = self._send(requests, endpoint, look, left)
            return [[answered(each, self._guard) for each in some] for some in every]
        finally:
            # What an interruption leaves under way ends; other callers' calls do not.
            is_over.set()

    def _send(
        self,
        requests: Sequence[ModelRequest[T]],
        endpoint: "Endpoint",
        look: Look,
        left: Callable[[], float],
    ) -> list[list[Reply[T]]]:
        terms = Terms(
            self.budget, left, self._tries, self._sleep, look, self._prices, self._slots
        )

        def call(parameters: dict[str, Any], begun: Callable[[], None]) -> Outcome:
            parameters = encodable_data(self._guard.sent(parameters, SENT))
            outcome = self._kept(endpoint.call(parameters, begun, left))
            if self._on_call is not None:
                self._on_call(parameters, outcome)
            return outcome

        def begin(
            request: ModelRequest[T], form: Form, begun: Callable[[Form], None]
        ) -> Exchange[T]:
            self._announce(request)
            return Exchange(request, form, call, terms, begun)

        return FanOut(begin, requests, self._beginnings).replies()

    def _kept(self, outcome: Outcome) -> Outcome:
        """The outcome; one whose calls hold a credential ends the conversation.

        What the model asked with is sent again with each answer to it.
        """
        if not isinstance(outcome, Whole) or not outcome.calls:
            return outcome
        if not self._guard.holds(dumps(outcome.content)):
            return outcome
        return Failed(ModelError("invalid", HELD), outcome.usage)

    def _endpoint(self) -> "Endpoint":
        connection = self._access.connection()
        # As late as the connection: it imports the SDK too.
        from architect_review.adapters.anthropic.endpoint import Endpoint

        return Endpoint(connection)

    def _announce(self, request: ModelRequest[Any]) -> None:
        if self._progress is None:
            return
        files = len(request.paths)
        about = f" about {files} file{'' if files == 1 else 's'}" if files else ""
        with self._announcing:
            self._progress.step(f"Asking {request.model}{about}")
