"""One fault at each of GitHub's requests in turn, then a second run.

The end is what a run without a fault leaves behind.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from architect_review.review.ledger import MARKER, decode
from e2e.drills.drill import NUMBER, TWO, usual
from e2e.scene import KEY, TOKEN, Scene, an_answer
from standin.github import After, Answer, Drop, GitHub
from standin.model import Model
from standin.repository import Repository

GONE = Answer(500, {"message": "Server Error"})
SPENT = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}
SECONDARY = {"message": "You have exceeded a secondary rate limit."}
FAULTS: dict[str, Answer | After | Drop] = {
    "refused": Drop.BEFORE,
    "reset after it was done": Drop.AFTER,
    "500": GONE,
    "502 but done": After(),
    "secondary rate limit": Answer(403, SECONDARY, {"Retry-After": "1"}),
    "rate limit of hours": Answer(403, {"message": "API rate limit exceeded"}, SPENT),
    "timeout": Answer(200, {}, delay=4),
    "timeout but done": After(Answer(200, {}, delay=4)),
    "401": Answer(401, {"message": "Bad credentials"}),
    "web page": Answer(200, b"<html>maintenance</html>", {"Content-Type": "text/html"}),
}
VARIES = re.compile(
    r"127\.0\.0\.1:\d+|#\w+-?\d+|\b\d+ s\b|\$\d+\.\d\d|[\d,]+ (?:tokens|from|out)"
    r"|\b\d+ requests?"
)


def left(github: GitHub) -> dict[str, Any]:
    """What was said on the pull request, without numbers that differ by the run.

    A summary may come before the lead's comment when only the latter went wrong.
    """

    def words(body: str) -> tuple[str, str]:
        memory = decode(body)
        shown = VARIES.sub("…", re.sub(f"{MARKER}.*-->", "", body))
        return shown, repr(memory and memory.model_copy(update={"rounds": 0}))

    return {
        "reviews": [
            (each.state, each.author, each.commit, words(each.body))
            for each in github.reviews(NUMBER)
        ],
        "inline": [
            (each.path, each.side, each.line, words(each.body))
            for each in github.inline(NUMBER)
        ],
        "comments": sorted(
            (each.author, *words(each.body)) for each in github.comments(NUMBER)
        ),
    }


def played(folder: Path, fault: Answer | After | Drop | None, place: int) -> Any:
    """Two runs, a fault in the first; what is left, and how many requests it made."""
    repository = Repository(folder)
    with (
        GitHub(repository.git_dir, token=TOKEN) as github,
        Model(lambda request: an_answer(*TWO), key=KEY) as model,
    ):
        scene = Scene(folder, github, model, repository)
        scene.open()
        if fault is not None:
            github.fault_at(place, fault)
        inputs = {"project_lead": "octocat", "github_timeout": "2"}
        first = usual(scene, inputs)
        made = len(github.requests)
        second = usual(scene, inputs)
        assert second.code == 0, first.log + second.log
        assert (github.problems, model.problems) == ([], [])
        return left(github), made


@pytest.mark.parametrize("name", FAULTS)
def test_a_second_run_ends_where_a_run_without_faults_does(
    tmp_path: Path, name: str
) -> None:
    clean, requests = played(folder(tmp_path, "clean"), None, -1)
    assert requests == 7

    with ThreadPoolExecutor(4) as pool:
        ends = pool.map(
            lambda place: played(folder(tmp_path, str(place)), FAULTS[name], place)[0],
            range(requests),
        )

    assert dict(enumerate(ends)) == dict.fromkeys(range(requests), clean)


def folder(root: Path, name: str) -> Path:
    made = root / name
    made.mkdir()
    return made
