"""What people give: events, settings, configuration, agents, secrets."""

from typing import Any

from change.planted import ROWS
from e2e.drills.change import pushed
from e2e.drills.drill import (
    FAILED,
    NOTHING,
    NUMBER,
    SIGNALS,
    WHOLE,
    Arrange,
    Drill,
    Inputs,
    Play,
    given,
)
from e2e.drills.model import GOOD, READ
from e2e.scene import Run, Scene

UNUSABLE = "failed, none, 2"
SKIPPED = "skipped, none, 0"


def on_main(files: dict[str, str | bytes | None], **inputs: str) -> Arrange:
    """The base branch has these files as well."""

    def arrange(scene: Scene) -> Inputs:
        scene.add_to_main(files)
        return inputs

    return arrange


def configured(text: str) -> Arrange:
    """The base branch has this configuration file."""
    return on_main({".github/architect-review.yml": text})


def unknown_model(scene: Scene) -> Inputs:
    scene.model.models = ("claude-sonnet-5-5",)
    return {"model": "claude-none-9"}


def draft(scene: Scene) -> None:
    scene.github.state.pulls[NUMBER].draft = True


def muted(scene: Scene) -> None:
    scene.github.state.pulls[NUMBER].labels.append("no-architect-review")


def by_a_bot(scene: Scene) -> None:
    scene.github.state.pulls[NUMBER].author = "renovate[bot]"


def closed(scene: Scene) -> None:
    scene.github.state.pulls[NUMBER].state = "closed"


def comment(
    author: str, body: str, role: str = "none", action: str = "created"
) -> Play:
    """Somebody comments instead."""

    def play(scene: Scene, inputs: Inputs) -> Run:
        scene.github.role(author, role)
        event = scene.github.comment_event(NUMBER, author, body, action=action)
        return scene.act("issue_comment", event, **inputs)

    return play


def event(name: str, payload: Any) -> Play:
    """Another event starts the action."""
    return lambda scene, inputs: scene.act(name, payload, **inputs)


def edited(**changed: str) -> Play:
    """Its title or its base is changed instead."""

    def play(scene: Scene, inputs: Inputs) -> Run:
        base = scene.github.state.pulls[NUMBER].base_sha
        scene.repository.branch("next", base)
        made = scene.github.edited_event(NUMBER, **changed)
        return scene.act("pull_request", made, **inputs)

    return play


def without_key(scene: Scene, inputs: Inputs) -> Run:
    """No key is given."""
    made = scene.github.event("pull_request", NUMBER)
    return scene.act("pull_request", made, key="", **inputs)


SETTINGS = [
    Drill("No model key", "signals-only, none, 0", SIGNALS,
          "no model key was given", given(), without_key),
    Drill("No GitHub token", UNUSABLE, NOTHING, "`github-token` is empty",
          given(github_token=" ")),
    Drill("An input with a value that is not allowed", UNUSABLE, NOTHING,
          "did you mean `high`?", given(min_severity="hihg")),
    Drill("An input that is no number", UNUSABLE, NOTHING, "`max-comments`",
          given(max_comments="many")),
    Drill("Empty inputs, as the runner passes those not given", GOOD, WHOLE, READ,
          given(model="", agent="", config="", fail_on="")),
    Drill("A plain http address of the endpoint", UNUSABLE, NOTHING,
          "`anthropic-base-url`", given(anthropic_base_url="http://example.com")),
    Drill("A model that the endpoint does not know", "failed, none, 1", FAILED,
          "does not know the model", unknown_model),
    Drill("An agent that is not shipped", UNUSABLE, NOTHING,
          "backend-systems-architect", given(agent="backend-architect")),
    Drill("An agent file that is not on the base branch", UNUSABLE, NOTHING,
          "is not at the tip of the base branch", given(agent=".claude/agents/x.md")),
    Drill("An agent file that is empty", UNUSABLE, NOTHING,
          "has no instructions", on_main({"agents/x.md": ""}, agent="agents/x.md")),
    Drill("A configuration file that is no YAML", UNUSABLE, NOTHING,
          ".github/architect-review.yml", configured("model: [\n")),
    Drill("A configuration file with an unknown setting", UNUSABLE, NOTHING,
          "did you mean `min-severity`?", configured("min-severty: high\n")),
    Drill("A configuration file with a value that is not allowed", UNUSABLE, NOTHING,
          "`max-comments`", configured("max-comments: 900\n")),
    Drill("A configuration file asked for that is not there", UNUSABLE, NOTHING,
          "is not at the tip of the base branch", given(config="review.yml")),
    Drill("fail-on: a finding at that severity", "reviewed, blocking, 1", WHOLE, READ,
          given(fail_on="high")),
    Drill("fail-on: never, and the model refuses the key", "failed, none, 0",
          "lead told; summary: review failed · major change",
          "did not accept the key",
          given(fail_on="never", anthropic_api_key="wrong")),
    Drill("A dry run", SKIPPED, NOTHING, "You are a senior backend engineer",
          given(dry_run="true")),
]  # fmt: skip

