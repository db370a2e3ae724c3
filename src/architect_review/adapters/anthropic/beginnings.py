"""What the requests to one endpoint learn from each other, whoever sends them."""

import threading

from architect_review.adapters.anthropic.form import Form

Beginning = tuple[str, str]
"""What several requests have in common: the system prompt and the shared material."""


class Beginnings:
    """Who goes first with a beginning, and the form that the endpoint took last.

    A provider can read a beginning from its cache once the first answer to it has
    begun. So one request leads, and the others with the same beginning wait for it,
    also those of other callers.
    """

    def __init__(self) -> None:
        self.form = Form()
        """Worth starting with the next time."""
        self._led: dict[Beginning, threading.Event] = {}
        self._lock = threading.Lock()

    def join(self, beginning: Beginning) -> tuple[threading.Event, bool]:
        """What tells that the first answer has begun, and whether it is ours to lead.

        Whoever leads has to call `begun` with that event, whatever becomes of it.
        """
        with self._lock:
            if (event := self._led.get(beginning)) is not None:
                return event, False
            event = self._led[beginning] = threading.Event()
            return event, True

    def begun(self, beginning: Beginning, event: threading.Event) -> None:
        """Let the others go. A later request with this beginning leads again.

        It may be minutes later, and the provider's cache forgets after five.
        """
        event.set()
        with self._lock:
            if self._led.get(beginning) is event:
                del self._led[beginning]
