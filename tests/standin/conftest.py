"""Fixtures of the stand-ins' own tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from standin.asking import Scene
from standin.asking import scene as build
from standin.github import GitHub


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return build(tmp_path)


@pytest.fixture
def github(scene: Scene) -> Iterator[GitHub]:
    with GitHub(scene.repository.git_dir) as running:
        running.pull(7, head_sha=scene.head)
        yield running
