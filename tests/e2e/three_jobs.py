"""A review in three jobs: runs of the action that share nothing but a folder."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from e2e.scene import KEY, Run, Scene

HANDOVER = "architect-handover"
RUN = "16012345678"


@dataclass
class Jobs:
    """The jobs of one run of a workflow, each on a machine of its own."""

    scene: Scene
    run_id: str = RUN
    event: str = "pull_request"
    inputs: Mapping[str, str] = field(default_factory=dict)
    payload: Mapping[str, Any] | None = None

    def collect(self, **options: str) -> Run:
        """The job that reads: the token, no key."""
        return self._job("collect", {}, key="", **options)

    def review(self, handover: Path | None, **options: str) -> Run:
        """The job that asks: the key, no token. It gets what is in that folder."""
        carried = {"": handover} if handover else {}
        given = {"key": KEY, "github_token": "", **options}
        return self._job("review", carried, **given)

    def publish(self, answers: Path | None, **options: str) -> Run:
        """The job that publishes: the token, no key."""
        carried = {"answers": answers} if answers else {}
        return self._job("publish", carried, key="", **options)

    def all(self) -> tuple[Run, Run, Run]:
        """The three, as the example's workflow has them."""
        collected = self.collect()
        handover = self.left()
        asked = self.review(handover)
        return collected, asked, self.publish(self.left() / "answers")

    def left(self) -> Path:
        """The handover's folder on the machine of the last job."""
        return self._temp / HANDOVER

    @property
    def _temp(self) -> Path:
        return self.scene.folder / f"machine-{self.scene.runs}"

    def prepare(self, carried: Mapping[str, Path]) -> None:
        """A new machine, with what artifacts bring to it."""
        temp = self.scene.folder / f"machine-{self.scene.runs + 1}"
        temp.mkdir()
        for below, source in carried.items():
            shutil.copytree(source, temp / HANDOVER / below, symlinks=True)
        self.scene.environ |= {
            "RUNNER_TEMP": str(temp),
            "GITHUB_RUN_ID": self.run_id,
            "GITHUB_REPOSITORY": self.scene.github.repository,
        }

    def _job(self, stage: str, carried: Mapping[str, Path], **options: str) -> Run:
        payload = self.payload or self.scene.github.event("pull_request", 7)
        self.prepare(carried)
        given = {**self.inputs, **options, "stage": stage}
        run = self.scene.act(self.event, payload, **given)
        report = self._temp / "architect-review" / "report.json"
        return replace(run, report=json.loads(report.read_text(encoding="utf-8")))


def rewritten(file: Path, change: Callable[[Any], Any]) -> None:
    """Change what a file of JSON holds."""
    data = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(change(data) or data), encoding="utf-8")


def all_bytes(folder: Path) -> bytes:
    """Everything that an artifact holds."""
    return b"\n".join(
        each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()
    )
