"""The Message Batches API: entries that wait, end one by one, and are fetched as JSONL.

Source: Anthropic's API reference and "Batch processing", read in November 2026. What is
simulated: the ids have to fit, the parameters of an entry are checked when its turn
comes, as an error of that entry; a batch belongs to the key that made it.
"""

import itertools
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from standin import messages_rules
from standin.messages import Behaviour, Recorded, recorded
from standin.messages_stream import error

if TYPE_CHECKING:
    from standin.model import Model

PATH = "/v1/messages/batches"
_CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_MOST_REQUESTS = 100_000
_MOST_BYTES = 256_000_000
_DAY = {"created_at": "2026-11-22T10:00:00Z", "expires_at": "2026-11-23T10:00:00Z"}


@dataclass(frozen=True)
class Fate:
    """What becomes of an entry: a type of result, or `missing` for none at all.

    `behaviour` is how a `succeeded` one is answered, `error` the type and message of an
    `errored` one. `is_early`: answered before a batch can be canceled.
    """

    how: str = "succeeded"
    behaviour: Behaviour = field(default_factory=Behaviour)
    error: tuple[str, str] = ("api_error", "scripted")
    is_early: bool = False


@dataclass(frozen=True)
class Sent:
    """An answer over HTTP. `drop`: only half of it, or with 0 bytes nothing."""

    status: int
    body: bytes
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False

    def dropped(self) -> bytes:
        """The beginning of an answer whose end never comes."""
        if not self.body:
            return b""
        head = f"HTTP/1.1 200 OK\r\ncontent-type: {self.kind}\r\n"
        head += f"content-length: {len(self.body)}\r\n\r\n"
        return head.encode() + self.body[: len(self.body) // 2]


@dataclass
class Batch:
    """One batch. `looks` counts how often somebody asked whether it has ended."""

    id: str
    keys: set[str]
    entries: dict[str, Recorded]
    problems: Mapping[str, str]
    status: str = "in_progress"
    looks: int = 0
    is_canceled: bool = False
    archived_at: str | None = None
    lines: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


class Batches:
    """Those of one stand-in, for all who ask it."""

    def __init__(self, model: "Model") -> None:
        self.all: dict[str, Batch] = {}
        self.fate: Callable[[str], Fate] = lambda custom_id: Fate()
        """What becomes of an entry, by its name."""
        self.looks: int | None = 1
        """A batch has ended at that look; with None once `end` was called."""
        self.more: list[str] = []
        """Lines that are added to the results as they are."""
        self.are_known = True
        """Without them the endpoint answers as one that has no such path."""
        self.results_at = ""
        """Where results are said to be, in place of this server."""
        self.calls: list[str] = []
        """Every request, as `GET /v1/messages/batches/…`."""
        self._model = model
        self._queue: deque[Behaviour] = deque()
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()

    @property
    def requests(self) -> list[Recorded]:
        """The parameters of every entry, in the order in which they came."""
        return [each for batch in self.all.values() for each in batch.entries.values()]

    def next(self, **behaviour: Any) -> None:
        """Meet the next request with `status`, `drop_before`, `drop_after` or `html`.

        `drop_after` leaves an answer half sent.
        """
        self._queue.append(Behaviour(**behaviour))

    def end(self, batch: str) -> None:
        """End a batch now."""
        with self._lock:
            self._end(self.all[batch])

    def answer(
        self, method: str, path: str, headers: Mapping[str, str], raw: bytes
    ) -> Sent:
        """Answer one request below `/v1/messages/batches`."""
        lower = {name.lower(): value for name, value in headers.items()}
        with self._lock:
            self.calls.append(f"{method} {path}")
            script = self._queue.popleft() if self._queue else Behaviour()
            if script.drop_before:
                return Sent(200, b"", drop=True)
            if script.html:
                return Sent(200, b"<html>Sign in</html>", "text/html; charset=utf-8")
            if script.status != 200:
                body = error(script.status, script.message, script)
                return Sent(script.status, _json(body), headers=script.headers)
            found = self._answer(method, path, lower, raw)
            if script.drop_after is None:
                return found
            return Sent(200, found.body, found.kind, drop=True)

    def _answer(
        self, method: str, path: str, headers: Mapping[str, str], raw: bytes
    ) -> Sent:
        if not self.are_known:
            return Sent(404, _json({"detail": "Not Found"}))
        if not self._model.lets_in(headers):
            return _refused(401, "invalid authentication credentials")
        if "anthropic-version" not in headers:
            self._model.complain(["anthropic-version: header is required"])
            return _refused(400, "anthropic-version: header is required")
        name, _, rest = path.removeprefix(PATH).removeprefix("/").partition("/")
        if (method, name) == ("POST", ""):
            return self._create(headers, raw)
        batch = self.all.get(name)
        if batch is None or not batch.keys & keys(headers):
            return _refused(404, f"Could not find message batch {name}")
        match method, rest:
            case "GET", "":
                return self._look(batch)
            case "GET", "results":
                return self._results(batch)
            case "POST", "cancel":
                return self._cancel(batch)
        return _refused(404, "Not found")

    def _create(self, headers: Mapping[str, str], raw: bytes) -> Sent:
        if len(raw) > _MOST_BYTES:
            return _refused(413, "Request exceeds the maximum allowed number of bytes.")
        body = json.loads(raw)
        if found := list(_problems(body)):
            self._model.complain(found)
            return _refused(400, found[0])
        entries = {
            each["custom_id"]: recorded("/v1/messages", headers, each["params"])
            for each in body["requests"]
        }
        problems = {}
        for name, request in entries.items():
            if found := messages_rules.problems(request.body):
                self._model.complain(found)
                problems[name] = found[0]
        batch = Batch(
            f"msgbatch_standin{next(self._numbers)}", keys(headers), entries, problems
        )
        self.all[batch.id] = batch
        return self._shown(batch)

    def _look(self, batch: Batch) -> Sent:
        batch.looks += 1
        is_due = self.looks is not None and batch.looks >= self.looks
        if batch.status != "ended" and (is_due or batch.is_canceled):
            self._end(batch)
        return self._shown(batch)

    def _results(self, batch: Batch) -> Sent:
        if batch.status != "ended":
            return _refused(400, f"The batch {batch.id} has no results yet")
        if batch.archived_at is not None:
            return _refused(404, f"The results of {batch.id} are no longer available")
        text = "".join(f"{line}\n" for line in (*batch.lines, *self.more))
        return Sent(200, text.encode(), "application/x-jsonl")

    def _cancel(self, batch: Batch) -> Sent:
        if batch.status == "ended":
            return _refused(400, f"The batch {batch.id} has ended already")
        batch.status, batch.is_canceled = "canceling", True
        return self._shown(batch)

    def _end(self, batch: Batch) -> None:
        results = {
            name: result
            for name, request in batch.entries.items()
            if (result := self._result(batch, name, request)) is not None
        }
        for result in results.values():
            batch.counts[result["type"]] = batch.counts.get(result["type"], 0) + 1
        # In no order that anybody could rely on.
        batch.lines = [
            json.dumps({"custom_id": name, "result": results[name]})
            for name in reversed(results)
        ]
        batch.status = "ended"

    def _result(
        self, batch: Batch, name: str, request: Recorded
    ) -> dict[str, Any] | None:
        fate = self.fate(name)
        if batch.is_canceled and fate.how == "succeeded" and not fate.is_early:
            return {"type": "canceled"}
        if fate.how == "missing":
            return None
        if (problem := batch.problems.get(name)) is not None:
            return _errored("invalid_request_error", problem)
        if fate.how == "errored":
            return _errored(*fate.error)
        if fate.how != "succeeded":
            return {"type": fate.how}
        whole = self._model.reply(request, fate.behaviour)
        if whole is None:
            return _errored("api_error", "The script is wrong: see the test's failure.")
        self._model.cache.remember(request.body)
        return {"type": "succeeded", "message": whole}

    def _shown(self, batch: Batch) -> Sent:
        has_ended = batch.status == "ended"
        kinds = ("succeeded", "errored", "canceled", "expired")
        counts = {kind: batch.counts.get(kind, 0) for kind in kinds}
        counts["processing"] = 0 if has_ended else len(batch.entries)
        base = self.results_at or self._model.url
        shown = {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": batch.status,
            "request_counts": counts,
            "ended_at": _DAY["created_at"] if has_ended else None,
            "cancel_initiated_at": _DAY["created_at"] if batch.is_canceled else None,
            "archived_at": batch.archived_at,
            "results_url": f"{base}{PATH}/{batch.id}/results" if has_ended else None,
            **_DAY,
        }
        return Sent(200, _json(shown))


def keys(headers: Mapping[str, str]) -> set[str]:
    """The key that a request shows, in either of its places."""
    bearer = headers.get("authorization", "").removeprefix("Bearer ")
    return {bearer, headers.get("x-api-key", "")} - {""}


def _problems(body: Any) -> Iterator[str]:
    """Why a batch is not taken at all."""
    requests = body.get("requests") if isinstance(body, Mapping) else None
    if not isinstance(requests, list) or not requests:
        yield "requests: Field required"
        return
    for key in sorted(set(body) - {"requests"}):
        yield f"{key}: Extra inputs are not permitted"
    if len(requests) > _MOST_REQUESTS:
        yield f"requests: at most {_MOST_REQUESTS} items are allowed"
    seen: set[str] = set()
    for index, each in enumerate(requests):
        where = f"requests.{index}"
        if set(each) != {"custom_id", "params"}:
            yield f"{where}: takes custom_id and params"
            continue
        custom_id, params = each["custom_id"], each["params"]
        if not isinstance(custom_id, str) or not _CUSTOM_ID.fullmatch(custom_id):
            yield f"{where}.custom_id: String should match '^{_CUSTOM_ID.pattern}$'"
        elif custom_id in seen:
            yield f"{where}.custom_id: must be unique: {custom_id}"
        else:
            seen.add(custom_id)
        for name in sorted({"stream", "speed"} & set(params)):
            yield f"{where}.params.{name}: is not supported in batches"


def _errored(kind: str, text: str) -> dict[str, Any]:
    detail = {"type": kind, "message": text}
    response = {"type": "error", "error": detail, "request_id": "req_standin"}
    return {"type": "errored", "error": response}


def _refused(status: int, text: str) -> Sent:
    return Sent(status, _json(error(status, text, None)))


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
