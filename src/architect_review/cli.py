"""Arguments in, exit status out.

0: done. 1: done, and `fail-on` names how it ended, an evaluation is worse than its
baseline or has failed cases, or a replay says something else than was recorded. 2:
the settings or arguments cannot be used, or the run could not start.
"""

import os
import sys
from collections.abc import Sequence

from architect_review.adapters.collector import collect_rarely
from architect_review.app.guarded import UnreadError, guarded, secrets_of, undumped
from architect_review.errors import ArchitectError
from architect_review.publication.leaks import Guard
from architect_review.publication.plain import log_line

UNUSABLE = 2
UNREAD = 141
"""128 and SIGPIPE, as a shell has it for whatever a pager left behind."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The `architect-review` command."""
    collect_rarely()
    given = sys.argv[1:] if arguments is None else list(arguments)
    undumped()
    guard = Guard(secrets_of(os.environ))
    with guarded(guard):
        status = _done(given, guard)
        if guard.met:
            print(f"architect-review: {guard.met}", file=sys.stderr)
        return status


def _done(arguments: list[str], guard: Guard) -> int:
    try:
        try:
            return _carried_out(arguments, guard)
        finally:
            sys.stdout.flush()
    except UnreadError:
        return UNREAD
    except ArchitectError as error:
        print(log_line(f"architect-review: {error}"), file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("architect-review: stopped", file=sys.stderr)
        return 130


def _carried_out(arguments: list[str], guard: Guard) -> int:
    if arguments == ["action"]:
        # Without the other commands: a job waits for what it does not use.
        from architect_review.app.action import action

        return action(os.environ, guard)
    from architect_review.app.command_line import run

    return run(arguments, guard)
