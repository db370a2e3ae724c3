"""A repository, a pull request on it, and the installed action between two servers."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from e2e.forked import Forked
from oracles.runner import Command, parse_command, parse_env_file
from standin.github import GitHub
from standin.model import Model
from standin.repository import Repository

COMMAND = Path(sys.executable).parent / "architect-review"
KEY = "sk-ant-planted-key-0123456789"
TOKEN = "ghs_plantedtoken0123456789abcdefghijklm"

BASE: dict[str, str | bytes] = {
    "pyproject.toml": """\
[project]
name = "shop"
version = "1"
dependencies = ["flask>=3"]
""",
    "shop/__init__.py": "",
    "shop/orders.py": '''\
"""Orders and what becomes of them."""

MAX_RETRIES = 3


def place(order, database):
    """Store an order and say its number."""
    for attempt in range(MAX_RETRIES):
        try:
            return database.insert("orders", order)
        except TimeoutError:
            continue
    raise RuntimeError("the database is down")


def cancel(number, database):
    """Forget an order."""
    database.delete("orders", number)
''',
    "docs/orders.md": "# Orders\n",
    "logo.png": b"\x89PNG\0\1",
}
HEAD: dict[str, str | bytes] = {
    "pyproject.toml": str(BASE["pyproject.toml"]).replace(
        '["flask>=3"]', '["flask>=3", "redis>=5"]'
    ),
    "shop/orders.py": '''\
"""Orders and what becomes of them."""

MAX_RETRIES = 10


def place(order, database, queue):
    """Store an order and say its number."""
    for attempt in range(MAX_RETRIES):
        try:
            number = database.insert("orders", order)
            queue.publish("orders", number)
            return number
        except TimeoutError:
            continue
    return None
''',
    "migrations/versions/0002_drop_notes.py": '''\
"""Drop the notes of orders."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.drop_column("orders", "notes")


def downgrade():
    pass
''',
    "logo.png": b"\x89PNG\0\2",
    'docs/naïve "orders".md': "# Über\n",
}


def a_finding(**details: Any) -> dict[str, Any]:
    """What a model might find in the change."""
    return {
        "path": "shop/orders.py",
        "quote": '            queue.publish("orders", number)',
        "line": 11,
        "absent": "",
        "title": "A retried insert publishes the order twice",
        "problem": "The publish stands inside the retried block.",
        "scenario": "A timeout after the insert stores and publishes the order again.",
        "recommendation": "Publish after the loop, once.",
        "suggestion": "",
        "example": "",
        "category": "error-handling",
        "severity": "high",
        "confidence": "high",
        **details,
    }


def an_answer(*findings: dict[str, Any], **details: Any) -> dict[str, Any]:
    """A whole answer of the model."""
    return {
        "findings": list(findings),
        "overview": "",
        "components": "",
        "technology": "",
        "roadmap": "",
        "risks": "",
        "operations": "",
        "questions": [],
        "change_size": "minor",
        "major_reasons": [],
        **details,
    }


class Started(Protocol):
    """A run that is under way."""

    @property
    def returncode(self) -> int:
        """Its exit status, once it has ended."""
        ...

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        ...

    def communicate(self, *, timeout: float) -> tuple[str, str]:
        """Wait for its end and return what it printed."""
        ...


@dataclass
class Run:
    """How one start of the action ended."""

    code: int
    log: str
    outputs: dict[str, str]
    step_summary: str
    report: dict[str, Any]

    @property
    def commands(self) -> list[Command]:
        """What the runner would have acted on in the log."""
        return [
            found for line in self.log.split("\n") if (found := parse_command(line))
        ]


@dataclass
class Scene:
    """A bare repository with a pull request, and everything a run needs."""

    folder: Path
    github: GitHub
    model: Model
    repository: Repository
    environ: dict[str, str] = field(default_factory=dict)
    runs: int = 0
    is_installed: bool = False
    """Start the installed command itself instead of a fork of it."""

    def act(self, event: str, payload: Mapping[str, Any], **options: Any) -> Run:
        """Start the action with an event, as the runner does, and wait for its end."""
        process = self.start(event, payload, **options)
        log, _ = process.communicate(timeout=60)
        return replace(self.last, code=process.returncode, log=log)

    def start(
        self,
        event: str,
        payload: Mapping[str, Any],
        key: str = KEY,
        workspace: Path | None = None,
        **inputs: str,
    ) -> Started:
        """Start the action and let it run."""
        self.runs += 1
        home = self.home
        temp = home / "temp"
        temp.mkdir(parents=True)
        (home / "event.json").write_text(json.dumps(payload), encoding="utf-8")
        (home / "output").touch()
        (home / "summary").touch()
        given = {
            "github-token": self.github.token,
            "anthropic-api-key": key,
            "anthropic-base-url": self.model.url if key else "",
            # One pass: what several do is played in test_depth.
            "depth": "standard",
            **{name.replace("_", "-"): value for name, value in inputs.items()},
        }
        environ = {
            "PATH": os.environ["PATH"],
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(home / "event.json"),
            "GITHUB_API_URL": self.github.api_url,
            "GITHUB_SERVER_URL": self.github.url,
            "GITHUB_OUTPUT": str(home / "output"),
            "GITHUB_STEP_SUMMARY": str(home / "summary"),
            "RUNNER_TEMP": str(temp),
            **{f"INPUT_{name.upper()}": value for name, value in given.items()},
            **self.environ,
        }
        if not self.is_installed:
            return Forked(environ, workspace or home, self.folder / f"log-{self.runs}")
        return subprocess.Popen(
            [COMMAND, "action"],
            env=environ,
            cwd=workspace or home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def home(self) -> Path:
        """The folder of the run that was started last."""
        return self.folder / f"run-{self.runs}"

    @property
    def last(self) -> Run:
        """What the run that was started last has left behind so far."""
        report = self.home / "temp" / "architect-review" / "report.json"
        return Run(
            0,
            "",
            dict(parse_env_file((self.home / "output").read_text(encoding="utf-8"))),
            (self.home / "summary").read_text(encoding="utf-8"),
            json.loads(report.read_text(encoding="utf-8")) if report.exists() else {},
        )

    def configure(self, text: str) -> None:
        """Commit a configuration file to the base branch."""
        self.add_to_main({".github/architect-review.yml": text})

    def add_to_main(self, files: dict[str, str | bytes | None]) -> None:
        """Commit files to the base branch, beside an open pull request."""
        base = self.github.state.pulls[7].base_sha
        newer = self.repository.commit(files, "Settings", parents=[base])
        self.repository.branch("main", newer)

    def open(self, number: int = 7, **details: Any) -> str:
        """Open the pull request and return its head."""
        base = self.repository.commit({**BASE, **details.pop("base", {})}, "Shop")
        self.repository.branch("main", base)
        head = self.repository.commit(
            {**HEAD, **details.pop("files", {})}, "Publish orders", parents=[base]
        )
        self.github.pull(number, head_sha=head, title="Tidy up orders", **details)
        return head
