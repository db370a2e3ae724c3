import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from hypothesis import given
from hypothesis import strategies as st

from architect_review.errors import AgentError
from architect_review.request.agents import (
    FILE_LIMIT,
    FRONTMATTER_LIMIT,
    is_path,
    load_shipped,
    parse,
    shipped,
)

ROOT = Path(__file__).resolve().parents[2]


def test_a_plain_yaml_file_is_read_whole() -> None:
    agent = parse(
        "---\nname: db\ndescription: Looks at tables\nmodel: opus\neffort: high\n"
        "---\n\nYou know tables.\n",
        "agents/db.md",
    )
    assert agent.name == "db"
    assert agent.description == "Looks at tables"
    assert agent.instructions == "You know tables."
    assert (agent.model, agent.effort) == ("opus", "high")
    assert agent.unused == ()
    assert agent.source == "agents/db.md"


def test_a_file_without_frontmatter_is_called_after_its_name() -> None:
    agent = parse("You are strict.", ".claude/agents/strict-one.md")
    assert agent.name == "strict-one"
    assert agent.instructions == "You are strict."
    assert (agent.description, agent.model, agent.effort) == ("", "", "")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff---\nname: x\nmodel: sonnet\n---\nBody",
        "---\r\nname: x\r\nmodel: sonnet\r\n---\r\nBody\r\n",
        "---  \nname: x\nmodel: sonnet\n---\t\nBody",
        "---\nname:\tx\nmodel:\tsonnet\n---\nBody",
        "---\nname: 'x'\nmodel: \"sonnet\" # fast enough\n---\nBody",
        "---\nname: x\n\tdescription: by tab\nmodel: sonnet # fast\n---\nBody",
    ],
    ids=["bom", "crlf", "blanks", "tabs", "quotes", "broken-and-comment"],
)
def test_ways_of_writing_make_no_difference(text: str) -> None:
    agent = parse(text, "f.md")
    assert (agent.name, agent.model, agent.instructions) == ("x", "sonnet", "Body")


def test_a_description_with_colons_is_no_obstacle() -> None:
    agent = parse(
        "---\nname: qa\ndescription: Use it. Examples: <example>Context: a user asks. "
        'user: "is it right?"</example>\ntools: ReadFile(*),Bash(pytest*)\n'
        "model: sonnet\n---\n\nTest it.",
        "qa.md",
    )
    assert agent.name == "qa"
    assert agent.model == "sonnet"
    assert agent.description.startswith("Use it. Examples: <example>Context: a user")
    assert agent.unused == ("tools",)


def test_a_description_may_run_over_unindented_lines_with_colons() -> None:
    agent = parse(
        "---\nname: simplifier\ndescription: Use this. Examples:\n\n<example>\n"
        'Context: Code was written.\nuser: "Please add it"\nassistant: "Done:"\n'
        "<function call omitted>\nmodel: mine is no key here\n</example>\n"
        "color: red\n---\nSimplify.",
        "simplifier.md",
    )
    assert 'user: "Please add it"' in agent.description
    assert "<function call omitted>" in agent.description
    assert agent.unused == ("color",)
    assert agent.instructions == "Simplify."


def test_prose_that_begins_like_a_field_read_before_stays_prose() -> None:
    agent = parse(
        "---\nname: first\nmodel: opus\ndescription: Examples: one: two\n"
        "name: second\nmodel: haiku\n---\nBody",
        "f.md",
    )
    assert (agent.name, agent.model) == ("first", "opus")
    assert agent.description == "Examples: one: two\nname: second\nmodel: haiku"


def test_a_block_scalar_in_broken_yaml_loses_its_indicator() -> None:
    agent = parse(
        "---\nname: x: y\ndescription: >-\n  Two lines\n  of prose\n---\nBody", "f.md"
    )
    assert agent.description == "Two lines\nof prose"


def test_unknown_keys_are_accepted_and_named_in_order() -> None:
    agent = parse(
        "---\nzeal: 11\nname: x\ntools:\n  - Read\nmcpServers: {a: {b: c}}\n---\nBody",
        "f.md",
    )
    assert agent.unused == ("zeal", "tools", "mcpServers")


def test_values_that_are_no_text_are_taken_as_written() -> None:
    agent = parse("---\nname: 4.10\ndescription: no\nmodel: 2026-01-01\n---\nB", "f.md")
    assert (agent.name, agent.description, agent.model) == ("4.10", "no", "2026-01-01")


def test_lists_are_joined_and_mappings_count_as_not_said() -> None:
    agent = parse("---\nname: {a: b}\ndescription: [x, y]\nmodel:\n---\nB", "file.md")
    assert (agent.name, agent.description, agent.model) == ("file", "x, y", "")


def test_inherit_means_that_the_file_does_not_say() -> None:
    agent = parse("---\nname: x\nmodel: inherit\neffort: inherit\n---\nB", "f.md")
    assert (agent.model, agent.effort) == ("", "")


def test_a_thematic_break_in_the_body_is_part_of_the_body() -> None:
    agent = parse("---\nname: x\n---\nOne\n\n---\n\nTwo\n\n---\nThree", "f.md")
    assert agent.instructions == "One\n\n---\n\nTwo\n\n---\nThree"


def test_thematic_breaks_without_frontmatter_lose_no_text() -> None:
    text = "Intro\n\n---\nmodel: opus\n---\n\nEnd"
    agent = parse(text, "f.md")
    assert agent.instructions == text
    assert agent.model == ""


def test_a_frontmatter_that_never_ends_is_all_body() -> None:
    agent = parse("---\nname: x\nDo the work.", "f.md")
    assert agent.instructions == "---\nname: x\nDo the work."
    assert agent.name == "f"


