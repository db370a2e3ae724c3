"""The rules one run is under: settings, the agent, and who the lead is."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from architect_review.errors import AgentError, SettingsError
from architect_review.request import agents
from architect_review.request import decisions as records
from architect_review.request.agents import Agent
from architect_review.request.configfile import read_file
from architect_review.request.decisions import NO_DECISIONS, Decisions
from architect_review.request.declared import FOLDERS
from architect_review.request.models import Prices, resolve
from architect_review.request.settings import CONFIG_PATH, GUIDELINES, Settings

GUIDELINE_LIMIT = 20_000
"""Characters of one guideline that are shown to the model."""
Read = Callable[[Iterable[str]], Mapping[str, str]]
"""Reads policy files; those that do not exist are absent from the answer.

A path that ends in a slash stands for the Markdown files directly in that folder.
"""


@dataclass(frozen=True, slots=True)
class Lead:
    """Who hears of a major change.

    `is_trusted` is False for a handle that only the agent's text names: it is
    mentioned only when the platform says it belongs to a collaborator.
    """

    handle: str
    is_trusted: bool

    @property
    def is_team(self) -> bool:
        """Whether the handle is `organisation/team`."""
        return "/" in self.handle


@dataclass(frozen=True, slots=True)
class Route:
    """An agent, the model that speaks for it, and the globs of what it reviews."""

    agent: Agent
    model: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """What was decided before the change itself is looked at."""

    settings: Settings
    agent: Agent
    model: str
    leads: tuple[Lead, ...]
    guidelines: Mapping[str, str] = field(default_factory=dict)
    """Texts of the project's guidelines by path, those that exist."""
    decisions: Decisions = NO_DECISIONS
    routes: tuple[Route, ...] = ()
    """Further agents: the first whose globs fit a file reviews it."""
    small_model: str = ""
    """The model that verifies findings when money is short."""

    @property
    def rules(self) -> dict[str, str]:
        """What a finding may cite: guidelines and binding decisions, by path."""
        decided = {each.path: each.text for each in self.decisions.binding}
        return {**decided, **self.guidelines}

    def redacted(self, redact: Callable[[str], str]) -> "Policy":
        """The same with `redact` applied to all that may be cited."""
        return replace(
            self,
            guidelines={path: redact(text) for path, text in self.guidelines.items()},
            decisions=self.decisions.redacted(redact),
        )

    def without(self, hidden: Container[str]) -> "Policy":
        """The same without guidelines and decision records at these paths."""
        kept = {path: said for path, said in self.guidelines.items()
                if path not in hidden}  # fmt: skip
        records = tuple(
            each for each in self.decisions.records if each.path not in hidden
        )
        decisions = replace(self.decisions, records=records)
        return replace(self, guidelines=kept, decisions=decisions)

    @property
    def prices(self) -> Prices:
        """What models cost in this run."""
        return Prices.stated(self.settings.prices)


def wanted(inputs: Mapping[str, str]) -> tuple[str, ...]:
    """The policy files that can be named before any was read."""
    config = config_path(inputs)
    agent = inputs.get("agent", "").strip()
    folders = (f"{folder}/" for folder in FOLDERS)
    paths = (config, ".gitattributes", *GUIDELINES, *folders)
    return (*paths, agent) if agents.is_path(agent) else paths


def load(inputs: Mapping[str, str], read: Read, pins: Mapping[str, str]) -> Policy:
    """Settle the policy of a run.

    `read` gives files of the policy commit. Raises SettingsError or AgentError; a
    configuration that was asked for by name and does not exist is an error too.
    """
    settings = settings_of(inputs, read)
    chosen = agents_of(settings)
    paths = tuple(filter(agents.is_path, chosen))
    texts = read(paths) if paths else {}
    found = {choice: _agent(choice, texts) for choice in chosen}
    agent = found[settings.agent]
    return Policy(
        settings,
        agent,
        resolve(settings.model or agent.model, pins),
        _leads(settings, agent),
        _guidelines(settings.guidelines, read),
        _decisions(settings.decisions, read),
        routes=tuple(
            Route(
                found[each.agent],
                resolve(settings.model or found[each.agent].model, pins),
                each.paths,
            )
            for each in settings.agents
        ),
        small_model=resolve("haiku", pins),
    )


def settings_of(inputs: Mapping[str, str], read: Read) -> Settings:
    """The settings of a run: inputs over the configuration file. Raises SettingsError.

    `read` gives files of the policy commit; a file that was asked for by name and does
    not exist is an error too.
    """
    path = config_path(inputs)
    text = read((path,)).get(path)
    if text is None and path != CONFIG_PATH:
        raise SettingsError(
            f"the configuration file {path} is not at the tip of the base branch"
        )
    return Settings.of(inputs, read_file(text, path) if text else None, path)


def unread(settings: Settings) -> Policy:
    """A policy for people who talk: with leads by the settings, and with no agent."""
    nobody = Agent(name="", description="", instructions="")
    return Policy(settings, nobody, "", _leads(settings, nobody))


def config_path(inputs: Mapping[str, str]) -> str:
    """Where the configuration file is."""
    return inputs.get("config", "").strip() or CONFIG_PATH


def _guidelines(paths: Sequence[str], read: Read) -> dict[str, str]:
    texts = read(paths) if paths else {}
    return {path: texts[path][:GUIDELINE_LIMIT] for path in paths if path in texts}


def agents_of(settings: Settings) -> tuple[str, ...]:
    """The agents that a run may use, as they are chosen: a name or a path each."""
    chosen = (settings.agent, *(each.agent for each in settings.agents))
    return tuple(dict.fromkeys(chosen))


def _decisions(folders: Sequence[str], read: Read) -> Decisions:
    texts = read([f"{folder}/" for folder in folders]) if folders else {}
    return records.load(texts, folders)


def _agent(choice: str, texts: Mapping[str, str]) -> Agent:
    if not agents.is_path(choice):
        return agents.load_shipped(choice)
    text = texts.get(choice)
    if text is None:
        raise AgentError(
            f"the agent {choice} is not at the tip of the base branch, or is no text: "
            "commit it there first, or name a shipped one: "
            + ", ".join(agents.shipped())
        )
    return agents.parse(text, choice)


def _leads(settings: Settings, agent: Agent) -> tuple[Lead, ...]:
    named = settings.project_lead or filter(None, (agent.lead,))
    found: dict[str, Lead] = {}
    for name in named:
        mapped = settings.leads.get(name)
        trusted = bool(mapped or settings.project_lead)
        for handle in mapped or (name,):
            found.setdefault(handle.lower(), Lead(handle, is_trusted=trusted))
    return tuple(found.values())
