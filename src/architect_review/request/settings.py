"""Every setting, once: the action's inputs, the configuration file, the docs.

`action.yml`, `docs/settings.md` and the configuration's JSON Schema are generated
from this model (`make reference`) and a test holds them equal.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr, ValidationError

from architect_review.errors import SettingsError
from architect_review.request import declared, fields
from architect_review.request.access import Scope, setting
from architect_review.request.commands import Name
from architect_review.request.declared import DangerZone, Instruction, SignalWeight
from architect_review.request.explaining import explain
from architect_review.request.permissions import AUTHOR_MAY, authors_commands
from architect_review.request.staging import Staging
from architect_review.vocabulary import Severity

CONFIG_PATH = ".github/architect-review.yml"
NO_MODEL_KEY = "no model key was given (ANTHROPIC_API_KEY)"
GUIDELINES = ("CLAUDE.md", "AGENTS.md")
"""Where projects write down how they are built, for people and for agents."""


class FailOn(StrEnum):
    """What makes the run's exit status 1."""

    ERROR = "error"
    PARTIAL = "partial"
    MAJOR = "major"
    CRITICAL = "critical"
    HIGH = "high"


class Settings(Staging):
    """How a run behaves. An input wins over the file, the file over the default."""

    project_lead: Annotated[tuple[str, ...], BeforeValidator(fields.handles)] = setting(
        (),
        Scope.BOTH,
        "Who is told of major changes: logins, or `organisation/team`. Empty: the "
        "handle that the agent names, if it belongs to a collaborator.",
        max_length=10,
    )
    leads: dict[str, Annotated[tuple[str, ...], BeforeValidator(fields.handles)]] = (
        setting(
            {},
            Scope.FILE,
            "Names that agents use for people, and the logins or `organisation/team` "
            "behind each: `pmcc-project-lead: octocat`.",
        )
    )
    label: str = setting(
        "",
        Scope.BOTH,
        "Label that a pull request has while it is a major change. Empty: none. It is "
        "made when the repository lacks it.",
        max_length=50,
    )
    request_review: bool = setting(
        False,
        Scope.BOTH,
        "Request a review from the lead when they are told of a major change.",
    )
    lead_gate: bool = setting(
        False,
        Scope.BOTH,
        "Set the commit status `architecture/lead-approval`: pending while a major "
        "change waits for a lead's `/architect approve` or approving review "
        "(docs/sign-off.md). Needs `statuses: write`.",
    )
    signals: dict[str, Annotated[SignalWeight, BeforeValidator(fields.weight)]] = (
        setting(
            {},
            Scope.FILE,
            "Other weights of signals, by name: `major` (alone makes a change a major "
            "one), `supporting` or `off`.",
        )
    )
    danger_zones: tuple[DangerZone, ...] = setting(
        (),
        Scope.FILE,
        "Places whose change is a major one: `paths` (globs), `lines` (a glob that a "
        "changed line must fit, such as `*charge(*`), `reason`, and an `owner` who is "
        "told besides the lead.",
    )
    author_may: Annotated[tuple[Name, ...], BeforeValidator(authors_commands)] = (
        setting(
            AUTHOR_MAY,
            Scope.BOTH,
            "Commands that a pull request's author may give without a role in the "
            "repository (docs/commands.md), or `none`. Never `approve` and `reject`; "
            "`reopen` only for what they dismissed themselves.",
        )
    )
    config: str = setting(
        CONFIG_PATH,
        Scope.INPUT,
        "Path of the configuration file, read at the tip of the base branch.",
        max_length=500,
    )
    min_severity: Annotated[Severity, BeforeValidator(fields.word)] = setting(
        Severity.MEDIUM,
        Scope.BOTH,
        "Mildest severity that is published: `critical`, `high`, `medium` or `low`. "
        "Milder findings are kept in the JSON report.",
    )
    max_comments: int = setting(
        5,
        Scope.BOTH,
        "Comments of their own that a run may add for findings, 0 to 20. The others "
        "stand in the summary.",
        ge=0,
        le=20,
    )
    fail_on: Annotated[tuple[FailOn, ...], BeforeValidator(fields.items)] = setting(
        (FailOn.ERROR,),
        Scope.BOTH,
        "What fails the job: any of `error` (the review could not be made), "
        "`partial`, `major`, `critical`, `high`; `never` for nothing.",
    )
    guidelines: Annotated[tuple[str, ...], BeforeValidator(fields.items)] = setting(
        GUIDELINES,
        Scope.FILE,
        "Files of the base branch that say how this project is built; the change is "
        "held against them.",
        max_length=10,
    )
    decisions: Annotated[tuple[str, ...], BeforeValidator(fields.folders)] = setting(
        declared.FOLDERS,
        Scope.FILE,
        "Folders of the base branch's architecture decision records. The change is "
        "held against those whose `applies_to` globs, or else title, fit its files.",
        max_length=10,
    )
    instructions: tuple[Instruction, ...] = setting(
        (),
        Scope.FILE,
        "What reviews are to heed where certain files change: `paths` (globs) and "
        "`text`.",
        max_length=50,
    )
    facts: tuple[Annotated[str, Field(min_length=1, max_length=500)], ...] = setting(
        (),
        Scope.FILE,
        "What holds for this repository, a sentence each: traffic, data volume, team, "
        "budget, stack, compliance. It is never asked about.",
        max_length=30,
    )
    language: str = setting(
        "English",
        Scope.BOTH,
        "Language of the review's prose. Commands and severities stay English.",
        max_length=40,
        pattern=r"^[^\W\d_][\w ()-]*$",
    )
    ignore: Annotated[tuple[str, ...], BeforeValidator(fields.globs)] = setting(
        (),
        Scope.BOTH,
        "Globs of files not to review. They are listed as left out; migrations, "
        "manifests, workflows and this configuration cannot be ignored.",
    )
    deadline_minutes: float = setting(
        15,
        Scope.BOTH,
        "Longest time a run may take, in minutes. What is not done by then is named.",
        gt=0,
        le=300,
    )
    github_timeout: int = setting(
        15,
        Scope.INPUT,
        "Seconds to wait for one answer of GitHub's API, which itself gives up after "
        "10; a slow GitHub Enterprise Server may need more.",
        ge=1,
        le=300,
    )
    dry_run: bool = setting(
        False,
        Scope.INPUT,
        "Show in the step summary what would be sent and what it would cost; "
        "ask no model and write nothing to the pull request.",
    )
    record: str = setting(
        "",
        Scope.INPUT,
        "Folder to record the run in, for `architect-review replay`: a name below the "
        "runner's temporary folder (`runner.temp`), such as `architect-review-bundle`, "
        "from where it can be uploaded as an artifact. It holds the change and the "
        "files that were read, without known secrets.",
        max_length=500,
    )
    pull_request: int | None = setting(
        None,
        Scope.INPUT,
        "Number of the pull request to review, for `workflow_dispatch`.",
        gt=0,
    )

    @property
    def token(self) -> SecretStr:
        """The GitHub token. Raises SettingsError when there is none."""
        if self.github_token is None:
            raise SettingsError(
                "input: `github-token` is empty: leave it out for the job's own token"
            )
        return self.github_token

    @property
    def has_model(self) -> bool:
        """Whether there is anything to ask: a key, or an endpoint that needs none."""
        return self.has_endpoint or self.is_asked_elsewhere

    @property
    def has_endpoint(self) -> bool:
        """Whether this very run can ask."""
        return self.anthropic_api_key is not None or bool(self.anthropic_base_url)

    @classmethod
    def names(cls, *scopes: Scope) -> tuple[str, ...]:
        """The settings' names as users write them, in order."""
        return tuple(
            field.alias or name
            for name, field in cls.model_fields.items()
            if Scope(_extra(field)["scope"]) in scopes
        )

    @classmethod
    def of(
        cls,
        inputs: Mapping[str, str],
        file: Mapping[str, Any] | None = None,
        path: str = "configuration file",
    ) -> "Settings":
        """Merge inputs over the values of the file at `path` over the defaults.

        An empty input is an input not given: that is how the runner passes it. Raises
        SettingsError that names the setting, where it was given and what is allowed.
        """
        given = {name: text.strip() for name, text in inputs.items() if text.strip()}
        if given.get("fail-on", "").lower() == "never":
            given["fail-on"] = ","
        values = {**(file or {}), **given, **_added(given, file or {})}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            place = ".".join(str(part) for part in first["loc"])
            where = "input" if name in given else path
            why = explain(first, name, place, cls.names(*Scope))
            raise SettingsError(f"{where}: {why}") from error


def _extra(field: Any) -> dict[str, Any]:
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def _added(given: Mapping[str, str], file: Mapping[str, Any]) -> dict[str, Any]:
    """Settings whose input adds to the file's: what that forbids stays forbidden."""
    name = "never-send"
    if name not in given or file.get(name) is None:
        return {}
    own = fields.items(file[name])
    if not isinstance(own, list | tuple):
        return {name: own}
    return {name: (*own, *fields.items(given[name]))}
