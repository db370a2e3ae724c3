"""`architect-review config check`: every problem at once, or what would hold."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from architect_review.app import config_check_arguments
from architect_review.errors import ArchitectError, SettingsError, SourceError
from architect_review.publication.leaks import Guard
from architect_review.setup.problems import problems
from e2e.clones import Clone

CONFIG = ".github/architect-review.yml"


@dataclass(frozen=True, slots=True)
class Done:
    """How one check ended."""

    code: int
    said: str


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """An empty one."""
    return Clone(tmp_path / "shop")


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run the command's own function."""

    def checked(*arguments: str | Path, **environ: str) -> Done:
        parser = argparse.ArgumentParser()
        config_check_arguments.add(parser)
        options = parser.parse_args(["check", *map(str, arguments)])
        code = config_check_arguments.run(options, environ, Guard())
        return Done(code, capsys.readouterr().out)

    return checked


Check = Callable[..., Done]


def test_every_problem_is_told_at_once_with_its_line_and_the_nearest_name(
    clone: Clone, check: Check
) -> None:
    clone.add(
        CONFIG,
        """\
# what we want
modle: opus
max-comments: 50
min-severity: hihg
label: architecture
label: architect
anthropic-api-key: none
instructions:
  - paths: ["billing/**"]
    txt: Money moves here.
signals:
  large-chnge: off
prices:
  our-model: {input: 1, output: -1}
""",
    )

    done = check(clone.folder)

    assert done.code == 2
    assert done.said.splitlines() == [
        f"{CONFIG}:2: unknown setting `modle`; did you mean `model`?",
        f"{CONFIG}:3: `max-comments`: 50 cannot be used: Input should be less than or "
        "equal to 20",
        f"{CONFIG}:4: `min-severity`: 'hihg' is not allowed; did you mean `high`?",
        f"{CONFIG}:6: `label` stands there twice: only the last one counts",
        f"{CONFIG}:7: `anthropic-api-key` can only be given as an input of the action",
        f"{CONFIG}:9: `instructions.0.text` is missing",
        f"{CONFIG}:10: `instructions.0.txt`: there is no such key",
        f"{CONFIG}:12: `signals`: there is no signal `large-chnge`; did you mean "
        "`large-change`?",
        f"{CONFIG}:14: `prices.our-model.output`: -1 cannot be used: Input should be "
        "greater than or equal to 0",
        "",
        "9 problems: this configuration cannot be used.",
    ]


def test_a_glob_that_could_fit_no_file_is_told_with_the_reason(
    clone: Clone, check: Check
) -> None:
    clone.add(CONFIG, "never-send:\n  - config/**\n  - '*.{key,pem}'\n")

    done = check(clone.folder)

    assert done.code == 2
    assert "'*.{key,pem}' would fit no file: braces are not known" in done.said
    assert f"{CONFIG}:" in done.said


def test_a_folder_that_is_never_sent_and_not_there_is_noted(
    clone: Clone, check: Check
) -> None:
    clone.add("hidden/a.py", "A = 1\n")
    clone.add(CONFIG, "never-send: [hidden, secret]\n")

    done = check(clone.folder)

    assert done.code == 0
    assert "`secret` fits no file" in done.said
    assert "`hidden`" not in done.said


def test_what_the_file_names_must_exist(clone: Clone, check: Check) -> None:
    clone.add(".claude/agents/architect.md", "---\nname: x\n---\nReview it.\n")
    clone.add(".claude/agents/empty.md", "---\nname: x\n---\n")
    clone.add(
        CONFIG,
        """\
agent: .claude/agents/architekt.md
agents:
  - {paths: ["infra/**"], agent: backend-system-architect}
  - paths: ["web/**"]
    agent: .claude/agents/empty.md
guidelines: [CONTRIBUTING.md]
decisions:
  - docs/rfcs
""",
    )

    done = check(clone.folder)

    assert done.code == 2
    said = done.said.splitlines()
    assert said[0] == (
        f"{CONFIG}:1: the agent `.claude/agents/architekt.md` does not exist; did you "
        "mean `.claude/agents/architect.md`?"
    )
    assert said[1].startswith(f"{CONFIG}:3: no agent 'backend-system-architect'")
    assert "did you mean backend-systems-architect?" in said[1]
    assert said[2].startswith(f"{CONFIG}:5: the agent .claude/agents/empty.md has no")
    assert said[3] == f"{CONFIG}:6: the guideline `CONTRIBUTING.md` does not exist"
    assert said[4].startswith(f"{CONFIG}:8: there is no decision record in the folder")


def test_an_agent_that_is_no_text_is_not_called_absent(
    clone: Clone, check: Check
) -> None:
    clone.add(".claude/agents/odd.md", "").write_bytes(b"\0\xff\xfe")
    clone.add(CONFIG, "agent: .claude/agents/odd.md\n")

    done = check(clone.folder)

    assert done.said.splitlines()[0] == (
        f"{CONFIG}:1: the agent `.claude/agents/odd.md` is no UTF-8 text"
    )


