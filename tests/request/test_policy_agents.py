"""Several agents: who reviews what is settled from the base, before the change."""

from collections.abc import Iterable, Mapping

import pytest

from architect_review.errors import AgentError, SettingsError
from architect_review.request import policy
from architect_review.request.models import Rates
from architect_review.request.policy import Policy, agents_of

CONFIG = """\
agents:
  - {paths: ["**/migrations/**"], agent: .claude/agents/dba.md}
  - {paths: ["infra/**"], agent: .claude/agents/ops.md}
  - {paths: ["*.sql"], agent: .claude/agents/dba.md}
"""
DBA = "---\nname: dba\nmodel: opus\n---\nYou know tables."
OPS = "---\nname: ops\n---\nYou know clusters."


def loaded(config: str, inputs: Mapping[str, str] | None = None) -> Policy:
    texts = {
        ".github/architect-review.yml": config,
        ".claude/agents/dba.md": DBA,
        ".claude/agents/ops.md": OPS,
    }

    def read(paths: Iterable[str]) -> Mapping[str, str]:
        return {path: texts[path] for path in paths if path in texts}

    return policy.load(inputs or {}, read, {})


def test_every_route_has_its_agent_and_that_ones_model() -> None:
    rules = loaded(CONFIG)
    assert [(each.agent.name, each.model, each.paths) for each in rules.routes] == [
        ("dba", "claude-opus-5-5", ("**/migrations/**",)),
        ("ops", "claude-sonnet-5-5", ("infra/**",)),
        ("dba", "claude-opus-5-5", ("*.sql",)),
    ]
    assert agents_of(rules.settings) == (
        "backend-systems-architect",
        ".claude/agents/dba.md",
        ".claude/agents/ops.md",
    )


def test_the_model_that_is_set_wins_for_all_of_them() -> None:
    assert {each.model for each in loaded(CONFIG, {"model": "haiku"}).routes} == {
        "claude-haiku-5-5"
    }


def test_a_shipped_agent_can_be_routed_to() -> None:
    (route,) = loaded(
        "agents: [{paths: 'app/**', agent: backend-systems-architect}]"
    ).routes
    assert route.agent.name == "backend-systems-architect"
    assert route.paths == ("app/**",)


def test_an_agent_that_does_not_exist_is_named() -> None:
    with pytest.raises(
        AgentError, match=r"\.claude/agents/ghost\.md is not at the tip"
    ):
        loaded("agents: [{paths: ['*'], agent: .claude/agents/ghost.md}]")


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("agents: [{agent: x}]", "agents.0.paths"),
        ("agents: [{paths: [], agent: x}]", "agents.0.paths"),
        ("agents: [{paths: ['*'], agent: x, model: opus}]", "agents.0.model"),
        ("depth: deeper", "did you mean `deep`"),
        ("max-tokens: 0", "`max-tokens`"),
        ("prices: {m: {input: 1}}", "prices.m.output"),
        ("prices: {m: {input: -1, output: 1}}", "prices.m.input"),
        ("prices: {m: {input: .inf, output: 1}}", "prices.m.input"),
        ("prices: {m: {input: .nan, output: 1}}", "prices.m.input"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(config: str, expected: str) -> None:
    with pytest.raises(SettingsError, match=expected.replace(".", r"\.")):
        loaded(config)


def test_stated_prices_come_before_the_shipped_ones() -> None:
    prices = loaded(
        "prices: {my-model: {input: 4, output: 8}, opus: {input: 1, output: 2,"
        " cache-write: 1, cache-read: 0}}"
    ).prices
    own, opus = prices.of("my-model"), prices.of("claude-opus-5-5")
    shipped = prices.of("claude-haiku-5-5")
    assert own is not None
    assert own.rates == Rates(4.0, 8.0, 5.0, 0.4)
    assert opus is not None
    assert opus.rates == Rates(1.0, 2.0, 1.0, 0.0)
    assert shipped is not None
    assert shipped.long_prompt == 100_000
    assert prices.of("unheard-of") is None


def test_a_full_id_wins_over_its_alias() -> None:
    prices = loaded(
        "prices: {claude-opus-5-5: {input: 3, output: 3}, opus: {input: 1, output: 2}}"
    ).prices
    found = prices.of("claude-opus-5-5")
    assert found is not None
    assert found.rates.input == 3.0
