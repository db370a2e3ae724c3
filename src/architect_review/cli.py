"""Arguments in, exit status out.

0: done. 1: done, and `fail-on` names how it ended. 2: the settings or arguments
cannot be used, or the run could not start.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from architect_review import __version__
from architect_review.errors import ArchitectError
from architect_review.publication.plain import log_line
from architect_review.request import agents
from architect_review.request.events import RangeReview

UNUSABLE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """The `architect-review` command."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "action":
            from architect_review.app.action import action

            return action(os.environ)
        return _review(options)
    except ArchitectError as error:
        print(log_line(f"architect-review: {error}"), file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("architect-review: stopped", file=sys.stderr)
        return 130


def _review(options: argparse.Namespace) -> int:
    from architect_review.app.local import LocalOptions, local

    files: dict[str, Path] = {}
    if options.config:
        files[options.config] = Path(options.config)
    if options.agent and agents.is_path(options.agent) and Path(options.agent).exists():
        files[options.agent] = Path(options.agent)
    inputs = {
        "agent": options.agent or "",
        "config": options.config or "",
        "model": options.model or "",
        "anthropic-api-key": os.environ.get("ANTHROPIC_API_KEY", ""),
        "anthropic-base-url": os.environ.get("ANTHROPIC_BASE_URL", ""),
        "dry-run": "true" if options.dry_run else "",
    }
    request = RangeReview(
        options.repo,
        options.base or None,
        options.head,
        without_model="--no-model was given" if options.no_model else "",
    )
    output = Path(options.output) if options.output else None
    return local(
        request, inputs, LocalOptions(options.format, output, files), os.environ
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="architect-review",
        description="Reviews a change under an architect agent's system prompt.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "action", help="run as the GitHub Action (reads its environment)"
    )
    review = commands.add_parser(
        "review",
        help="review commits of a local repository",
        description="Reviews the commits between --base and --head. With "
        "ANTHROPIC_API_KEY (or ANTHROPIC_BASE_URL for another endpoint that speaks the "
        "Messages API) the model reviews; without, deterministic signals are shown.",
    )
    review.add_argument("--repo", default=".", help="path of the repository (here)")
    review.add_argument(
        "--base",
        help="commit to compare with (the default branch, or the last commits)",
    )
    review.add_argument("--head", default="HEAD", help="newest commit (HEAD)")
    review.add_argument(
        "--agent", help="name of a shipped agent, or path of a definition"
    )
    review.add_argument("--config", help="configuration file (that of the base commit)")
    review.add_argument("--model", help="sonnet, opus, haiku, fable or a full model ID")
    review.add_argument(
        "--format", choices=("text", "markdown", "json"), default="text"
    )
    review.add_argument("--output", help="file to write to (standard output)")
    review.add_argument("--no-model", action="store_true", help="signals only")
    review.add_argument(
        "--dry-run",
        action="store_true",
        help="show what would be sent, its tokens and cost; send nothing",
    )
    return parser
