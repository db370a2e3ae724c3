"""The image, run as the Actions runner runs a container action.

Flags, mounts, paths and names are those of actions/runner 2.336.0 (MIT licence;
DockerCommandManager.cs, ContainerActionHandler.cs, ContainerInfo.cs, Handler.cs),
written down here as facts. Two things differ: `--network host`, so that the stand-ins
on the loopback interface can be reached, and nothing is mounted over the engine's
socket when it is not a file here.
"""

import json
import os
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from e2e.scene import KEY, Run, Scene
from oracles.runner import parse_env_file

ROOT = Path(__file__).resolve().parents[2]
OWNER = 1001
"""User whom the runner's files belong to on GitHub's hosted machines."""
COMMAND_FILES = {
    "GITHUB_PATH": "add_path",
    "GITHUB_ENV": "set_env",
    "GITHUB_STEP_SUMMARY": "step_summary",
    "GITHUB_STATE": "save_state",
    "GITHUB_OUTPUT": "set_output",
    "GITHUB_ARTIFACTS": "artifacts",
    "GITHUB_ARTIFACTS_LIST": "artifacts_list",
}
REPOSITORY = {
    "GITHUB_ACTION": "__self",
    "GITHUB_ACTOR": "octocat",
    "GITHUB_BASE_REF": "main",
    "GITHUB_HEAD_REF": "edit",
    "GITHUB_JOB": "review",
    "GITHUB_REF": "refs/pull/7/merge",
    "GITHUB_REF_NAME": "7/merge",
    "GITHUB_REF_TYPE": "branch",
    "GITHUB_REPOSITORY": "octo/shop",
    "GITHUB_REPOSITORY_OWNER": "octo",
    "GITHUB_RUN_ATTEMPT": "1",
    "GITHUB_RUN_ID": "1",
    "GITHUB_RUN_NUMBER": "1",
    "GITHUB_SHA": "0" * 40,
    "GITHUB_WORKFLOW": "review",
    "RUNNER_ARCH": "X64",
    "RUNNER_ENVIRONMENT": "github-hosted",
    "RUNNER_NAME": "local",
    "RUNNER_OS": "Linux",
    "RUNNER_TOOL_CACHE": "/opt/hostedtoolcache",
}


