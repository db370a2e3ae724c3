"""Write the workflow and the configuration that a repository starts with."""

import sys
from dataclasses import dataclass
from pathlib import Path

from architect_review.adapters.worktree import WorkTree
from architect_review.publication.leaks import Guard
from architect_review.publication.plain import log_line
from architect_review.setup.files import USES, WANTED, Wish, files, found
from architect_review.templating import text


@dataclass(frozen=True, slots=True)
class SetupOptions:
    """What the command line asks for."""

    path: Path
    wish: Wish
    force: bool = False
    only_print: bool = False


def setup(options: SetupOptions, guard: Guard) -> int:
    """Write the files, or print them; returns the exit status.

    Raises ArchitectError, and has written nothing then.
    """
    tree = WorkTree.around(options.path)
    has = found(tree.default_branch, tree.read(WANTED))
    wanted = guard.data(files(has, options.wish), "the files")
    if options.only_print:
        for path, body in wanted.items():
            print(f"# {path}\n{log_line(body)}")
        return 0
    written = tree.write(wanted, force=options.force)
    sys.stdout.write(
        log_line(
            text(
                "init-next.txt.j2",
                written=written,
                kept=[path for path in wanted if path not in written],
                paths=list(wanted),
                is_placeholder=options.wish.uses == USES,
                lead=options.wish.lead,
                branch=has.branch,
            )
        )
    )
    return 0
