"""A pull request in memory: a source, a publisher and a reviewer without servers."""

import difflib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from architect_review import pipeline
from architect_review.change.change import Change, Conversation, Remark, Thread
from architect_review.change.diff import parse
from architect_review.change.snapshot import Entry, EntryKind
from architect_review.evidence.lookups import Look
from architect_review.ports import Tools
from architect_review.prompt.answer import ANSWER
from architect_review.prompt.request import ModelRequest
from architect_review.publication.publication import Publication
from architect_review.publication.receipt import Receipt
from architect_review.report.report import Report
from architect_review.request.events import PullRequestReview, Trigger
from architect_review.review.ledger import MARKER
from architect_review.review.reply import Reply, Usage

REQUEST = PullRequestReview("o/r", 7, Trigger.AUTOMATIC)


class Silent:
    """Shows no progress."""

    def step(self, text: str) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Files:
    """The files of one commit."""

    of: Mapping[str, str]

    def entries(self) -> Mapping[str, Entry]:
        return {
            path: Entry(EntryKind.FILE, len(text)) for path, text in self.of.items()
        }

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        return ((path, self.of[path]) for path in paths if path in self.of)


@dataclass
class Pull:
    """One pull request and what is said on it; an answer is a function of a request."""

    base: Mapping[str, str]
    answer: Callable[[str], Mapping[str, Any]]
    head: Mapping[str, str] = field(default_factory=dict)
    comments: list[Remark] = field(default_factory=list)
    reviews: list[Remark] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)
    pushes: int = 0
    said: int = 100
    asked: int = 0

    def push(self, files: Mapping[str, str]) -> None:
        """Replace the head by a new commit of these files."""
        self.head = files
        self.pushes += 1

    def run(self, **inputs: str) -> Report:
        """One run of the pipeline for the head as it is."""
        tools = Tools(
            source=self,
            reviewer=lambda settings: self,
            publishers=(self,),
            recorders=(),
            progress=Silent(),
            elapsed=lambda: 0,
        )
        given = {name.replace("_", "-"): text for name, text in inputs.items()}
        return pipeline.run(REQUEST, {"anthropic-api-key": "k", **given}, {}, tools)

    @property
    def sha(self) -> str:
        return f"{self.pushes:040x}"

    @property
    def summaries(self) -> list[Remark]:
        """Our summary comments."""
        return [
            each
            for each in self.comments
            if each.is_ours and each.body.startswith(MARKER)
        ]

    def comment(self, author: str, body: str, *, is_heeded: bool = False) -> None:
        """Let a person say something."""
        self.comments.append(self._remark(body, author, is_heeded=is_heeded))

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        return Change(
            repository="o/r",
            number=7,
            title="Change",
            description="",
            author="ada",
            base_ref="main",
            base_sha="f" * 40,
            head_ref="topic",
            head_sha=self.sha,
            diff=parse("".join(map(self._diff, sorted({*self.base, *self.head})))),
            conversation=Conversation(
                "us", tuple(self.comments), tuple(self.reviews), tuple(self.threads)
            ),
        )

    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]:
        return dict(self.snapshot(sha).texts(paths))

    def snapshot(self, sha: str) -> Files:
        return Files(self.head if sha == self.sha else self.base)

    def role(self, login: str) -> str:
        return "write"

    def review(
        self, requests: Sequence[ModelRequest[Any]], look: Look
    ) -> Sequence[Reply[Any]]:
        self.asked += len(requests)
        return [
            Reply(
                each.paths,
                each.expected.model.model_validate(
                    self.answer(each.part)
                    if each.expected is ANSWER
                    else _confirmed(each)
                ),
                None,
                Usage(calls=1),
                each.model,
            )
            for each in requests
        ]

    def publish(self, publication: Publication, receipt: Receipt) -> Receipt:
        for each in publication.inline:
            anchor = each.anchor
            self._open(anchor.path, anchor.end, each.body)
        for filed in publication.filed:
            self._open(filed.path, None, filed.body)
        if publication.inline:
            self.reviews.append(self._remark(publication.review_body))
        for reply in publication.threads:
            at, thread = next(
                (at, each)
                for at, each in enumerate(self.threads)
                if each.node == reply.thread
            )
            resolved = thread.is_resolved if reply.resolve is None else reply.resolve
            remarks = (*thread.remarks, self._remark(reply.body))
            self.threads[at] = replace(thread, is_resolved=resolved, remarks=remarks)
        body = publication.summary(receipt)
        for at, known in enumerate(self.comments):
            if known in self.summaries:
                self.comments[at] = replace(known, body=body)
                return receipt
        self.comments.append(self._remark(body))
        return receipt

    def _open(self, path: str, line: int | None, body: str) -> None:
        remark = self._remark(body)
        self.threads.append(
            Thread(path, line, False, (remark,), f"T{remark.id}", True, True)
        )

    def _remark(
        self, body: str, author: str = "us", *, is_heeded: bool = False
    ) -> Remark:
        self.said += 1
        is_ours = author == "us"
        return Remark(str(self.said), body, author, is_ours, is_heeded=is_heeded)

    def _diff(self, path: str) -> str:
        before, after = (
            side[path].splitlines(keepends=True) if path in side else []
            for side in (self.base, self.head)
        )
        hunks = "".join(difflib.unified_diff(before, after, f"a/{path}", f"b/{path}"))
        return f"diff --git a/{path} b/{path}\n{hunks}" if hunks else ""


def _confirmed(request: ModelRequest[Any]) -> Mapping[str, Any]:
    """A sceptic who has nothing against any candidate."""
    return {
        "verdicts": [
            {
                "number": candidate["number"],
                "why": "It is so.",
                "path": "",
                "quote": "",
                "same_as": 0,
                "verdict": "confirmed",
                "severity": "high",
            }
            for candidate in map(json.loads, request.candidates)
        ]
    }
