"""The arguments of `architect-review eval`."""

import argparse
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from architect_review.errors import SettingsError
from architect_review.request.settings import Settings


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for; `inputs` are settings of the reviews."""

    cases: Path
    repos: Path
    reports: Path | None
    verdicts: Path | None
    output: Path | None
    baseline: Path | None
    only: tuple[str, ...]
    judge: str
    tolerance: float
    form: str
    without_model: str
    inputs: Mapping[str, str]


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    _cases(parser.add_argument)
    _reviews(parser.add_argument_group("reviews").add_argument)
    _verdicts(parser.add_argument_group("verdicts").add_argument)
    _results(parser.add_argument_group("results").add_argument)


def _cases(add_argument: Callable[..., object]) -> None:
    add_argument(
        "cases", nargs="?", type=Path, metavar="CASES",
        help="folder of <id>.json files (or of a folder `cases` of them), or one file",
    )  # fmt: skip
    add_argument(
        "--repos", type=Path, metavar="DIR",
        help="the cases' repositories: <id>.git, or <id>/base and <id>/head "
        "(the folder `repos` beside the cases)",
    )  # fmt: skip
    add_argument("--only", nargs="+", default=[], metavar="ID", help="these cases only")


def _reviews(add_argument: Callable[..., object]) -> None:
    add_argument("--model", help="sonnet, opus, haiku, fable or a full model ID")
    add_argument("--agent", help="name of a shipped agent, or path of a definition")
    add_argument("--depth", help="how deep to review: the setting `depth`")
    add_argument("--max-cost-usd", metavar="USD", help="most that one case may cost")
    add_argument("--no-model", action="store_true", help="signals only")
    add_argument(
        "--reports", type=Path, metavar="DIR",
        help="score the reports <id>.json in this folder and review nothing",
    )  # fmt: skip


def _verdicts(add_argument: Callable[..., object]) -> None:
    add_argument(
        "--judge", default="sonnet", metavar="MODEL",
        help="model that says which finding describes which known defect (sonnet)",
    )  # fmt: skip
    add_argument(
        "--verdicts", type=Path, metavar="DIR",
        help="take the verdicts from <id>.json in this folder and ask no judge",
    )  # fmt: skip


def _results(add_argument: Callable[..., object]) -> None:
    add_argument(
        "--output", type=Path, metavar="DIR",
        help="folder for results.json, reports/ and verdicts/",
    )  # fmt: skip
    add_argument("--format", choices=("text", "json"), default="text")
    add_argument(
        "--baseline", type=Path, metavar="FILE",
        help="earlier results.json; the exit status is 1 when this run is worse",
    )  # fmt: skip
    add_argument(
        "--compare", nargs=2, type=Path, metavar=("BEFORE", "AFTER"),
        help="compare two results and run nothing",
    )  # fmt: skip
    add_argument(
        "--tolerance", type=float, default=0.0, metavar="SHARE",
        help="how much worse a figure may be, such as 0.05 (0)",
    )  # fmt: skip


def read(given: argparse.Namespace) -> Options:
    """The arguments, checked. Raises SettingsError."""
    if given.cases is None:
        raise SettingsError(
            "give the folder of cases, or --compare BEFORE AFTER for two results"
        )
    if given.verdicts and not (given.output or given.reports):
        raise SettingsError(
            "--verdicts belongs to reports that are kept: give --output DIR, or "
            "--reports DIR with those of an earlier run"
        )
    inside = (given.cases / "cases").is_dir()
    beside = given.cases if inside else given.cases.resolve().parent
    return Options(
        cases=given.cases,
        repos=given.repos or beside / "repos",
        reports=given.reports,
        verdicts=given.verdicts,
        output=given.output,
        baseline=given.baseline,
        only=tuple(given.only),
        judge=given.judge,
        tolerance=tolerance(given.tolerance),
        form=given.format,
        without_model="--no-model was given" if given.no_model else "",
        inputs=_inputs(given),
    )


def tolerance(given: float) -> float:
    """A tolerance that is one. Raises SettingsError."""
    # A comparison with NaN is never true: no run would be worse.
    if not 0 <= given < float("inf"):
        raise SettingsError("--tolerance is a share of 0 or more, such as 0.05")
    return given


def _inputs(given: argparse.Namespace) -> dict[str, str]:
    # The agent is always named: a case's own configuration must not choose it.
    agent = given.agent or Settings.model_fields["agent"].default
    inputs = {
        "agent": agent,
        "model": given.model,
        "depth": given.depth,
        "max-cost-usd": given.max_cost_usd,
        "anthropic-api-key": os.environ.get("ANTHROPIC_API_KEY"),
        "anthropic-base-url": os.environ.get("ANTHROPIC_BASE_URL"),
    }
    return {name: value for name, value in inputs.items() if value}
