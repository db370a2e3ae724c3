"""The one place that talks to GitHub's API, and its quirks.

PyGithub's objects stay out of here on purpose: it fetches list items again when a
field was absent. Its transport is used as it is, without its retries, which repeat a
POST that may have been done and wait an hour for a rate limit, and without its sleeps
between requests: a usual run makes eight.
"""

import copy
import json
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from github import Auth, GithubException
from pydantic import SecretStr
from requests import RequestException
from requests.exceptions import ProxyError, SSLError

from architect_review import __version__
from architect_review.adapters.github.errors import (
    RATE_LIMIT_WAIT_SECONDS,
    UNTRUSTED,
    GitHubError,
    LaterError,
    explained,
)
from architect_review.adapters.github.wire import Wire, WireError, requester
from architect_review.encodable import encodable_data
from architect_review.publication.leaks import Guard

API_VERSION = "2022-11-28"
PAGE = 100
TRIES = 3
BACKOFF_SECONDS = 0.5

_Send = Callable[[], Any]


class Client:
    """JSON in, JSON out, over one connection. Every method raises GitHubError.

    `timeout` are the seconds of silence after which an answer is given up, which may
    take four times as long as a whole and is bounded in its size (`wire`).
    `ca_file` is a PEM file of the authorities to trust, "" for the usual ones. Texts
    that hold what the `guard` knows are not sent: it stands in their place.
    """

    def __init__(
        self,
        token: SecretStr,
        api_url: str,
        *,
        timeout: float,
        tries: int = TRIES,
        sleep: Callable[[float], None] = time.sleep,
        ca_file: str = "",
        guard: Guard | None = None,
    ) -> None:
        self.token = token
        self._guard = guard or Guard()
        self.api_url = api_url.rstrip("/")
        self.ca_file = ca_file
        self._sleep = sleep
        self._tries = tries
        self._waits, self._begins_again = True, False
        self._requester = requester(
            Wire(timeout, ca_file),
            auth=Auth.Token(token.get_secret_value()),
            base_url=api_url.rstrip("/"),
            timeout=math.ceil(timeout),
            user_agent=f"architect-review/{__version__}",
            per_page=PAGE,
            verify=ca_file or True,
            retry=None,
            pool_size=None,
            seconds_between_requests=0,
            seconds_between_writes=0,
            api_version=API_VERSION,
        )

    def unwaiting(self, *, begins_again: bool) -> "Client":
        """The same connection, which waits for no rate limit: meanwhile others speak.

        Where it `begins_again` a limit of at most a minute raises LaterError instead.
        """
        other = copy.copy(self)
        other._waits, other._begins_again = False, begins_again
        return other

    def pause(self, seconds: float) -> None:
        """Do nothing for so long."""
        self._sleep(seconds)

    @property
    def graphql_url(self) -> str:
        """Where GraphQL is asked: beside the API, as GITHUB_GRAPHQL_URL has it."""
        return str(self._requester.graphql_url)

    def get(self, path: str, doing: str, **parameters: Any) -> Any:
        """GET an API path; an answer that is no JSON is an error."""

        def send() -> Any:
            answer = self._requester.requestJsonAndCheck("GET", path, parameters)[1]
            return _read(answer, list if "page" in parameters else dict, doing)

        return self._tried(send, doing, is_read=True)

    def text(self, path: str, accept: str, doing: str) -> str:
        """GET a path in a media type that is not JSON."""

        def send() -> str:
            headers = {"Accept": accept}
            requester = self._requester
            status, found, body = requester.requestJson("GET", path, headers=headers)
            if status >= 400:
                raise requester.createException(status, found, _refusal(body))
            if "html" in str(found.get("content-type", "")):
                raise GitHubError(doing, 0, ("a web page came instead",))
            return body

        return str(self._tried(send, doing, is_read=True))

    def send(
        self,
        verb: str,
        path: str,
        doing: str,
        body: Mapping[str, Any],
        *,
        is_repeatable: bool = False,
    ) -> Any:
        """POST, PATCH, PUT or DELETE. What may have been done is not sent again.

        Unless it `is_repeatable`: done twice is the same as done once.
        """

        def send() -> Any:
            sent = self._guard.data(body, doing) or None
            answer = self._requester.requestJsonAndCheck(verb, path, input=sent)
            return _json(answer[1], doing)

        return self._tried(send, doing, is_read=is_repeatable)

    def asked(
        self, verb: str, path: str, doing: str, body: Mapping[str, Any] | None = None
    ) -> tuple[int, Mapping[str, str], Any]:
        """Status, headers (small letters) and JSON of an answer, refusals included.

        Sent once. Raises GitHubError only where there was no answer.
        """

        def send() -> tuple[int, Mapping[str, str], Any]:
            sent = self._guard.data(body, doing)
            status, found, text = self._requester.requestJson(verb, path, input=sent)
            headers = {name.lower(): str(value) for name, value in found.items()}
            return status, headers, _refusal(text)

        found: tuple[int, Mapping[str, str], Any] = _sent(send, doing)
        return found

    def graphql(self, document: str, variables: Mapping[str, Any], doing: str) -> Any:
        """Run a GraphQL query and return its `data`.

        Errors inside a 200 raise too: a part that is silently missing would look like
        a pull request without threads.
        """

        def send() -> Any:
            return _data(self._graphql(document, variables, doing), doing)

        return self._tried(send, doing, is_read=True)

    def mutate(
        self, document: str, variables: Mapping[str, Any], doing: str
    ) -> Mapping[str, Any]:
        """Run GraphQL mutations and return the answer, with the `errors` of some.

        What may have been done is not sent again. Raises GitHubError when none of
        them was carried out for a reason that concerns all.
        """

        def send() -> Any:
            answer = self._graphql(document, variables, doing)
            return answer if answer.get("data") else _data(answer, doing)

        found: Mapping[str, Any] = self._tried(send, doing, is_read=False)
        return found

    def _graphql(self, document: str, variables: Mapping[str, Any], doing: str) -> Any:
        answer = self._requester.requestJsonAndCheck(
            "POST",
            self.graphql_url,
            input=self._guard.data({"query": document, "variables": variables}, doing),
        )[1]
        return _read(answer, dict, doing)

    def _tried(self, send: _Send, doing: str, *, is_read: bool) -> Any:
        """Send, and send again where that can do no harm."""
        for attempt in range(1, self._tries + 1):
            try:
                return _sent(send, doing)
            except GitHubError as error:
                wait = error.wait
                if wait is None and is_read and error.is_uncertain:
                    wait = BACKOFF_SECONDS * 2 ** (attempt - 1)
                too_long = wait is None or wait > RATE_LIMIT_WAIT_SECONDS
                if error.wait is not None and not self._waits:
                    if too_long or not self._begins_again:
                        raise
                    raise LaterError(error.wait) from error
                if too_long or attempt == self._tries:
                    raise
                self._sleep(wait or 0)
        raise AssertionError("unreachable")


