"""The arguments of `architect-review init`."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from architect_review.publication.leaks import Guard
from architect_review.setup.files import USES, Wish


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "path", nargs="?", type=Path, default=Path(), metavar="PATH",
        help="a clone of the repository (here)",
    )  # fmt: skip
    parser.add_argument("--lead", default="", help="who is told of major changes")
    parser.add_argument(
        "--uses", default=USES, metavar="OWNER/NAME@REF",
        help="where the action is kept, best with the SHA of a release",
    )  # fmt: skip
    parser.add_argument(
        "--audit", action="store_true", help="a workflow for audits too"
    )
    parser.add_argument(
        "--force", action="store_true", help="write over files that are there"
    )
    parser.add_argument(
        "--print", dest="only_print", action="store_true",
        help="print the files and write nothing",
    )  # fmt: skip


def run(options: argparse.Namespace, environ: Mapping[str, str], guard: Guard) -> int:
    """Carry it out and return the exit status. Raises ArchitectError."""
    from architect_review.app.setup import SetupOptions, setup

    lead = options.lead
    if not lead and not options.only_print and sys.stdin.isatty():
        lead = input("Who is told of major changes (a login; empty for later)? ")
    wish = Wish.of(lead, options.uses, with_audit=options.audit)
    asked = SetupOptions(options.path, wish, options.force, options.only_print)
    return setup(asked, guard)
