"""A change of two million tokens, from git to the model and back."""

import json
import os
import random
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from e2e.scene import COMMAND, KEY, a_finding, an_answer
from standin.messages import Answer, Recorded
from standin.messages_cache import prefixes
from standin.model import Model
from standin.repository import Repository, git

FILES = 300
WINDOW = 1_000_000
"""Tokens that the model takes, by the price table."""
BYTES = 3
"""Of a token, as the stand-in counts and as is likely of code."""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """300 changed files: code, tests, configuration, a lock file, a generated one."""
    repository = Repository(tmp_path_factory.mktemp("large"))
    random_ = random.Random(7)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for number in range(FILES):
        folder = f"app/area{number % 35}"
        path = [f"{folder}/m{number}.py", f"{folder}/tests/test_m{number}.py",
                f"conf/c{number}.yml"][number % 3]  # fmt: skip
        rows = [f"    row_{at} = compute({random_.random()})" for at in range(160)]
        head = "x:\n" if path.endswith(".yml") else "def work(value):\n"
        before[path] = head + "\n".join(rows) + "\n"
        changed = [
            f"{row} + other_{random_.randrange(10**12)}(value, {random_.random()})"
            if at % 16 < 12
            else row
            for at, row in enumerate(rows)
        ]
        after[path] = head + "\n".join(changed) + "\n"
    after["poetry.lock"] = "x = 1\n" * 3_000
    after["app/big_pb2.py"] = "y = 1\n" * 3_000
    base = repository.commit(before, "Before")
    repository.branch("main", base)
    head = repository.commit(after, "After", parents=[base])
    repository.branch("topic", head)
    return repository


def answer(request: Recorded) -> Answer:
    """A finding in every part, on a line that it holds."""
    quote = re.search(r"\+(    row_5 = .*?)\"", request.prompt)
    path = re.search(r'"path": "(app/area\d+/m\d+\.py)"', request.prompt)
    if quote is None or path is None:
        return an_answer()
    return an_answer(a_finding(path=path[1], quote=quote[1], line=0, severity="low"))


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(answer, key=KEY) as running:
        yield running
        assert running.problems == []


def reviewed(repository: Repository, model: Model, cap: float, depth: str) -> Any:
    """The report of a local review with a configuration of its own."""
    config = repository.git_dir.parent / "settings.yml"
    config.write_text(f"max-cost-usd: {cap}\ndepth: {depth}\n", encoding="utf-8")
    done = subprocess.run(
        [COMMAND, "review", "--repo", repository.git_dir, "--base", "main",
         "--head", "topic", "--format", "json", "--config", config],
        capture_output=True, text=True, timeout=300, check=False,
        env={"PATH": os.environ["PATH"], "ANTHROPIC_API_KEY": KEY,
             "ANTHROPIC_BASE_URL": model.url},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def parts(model: Model) -> list[Recorded]:
    return [each for each in model.requests if "change_size" in each.schema_names]


def sent_hunks(requests: list[Recorded]) -> Counter[tuple[str, str]]:
    """File and lines of every hunk that was sent."""
    found: Counter[tuple[str, str]] = Counter()
    for request in requests:
        blocks = request.body["messages"][2]["content"]
        for file in json.loads(blocks[1]["content"][0]["text"])["diff"]:
            for hunk in file["hunks"]:
                lines = [line[12:] for line in hunk["lines"]]
                found[file["path"], "\n".join(lines)] += 1
    return found


def real_hunks(repository: Repository) -> Counter[tuple[str, str]]:
    """The same as git tells it."""
    printed = git(repository.git_dir, "diff", "-U3", "main", "topic").decode()
    found: Counter[tuple[str, str]] = Counter()
    for file in printed.split("\ndiff --git ")[0:]:
        path = file.partition(" b/")[2].partition("\n")[0]
        for hunk in re.split(r"^@@ .* @@.*\n", file, flags=re.M)[1:]:
            found[path, hunk.rstrip("\n")] += 1
    return found


def accounted(report: Any) -> None:
    """Every changed line is sent, summarised or left out, and no other."""
    for each in report["files"]:
        told = each["sent"] + each["summarised"] + each["left_out"]
        assert told == each["additions"] + each["deletions"], each


def test_all_of_it_is_read_in_requests_that_share_their_beginning(
    repository: Repository, model: Model
) -> None:
    report = reviewed(repository, model, cap=100, depth="quick")

    asked = parts(model)
    assert sum(each.size for each in asked) > 2_000_000 * BYTES
    assert len({each.shared for each in asked}) == 1
    assert all(each.size / 1.8 < WINDOW for each in asked)
    generated = {"poetry.lock", "app/big_pb2.py"}
    wanted = real_hunks(repository)
    for key in [key for key in wanted if key[0] in generated]:
        del wanted[key]
    assert sent_hunks(asked) == wanted
    accounted(report)
    assert report["status"] == "reviewed", report["why"]
    how = {each["path"]: each["how"] for each in report["files"]}
    assert {path for path, how in how.items() if how != "read"} == generated


def test_what_the_cache_gives_follows_from_the_bytes_that_were_sent(
    repository: Repository, model: Model
) -> None:
    report = reviewed(repository, model, cap=100, depth="quick")

    asked = parts(model)
    shared = {
        next(count for _, count, mark in prefixes(each.body) if mark) for each in asked
    }
    assert len(shared) == 1
    usage = report["usage"]
    # The first request wrote the beginning, and every other one read it.
    assert usage["cache_read_tokens"] == shared.pop() * (len(asked) - 1)


@pytest.mark.parametrize("cap", [0.5, 2.0])
def test_the_cap_is_never_passed_and_what_was_given_up_is_said(
    repository: Repository, model: Model, cap: float
) -> None:
    report = reviewed(repository, model, cap=cap, depth="deep")

    assert 0 < report["usage"]["cost_usd"] <= cap
    assert report["estimate"]["usd"] <= cap
    assert report["status"] == "partial"
    told = " ".join(report["notes"])
    assert "`quick` instead of `deep`" in told
    assert "haiku" in told
    assert "max-cost-usd" in told
    accounted(report)
    left = [each for each in report["files"] if each["how"] == "left out"]
    assert left
    assert {each["reason"] for each in left} == {"left out to stay within the budget"}