def _sent(send: _Send, doing: str) -> Any:
    try:
        return encodable_data(send())
    except GithubException as error:
        raise explained(doing, error) from error
    except RequestException as error:
        raise GitHubError(doing, 0, (_unanswered(error),)) from error
    except (ValueError, OverflowError, RecursionError) as error:
        # PyGithub on a body that begins like JSON and is none, or is nested without
        # end, and on limits that are no numbers.
        said = f"the answer is no JSON: {error}"[:200]
        raise GitHubError(doing, 0, (said,)) from error


def _unanswered(error: RequestException) -> str:
    if isinstance(error, ProxyError):
        return "the proxy did not let it through: check HTTPS_PROXY and NO_PROXY"
    if isinstance(error, SSLError):
        return UNTRUSTED
    return str(error) if isinstance(error, WireError) else type(error).__name__


def _json(answer: Any, doing: str) -> Any:
    # PyGithub wraps an answer that is no JSON: {"data": text}.
    if isinstance(answer, dict) and isinstance(answer.get("data"), str):
        start = answer["data"].strip()[:80]
        raise GitHubError(doing, 0, (f"the answer is no JSON: {start!r}",))
    return answer


def _read(answer: Any, kind: type, doing: str) -> Any:
    """What was asked for, which an answer in passing by others need not be."""
    found = _json(answer, doing)
    if not isinstance(found, kind):
        what = "nothing" if found is None else f"a {type(found).__name__}"
        raise GitHubError(doing, 0, (f"{what} came instead of a {kind.__name__}",))
    return found


def _data(answer: Any, doing: str) -> Any:
    """A GraphQL answer's data. A used-up rate or a broken service is worth a retry."""
    errors = answer.get("errors") or ()
    if not errors and answer.get("data") is not None:
        return answer["data"]
    kinds = {str(error.get("type") or "") for error in errors}
    messages = tuple(str(error.get("message") or "")[:300] for error in errors)
    if lacking := _lacking(errors):
        raise GitHubError(doing, 400, (lacking,))
    if "RATE_LIMITED" in kinds:
        raise GitHubError(doing, 200, messages, wait=float(RATE_LIMIT_WAIT_SECONDS) + 1)
    if "FORBIDDEN" in kinds:
        raise GitHubError(doing, 403, messages)
    if "NOT_FOUND" in kinds:
        raise GitHubError(doing, 404, messages)
    is_theirs = not kinds - {""} or any(
        "something went wrong" in m.lower() for m in messages
    )
    raise GitHubError(doing, 502 if is_theirs else 400, messages)


def _lacking(errors: Any) -> str:
    """What of the schema a server does not know, or "".

    An Enterprise Server has the schema of its release. Codes: graphql-ruby, whose
    static validation GitHub answers with.
    """
    for error in errors:
        code = str((error.get("extensions") or {}).get("code") or "")
        if code.startswith("undefined") or code == "argumentNotAccepted":
            said = str(error.get("message") or "")[:200]
            return (
                f"its GraphQL API lacks what this program needs ({said}): an "
                "Enterprise Server has to be updated first"
            )
    return ""


def _refusal(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return {"message": body.strip()[:200]}
