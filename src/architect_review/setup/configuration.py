"""A configuration held against the repository it is for: what holds, what does not."""

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from architect_review.change.never_sent import NeverSent
from architect_review.change.sides import matches
from architect_review.errors import AgentError, ArchitectError
from architect_review.request import agents
from architect_review.request.decisions import is_record
from architect_review.request.policy import Policy, Read, agents_of, load, settings_of
from architect_review.request.settings import Settings
from architect_review.setup import lines
from architect_review.setup.problems import Problem, problems


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a configuration file, what is odd, and what would hold.

    `exists` is False for a repository without one, where the defaults hold. `policy`
    is None while there are problems.
    """

    path: str
    exists: bool
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    policy: Policy | None


def check(
    path: str,
    text: str | None,
    read: Read,
    files: Collection[str],
    pins: Mapping[str, str],
    given_inputs: Mapping[str, str],
) -> Checked:
    """Check a configuration file, and what it names, against a repository.

    `read` gives the repository's files and `files` are all their paths, () where they
    cannot be listed: then nothing is said of globs that fit none.
    """
    given = text or ""
    found = problems(given, path)
    if text is None and given_inputs.get("config"):
        found = (Problem(0, "it was asked for and does not exist"),)
    if found:
        return Checked(path, text is not None, found, (), None)
    inputs = {**given_inputs, "config": path if text is not None else ""}

    def reading(paths: Sequence[str]) -> Mapping[str, str]:
        texts = dict(read(paths))
        return {**texts, path: given} if path in paths and text is not None else texts

    root = lines.composed(given) or yaml.MappingNode("tag:yaml.org,2002:map", [])
    settings = settings_of(inputs, lambda paths: reading(list(paths)))
    named = (
        *_agents(settings, root, read, files),
        *_guidelines(settings, root, read),
        *_decisions(settings, root, read),
    )
    if named:
        return Checked(path, text is not None, tuple(sorted(named)), (), None)
    try:
        policy = load(inputs, lambda paths: reading(list(paths)), pins)
    except ArchitectError as error:
        return Checked(path, text is not None, (Problem(0, str(error)),), (), None)
    notes = sorted({*_globs(settings, root, files), *_said(policy)})
    return Checked(path, text is not None, (), tuple(notes), policy)


def _agents(
    settings: Settings, root: yaml.Node, read: Read, files: Collection[str]
) -> Iterator[Problem]:
    """Agents that do not exist or cannot be used."""
    chosen = agents_of(settings)
    texts = read(tuple(filter(agents.is_path, chosen)))
    for choice in chosen:
        try:
            if not agents.is_path(choice):
                agents.load_shipped(choice)
            elif choice in texts:
                agents.parse(texts[choice], choice)
            else:
                yield Problem(_chosen(settings, root, choice), _absent(choice, files))
        except AgentError as error:
            yield Problem(_chosen(settings, root, choice), str(error))


def _chosen(settings: Settings, root: yaml.Node, choice: str) -> int:
    """The line where an agent is named."""
    if settings.agent == choice:
        return lines.line(root, ("agent",))
    places = (n for n, each in enumerate(settings.agents) if each.agent == choice)
    return lines.line(root, ("agents", next(places, 0), "agent"))


def _absent(choice: str, files: Collection[str]) -> str:
    if choice in files:
        return f"the agent `{choice}` is no UTF-8 text"
    markdown = [path for path in files if path.endswith(".md")]
    near = difflib.get_close_matches(choice, markdown, n=1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    shipped = ", ".join(agents.shipped())
    return f"the agent `{choice}` does not exist{hint or f'; shipped are {shipped}'}"


def _guidelines(settings: Settings, root: yaml.Node, read: Read) -> Iterator[Problem]:
    if "guidelines" not in settings.model_fields_set:
        return
    texts = read(settings.guidelines)
    for number, path in enumerate(settings.guidelines):
        if path not in texts:
            line = lines.line(root, ("guidelines", number))
            yield Problem(line, f"the guideline `{path}` does not exist")


def _decisions(settings: Settings, root: yaml.Node, read: Read) -> Iterator[Problem]:
    if "decisions" not in settings.model_fields_set:
        return
    texts = read([f"{folder}/" for folder in settings.decisions])
    for number, folder in enumerate(settings.decisions):
        if not any(is_record(path, {folder}) for path in texts):
            line = lines.line(root, ("decisions", number))
            yield Problem(line, f"there is no decision record in the folder `{folder}`")


def _globs(
    settings: Settings, root: yaml.Node, files: Collection[str]
) -> Iterator[Problem]:
    """Globs that fit no file: allowed, and often a slip."""
    listed: list[tuple[tuple[object, ...], tuple[str, ...]]] = []
    listed.append((("ignore",), settings.ignore))
    for name, entries in (
        ("agents", [each.paths for each in settings.agents]),
        ("instructions", [each.paths for each in settings.instructions]),
        ("danger-zones", [each.paths for each in settings.danger_zones]),
    ):
        listed += [((name, n, "paths"), globs) for n, globs in enumerate(entries)]
    for glob in settings.never_send:
        if files and not any(path in NeverSent((glob,)) for path in files):
            yield Problem(lines.line(root, ("never-send",)), f"`{glob}` fits no file")
    for place, globs in listed:
        for glob in globs:
            if files and not any(matches(path, (glob,)) for path in files):
                yield Problem(lines.line(root, place), f"`{glob}` fits no file")


def _said(policy: Policy) -> Iterator[Problem]:
    for note in policy.decisions.notes:
        yield Problem(0, note)
