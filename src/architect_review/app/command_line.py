"""The commands of a person at a terminal: arguments, and who carries them out."""

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from architect_review import __version__
from architect_review.app import (
    audit_arguments,
    config_check_arguments,
    doctor_arguments,
    evaluate_arguments,
    setup_arguments,
)
from architect_review.publication.leaks import Guard
from architect_review.request import agents
from architect_review.request.events import RangeReview

_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_Add = Callable[[argparse.ArgumentParser], None]
_Run = Callable[[argparse.Namespace, Mapping[str, str], Guard], int]
_SETUP: Mapping[str, tuple[_Add, _Run, str]] = {
    "init": (
        setup_arguments.add,
        setup_arguments.run,
        "write the workflow and the configuration for a repository",
    ),
    "doctor": (
        doctor_arguments.add,
        doctor_arguments.run,
        "say what keeps the action from working here, and what to do",
    ),
    "config": (
        config_check_arguments.add,
        config_check_arguments.run,
        "check the configuration of a repository",
    ),
}
"""What prepares a repository: arguments, carried out, and a line of help."""


def run(arguments: Sequence[str] | None, guard: Guard) -> int:
    """Carry out one command and return its exit status. Raises ArchitectError."""
    options = _parser().parse_args(arguments)
    if options.command == "action":
        from architect_review.app.action import action

        return action(os.environ, guard)
    if options.command in _SETUP:
        return _SETUP[options.command][1](options, os.environ, guard)
    if options.command == "eval":
        return _evaluate(options, guard)
    if options.command == "audit":
        from architect_review.app.audit_local import audit_local

        chosen = audit_arguments.read(options, os.environ)
        return audit_local(chosen, os.environ, guard)
    if options.command == "replay":
        from architect_review.app.replay import replay

        return replay(options.bundle, options.format, is_check=options.check)
    return _review(options, guard)


def _review(options: argparse.Namespace, guard: Guard) -> int:
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
        options.path or options.repo,
        options.base or None,
        options.head,
        without_model="--no-model was given" if options.no_model else "",
    )
    output = Path(options.output) if options.output else None
    chosen = LocalOptions(options.format, output, files, options.record)
    return local(request, inputs, chosen, os.environ, guard)


def _evaluate(options: argparse.Namespace, guard: Guard) -> int:
    from architect_review.app import evaluate

    if options.compare:
        before, after = options.compare
        tolerance = evaluate_arguments.tolerance(options.tolerance)
        return evaluate.compared(before, after, tolerance, options.format)
    return evaluate.evaluate(evaluate_arguments.read(options), os.environ, guard)


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
    _add_review(commands)
    audit_arguments.add(
        commands.add_parser(
            "audit",
            help="report on everything in a local repository",
            description="Looks at every file of a commit, component by component, and "
            "writes the agent's six-part report: Markdown, HTML, JSON, SARIF. With "
            "ANTHROPIC_API_KEY the model reviews; without, what code finds is shown.",
        )
    )
    _add_replay(
        commands.add_parser(
            "replay",
            help="run a recorded review again, offline",
            description="Runs again what --record wrote: every answer comes from the "
            "folder, nothing is sent. Prints the review.",
        )
    )
    evaluate_arguments.add(
        commands.add_parser(
            "eval",
            help="review cases with known defects and print figures",
            description="Reviews every case, has the findings held against its known "
            "defects, and prints recall, precision and more. Exits with 1 when a case "
            "failed or the run is worse than --baseline.",
        )
    )
    for name, (add, _, told) in _SETUP.items():
        add(commands.add_parser(name, help=told, description=f"{told.capitalize()}."))
    return parser


def _add_review(commands: _Commands) -> None:
    review = commands.add_parser(
        "review",
        help="review commits of a local repository",
        description="Reviews the commits between --base and --head. With "
        "ANTHROPIC_API_KEY (or ANTHROPIC_BASE_URL for another endpoint that speaks "
        "the Messages API) the model reviews; without, deterministic signals are "
        "shown.",
    )
    review.add_argument(
        "path", nargs="?", default="", metavar="PATH",
        help="path of the repository (here); --repo is the same",
    )  # fmt: skip
    review.add_argument("--repo", default=".", help=argparse.SUPPRESS)
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
    review.add_argument(
        "--record", type=Path, metavar="DIR",
        help="record the run in this new folder, to be replayed",
    )  # fmt: skip


def _add_replay(replay: argparse.ArgumentParser) -> None:
    replay.add_argument("bundle", type=Path, metavar="DIR", help="recorded folder")
    replay.add_argument(
        "--format", choices=("text", "markdown", "json"), default="markdown"
    )
    replay.add_argument(
        "--check",
        action="store_true",
        help="compare with what was said then; the exit status is 1 when it differs",
    )
