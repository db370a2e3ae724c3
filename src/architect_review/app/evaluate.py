"""Start as an evaluation: review cases, have the findings judged, print figures."""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from architect_review import __version__, pipeline
from architect_review.adapters import cases as disk
from architect_review.adapters.anthropic import Claude
from architect_review.adapters.terminal import TerminalProgress
from architect_review.app import evaluate_judging as judging
from architect_review.app.evaluate_arguments import Options
from architect_review.app.wiring import pins, reviewer, stopwatch
from architect_review.errors import ArchitectError, SettingsError
from architect_review.evaluation import results as stored
from architect_review.evaluation.cases import Case
from architect_review.evaluation.comparison import Comparison, compare
from architect_review.evaluation.results import Results, Reviewer
from architect_review.evaluation.table import difference, table
from architect_review.guarding import GuardedSource
from architect_review.ports import Tools
from architect_review.publication.leaks import Guard
from architect_review.report.report import Report
from architect_review.report.withholding import checked
from architect_review.request import agents
from architect_review.request.agents import Agent
from architect_review.request.events import RangeReview
from architect_review.request.settings import Settings
from architect_review.vocabulary import Status

WORSE = 1


def evaluate(options: Options, environ: Mapping[str, str], guard: Guard) -> int:
    """Evaluate and return the exit status: 1 for failed cases or a worse run.

    Everything that can be checked is checked before the first case is paid for.
    Raises ArchitectError.
    """
    settings = Settings.of(options.inputs)
    cases = disk.read(options.cases, options.only)
    baseline = disk.read_results(options.baseline) if options.baseline else None
    if baseline and options.only:
        baseline = baseline.only(options.only)
    agent, text = _agent(options.inputs["agent"])
    judge = judging.Judging(options, settings, pins(environ), guard)
    judge.check(cases)
    progress = TerminalProgress(sys.stderr)
    try:
        reviews = _Reviews(options, pins(environ), progress, guard)
        reports = _reports(options, settings, cases, reviews)
        reports = {name: checked(each, guard) for name, each in reports.items()}
        judged = judge.judged(cases, reports, progress)
    finally:
        progress.done()
    results = Results.of(
        datetime.now(UTC).isoformat(timespec="seconds"),
        Reviewer(
            program=__version__,
            prompts=stored.prompts_digest(text),
            agent=agent.name,
            depth=options.inputs.get("depth", ""),
            models=tuple(sorted({r.model for r in reports.values() if r.model})),
        ),
        judged.judge,
        judged.cases,
    )
    comparison = compare(baseline, results, options.tolerance) if baseline else None
    _say(options.form, results, comparison)
    if options.output:
        disk.write(options.output / "results.json", _json(results, guard))
    is_worse = bool(comparison and comparison.is_worse)
    return WORSE if is_worse or results.figures.failed else 0


def compared(before: Path, after: Path, tolerance: float, form: str) -> int:
    """Compare two stored results and return the exit status. Raises ArchitectError."""
    comparison = compare(disk.read_results(before), disk.read_results(after), tolerance)
    _say(form, None, comparison)
    return WORSE if comparison.is_worse else 0


def _agent(choice: str) -> tuple[Agent, str]:
    """The agent and its file's text. Raises AgentError or SettingsError."""
    if not agents.is_path(choice):
        agent = agents.load_shipped(choice)
        return agent, disk.text(agents.shipped()[choice])
    text = disk.text(Path(choice))
    return agents.parse(text, choice), text


def _reports(
    options: Options,
    settings: Settings,
    cases: Sequence[Case],
    reviews: "_Reviews",
) -> dict[str, Report]:
    """The report of every case, by its identifier."""
    if options.reports:
        return {each.id: disk.read_report(options.reports, each) for each in cases}
    if not (settings.has_model or options.without_model):
        raise SettingsError(
            "there is no model to ask: set ANTHROPIC_API_KEY (or ANTHROPIC_BASE_URL), "
            "or give --no-model to measure the signals alone"
        )
    if not options.without_model:
        Claude.preload()
    with tempfile.TemporaryDirectory(prefix="architect-review-") as scratch:
        places = {
            each.id: disk.repository(each, options.repos, Path(scratch))
            for each in cases
        }
        reports = {}
        for number, case in enumerate(cases, 1):
            reviews.progress.step(f"case {number} of {len(cases)}: {case.id}")
            reports[case.id] = reviews.report(case, places[case.id])
            if options.output:
                file = options.output / "reports" / f"{case.id}.json"
                disk.write(file, _json(reports[case.id], reviews.guard))
        return reports


@dataclass(frozen=True, slots=True)
class _Reviews:
    """Reviews cases as `architect-review review` would."""

    options: Options
    pinned: Mapping[str, str]
    progress: TerminalProgress
    guard: Guard

    def report(self, case: Case, place: Path) -> Report:
        """The report of one case; one that could not be reviewed has one too."""
        elapsed, guard = stopwatch(), self.guard
        agent = self.options.inputs["agent"]
        request = RangeReview(
            str(place), case.base, case.head, self.options.without_model
        )
        files = {agent: Path(agent)} if agents.is_path(agent) else {}
        try:
            tools = Tools(
                source=GuardedSource(disk.CaseSource(case, request, files), guard),
                reviewer=reviewer(elapsed, self.progress, guard=guard),
                publishers=(),
                recorders=(),
                progress=self.progress,
                elapsed=elapsed,
                guard=guard,
            )
            return pipeline.run(request, self.options.inputs, self.pinned, tools)
        except ArchitectError as error:
            failed = Report.ended(Status.FAILED, str(error), title=case.pr_title)
            failed = failed.model_copy(update={"seconds": round(elapsed(), 1)})
            return checked(failed, guard)


def _json(value: Report | Results | Comparison, guard: Guard | None = None) -> str:
    """As JSON; what is printed passes a guard there."""
    text = value.model_dump_json(indent=2)
    if guard is not None and guard.holds(text):
        kept = guard.data(value.model_dump(mode="json"), "the results")
        text = json.dumps(kept, indent=2, ensure_ascii=False)
    return text + "\n"


def _say(form: str, results: Results | None, comparison: Comparison | None) -> None:
    """Print the figures, the comparison, or both."""
    if form == "json":
        parts = {"results": results, "comparison": comparison}
        given = [f'"{name}": {_json(part)}' for name, part in parts.items() if part]
        sys.stdout.write("{" + ",\n".join(given) + "}\n")
        return
    texts = [table(results)] if results else []
    texts += [difference(comparison)] if comparison else []
    sys.stdout.write("\n".join(texts))
