"""The image under test: `tests/container/run` builds and names it.

Without one there is nothing to test, and `pytest` in the whole project passes by.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from container.job import Job
from e2e.scene import KEY, TOKEN, a_finding, an_answer
from standin.github import GitHub
from standin.model import Model
from standin.repository import Repository

IMAGE = os.environ.get("ARCHITECT_REVIEW_IMAGE", "")

if not IMAGE:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    """GitHub, the model and a runner; whatever went against their rules fails."""
    repository = Repository(tmp_path)
    with (
        GitHub(repository.git_dir, token=TOKEN) as github,
        Model(lambda request: an_answer(a_finding()), key=KEY) as model,
    ):
        job = Job(tmp_path, github, model, repository, image=IMAGE)
        yield job
        job.end()
        assert github.problems == []
        assert model.problems == []