def test_an_empty_frontmatter_is_none() -> None:
    assert parse("---\n---\nBody", "f.md").instructions == "Body"


def test_control_characters_in_the_frontmatter_are_survived() -> None:
    assert parse("---\nname: x\ncolor: \x00\x1b\n---\nBody", "f.md").name == "x"


@pytest.mark.parametrize("text", ["", " \n", "\ufeff", "---\nname: x\n---\n \n"])
def test_an_agent_without_instructions_says_where_to_write_them(text: str) -> None:
    with pytest.raises(AgentError, match=r"x\.md has no instructions: write"):
        parse(text, "x.md")


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(AgentError, match=r"larger than 200 KB: shorten"):
        parse("é" * (FILE_LIMIT // 2 + 1), "x.md")


def test_a_frontmatter_over_the_limit_is_refused() -> None:
    text = f"---\nname: {'x' * FRONTMATTER_LIMIT}\n---\nBody"
    with pytest.raises(AgentError, match=r"frontmatter .* larger than 64 KB: move"):
        parse(text, "x.md")


def test_a_yaml_bomb_does_not_go_off() -> None:
    levels = ["a0: &a0 [x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    text = "---\nname: bomb\n{}\ndescription: *a39\n---\nBody"
    agent = parse(text.format("\n".join(levels)), "f.md")
    assert agent.name.startswith("bomb")
    assert agent.description == "*a39"


@pytest.mark.parametrize("nested", ["[" * 60_000, "{a: " * 15_000, "- " * 30_000])
def test_deep_nesting_does_not_exhaust_the_stack(nested: str) -> None:
    agent = parse(f"---\nname: deep\nskills: {nested}\n---\nBody", "f.md")
    assert agent.name == "deep"


def test_python_tags_make_no_objects() -> None:
    text = "---\nname: x\ndescription: !!python/object/apply:os.getcwd []\n---\nBody"
    assert parse(text, "f.md").description == ""


@given(st.text(alphabet="-:\n\r\t '\"[]{}*&!|>#@`abné\ufeff\u2028", max_size=200))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        agent = parse(text, "any.md")
    except AgentError:
        return
    assert agent.instructions
    assert agent.name
    assert agent.lead is None or "@" not in agent.lead


@pytest.mark.parametrize(
    ("body", "lead"),
    [
        (
            "For major changes, coordinate with @pmcc-project-lead to be safe.",
            "pmcc-project-lead",
        ),
        ("Be kind. Always consult\n@ada before merging.", "ada"),
        ("- Escalate to @acme/platform-team.", "acme/platform-team"),
        ("**Approval** by (@ada) is needed; then notify @bob.", "ada"),
        ("Thanks to @eve. Ask @ada.", "ada"),
        ("Thanks to @eve.\n\nAsk nobody.", None),
        ("- credit @eve\n- ask someone", None),
        ("Ask `@eve` how `@app.route` works.", None),
        ("Ask about it:\n```\n@eve\n```\nor tag @ada", "ada"),
        ("Ask ada@example.com or @functools.cache or @lru_cache", None),
        ("Use multitasking with @eve.", None),
        ("No handle to ask.", None),
    ],
)
def test_the_lead_is_whom_the_instructions_say_to_involve(
    body: str, lead: str | None
) -> None:
    assert parse(body, "f.md").lead == lead


@pytest.mark.parametrize("unit", ["`", "` ", "\n", "\n \n", "@a-", "ask ", ". ", "- "])
def test_finding_the_lead_takes_time_in_proportion_to_the_text(unit: str) -> None:
    agent = parse("x" + unit * (FILE_LIMIT // len(unit) - 2) + "x", "f.md")
    start = time.process_time()
    assert agent.lead is None
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (".claude/agents/a", True),
        ("architect.md", True),
        ("agents/a.md", True),
        ("backend-systems-architect", False),
        ("", False),
    ],
)
def test_a_slash_or_the_ending_tells_a_path_from_a_name(
    choice: str, expected: bool
) -> None:
    assert is_path(choice) is expected


def test_the_shipped_architect_is_read_as_its_author_meant_it() -> None:
    agent = load_shipped("backend-systems-architect")
    assert agent.name == "backend-systems-architect"
    assert agent.description.startswith("Use this agent when you need expert guidance")
    assert agent.description.endswith("</commentary></example>")
    assert agent.instructions.startswith("You are a senior backend engineer")
    assert agent.instructions.endswith("proper change management.")
    assert agent.model == "sonnet"
    assert agent.effort == ""
    assert agent.unused == ()
    assert agent.lead == "pmcc-project-lead"
    assert agent.source == "backend-systems-architect.md"


def test_every_shipped_agent_can_be_loaded_by_its_own_name() -> None:
    assert shipped()
    for name in shipped():
        agent = load_shipped(name)
        assert agent.name == name
        assert agent.description


def test_an_unknown_agent_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(AgentError, match="did you mean backend-systems-architect\\?"):
        load_shipped("backend-system-architekt")


def test_a_name_that_is_near_to_nothing_is_answered_with_all_names() -> None:
    with pytest.raises(AgentError, match=r"choose one of .*backend-systems-architect"):
        load_shipped("../../secrets")


def test_an_installed_wheel_brings_its_agents_along(tmp_path: Path) -> None:
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path)))
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from architect_review.request import agents\n"
        "print(agents.__file__)\n"
        "print(agents.load_shipped('backend-systems-architect').model)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, str(site)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    file, model = done.stdout.splitlines()
    assert Path(file).is_relative_to(site)
    assert model == "sonnet"