def docker(*arguments: str | Path) -> str:
    """What the engine's client prints. Raises CalledProcessError."""
    done = subprocess.run(
        ["docker", *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


@dataclass
class Job(Scene):
    """A scene whose runs are containers. `flags` go to `docker run` as well."""

    image: str = ""
    flags: list[str] = field(default_factory=list)
    network: str = "host"
    is_kept: bool = False
    """Leave the container, named `name`, after its end."""
    name: str = ""
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def home(self) -> Path:
        """The runner's work folder of the run that was started last."""
        return self.folder / f"job-{self.runs}" / "_work"

    @property
    def temp(self) -> Path:
        """The runner's temporary folder."""
        return self.home / "_temp"

    @property
    def workspace(self) -> Path:
        """The workspace of the next run, to be filled before it."""
        folder = self.folder / "workspace"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def last(self) -> Run:
        """What the run that was started last has left behind so far."""
        files = self.temp / "_runner_file_commands"
        report = self.temp / "architect-review" / "report.json"
        (output,) = files.glob("set_output_*")
        (summary,) = files.glob("step_summary_*")
        return Run(
            0,
            "",
            dict(parse_env_file(output.read_text(encoding="utf-8"))),
            summary.read_text(encoding="utf-8"),
            json.loads(report.read_text(encoding="utf-8")) if report.exists() else {},
        )

    def act(self, event: str, payload: Mapping[str, Any], **options: Any) -> Run:
        """Run the action with an event and wait for its end."""
        process = self.start(event, payload, **options)
        log, _ = process.communicate(timeout=120)
        return replace(self.last, code=process.returncode, log=log)

    def start(
        self,
        event: str,
        payload: Mapping[str, Any],
        key: str = KEY,
        workspace: Path | None = None,
        **inputs: str,
    ) -> subprocess.Popen[str]:
        """Start the action and let it run."""
        self.runs += 1
        self.name = f"architect_{uuid.uuid4().hex}"
        for name in ("_github_home", "_github_workflow", "_runner_file_commands"):
            (self.temp / name).mkdir(parents=True)
        text = json.dumps(payload)
        (self.temp / "_github_workflow/event.json").write_text(text, encoding="utf-8")
        environ = {
            **REPOSITORY,
            **self._inputs(key, inputs),
            **self._places(event),
            **self.environ,
        }
        if os.geteuid() == 0:
            hand_over(self.home, workspace or self.workspace)
        process = subprocess.Popen(
            ["docker", *self._arguments(environ, workspace or self.workspace)],
            env={**_client(), **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def end(self) -> None:
        """Take away what a failed test leaves running."""
        for process in self.started:
            if process.poll() is None:
                docker("rm", "--force", self.name)
                process.communicate(timeout=60)

    def _arguments(self, environ: Mapping[str, str], workspace: Path) -> list[str]:
        """As DockerCommandManager.DockerRun puts them together."""
        mounts = {
            self.temp: "/github/runner_temp",
            self.temp / "_github_home": "/github/home",
            self.temp / "_github_workflow": "/github/workflow",
            self.temp / "_runner_file_commands": "/github/file_commands",
            workspace: "/github/workspace",
        }
        socket = Path(
            os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix(
                "unix://"
            )
        )
        if socket.is_socket():
            mounts[socket] = "/var/run/docker.sock"
        kept = [] if self.is_kept else ["--rm"]
        arguments = ["run", "--name", self.name, "--label", "architect", *kept]
        arguments += ["--workdir", "/github/workspace", "--network", self.network]
        # By name: the values are in the client's environment.
        arguments += [f"--env={name}" for name in environ]
        arguments += ["-e", "GITHUB_ACTIONS=true", "-e", "CI=true"]
        arguments += [f"--volume={here}:{there}" for here, there in mounts.items()]
        return [*arguments, *self.flags, self.image]

    def _inputs(self, key: str, inputs: Mapping[str, str]) -> dict[str, str]:
        """Every input of action.yml; one that the workflow does not set is empty."""
        action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        given = {
            **dict.fromkeys(action["inputs"], ""),
            "github-token": self.github.token,
            "anthropic-api-key": key,
            "anthropic-base-url": self.model.url if key else "",
            "depth": "standard",
            **{name.replace("_", "-"): value for name, value in inputs.items()},
        }
        return {f"INPUT_{name.upper()}": value for name, value in given.items()}

    def _places(self, event: str) -> dict[str, str]:
        """Addresses and paths, as they are inside; makes the command files."""
        unique = uuid.uuid4()
        found = {}
        for variable, prefix in COMMAND_FILES.items():
            (self.temp / "_runner_file_commands" / f"{prefix}_{unique}").touch()
            found[variable] = f"/github/file_commands/{prefix}_{unique}"
        return {
            **found,
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": "/github/workflow/event.json",
            "GITHUB_WORKSPACE": "/github/workspace",
            "GITHUB_API_URL": self.github.api_url,
            "GITHUB_GRAPHQL_URL": self.github.graphql_url,
            "GITHUB_SERVER_URL": self.github.url,
            "HOME": "/github/home",
            "RUNNER_TEMP": "/github/runner_temp",
            "RUNNER_WORKSPACE": str(self.home / "shop"),
        }


def hand_over(*folders: Path) -> None:
    """Give everything in these to the user that the hosted runner works as."""
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, OWNER, OWNER, follow_symlinks=False)


def _client() -> dict[str, str]:
    """What the engine's client itself needs: HOME is the container's."""
    own = {"PATH": os.environ["PATH"]}
    own["DOCKER_CONFIG"] = str(Path.home() / ".docker")
    return own | {
        name: value for name, value in os.environ.items() if name.startswith("DOCKER_")
    }
