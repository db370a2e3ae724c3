"""What GitHub's refusals mean, and how long to wait before asking again.

Source: docs.github.com, "Rate limits for the REST API" and "Best practices for using
the REST API": 403 or 429; obey `retry-after`, else wait for `x-ratelimit-reset` when
nothing remains, else at least a minute.
"""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from github import GithubException

from architect_review.encodable import encodable
from architect_review.errors import ArchitectError

RATE_LIMIT_WAIT_SECONDS = 60
"""Longest wait for a rate limit; a longer one ends the run with the time it names."""
PERMISSIONS = "permissions: {contents: read, pull-requests: write}"
"""The line that gives a job what every write here needs."""
READING = "contents: read"
UNTRUSTED = (
    "the server's certificate could not be verified: give the authority that signed "
    "it as `ca-bundle` (locally in SSL_CERT_FILE)"
)

_SECONDS = re.compile("[0-9]{1,12}")
_LIMIT_WORDS = ("rate limit", "abuse detection", "wait a few minutes", "too quickly")


class GitHubError(ArchitectError):
    """GitHub refused or did not answer.

    `status` is the HTTP status, 0 for no answer; `messages` what GitHub said; `needs`
    the permissions it asks for (`x-accepted-github-permissions`); `wait` the seconds
    after which a request refused for its rate may be sent again, None for other
    refusals.
    """

    def __init__(
        self,
        doing: str,
        status: int,
        messages: tuple[str, ...],
        needs: str = "",
        wait: float | None = None,
    ) -> None:
        messages = tuple(map(encodable, messages))
        said = "; ".join(messages) or "no reason given"
        what = f"GitHub answered {status}" if status else "GitHub did not answer"
        limit = f"; rate limit, free again in {wait:.0f} s" if wait is not None else ""
        super().__init__(f"{doing}: {what}: {said}{limit}")
        self.doing = doing
        self.status = status
        self.messages = messages
        self.needs = needs
        self.wait = wait

    @property
    def is_uncertain(self) -> bool:
        """Whether a write may have been done all the same."""
        return self.status == 0 or self.status >= 500 or self.status == 409

    @property
    def is_passing(self) -> bool:
        """Whether the same may be taken later, from a token that is the same."""
        return self.wait is not None or self.is_uncertain

    @property
    def is_permission(self) -> bool:
        """Whether the token may not do this."""
        return self.status == 403 and self.wait is None

    def says(self, words: str) -> bool:
        """Whether one of the messages holds these words, in any case."""
        return any(words.lower() in message.lower() for message in self.messages)


class LaterError(ArchitectError):
    """What is being done has to begin again after `seconds`, with another look.

    No GitHubError: whoever can do without a write must not take it for a refusal.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"to be done again in {seconds:.0f} s")
        self.seconds = seconds


@contextmanager
def needing(line: str) -> Iterator[None]:
    """Name the line of a workflow that allows what is done meanwhile.

    Raises the GitHubErrors from within, with the line where one is a refusal of it.
    """
    try:
        yield
    except GitHubError as error:
        if not error.is_permission:
            raise
        said = (*error.messages, f"give the job `{line}`")
        raise GitHubError(error.doing, error.status, said, error.needs) from error


def explained(doing: str, error: GithubException) -> GitHubError:
    """PyGithub's exception in our words."""
    headers = {key.lower(): str(value) for key, value in (error.headers or {}).items()}
    messages = _messages(error.data, error.message)
    needs = headers.get("x-accepted-github-permissions", "")
    wait = rate_limit_wait(error.status, headers, messages)
    return GitHubError(doing, error.status, messages, needs, wait)


def rate_limit_wait(
    status: int, headers: Mapping[str, str], messages: tuple[str, ...]
) -> float | None:
    """Seconds to wait when a refusal is about the rate, else None."""
    exhausted = headers.get("x-ratelimit-remaining") == "0"
    worded = any(
        words in message.lower() for message in messages for words in _LIMIT_WORDS
    )
    if status not in (403, 429) or not (
        status == 429 or "retry-after" in headers or exhausted or worded
    ):
        return None
    if _SECONDS.fullmatch(after := headers.get("retry-after", "")):
        return float(after)
    reset = headers.get("x-ratelimit-reset", "")
    if exhausted and _SECONDS.fullmatch(reset):
        return max(1.0, int(reset) - time.time() + 1)
    return 60.0


def _messages(data: Any, message: str | None) -> tuple[str, ...]:
    """GitHub's message and its `errors`, a list of strings or of objects."""
    if not isinstance(data, dict):
        return (str(message or data)[:300],)
    said = [str(data.get("message") or data.get("data") or "")]
    for error in data.get("errors") or ():
        if isinstance(error, dict):
            fields = (error.get("message"), error.get("field"), error.get("code"))
            said.append(" ".join(str(field) for field in fields if field))
        else:
            said.append(str(error))
    return tuple(dict.fromkeys(text[:300] for text in said if text))
