"""GitHub Actions: the runner's environment, files and log.

How the runner reads these was taken from its source (actions/runner 2.336:
FileCommandManager, ActionCommand) and its documentation ("Workflow commands").
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from pydantic import SecretStr

from architect_review.encodable import encodable, encodable_data
from architect_review.errors import PublishError, SettingsError
from architect_review.publication.leaks import Guard
from architect_review.publication.plain import command, log_line
from architect_review.publication.receipt import Receipt
from architect_review.report.ended import ended
from architect_review.report.outputs import outputs
from architect_review.report.report import Report
from architect_review.report.withholding import checked
from architect_review.request.access import Scope
from architect_review.request.settings import Settings
from architect_review.vocabulary import Fate, Severity, Status

if TYPE_CHECKING:
    from architect_review.publication.publication import Publication

SUMMARY_LIMIT = 900_000
"""UTF-8 bytes of a step summary; the runner drops one above 1 MiB whole."""
ANNOTATIONS_LIMIT = 10
"""Annotations of one level that the runner keeps of a step."""
REPORT_FOLDER = "architect-review"
SUMMARY = "the step summary"


@dataclass(frozen=True, slots=True)
class Runner:
    """What the runner says about the run, from its environment."""

    event_name: str
    event_path: str
    api_url: str
    output: str
    step_summary: str
    temp: str
    host_temp: str
    repository: str = ""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Runner":
        """Read the variables in use. Raises SettingsError outside of Actions."""
        for name in ("GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH"):
            if not environ.get(name):
                raise SettingsError(
                    f"{name} is not set: `architect-review action` runs in GitHub "
                    "Actions; for a local review use `architect-review review`"
                )
        temp = environ.get("RUNNER_TEMP", "")
        workspace = environ.get("RUNNER_WORKSPACE", "")
        # In a container RUNNER_TEMP is the mount; RUNNER_WORKSPACE stays the host's
        # path, and the temporary folder is its neighbour `_temp`.
        mounted = temp == "/github/runner_temp" and workspace
        return cls(
            event_name=environ["GITHUB_EVENT_NAME"],
            event_path=environ["GITHUB_EVENT_PATH"],
            api_url=environ.get("GITHUB_API_URL") or "https://api.github.com",
            output=environ.get("GITHUB_OUTPUT", ""),
            step_summary=environ.get("GITHUB_STEP_SUMMARY", ""),
            temp=temp,
            host_temp=str(Path(workspace).parent / "_temp") if mounted else temp,
            repository=environ.get("GITHUB_REPOSITORY", ""),
        )

    def folder(self, name: str, setting: str = "record") -> Path:
        """A folder below the runner's temporary one, by its name or its path there.

        Raises SettingsError, which names the setting, for any other place: what a pull
        request brought into the workspace may be a link to somewhere else.
        """
        where, inside = Path(self.host_temp, name), Path(self.host_temp)
        if not self.temp or ".." in where.parts or inside not in where.parents:
            raise SettingsError(
                f"input: `{setting}`: {name!r} is no folder below the runner's "
                "temporary one: give a name, such as `architect-review-bundle`"
            )
        return Path(self.temp) / where.relative_to(inside)

    def event(self) -> Any:
        """The event's payload. Raises SettingsError when it cannot be read.

        A schedule's may not name the repository, which the environment does.
        """
        try:
            text = Path(self.event_path).read_text(encoding="utf-8-sig")
            found = encodable_data(json.loads(text))
        except (OSError, ValueError, RecursionError) as error:
            raise SettingsError(
                f"the event file {self.event_path} cannot be read: {error}"
            ) from error
        if isinstance(found, dict) and not found.get("repository") and self.repository:
            found["repository"] = {"full_name": self.repository}
        return found

    def owner(self) -> tuple[int, int] | None:
        """Whom files below the temporary folder are given to; None when it is us.

        The container is root; the runner must be able to clean up after us.
        """
        if not self.temp or os.geteuid() != 0:
            return None
        owner = Path(self.temp).stat()
        return owner.st_uid, owner.st_gid


def inputs_from(environ: Mapping[str, str]) -> dict[str, str]:
    """The action's inputs as the runner passes them: `INPUT_MAX-COMMENTS=5`.

    The runner upper-cases names and keeps hyphens (actions/runner, Handler.cs).
    """
    names = Settings.names(Scope.INPUT, Scope.BOTH)
    return {
        name: value
        for name in names
        if (value := environ.get(f"INPUT_{name.upper()}", ""))
    }


class Log:
    """Standard output as the runner reads it: no line is its command by chance."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def step(self, text: str) -> None:
        """A plain line of progress."""
        self.line(f"· {text}")

    def line(self, text: str) -> None:
        """Print text that may hold anything."""
        print(log_line(text), file=self._stream, flush=True)

    def mask(self, hidden: Iterable[SecretStr | None]) -> None:
        """Ask the runner to hide these wherever they appear in the log.

        A secret of several lines by each of them: a mask has one line.
        """
        for secret in hidden:
            for part in secret.get_secret_value().splitlines() if secret else ():
                if part.strip():
                    self._command(command("add-mask", part))

    def annotate(self, level: str, message: str, **properties: str | int) -> None:
        """An annotation: `notice`, `warning` or `error`."""
        self._command(command(level, message, **properties))

    def _command(self, text: str) -> None:
        print(text, file=self._stream, flush=True)