EVENTS = [
    Drill("A draft", SKIPPED, NOTHING, "is a draft", draft),
    Drill("The label that mutes", SKIPPED, NOTHING, "no-architect-review", muted),
    Drill("A pull request that a bot opened", "signals-only, none, 0", SIGNALS,
          "a bot opened this pull request", by_a_bot),
    Drill("A pull request that is closed by now", SKIPPED, NOTHING,
          "the pull request is closed", closed),
    Drill("A pull request that gets another base", GOOD, WHOLE, READ, given(),
          edited(base="next")),
    Drill("A pull request that gets another title", SKIPPED, NOTHING,
          "nothing to review", given(), edited(title="Tidied up")),
    Drill("An event that is none of ours", SKIPPED, NOTHING,
          "'release' is not one this action reviews on", given(),
          event("release", {"action": "published"})),
    Drill("A payload that is not GitHub's", SKIPPED, NOTHING, "not shaped",
          given(), event("pull_request", {"pull_request": 7})),
    Drill("workflow_dispatch without a number", SKIPPED, NOTHING,
          "nothing was named", given(),
          event("workflow_dispatch", {"repository": {"full_name": "octo/project"}})),
    Drill("`/architect review` by a stranger", SKIPPED, NOTHING,
          "mallory may not command here (role: read)", given(),
          comment("mallory", "/architect review")),
    Drill("`/architect review` by a writer", GOOD, WHOLE, READ, given(),
          comment("mona", "/architect review", "write")),
    Drill("A command for a finding that does not exist", SKIPPED, NOTHING,
          "there is no F9", given(),
          comment("mona", "/architect dismiss F9 fine", "write")),
    Drill("A command that needs another role", SKIPPED, NOTHING,
          "needs the role write", given(),
          comment("tina", "/architect review", "triage")),
    Drill("A command in a dry run", SKIPPED, NOTHING, "a dry run",
          given(dry_run="true"), comment("mona", "/architect review", "write")),
    Drill("A comment without a command", SKIPPED, NOTHING, "no command of ours",
          given(), comment("mona", "Nice!", "write")),
    Drill("A command that does not exist", SKIPPED, NOTHING,
          "unknown command", given(), comment("mona", "/architect reveiw", "write")),
    Drill("A comment that was edited", SKIPPED, NOTHING, "commands nothing", given(),
          comment("mona", "/architect review", "write", action="edited")),
]  # fmt: skip

_KEY = next(row for row in ROWS if row.kind == "stripe-live-key")

SECRETS = [
    Drill("The change adds a secret", GOOD,
          "review with 3 comments; lead told; "
          "summary: 3 findings, 1 critical, 2 high · major change",
          "A Stripe live key is committed",
          pushed({"shop/pay.py": f"{_KEY.line}\n"})),
    Drill("The change adds a secret, and there is no model key",
          "signals-only, findings, 0",
          "review with 1 comment; lead told; "
          "summary: signals only · 1 finding · major change",
          "A Stripe live key is committed",
          pushed({"shop/pay.py": f"{_KEY.line}\n"}), without_key),
    Drill("The change adds a secret, and the model does not answer",
          "failed, findings, 1",
          "review with 1 comment; lead told; "
          "summary: review failed · 1 finding · major change",
          "A Stripe live key is committed",
          pushed({"shop/pay.py": f"{_KEY.line}\n"}, anthropic_api_key="wrong")),
]  # fmt: skip
