"""The arguments of `architect-review audit`."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from architect_review.errors import SettingsError
from architect_review.request import agents
from architect_review.request.auditing import AUDIT_FOLDER
from architect_review.request.audits import AuditRequest, Share, Stage


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What the command line adds to the request and the settings.

    `files` are policy files to take from the disk instead of the commit, by path.
    """

    request: AuditRequest
    inputs: Mapping[str, str]
    output: Path
    state: Path | None
    baseline: Path | None
    form: str
    files: Mapping[str, Path]


def add(audit: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    audit.add_argument(
        "path", nargs="?", default=".", metavar="PATH",
        help="a repository, or a folder of it to audit alone (here)",
    )  # fmt: skip
    audit.add_argument("--ref", default="HEAD", help="commit to audit (HEAD)")
    audit.add_argument("--since", default="", help="audit what came since this commit")
    audit.add_argument(
        "--focus", default="", help="categories to ask about: database,security"
    )
    audit.add_argument("--depth", default="", help="quick, standard or deep (standard)")
    audit.add_argument(
        "--agent", help="name of a shipped agent, or path of a definition"
    )
    audit.add_argument("--config", help="configuration file (that of the commit)")
    audit.add_argument("--model", help="sonnet, opus, haiku, fable or a full model ID")
    audit.add_argument(
        "--max-cost-usd", default="", help="most to spend, in US dollars"
    )
    audit.add_argument(
        "--deadline-minutes", default="", help="longest time to take, in minutes"
    )
    _add_files(audit)
    audit.add_argument("--no-model", action="store_true", help="facts and signals only")
    audit.add_argument(
        "--batch", action="store_true",
        help="ask by the Message Batches API: half the price, hours instead of minutes",
    )  # fmt: skip
    _add_shares(audit)


def _add_files(audit: argparse.ArgumentParser) -> None:
    audit.add_argument(
        "--state", type=Path, metavar="DIR",
        help="folder that keeps finished components for the next run",
    )  # fmt: skip
    audit.add_argument(
        "--baseline", type=Path, metavar="FILE",
        help="baseline.json of an earlier audit: what it has is not new",
    )  # fmt: skip
    audit.add_argument(
        "--output", type=Path, metavar="DIR", default=Path(AUDIT_FOLDER),
        help=f"folder for the report's files ({AUDIT_FOLDER})",
    )  # fmt: skip
    audit.add_argument(
        "--format", choices=("text", "markdown", "json"), default="text",
        help="what is printed (text)",
    )  # fmt: skip


def _add_shares(audit: argparse.ArgumentParser) -> None:
    shares = audit.add_mutually_exclusive_group()
    shares.add_argument(
        "--plan", nargs="?", const="", metavar="PARTS",
        help="print how the work divides into so many parts, as JSON; ask nothing",
    )  # fmt: skip
    shares.add_argument(
        "--part", metavar="K/N", help="review this share into the state folder"
    )
    shares.add_argument(
        "--merge", action="store_true",
        help="review nothing: put together what is in the state folder",
    )  # fmt: skip


def read(options: argparse.Namespace, environ: Mapping[str, str]) -> AuditOptions:
    """The options as values. Raises SettingsError."""
    stage, share = _share(options)
    if stage in (Stage.PART, Stage.MERGE) and options.state is None:
        raise SettingsError(
            f"--{stage.value} needs --state DIR: the folder that the parts share"
        )
    files: dict[str, Path] = {}
    if options.config:
        files[options.config] = Path(options.config)
    if options.agent and agents.is_path(options.agent) and Path(options.agent).exists():
        files[options.agent] = Path(options.agent)
    request = AuditRequest(
        options.path,
        options.ref,
        options.since,
        stage=stage,
        share=share,
        without_model="--no-model was given" if options.no_model else "",
    )
    inputs = {
        "agent": options.agent or "",
        "config": options.config or "",
        "model": options.model or "",
        "depth": options.depth,
        "audit-focus": options.focus,
        "max-cost-usd": options.max_cost_usd,
        "deadline-minutes": options.deadline_minutes,
        "batch": "true" if options.batch else "",
        "anthropic-api-key": environ.get("ANTHROPIC_API_KEY", ""),
        "anthropic-base-url": environ.get("ANTHROPIC_BASE_URL", ""),
    }
    return AuditOptions(
        request,
        inputs,
        options.output,
        options.state,
        options.baseline,
        options.format,
        files,
    )


def _share(options: argparse.Namespace) -> tuple[Stage, Share]:
    if options.plan is not None:
        return Stage.PLAN, Share.planned(options.plan)
    if options.part:
        return Stage.PART, Share.parse(options.part)
    return (Stage.MERGE if options.merge else Stage.ALL), Share()