def test_a_file_that_is_fine_shows_what_would_hold(clone: Clone, check: Check) -> None:
    agent = "---\nname: our-architect\nmodel: opus\n---\nAlways consult @the-lead.\n"
    clone.add(".claude/agents/ours.md", agent)
    clone.add("CLAUDE.md", "Money is an integer.\n")
    clone.add("docs/adr/0001-queue.md", "# Use a queue\n\nStatus: Accepted\n")
    clone.add("docs/adr/0002-none.md", "# No queue\n\nStatus: Superseded by 0001\n")
    clone.add("infra/main.tf", "")
    clone.add(
        CONFIG,
        """\
agent: .claude/agents/ours.md
agents:
  - {paths: ["infra/**"], agent: backend-systems-architect}
danger-zones:
  - {paths: ["biling/**"], reason: Money}
leads: {the-lead: [octocat, octo/architects]}
""",
    )

    done = check(clone.folder, ANTHROPIC_DEFAULT_OPUS_MODEL="claude-opus-pinned")

    assert done.code == 0
    assert done.said.splitlines() == [
        f"{CONFIG} can be used.",
        "note: line 5: `biling/**` fits no file",
        "",
        "  agent       our-architect (.claude/agents/ours.md)",
        "  model       claude-opus-pinned",
        "  also        backend-systems-architect by claude-sonnet-5-5 for infra/**",
        "  lead        octocat, octo/architects",
        "  guidelines  CLAUDE.md",
        "  decisions   1 that bind, 1 withdrawn",
    ]


def test_without_a_file_the_defaults_hold(clone: Clone, check: Check) -> None:
    done = check(clone.folder)

    assert done.code == 0
    assert f"There is no {CONFIG}: the defaults hold." in done.said
    assert "agent       backend-systems-architect" in done.said
    assert "told only if that is a collaborator" in done.said


def test_the_work_tree_is_checked_unless_a_commit_is_named(
    clone: Clone, check: Check
) -> None:
    clone.add(CONFIG, "max-comments: 3\n")
    clone.commit()
    file = clone.add(CONFIG, "max-comments: many\n")

    assert check(clone.folder).code == 2
    assert check(file).code == 2
    committed = check(clone.folder, "--ref", "trunk")
    assert committed.code == 0
    assert f"{CONFIG} can be used at trunk (" in committed.said


def test_another_file_and_a_folder_below_can_be_named(
    clone: Clone, check: Check
) -> None:
    other = clone.add("settings/review.yml", "depth: deap\n")

    done = check(other)

    assert done.code == 2
    assert done.said.startswith("settings/review.yml:1: `depth`: 'deap' is not allowed")
    assert check(clone.folder / "settings").code == 0


def test_a_link_is_not_followed_out_of_the_repository(
    clone: Clone, check: Check, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.yml"
    outside.write_text("max-comments: 3\n", encoding="utf-8")
    (clone.folder / ".github").mkdir()
    (clone.folder / CONFIG).symlink_to(outside)

    assert f"There is no {CONFIG}" in check(clone.folder).said


def test_a_file_cannot_steer_the_terminal(clone: Clone, check: Check) -> None:
    clone.add(CONFIG, '"\\e]0;owned\\a::error::x": 1\n')

    said = check(clone.folder).said

    assert "\x1b" not in said
    assert "\x07" not in said


def test_what_is_no_clone_is_an_error_that_says_so(
    tmp_path: Path, check: Check
) -> None:
    with pytest.raises(SourceError, match="in no clone"):
        check(tmp_path)
    with pytest.raises(SettingsError, match="does not exist"):
        check(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("a: [1\nb: 2\n", 2, "is not valid YAML"),
        ("- a\n", 1, "must hold `name: value` lines"),
        ("just words\n", 1, "must hold `name: value` lines"),
        ("a: &x 1\nb: *x\n", 2, "uses YAML aliases"),
        ("#" * 100_001, 0, "is larger than"),
        ("1: 2\n", 1, "unknown setting `1`"),
        ("b: 1\n? [a, b]\n: 1\n", 2, "is not valid YAML in line 2: found unhashable"),
        ("facts: [2026-99-99]\n", 1, "is not valid YAML in line 1: month must be in 1"),
        ("model: !!python/name:os.system\n", 1, "is not valid YAML"),
        ("fail-on: [never]\n", 1, "'never' is not allowed"),
        ("fail-on:\n", 1, "`fail-on` is empty: it must be a list"),
        ("leads: octocat\n", 1, "'octocat' cannot be used: it must be a table of"),
        ("facts: one\n", 1, "'one' cannot be used: it must be a list"),
        ("language: ''\n", 1, "it must be a name of letters, such as German"),
        ("max-comments: many\n", 1, "'many' cannot be used: it must be a whole number"),
    ],
)
def test_a_file_that_is_none_of_ours_is_one_problem(
    text: str, line: int, expected: str
) -> None:
    (found, *_) = problems(text, "f.yml")

    assert expected in found.text
    assert found.line == line


@pytest.mark.parametrize("text", ["", "# nothing\n", "fail-on: never\n", "{}\n"])
def test_a_file_without_problems_has_none(text: str) -> None:
    assert problems(text, "f.yml") == ()


def test_errors_are_of_the_kind_that_the_command_line_explains() -> None:
    assert issubclass(SettingsError, ArchitectError)
