"""The one connection to an endpoint, made when it is first needed."""

import importlib
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import SecretStr

from architect_review.adapters.anthropic.credentials import (
    DEFAULT_BASE_URL,
    Credentials,
    unusable,
)
from architect_review.errors import ModelError

if TYPE_CHECKING:
    from architect_review.adapters.anthropic.connection import Connection

_SDK = "architect_review.adapters.anthropic.connection"


class Access:
    """Where requests go, and as whom.

    Without `api_key` the token in `ANTHROPIC_AUTH_TOKEN` is sent, without that one for
    the job's own identity where a federation is named, and last a placeholder. A blank
    `base_url` is Anthropic's own. `deadline` tells the seconds left of the run. `learn`
    is told the tokens that are given while it lasts, before they are used.
    `ca_file` is a PEM file of the authorities to trust, "" for the usual ones.
    """

    def __init__(
        self,
        api_key: SecretStr | None,
        base_url: str,
        deadline: Callable[[], float],
        learn: Callable[[SecretStr], None],
        ca_file: str = "",
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url.strip() or DEFAULT_BASE_URL
        self._deadline = deadline
        self._learn = learn
        self._ca_file = ca_file
        self._connection: Connection | None = None
        self._connecting = threading.Lock()

    @staticmethod
    def preload() -> None:
        """Start to import the SDK in the background; `connection` joins it."""
        threading.Thread(
            target=importlib.import_module, args=(_SDK,), daemon=True
        ).start()

    def connection(self) -> "Connection":
        """The same one each time: to build its client takes 0.1 s.

        Raises ModelError `rejected` when the key or the address cannot be sent.
        """
        credentials = Credentials.found(self._api_key)
        if problem := unusable(credentials, self._base_url):
            raise ModelError("rejected", problem)
        with self._connecting:
            if self._connection is None:
                # Late, since the SDK is slow to import and many runs never ask.
                from architect_review.adapters.anthropic.connection import Connection

                self._connection = Connection(
                    credentials,
                    self._base_url,
                    self._deadline,
                    self._learn,
                    self._ca_file,
                )
                weakref.finalize(self, self._connection.close)
            return self._connection
