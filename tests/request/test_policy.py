"""The rules of a run come from the base, and say whom they name."""

from collections.abc import Iterable, Mapping

import pytest

from architect_review.errors import AgentError, SettingsError
from architect_review.request import policy
from architect_review.request.policy import Lead, Policy

AGENT = "---\nname: dba\nmodel: opus\n---\nYou review. Coordinate with @db-lead."


def loaded(inputs: Mapping[str, str], **files: str) -> Policy:
    """A policy from files whose names are written with underscores."""
    texts = {
        {"config": ".github/architect-review.yml", "agent": ".claude/agents/dba.md"}[
            name
        ]: text
        for name, text in files.items()
    }

    def read(paths: Iterable[str]) -> Mapping[str, str]:
        return {path: texts[path] for path in paths if path in texts}

    return policy.load(inputs, read, {})


def test_with_nothing_set_up_the_shipped_agent_reviews() -> None:
    rules = loaded({})

    assert rules.agent.name == "backend-systems-architect"
    assert rules.model == "claude-sonnet-5-5"
    assert rules.leads == (Lead("pmcc-project-lead", is_trusted=False),)


def test_an_agent_of_the_repository_brings_its_model_and_lead() -> None:
    rules = loaded({"agent": ".claude/agents/dba.md"}, agent=AGENT)

    assert rules.agent.name == "dba"
    assert rules.model == "claude-opus-5-5"
    assert rules.leads == (Lead("db-lead", is_trusted=False),)


def test_the_model_that_is_set_wins_over_the_agents() -> None:
    inputs = {"agent": ".claude/agents/dba.md", "model": "haiku"}

    assert loaded(inputs, agent=AGENT).model == "claude-haiku-5-5"


def test_a_name_that_is_mapped_is_trusted() -> None:
    rules = loaded({}, config="leads: {pmcc-project-lead: '@octocat'}")

    assert rules.leads == (Lead("octocat", is_trusted=True),)


def test_the_lead_that_is_set_wins_and_may_be_a_team() -> None:
    rules = loaded({"project-lead": "@org/architects"})

    assert rules.leads == (Lead("org/architects", is_trusted=True),)
    assert rules.leads[0].is_team


def test_an_agent_that_is_not_on_the_base_is_an_error_that_names_the_others() -> None:
    with pytest.raises(AgentError, match="backend-systems-architect"):
        loaded({"agent": ".claude/agents/none.md"})


def test_a_configuration_that_was_asked_for_must_exist() -> None:
    with pytest.raises(SettingsError, match=r"ops/review\.yml is not at the tip"):
        loaded({"config": "ops/review.yml"})


def test_a_misspelt_agent_is_answered_with_the_nearest() -> None:
    with pytest.raises(AgentError, match="backend-systems-architect"):
        loaded({"agent": "backend-system-architect"})


def test_guidelines_are_cut_and_those_that_are_missing_left_out() -> None:
    texts = {"CLAUDE.md": "x" * 50_000}

    rules = policy.load(
        {}, lambda paths: {p: texts[p] for p in paths if p in texts}, {}
    )

    assert rules.guidelines == {"CLAUDE.md": "x" * policy.GUIDELINE_LIMIT}


def test_the_decisions_are_those_in_the_folders_that_are_set() -> None:
    texts = {
        ".github/architect-review.yml": "decisions: [./rfc/]",
        "rfc/7.md": "# Seven\n",
        "docs/adr/1.md": "# One\n",
        "CLAUDE.md": "Be kind.\n",
    }
    asked: list[str] = []

    def read(paths: Iterable[str]) -> Mapping[str, str]:
        asked.extend(paths)
        return texts

    rules = policy.load({}, read, {})

    assert [each.title for each in rules.decisions.records] == ["Seven"]
    assert "rfc/" in asked
    assert rules.rules == {"rfc/7.md": "# Seven\n", "CLAUDE.md": "Be kind.\n"}
    assert "docs/adr/" in policy.wanted({})


def test_without_folders_no_decision_is_read() -> None:
    texts = {
        ".github/architect-review.yml": "decisions: []",
        "docs/adr/1.md": "# One\n",
    }

    assert policy.load({}, lambda paths: texts, {}).decisions.records == ()


@pytest.mark.parametrize("folder", ["..", "docs/../adr", "/", ".", "a//b"])
def test_a_folder_of_decisions_lies_in_the_repository(folder: str) -> None:
    with pytest.raises(SettingsError, match="a folder of the repository"):
        loaded({}, config=f"decisions: ['{folder}']")


def test_all_that_may_be_cited_is_redacted() -> None:
    texts = {"CLAUDE.md": "hush\n", "adr/1.md": "# A hush\n"}
    rules = policy.load({}, lambda paths: texts, {})

    cleaned = rules.redacted(lambda text: text.replace("hush", "…"))

    assert cleaned.rules == {"CLAUDE.md": "…\n", "adr/1.md": "# A …\n"}
