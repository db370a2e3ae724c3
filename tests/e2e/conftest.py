"""The scene every end-to-end test plays in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.scene import KEY, TOKEN, Scene, a_finding, an_answer
from standin.github import GitHub
from standin.model import Model
from standin.repository import Repository


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """GitHub and the model on loopback; whatever went against their rules fails."""
    repository = Repository(tmp_path)
    with (
        GitHub(repository.git_dir, token=TOKEN) as github,
        Model(lambda request: an_answer(a_finding()), key=KEY) as model,
    ):
        yield Scene(tmp_path, github, model, repository)
        assert github.problems == []
        assert model.problems == []
