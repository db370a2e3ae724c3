"""The workflows that people copy, and our own, fit the action and promise little.

The published schema, GitHub's own parser and zizmor read them too (`make schemas`,
`make lint`, `make test-full`); here is what those do not know.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from architect_review.request.access import Scope
from architect_review.request.settings import Settings
from architect_review.setup.diagnosis import State
from architect_review.setup.workflow import held, uses

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples" / "workflows").glob("*.yml"))
OWN = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ALL = [*EXAMPLES, *OWN]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
OURS = "OWNER/architect-review@main"

_PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_STEP_OUTPUT = re.compile(r"\bsteps\.([\w-]+)\.outputs\.([\w-]+)")
_NEEDED_OUTPUT = re.compile(r"\bneeds\.([\w-]+)\.outputs\.([\w-]+)")
_INPUT = re.compile(r"(?<![\w.])inputs\.([\w-]+)")
# What actions other than ours say of themselves, as far as we read it (from the
# action.yml of the pinned commits).
_OTHERS = {
    "docker/build-push-action": {"digest"},
    "google-github-actions/auth": {"access_token"},
}
_TOKENS = {"steps.google.outputs.access_token"}
"""What a step of another gives for the job's own identity, and hides in the log."""


class Job(NamedTuple):
    """One job of a workflow."""

    file: Path
    name: str
    body: dict[str, Any]

    @property
    def steps(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.body.get("steps", [])
        return found


def read(file: Path) -> dict[Any, Any]:
    """A workflow. YAML 1.1 reads the key `on` as True."""
    found: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def jobs(*files: Path) -> list[Job]:
    """Every job of the files."""
    return [
        Job(file, name, body)
        for file in files
        for name, body in read(file)["jobs"].items()
    ]


def is_ours(step: dict[str, Any]) -> bool:
    """Whether a step is this action."""
    return step.get("uses") in (OURS, "./")


def named(item: Job | Path) -> str:
    """How a case is shown."""
    return item.name if isinstance(item, Path) else f"{item.file.stem}-{item.name}"


def test_there_is_an_example_of_every_way_to_use_it() -> None:
    assert {each.stem for each in EXAMPLES} == {
        "architect-audit",
        "architect-review",
        "audit-large",
        "bedrock",
        "enterprise-server",
        "fork-friendly",
        "gateway-or-local-model",
        "keyless",
        "organisation",
        "pull-requests",
        "three-jobs",
        "vertex-ai",
    }
    assert {each.stem for each in OWN} == {"ci", "release", "review"}


@pytest.mark.parametrize("file", ALL, ids=named)
def test_nothing_is_permitted_unless_a_job_asks_for_it(file: Path) -> None:
    assert read(file)["permissions"] == {}


@pytest.mark.parametrize("job", jobs(*ALL), ids=named)
def test_a_job_says_what_it_may_and_how_long_it_may_take(job: Job) -> None:
    assert isinstance(job.body["permissions"], dict)
    assert 1 <= job.body["timeout-minutes"] <= 90


@pytest.mark.parametrize("file", ALL, ids=named)
def test_actions_of_others_are_pinned_with_their_version_beside(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    lines = re.findall(r"^ +(?:- )?uses: (.+)$", text, re.MULTILINE)

    assert all(
        _PINNED.fullmatch(line) or line.split(" #")[0] in (OURS, "./") for line in lines
    ), lines
    called = [
        step["uses"] for job in jobs(file) for step in job.steps if "uses" in step
    ]
    assert sorted(called) == sorted(line.split(" #")[0] for line in lines)


@pytest.mark.parametrize("job", jobs(*ALL), ids=named)
def test_a_step_gives_the_action_only_inputs_that_it_has(job: Job) -> None:
    for step in filter(is_ours, job.steps):
        assert set(step.get("with", {})) <= set(ACTION["inputs"])


@pytest.mark.parametrize("job", jobs(*ALL), ids=named)
def test_what_a_step_says_plainly_the_action_takes(job: Job) -> None:
    names = Settings.names(Scope.INPUT, Scope.BOTH)
    for step in filter(is_ours, job.steps):
        plain = {
            name: str(value)
            for name, value in step.get("with", {}).items()
            if "${{" not in str(value)
        }
        assert set(plain) <= set(names)
        Settings.of(plain)


@pytest.mark.parametrize("file", ALL, ids=named)
def test_every_choice_of_a_dispatch_is_one_that_the_action_takes(file: Path) -> None:
    dispatched = (read(file)[True].get("workflow_dispatch") or {}).get("inputs", {})

    for name, each in dispatched.items():
        for choice in each.get("options", ()):
            # What a choice needs besides is told when the workflow is started.
            Settings.of({name: choice})


@pytest.mark.parametrize("file", ALL, ids=named)
def test_every_input_that_is_read_is_asked_for_and_there_are_at_most_ten(
    file: Path,
) -> None:
    events = read(file)[True]
    asked = {
        event: set((events[event] or {}).get("inputs", {}))
        for event in ("workflow_dispatch", "workflow_call")
        if event in events
    }
    said = "\n".join(
        line
        for line in file.read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith("#")
    )
    used = set(_INPUT.findall(said))

    assert all(len(names) <= 10 for names in asked.values())
    for names in asked.values():
        assert used == names


@pytest.mark.parametrize("job", jobs(*ALL), ids=named)
def test_every_output_that_is_read_is_one_that_is_written(job: Job) -> None:
    said = yaml.safe_dump(job.body, width=10_000)
    steps = {step["id"]: step for step in job.steps if "id" in step}
    every = read(job.file)["jobs"]
    needs = job.body.get("needs", [])

    for step, output in _STEP_OUTPUT.findall(said):
        if is_ours(steps[step]):
            assert output in ACTION["outputs"]
        elif "uses" in steps[step]:
            assert output in _OTHERS[steps[step]["uses"].partition("@")[0]]
        else:
            assert "GITHUB_OUTPUT" in steps[step]["run"]
    for other, output in _NEEDED_OUTPUT.findall(said):
        assert other in needs
        assert output in every[other]["outputs"]


@pytest.mark.parametrize("job", jobs(*ALL), ids=named)
def test_no_expression_becomes_a_part_of_a_script(job: Job) -> None:
    assert not any("${{" in step.get("run", "") for step in job.steps)


@pytest.mark.parametrize("job", jobs(*ALL), ids=named)
def test_a_checkout_keeps_no_token(job: Job) -> None:
    for step in job.steps:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("job", jobs(*ALL), ids=named)
def test_a_key_is_only_ever_a_secret_or_a_token_of_minutes(job: Job) -> None:
    for step in filter(is_ours, job.steps):
        key = step.get("with", {}).get("anthropic-api-key", "${{ secrets.none }}")
        inside = _EXPRESSION.fullmatch(key)
        assert inside is not None
        assert all(
            each.startswith("secrets.") or each in _TOKENS
            for each in map(str.strip, inside[1].split("||"))
        )


@pytest.mark.parametrize("job", jobs(*EXAMPLES), ids=named)
def test_no_job_checks_out_what_it_reviews(job: Job) -> None:
    assert not any("checkout" in step.get("uses", "") for step in job.steps)


@pytest.mark.parametrize("file", ALL, ids=named)
def test_no_workflow_hands_secrets_to_forks(file: Path) -> None:
    assert not {"pull_request_target", "workflow_run"} & set(read(file)[True])


@pytest.mark.parametrize("file", EXAMPLES, ids=named)
def test_the_doctor_finds_nothing_wrong_but_the_placeholder(file: Path) -> None:
    path = f".github/workflows/{file.name}"
    found = uses({path: file.read_text(encoding="utf-8")})

    said = [
        line.said
        for use in found
        # The job for forks may and knows less, on purpose.
        if use.job != "signals"
        for line in held(use, lead_gate=False, has_issue=True)
        if line.state is not State.OK
    ]

    assert found
    assert [each for each in said if "names nobody's action" not in each] == []


REVIEWING = [
    file for file in [*EXAMPLES, *OWN] if "ready_for_review" in file.read_text()
]


@pytest.mark.parametrize("file", REVIEWING, ids=named)
def test_another_base_is_reviewed_and_another_title_ends_no_review(file: Path) -> None:
    """A group is taken before an `if` is read, and a job that is skipped passes."""
    kept = "${{ github.event.action != 'edited' || github.event.changes.base != null }}"
    workflow = read(file)
    groups = [
        each["concurrency"]
        for each in (workflow, *workflow["jobs"].values())
        if "concurrency" in each
    ]

    assert "edited" in workflow[True]["pull_request"]["types"]
    assert groups
    assert {each["cancel-in-progress"] for each in groups} == {kept}
    assert not any("edited" in str(job.body.get("if", "")) for job in jobs(file))


def test_ours_runs_all_that_has_to_pass() -> None:
    everything = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    wanted = re.findall(r"^(?:make )([\w-]+)$", everything, re.MULTILINE)
    scripts = [step["run"] for job in jobs(*OWN) for step in job.steps if "run" in step]
    made = [target for script in scripts for target in script.split()]

    assert wanted
    assert set(wanted) <= set(made)


def test_zizmor_has_nothing_to_say() -> None:
    zizmor = Path(sys.executable).parent / "zizmor"
    done = subprocess.run(
        [zizmor, "--offline", "--no-progress", *ALL, ROOT / "action.yml"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", ALL, ids=named)
def test_what_zizmor_is_told_to_ignore_has_its_reason_beside_it(file: Path) -> None:
    for line in file.read_text(encoding="utf-8").splitlines():
        if "zizmor:" in line:
            assert re.search(r" # zizmor: ignore\[[\w-]+\] \w+ \w+", line)
