"""The image: its size and layers, how long it builds, what a start in it costs.

Needs a Docker engine (`tests/container/engine` finds or makes one) and builds as the
runner does: cold without any cache, warm with nothing changed, and once more after a
change of one source file. What a start costs is measured as in `start_up.py`, in pairs
with a bare script in the same image, against GitHub's and the model's stand-ins.

    tests/container/engine .venv/bin/python benchmarks/container.py [--pairs 5]
"""

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import start_up
from start_up import BARE, CASES, LAUNCH, ROOT, Cost, Target

IMAGE = "architect-review:measured"
PYTHON = "/opt/architect-review/bin/python"
COMMAND = "/opt/architect-review/bin/architect-review"


def docker(*arguments: str | Path) -> str:
    """What the engine's client prints. Raises RuntimeError with its last words."""
    done = subprocess.run(  # noqa: S603
        ["docker", *arguments],  # noqa: S607 - whichever engine's client there is
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    return done.stdout


def built(folder: Path, *options: str) -> float:
    """Build and return the seconds that it took."""
    began = time.monotonic()
    docker("build", "--quiet", "--network=host", *options, "-t", IMAGE, folder)
    return time.monotonic() - began


def builds() -> None:
    """Print how long it builds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in ("Dockerfile", ".dockerignore", "pyproject.toml", "README.md",
                     "LICENSE", "agents", "src", "requirements"):  # fmt: skip
            source, target = ROOT / each, folder / each
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy2(source, target)
        print("build                        seconds")
        print(f"{'cold, no cache':27}  {built(folder, '--no-cache'):7.1f}")
        print(f"{'warm, nothing changed':27}  {built(folder):7.1f}")
        with (folder / "src/architect_review/cli.py").open("a") as file:
            file.write("# changed\n")
        print(f"{'warm, one source changed':27}  {built(folder):7.1f}")
    built(ROOT)


def layers() -> None:
    """Print sizes: unpacked by layer, and of what is pulled."""
    history = docker("history", "--no-trunc", "--format={{json .}}", IMAGE)
    print("\nlayer                                          size")
    for line in reversed(history.splitlines()):
        layer = json.loads(line)
        if layer["Size"] != "0B":
            print(
                f"{layer['CreatedBy'].partition(' # ')[0][:43]:43}  {layer['Size']:>7}"
            )
    size = int(docker("image", "inspect", "--format={{.Size}}", IMAGE))
    print(f"{'all, unpacked':43}  {size / 1e6:5.0f}MB")
    print(f"{'all, as pulled (gzip)':43}  {packed() / 1e6:5.0f}MB")


def packed() -> int:
    """Bytes of the image as a registry would hold it, give or take."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "image.tar")
        docker("save", f"--output={path}", IMAGE)
        with path.open("rb") as file, gzip.open(f"{path}.gz", "wb", 6) as target:
            shutil.copyfileobj(file, target)
        return Path(f"{path}.gz").stat().st_size


def contained(command: tuple[str, ...], environ: Mapping[str, str]) -> Cost:
    """Run a command in a container. Raises RuntimeError when it fails."""
    folder = environ.get("RUNNER_TEMP", "")
    done = subprocess.run(  # noqa: S603
        [  # noqa: S607
            "docker", "run", "--rm", "--network=host", f"--entrypoint={PYTHON}",
            *(f"--env={name}" for name in environ),
            *((f"--volume={folder}:{folder}",) if folder else ()),
            IMAGE, "-I", "-S", "-c", LAUNCH, *command,
        ],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    return start_up.read(done.stdout, done.stderr)


def bare() -> Cost:
    """The bare script, isolated as the command is."""
    return contained((PYTHON, "-IB", "-c", BARE), {})


def ignored() -> Cost:
    """An event that this action does not review on."""
    with start_up.runner("push", {"ref": "refs/heads/main"}) as (_, environ):
        return contained((COMMAND, "action"), environ)


def signals_only() -> Cost:
    """A review as the action without a key: facts from code, published."""
    return reviewed({"INPUT_ANTHROPIC-API-KEY": "", "INPUT_ANTHROPIC-BASE-URL": ""})


def full() -> Cost:
    """A review as the action, with model and publishing."""
    return reviewed({})


def reviewed(more: Mapping[str, str]) -> Cost:
    """Review a pull request that nobody has reviewed."""
    with start_up.pull_request() as (github, model):
        event = github.event("pull_request", 7)
        with start_up.runner("pull_request", event) as (_, environ):
            return contained(
                (COMMAND, "action"),
                environ | start_up.services(github, model) | more,
            )


def waited(pairs: int) -> None:
    """Print how long a container takes that has nothing to do, and an ignored event."""
    print("\nfrom `docker run` to its end  median seconds")
    for name, arguments in {
        "python -c pass": (f"--entrypoint={PYTHON}", IMAGE, "-I", "-c", "pass"),
        "architect-review --version": (f"--entrypoint={COMMAND}", IMAGE, "--version"),
    }.items():
        took = []
        for _ in range(pairs):
            began = time.monotonic()
            docker("run", "--rm", "--network=host", *arguments)
            took.append(time.monotonic() - began)
        print(f"{name:28}  {sorted(took)[pairs // 2]:14.2f}")


def main() -> NoReturn:
    """Build, then measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=5)
    pairs = parser.parse_args().pairs
    if os.environ.get("BASE_IS_A_STAND_IN"):
        print("The official base image is not there: a stand-in for it is measured.")
    builds()
    layers()
    waited(pairs)
    print()
    cases = {
        "ignored event": (ignored, CASES["ignored event"]),
        "pull request, signals only": (signals_only, Target(4.0)),
        "full review": (full, CASES["full review"]),
    }
    sys.exit(0 if start_up.table(cases, bare, pairs) else 1)


if __name__ == "__main__":
    main()
