"""GitHub's lists may hold nothing where something stood: the others count."""

import pytest

from e2e import signing
from e2e.scene import Scene, a_finding, an_answer

LISTS = ["comments", "reviews", "reviewThreads", "labels", "commits", "pullRequests"]


@pytest.mark.parametrize("name", LISTS)
def test_what_github_withholds_from_a_list_costs_no_run(
    scene: Scene, name: str
) -> None:
    signing.set_up(scene)
    scene.model.answer = lambda request: an_answer(a_finding())
    scene.github.state.withheld.add(name)

    first = signing.review(scene)
    signing.push(scene, signing.SAME_REASONS)
    second = signing.review(scene)
    signing.approve(scene)

    assert [each.outputs["status"] for each in (first, second)] == ["reviewed"] * 2
    assert signing.mark(scene) == "success"
    assert len(scene.github.inline(7)) == 1
    assert len(scene.github.comments(7)) == 3