class StepSummary:
    """Publisher: the whole review in the job's summary, before anything can fail."""

    def __init__(self, path: str, guard: Guard | None = None) -> None:
        self._path = path
        self._guard = guard or Guard()

    def publish(self, publication: "Publication", receipt: Receipt) -> Receipt:
        """Write the long form; where it cannot be, the review is said all the same."""
        text = publication.long_form(receipt)
        try:
            write_summary(self._path, self._guard.lines(text, SUMMARY))
        except PublishError as error:
            return replace(receipt, notes=(*receipt.notes, str(error)))
        return receipt


class ActionsRecorder:
    """Recorder: step summary, outputs, annotations and the JSON report's file."""

    def __init__(self, runner: Runner, log: Log, guard: Guard | None = None) -> None:
        self._runner = runner
        self._log = log
        self._guard = guard or Guard()

    def record(
        self, report: Report, publication: "Publication | None", receipt: Receipt
    ) -> None:
        """Write everything that outlives the run."""
        text = publication.long_form(receipt) if publication else ended(report)
        write_summary(self._runner.step_summary, self._guard.lines(text, SUMMARY))
        report = checked(report, self._guard)
        path = self._write_report(report)
        told = self._guard.data(outputs(report, path), "the outputs")
        write_outputs(self._runner.output, told)
        self._annotate(report, receipt)
        why = f": {report.why}" if report.why else ""
        self._log.line(f"{report.status.value}{why}")
        if report.model:
            self._log.line(f"model {report.model}, verdict {report.verdict.value}")

    def _annotate(self, report: Report, receipt: Receipt) -> None:
        """Findings become annotations only where they could not become comments."""
        if report.status is Status.FAILED:
            self._log.annotate("error", report.why, title="Architect review failed")
        elif report.status is Status.PARTIAL:
            self._log.annotate(
                "warning", report.why, title="Architect review is partial"
            )
        if not receipt.unposted:
            return
        self._log.annotate(
            "notice",
            f"Not posted: {receipt.unposted}. The job's summary has the review.",
            title="Architect review",
        )
        said = [each for each in report.findings if each.fate is not Fate.WITHHELD]
        for finding in said[:ANNOTATIONS_LIMIT]:
            grave = finding.severity in (Severity.CRITICAL, Severity.HIGH)
            place = {"line": finding.start_line} if finding.start_line else {}
            self._log.annotate(
                "warning" if grave else "notice",
                f"{finding.problem}\n{finding.recommendation}",
                file=finding.path,
                title=f"{finding.name} {finding.severity.value}: {finding.title}",
                **place,
            )

    def _write_report(self, report: Report) -> str:
        if not self._runner.temp:
            return ""
        root = Path(self._runner.temp)
        folder = root / REPORT_FOLDER
        path = folder / "report.json"
        with _written("the report's file"):
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
            if owner := self._runner.owner():
                for each in (folder, path):
                    os.chown(each, *owner)
        return str(Path(self._runner.host_temp) / REPORT_FOLDER / "report.json")


def write_summary(path: str, text: str) -> None:
    """Write the step summary anew, cut to what the runner keeps.

    Raises PublishError where the disk does not take it.
    """
    if not path:
        return
    data = text.encode("utf-8", "replace")
    if len(data) > SUMMARY_LIMIT:
        cut = data[:SUMMARY_LIMIT].rsplit(b"\n\n", 1)[0]
        data = cut + b"\n\n*Cut here: the JSON report has the rest.*\n"
    with _written(SUMMARY):
        Path(path).write_bytes(data)


def write_outputs(path: str, values: Mapping[str, str]) -> None:
    """Append outputs in the runner's heredoc form, each with a delimiter of its own.

    Raises PublishError where the disk does not take them, and ValueError for a value
    that holds its delimiter: somebody guessed 128 bits.
    """
    if not path:
        return
    told = ""
    for name, value in values.items():
        delimiter = f"ghadelimiter_{os.urandom(16).hex()}"
        if delimiter in value:
            raise ValueError(f"the output {name} holds its own delimiter")
        told += f"{name}<<{delimiter}\n{value}\n{delimiter}\n"
    with _written("the outputs"), Path(path).open("ab") as file:
        file.write(encodable(told).encode())


@contextmanager
def _written(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PublishError(f"{what} cannot be written: {error}") from error
