"""Files made to exhaust a parser: the review ends, in time, with a named result."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from architect_review.adapters.actions import Runner
from architect_review.change.change import Change
from architect_review.change.diff import parse
from architect_review.errors import SettingsError
from architect_review.request.events import Ignored
from architect_review.request.events import parse as asked
from architect_review.request.settings import Settings
from architect_review.vocabulary import Status
from e2e.in_memory import Pull
from e2e.scene import an_answer

LAUGHS = "\n".join(
    ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    + [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 30)]
)
DEEP = 30_000
LINE = 5_000_000
"""Characters; 50 million were seen to take 17 s and 510 MB, in the same ways."""
SECONDS = 60
"""For one of them; each takes far less."""
BOMBS: dict[str, dict[str, str]] = {
    "aliases of aliases": {
        "docker-compose.yml": f"{LAUGHS}\nservices: *a29\n",
        ".github/workflows/ci.yml": f"{LAUGHS}\non: push\njobs: *a29\n",
        "openapi.yaml": f"openapi: 3.1.0\n{LAUGHS}\npaths: *a29\n",
        "k8s/app.yaml": f"kind: Deployment\n{LAUGHS}\nspec: *a29\n",
    },
    "an alias of itself": {
        "docker-compose.yml": "services: &a\n  web: *a\n",
        ".github/workflows/ci.yml": "jobs: &a\n  one: *a\n",
        "openapi.yaml": "openapi: 3.1.0\npaths: &a\n  /x: *a\n",
    },
    "merges of merges": {
        "docker-compose.yml": "x0: &x0 {a: 1}\n"
        + "".join(f"x{n}: &x{n} {{<<: [{', '.join([f'*x{n - 1}'] * 9)}]}}\n"
                  for n in range(1, 30))
        + "services: {web: {<<: *x29}}\n",
    },
    "as deep as it is long": {
        "package.json": '{"dependencies":' * DEEP,
        "openapi.json": '{"openapi": "3.1.0", "paths": ' + "[" * DEEP,
        "docker-compose.yml": "services: " + "[" * DEEP,
        "pyproject.toml": "[project]\ndependencies = " + "[" * DEEP,
        "main.tf": 'resource "a" "b" ' + "{" * DEEP,
        "app.py": "x = " + "(" * DEEP,
        "app2.py": "x = " + "-" * DEEP + "1",
        "app3.py": "x = " + "a." * DEEP + "b",
        "app4.py": "x = 1" + " + 1" * DEEP,
        "schema.sql": "SELECT " + "(" * DEEP,
        "migrations/0001.sql": "DROP TABLE " + "(" * DEEP + ";",
    },
    "patterns that go back": {
        "README.md": "[" * DEEP + "\n" + "*" * DEEP + "\n" + "a" * DEEP + "!",
        "docs/adr/0001-x.md": "#" + " " * DEEP + "\n" + "Status:" + " " * DEEP + "x",
        "requirements.txt": "a" + "-" * DEEP + "!\n" + "a[" + "," * DEEP + "\n",
        "Dockerfile": "FROM " + "a/" * DEEP + "\n" + "RUN a \\\n" * (DEEP // 10),
        "schema.sql": "ALTER TABLE " + "a." * DEEP + "\n" + "-- " * DEEP + "/*" * DEEP,
        "app.py": '"""' + "\\" * DEEP + "\nimport " + "a." * DEEP + "b\n",
        "keys.env": "password=" + "A" * DEEP + "\n" + "-----BEGIN " * (DEEP // 10),
        "urls.txt": "https://" + "a:" * DEEP + "@\n" + "eyJ" + "a." * DEEP,
    },
    "one long line": {"data.txt": "x" * LINE, "app.py": "x = '" + "y" * LINE},
    "numbers without end": {
        "app.py": f"LIMIT = {'9' * DEEP}\nTIMEOUT = 1e{'9' * 5000}\n",
        "package.json": '{"version": ' + "9" * DEEP + "}",
        "docker-compose.yml": f"services: {{web: {{cpus: {'9' * DEEP}}}}}\n",
        "pyproject.toml": f"[project]\nversion = {'9' * DEEP}\n",
    },
}  # fmt: skip


def reviewed(base: Mapping[str, str], head: Mapping[str, str]) -> tuple[Pull, float]:
    pull = Pull(base, lambda part: an_answer())
    pull.push({**base, **{path: f"{text}\n" for path, text in head.items()}})
    begun = time.monotonic()
    # Without a model: what parses files does not need one.
    report = pull.run(anthropic_api_key="")
    assert report.status in (Status.REVIEWED, Status.PARTIAL, Status.SIGNALS_ONLY)
    return pull, time.monotonic() - begun


@pytest.mark.parametrize("name", BOMBS)
def test_a_change_that_would_exhaust_a_parser_is_reviewed(name: str) -> None:
    base = dict.fromkeys(BOMBS[name], "old: 1\n")

    _, seconds = reviewed(base, BOMBS[name])

    assert seconds < SECONDS


class Renamed(Pull):
    """A pull request that moves files and changes nothing in them."""

    def fetch(self, policy_paths: Sequence[str]) -> Change:
        sections = (
            f"diff --git a/a/{at}.py b/b/{at}.py\nsimilarity index 100%\n"
            f"rename from a/{at}.py\nrename to b/{at}.py\n"
            for at in range(10_000)
        )
        return replace(super().fetch(policy_paths), diff=parse("".join(sections)))


def test_ten_thousand_files_that_move_are_reviewed() -> None:
    begun = time.monotonic()

    report = Renamed({}, lambda part: an_answer()).run(anthropic_api_key="")

    assert report.status in (Status.REVIEWED, Status.PARTIAL, Status.SIGNALS_ONLY)
    assert time.monotonic() - begun < SECONDS


EVENTS = {
    "lists as deep as they are long": "[" * 1_000_000,
    "objects as deep as they are long": '{"a":' * 500_000,
    "25 MB of text": json.dumps({"pull_request": {"body": "x" * 25_000_000}}),
    "a list of a million": "[" + "{}," * 1_000_000 + "{}]",
    "a number without end": '{"number":' + "9" * 100_000 + "}",
    "half of it": '{"action": "opened", "numb',
}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_that_would_exhaust_the_parser_is_refused(
    name: str, tmp_path: Path
) -> None:
    (path := tmp_path / "event.json").write_text(EVENTS[name], encoding="utf-8")
    runner = Runner.from_environ(
        {
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(path),
            "RUNNER_TEMP": str(tmp_path),
        }
    )
    if "MB" in name or "million" in name:
        found = asked("pull_request", runner.event(), Settings.of({}))
        assert isinstance(found, Ignored)
    else:
        with pytest.raises(SettingsError, match="cannot be read"):
            runner.event()
