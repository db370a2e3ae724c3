"""Who judges an evaluation's findings: a model, or people in verdict files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from architect_review.adapters import cases as disk
from architect_review.app.evaluate_arguments import Options
from architect_review.app.wiring import reviewer, stopwatch
from architect_review.errors import ModelError, SettingsError
from architect_review.evaluation import judge, matching
from architect_review.evaluation.cases import Case
from architect_review.evaluation.judged import (
    CaseResult,
    Outcome,
    outcome_of,
    published,
)
from architect_review.evaluation.matching import Verdicts
from architect_review.evaluation.results import Judge
from architect_review.evidence.lookups import Found
from architect_review.ports import Progress
from architect_review.publication.leaks import Guard
from architect_review.report.parts import ReportFinding
from architect_review.report.report import Report
from architect_review.request.models import resolve
from architect_review.request.settings import Settings
from architect_review.review.reply import Usage

VERDICTS = "the verdicts"


@dataclass(frozen=True, slots=True)
class Judged:
    """The cases with their verdicts, and who gave them."""

    judge: Judge
    cases: tuple[CaseResult, ...]


@dataclass(frozen=True, slots=True)
class Judging:
    """Gets a verdict for every published finding of a case with known defects."""

    options: Options
    settings: Settings
    pins: Mapping[str, str]
    guard: Guard

    def check(self, cases: Sequence[Case]) -> None:
        """Read every verdict file once. Raises SettingsError for one that is wrong."""
        for case in cases:
            self._written(case)

    def judged(
        self, cases: Sequence[Case], reports: Mapping[str, Report], progress: Progress
    ) -> Judged:
        """The cases' results; their verdicts are written to the output folder.

        Raises SettingsError when people are to judge and have not yet.
        """
        open_cases = {
            each: findings
            for each in cases
            if outcome_of(reports[each.id])[0] is not Outcome.FAILED
            and each.golden
            and (findings := published(reports[each.id]))
        }
        verdicts: dict[str, Verdicts] = {}
        failed: dict[str, str] = {}
        who = Judge(by="nobody")
        if open_cases and (self.options.verdicts or self.options.without_model):
            who, verdicts = Judge(by="hand"), self._by_hand(open_cases)
        elif open_cases:
            who, verdicts, failed = self._by_model(open_cases, progress)
        return Judged(
            who,
            tuple(
                self._result(each, reports[each.id], verdicts, failed) for each in cases
            ),
        )

    def _result(
        self,
        case: Case,
        report: Report,
        verdicts: Mapping[str, Verdicts],
        failed: Mapping[str, str],
    ) -> CaseResult:
        if case.id in failed:
            return CaseResult.unjudged(case, report, failed[case.id])
        has_failed = outcome_of(report)[0] is Outcome.FAILED
        said = () if has_failed else published(report)
        known = verdicts.get(case.id, {})
        if self.options.output and known:
            file = self.options.output / "verdicts" / f"{case.id}.json"
            disk.write(file, self.guard.lines(matching.file_of(said, known), VERDICTS))
        return CaseResult.of(case, report, matching.matched(case, said, known))

    def _written(self, case: Case) -> Verdicts:
        folder = self.options.verdicts
        return disk.read_verdicts(folder, case) if folder else {}

    def _by_hand(
        self, open_cases: Mapping[Case, Sequence[ReportFinding]]
    ) -> dict[str, Verdicts]:
        verdicts = {case.id: self._written(case) for case in open_cases}
        lacking = [
            f"  {case.id}: {each.title} [{each.fingerprint}]"
            for case, findings in open_cases.items()
            for each in matching.unjudged(case, findings, verdicts[case.id])
        ]
        if lacking:
            hint = self._to_fill_in(open_cases, verdicts)
            raise SettingsError(
                f"{len(lacking)} findings have no verdict; {hint}:\n"
                + "\n".join(lacking)
            )
        return verdicts

    def _to_fill_in(
        self,
        open_cases: Mapping[Case, Sequence[ReportFinding]],
        verdicts: Mapping[str, Verdicts],
    ) -> str:
        """Write what is to be filled in; say where, and how to go on."""
        options = self.options
        folder = options.verdicts or (options.output and options.output / "verdicts")
        if not folder:
            return "give --verdicts DIR and --output DIR to judge them by hand"
        for case, findings in open_cases.items():
            if matching.unjudged(case, findings, verdicts[case.id]):
                content = matching.file_of(findings, verdicts[case.id])
                kept = self.guard.lines(content, VERDICTS)
                disk.write(folder / f"{case.id}.json", kept)
        reports = options.reports or (options.output and options.output / "reports")
        return (
            f"replace each null in the files of {folder} by the id of the golden that "
            'the finding describes, or "" for none, and run again with '
            f"--reports {reports} --verdicts {folder}"
        )

    def _by_model(
        self,
        open_cases: Mapping[Case, Sequence[ReportFinding]],
        progress: Progress,
    ) -> tuple[Judge, dict[str, Verdicts], dict[str, str]]:
        """Ask about all cases; a failed answer fails its case, and the reason says."""
        if not self.settings.has_model:
            raise SettingsError(
                "there is no model to judge: set ANTHROPIC_API_KEY (or "
                "ANTHROPIC_BASE_URL), or give --verdicts DIR to judge by hand"
            )
        model = resolve(self.options.judge, self.pins)
        requests = [
            judge.request(case, findings, model)
            for case, findings in open_cases.items()
        ]
        progress.step(f"judging the findings of {len(requests)} cases")
        build = reviewer(stopwatch(), _Silent(), guard=self.guard)
        asked = build(self._bounded(len(requests)))
        replies = asked.review(requests, _look)
        verdicts: dict[str, Verdicts] = {}
        failed: dict[str, str] = {}
        for (case, findings), reply in zip(open_cases.items(), replies, strict=True):
            try:
                if reply.failure or reply.answer is None:
                    raise reply.failure or ModelError("invalid", "no answer")
                verdicts[case.id] = judge.verdicts(case, findings, reply.answer)
            except ModelError as error:
                failed[case.id] = f"the judge gave no verdicts: {error.detail}"
        who = Judge(
            by="model",
            model=model,
            version=judge.JUDGE_VERSION,
            prompt=judge.digest(),
            cost_usd=sum((reply.usage for reply in replies), Usage()).cost_usd,
        )
        return who, verdicts, failed

    def _bounded(self, requests: int) -> Settings:
        """The settings with room for so many requests: their caps are for one case."""
        return self.settings.model_copy(
            update={
                "max_cost_usd": self.settings.max_cost_usd * requests,
                "max_tokens": self.settings.max_tokens * requests,
            }
        )


class _Silent:
    """What the reviewer says while it asks is worded for reviews."""

    def step(self, text: str) -> None:
        """Say nothing."""


def _look(tool: str, arguments: Mapping[str, object]) -> Found:
    return Found("", "the judge looks nothing up", is_refused=True)
