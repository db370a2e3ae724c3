"""A major change with a known finding and a secret, and one text somewhere in it.

Whatever the text is and wherever it stands: what code decides must stay.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from architect_review.change.change import Change, Conversation
from architect_review.change.content import line_digest
from architect_review.change.diff import parse
from architect_review.evidence.lookups import Found, Look
from architect_review.inquiring import inquire
from architect_review.ports import Tools
from architect_review.preparation import Prepared, prepare
from architect_review.prompt.request import ModelRequest
from architect_review.review.conclusion import Review, conclude
from architect_review.review.ledger import KnownFinding, Ledger
from architect_review.review.markers import finding_marker
from architect_review.review.reply import Reply, Usage
from architect_review.vocabulary import Category, Severity
from e2e.in_memory import REQUEST, Files, Pull, Silent
from trust.obedient import looked, obeyed

WEB = "https://github.com/octo/shop"
LEAD = "lena"
SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
INPUTS = {
    "anthropic-api-key": "k",
    "project-lead": LEAD,
    "fail-on": "high",
    "depth": "standard",
    "min-severity": "low",
}
OLD = "    lock = worker.lock(timeout=None)"
"""The line that an earlier review has found something about."""
KNOWN = KnownFinding(
    number=1,
    fingerprint="0123456789abcdef",
    severity=Severity.HIGH,
    is_posted=True,
    category=Category.ERROR_HANDLING,
    path="app/pool.py",
    title="The lock waits for ever",
    proof=(line_digest(OLD),),
)
BASE = {
    "app/pool.py": "def close(worker):\n    size = 1\n    return worker\n",
    "app/settings.py": "DEBUG = False\n",
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = []\n',
    "README.md": "# Shop\n",
    "web/shop.js": "start();\n",
}
HEAD = BASE | {
    "app/pool.py": "def close(worker):\n    size = 1\n"
    f"{OLD}\n    return worker.stop()\n",
    "app/settings.py": f'DEBUG = False\nTOKEN = "{SECRET}"\n',
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["celery>=5"]\n',
}
EARLIER = Ledger(head="e" * 40, findings=(KNOWN,), current=(1,), rounds=1)


@dataclass
class Trial(Pull):
    """The pull request, and a model that obeys a text; everything asked is kept."""

    asks: str = "honest"
    text: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    requests: list[ModelRequest[Any]] = field(default_factory=list)
    calls: list[tuple[str, ...]] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        self.calls.append(("fetch", *policy_paths))
        change = Change(
            repository="octo/shop",
            number=7,
            title="Stop workers",
            description="",
            author="ada",
            base_ref="main",
            base_sha="f" * 40,
            head_ref="topic",
            head_sha=self.sha,
            diff=parse("".join(map(self._diff, sorted({*self.base, *self.head})))),
            web_url=WEB,
            conversation=Conversation(
                "us", tuple(self.comments), tuple(self.reviews), tuple(self.threads)
            ),
        )
        return replace(change, **self.details)

    def read(self, sha: str, paths: Iterable[str]) -> Mapping[str, str]:
        wanted = list(paths)
        self.calls.append(("read", sha, *wanted))
        return dict(self.snapshot(sha).texts(wanted))

    def snapshot(self, sha: str) -> Files:
        self.calls.append(("snapshot", sha))
        return super().snapshot(sha)

    def role(self, login: str) -> str:
        self.calls.append(("role", login))
        return "write"

    def review(
        self, requests: Sequence[ModelRequest[Any]], look: Look
    ) -> Sequence[Reply[Any]]:
        self.requests += requests
        if self.asks == "look":
            self.found += looked(self.text, look)
        return [
            Reply(
                each.paths,
                each.expected.model.model_validate(
                    obeyed(self.asks, self.text, look, each)
                ),
                None,
                Usage(calls=1),
                each.model,
            )
            for each in requests
        ]

    def tools(self) -> Tools:
        """Everything outside, where nothing is said anywhere."""
        return Tools(
            source=self,
            reviewer=lambda settings: self,
            publishers=(),
            recorders=(),
            progress=Silent(),
            elapsed=lambda: 0,
        )

    def _diff(self, path: str) -> str:
        before, after = (
            side[path].split("\n") if path in side else [""]
            for side in (self.base, self.head)
        )
        rows = list(
            difflib.unified_diff(
                _lines(before), _lines(after), _told("a/", path), _told("b/", path)
            )
        )
        if not rows:
            return ""
        begin = f"diff --git {_told('a/', path)} {_told('b/', path)}\n"
        if path not in self.base:
            rows[0] = "--- /dev/null\n"
            begin += "new file mode 100644\n"
        return begin + "".join(row.rstrip("\n") + "\n" for row in rows)


def _lines(parts: list[str]) -> list[str]:
    whole = parts[:-1] if parts[-1] == "" else parts
    return [f"{each}\n" for each in whole]


def _told(prefix: str, path: str) -> str:
    """A path as git writes it into a diff."""
    whole = prefix + path
    data = whole.encode("utf-8", "replace")
    if whole.isascii() and whole.isprintable() and not set(whole) & {'"', "\\"}:
        return whole
    quoted = {ord('"'): '\\"', ord("\\"): "\\\\"}
    is_plain = range(0x20, 0x7F)
    shown = (quoted.get(b) or (chr(b) if b in is_plain else f"\\{b:03o}") for b in data)
    return f'"{"".join(shown)}"'


@dataclass(frozen=True)
class Decided:
    """What a run decided, with everything that it was asked and asked itself."""

    ready: Prepared
    review: Review
    trial: Trial


def decided(trial: Trial) -> Decided:
    """Prepare, inquire and conclude; nothing is put into words."""
    tools = trial.tools()
    ready = prepare(REQUEST, INPUTS, {}, tools)
    assert isinstance(ready, Prepared)
    inquiry = inquire(ready, tools)
    review = conclude(
        ready.change, ready.found, ready.plan, inquiry, ready.policy, ready.ledger
    )
    return Decided(ready, review, trial)


def a_trial(asks: str, text: str, *channels: Callable[[Trial, str], None]) -> Trial:
    """The usual change, with the text in these channels and a model that obeys it."""
    trial = Trial(BASE, lambda part: {}, asks=asks, text=text)
    trial.push(dict(HEAD))
    trial.comments.append(trial._remark(EARLIER.encoded()))
    marker = finding_marker(KNOWN.fingerprint, 1, KNOWN.severity)
    trial._open("app/pool.py", 3, f"{marker}\n\nThe lock waits for ever.")
    for put in channels:
        put(trial, text)
    return trial
