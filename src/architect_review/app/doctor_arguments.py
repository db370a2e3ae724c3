"""The arguments of `architect-review doctor`."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from architect_review.publication.leaks import Guard


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "path", nargs="?", type=Path, metavar="PATH",
        help="a clone to look at (here; in a workflow: the default branch)",
    )  # fmt: skip
    parser.add_argument(
        "--repo", default="", metavar="OWNER/NAME",
        help="the repository on GitHub (that of the workflow, or the clone's origin)",
    )  # fmt: skip


def run(options: argparse.Namespace, environ: Mapping[str, str], guard: Guard) -> int:
    """Carry it out and return the exit status. Raises ArchitectError."""
    from architect_review.app.doctor import DoctorOptions, doctor

    path = options.path
    if path is None and not options.repo and environ.get("GITHUB_ACTIONS") != "true":
        path = Path()
    return doctor(DoctorOptions(path, options.repo), environ, guard)
