"""The arguments of `architect-review config`."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from architect_review.publication.leaks import Guard


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser(
        "check",
        help="check the configuration file and what it names",
        description="Says every problem of the configuration file with its line, or "
        "which agent, model and lead would hold. Exits with 2 for a configuration "
        "that cannot be used.",
    )
    check.add_argument(
        "path", nargs="?", type=Path, default=Path(), metavar="PATH",
        help="a clone, or a configuration file in one (here)",
    )  # fmt: skip
    check.add_argument(
        "--ref", default="", metavar="COMMIT",
        help="check what this commit holds (the work tree)",
    )  # fmt: skip


def run(options: argparse.Namespace, environ: Mapping[str, str], guard: Guard) -> int:
    """Carry it out and return the exit status. Raises ArchitectError."""
    from architect_review.app.config_check import config_check

    return config_check(options.path, options.ref, environ)
