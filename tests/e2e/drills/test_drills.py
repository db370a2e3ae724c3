"""Every drill ends as `docs/failures.md` says."""

import pytest

from e2e.drills.drill import Drill, ended, run, seen
from e2e.drills.table import GROUPS
from e2e.scene import Scene

DRILLS = [drill for group in GROUPS.values() for drill in group]


@pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: drill.case)
def test_a_drill_ends_as_the_table_says(drill: Drill, scene: Scene) -> None:
    scene.open()

    done = run(drill, scene)

    told = (ended(done), seen(scene))
    assert told == (drill.ends, drill.pull), done.log + done.step_summary
    assert drill.says
    assert drill.says in done.step_summary
