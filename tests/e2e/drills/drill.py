"""A drill: something goes wrong during the usual review, and how that ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from e2e.scene import Run, Scene, a_finding, an_answer
from standin.github import After, Answer, Drop

NUMBER = 7
TWO = (
    a_finding(),
    a_finding(
        quote="    return None",
        title="A failed order looks placed",
        category="architecture",
    ),
)
WHOLE = "review with 2 comments; lead told; summary: 2 findings, 2 high · major change"
SIGNALS = "lead told; summary: signals only · major change"
FAILED = "lead told; summary: review failed · major change"
NOTHING = "nothing"

Inputs = Mapping[str, str]
Arrange = Callable[[Scene], Inputs | None]
Play = Callable[[Scene, Inputs], Run]


def usual(scene: Scene, inputs: Inputs) -> Run:
    """The usual review: one event, two findings, a major change, a lead."""
    return scene.act("pull_request", scene.github.event("pull_request", 7), **inputs)


@dataclass(frozen=True)
class Drill:
    """One row: the case, how the run ends, and what people see.

    `ends` is status, verdict and exit status; `pull` what is on the pull request
    afterwards, in the words of `seen`; `says` stands in the step summary. `arrange`
    prepares the scene and returns further inputs.
    """

    case: str
    ends: str
    pull: str
    says: str
    arrange: Arrange
    play: Play = usual

    @property
    def status(self) -> str:
        """The run's status."""
        return self.ends.split(", ")[0]

    @property
    def verdict(self) -> str:
        """The run's verdict."""
        return self.ends.split(", ")[1]

    @property
    def code(self) -> str:
        """The exit status."""
        return self.ends.split(", ")[2]


def run(drill: Drill, scene: Scene) -> Run:
    """Play a drill on a scene whose pull request is open."""
    scene.model.answer = lambda request: an_answer(*TWO)
    inputs = drill.arrange(scene) or {}
    return drill.play(scene, {"project_lead": "octocat", **inputs})


def ended(run: Run) -> str:
    """Status, verdict and exit status of a run."""
    outputs = run.outputs
    return f"{outputs.get('status')}, {outputs.get('verdict')}, {run.code}"


def seen(scene: Scene) -> str:
    """What the action said on the pull request, in a few words."""
    said = []
    for review in scene.github.reviews(NUMBER):
        count = sum(each.review == review.id for each in scene.github.inline(NUMBER))
        kind = "a forgotten draft" if review.state == "PENDING" else "review"
        if count and review.author == scene.github.state.viewer:
            said.append(f"{kind} with {count} comment{'' if count == 1 else 's'}")
    for comment in scene.github.comments(NUMBER):
        if "<!-- architect-review:lead" in comment.body:
            said.append("lead told")
        elif "### Architect review · " in comment.body:
            headline = comment.body.split("### Architect review · ")[1].split("\n")[0]
            said.append(f"summary: {headline.replace('*', '')}")
    return "; ".join(said) or NOTHING


def once(**behaviour: object) -> Arrange:
    """The model meets the first request like this, and the others well."""

    def arrange(scene: Scene) -> None:
        scene.model.next(**behaviour)

    return arrange


def always(*, deadline_minutes: str = "", **behaviour: object) -> Arrange:
    """The model meets every request like this."""

    def arrange(scene: Scene) -> Inputs:
        scene.model.always(**behaviour)
        return {"deadline_minutes": deadline_minutes}

    return arrange


def github(
    method: str,
    path: str,
    fault: Answer | After | Drop,
    times: int = 1,
    body: str = "",
    inputs: Inputs | None = None,
) -> Arrange:
    """GitHub meets requests that match like this."""

    def arrange(scene: Scene) -> Inputs:
        scene.github.fault(method, path, fault, times=times, body=body)
        return inputs or {}

    return arrange


def given(**inputs: str) -> Arrange:
    """The action is started with these inputs."""
    return lambda scene: inputs
