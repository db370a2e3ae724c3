"""`architect-review init`: two files that work, nothing overwritten, no way out."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from architect_review.app import setup_arguments
from architect_review.errors import SettingsError, SourceError
from architect_review.publication.leaks import Guard
from architect_review.request.configfile import read_file
from architect_review.request.settings import CONFIG_PATH
from architect_review.setup.files import (
    AUDIT_PATH,
    WORKFLOW_PATH,
    Found,
    Wish,
    files,
)
from architect_review.setup.problems import problems
from e2e.clones import Clone
from e2e.scene import COMMAND

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "workflows"
PINNED = "octo/architect-review@0123456789abcdef0123456789abcdef01234567"
AGENT = "---\nname: ours\n---\nCoordinate with @pmcc-project-lead on big changes.\n"


@dataclass(frozen=True, slots=True)
class Done:
    """How one start of it ended."""

    code: int
    said: str


Init = Callable[..., Done]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """An empty one."""
    return Clone(tmp_path / "shop")


@pytest.fixture
def init(capsys: pytest.CaptureFixture[str]) -> Init:
    """Run the command's own function."""

    def done(*arguments: str | Path) -> Done:
        parser = argparse.ArgumentParser()
        setup_arguments.add(parser)
        options = parser.parse_args([*map(str, arguments)])
        code = setup_arguments.run(options, {}, Guard())
        return Done(code, capsys.readouterr().out)

    return done


@pytest.mark.parametrize("path", [WORKFLOW_PATH, AUDIT_PATH])
def test_the_examples_are_what_it_writes_for_a_plain_repository(path: str) -> None:
    written = files(Found(), Wish.of("octocat", Wish().uses, with_audit=True))

    example = (EXAMPLES / Path(path).name).read_text(encoding="utf-8")
    assert written[path] == example


def test_it_writes_a_workflow_and_a_configuration_and_says_what_is_left(
    clone: Clone, init: Init
) -> None:
    done = init(clone.folder)

    assert done.code == 0
    assert set(clone.files()) == {WORKFLOW_PATH, CONFIG_PATH}
    assert f"written: {WORKFLOW_PATH}" in done.said
    assert "Replace OWNER/architect-review@main" in done.said
    assert "Name who is told of major changes" in done.said
    assert "gh secret set ANTHROPIC_API_KEY\n" in done.said
    assert f"git add {WORKFLOW_PATH} {CONFIG_PATH}" in done.said
    assert "merged into trunk" in done.said
    assert read_file(clone.files()[CONFIG_PATH], CONFIG_PATH) == {}


def test_what_was_asked_for_is_not_left_to_do(clone: Clone, init: Init) -> None:
    done = init(clone.folder, "--lead", "@ada", "--uses", PINNED, "--audit")

    workflow = clone.files()[WORKFLOW_PATH]
    assert "OWNER" not in done.said + workflow
    assert "Name who" not in done.said
    assert f"- uses: {PINNED}\n" in workflow
    step = yaml.safe_load(workflow)["jobs"]["review"]["steps"][0]
    assert step["with"]["project-lead"] == "ada"
    assert "zizmor: ignore[unpinned-uses]" not in workflow
    audit = yaml.safe_load(clone.files()[AUDIT_PATH])["jobs"]["audit"]
    ours = next(step for step in audit["steps"] if step.get("id") == "audit")
    assert ours["uses"] == PINNED
    assert ours["with"]["project-lead"] == "ada"
    assert audit["permissions"] == {
        "contents": "read",
        "issues": "write",
        "pull-requests": "write",
    }


def test_what_the_repository_has_is_mentioned(clone: Clone, init: Init) -> None:
    clone.add("CLAUDE.md", "Money is an integer.\n")
    clone.add("docs/decisions/0001-queue.md", "# A queue\n")
    clone.add(".claude/agents/architect.md", AGENT)
    clone.add(".claude/agents/tester.md", "---\nname: t\n---\nWrite tests.\n")

    init(clone.folder, "--lead", "ada")

    said = clone.files()[CONFIG_PATH]
    assert "# CLAUDE.md of the base branch: found" in said
    assert "# Decision records: found in docs/decisions" in said
    assert "# agent: .claude/agents/architect.md   # it wants @pmcc-project" in said
    assert "#   pmcc-project-lead: ada" in said
    assert "tester.md" not in said
    assert "usually `trunk`" in said


def test_every_suggestion_holds_once_its_hash_is_taken_away(
    clone: Clone, init: Init
) -> None:
    clone.add("CLAUDE.md", "Money is an integer.\n")
    clone.add(".claude/agents/architect.md", AGENT)
    init(clone.folder)

    settings = [
        line[2:]
        for line in clone.files()[CONFIG_PATH].splitlines()
        if line.startswith(("# agent: .claude", "# leads:", "#   ", "# guidelines:"))
        or line.startswith(("# decisions:", "# facts:", "# danger", "# ignore:"))
        or line.startswith(("# min-", "# max-", "# fail-on:"))
    ]

    assert problems("\n".join(settings), CONFIG_PATH) == ()
    assert len(settings) > 10


def test_a_second_time_changes_nothing(clone: Clone, init: Init) -> None:
    init(clone.folder)
    before = clone.files()

    done = init(clone.folder)

    assert done.code == 0
    assert clone.files() == before
    assert "written" not in done.said
    assert f"as it should be: {WORKFLOW_PATH}" in done.said


def test_a_file_that_is_there_stops_it_before_anything_is_written(
    clone: Clone, init: Init
) -> None:
    clone.add(CONFIG_PATH, "max-comments: 1\n")

    with pytest.raises(SettingsError, match=f"{CONFIG_PATH} is there already.*--force"):
        init(clone.folder)

    assert clone.files() == {CONFIG_PATH: "max-comments: 1\n"}


def test_force_writes_over_it(clone: Clone, init: Init) -> None:
    clone.add(CONFIG_PATH, "max-comments: 1\n")

    assert init(clone.folder, "--force").code == 0

    assert "max-comments: 1\n" not in clone.files()[CONFIG_PATH]
    assert set(clone.files()) == {WORKFLOW_PATH, CONFIG_PATH}


@pytest.mark.parametrize("link", [".github", ".github/workflows", CONFIG_PATH])
@pytest.mark.parametrize("force", [True, False])
def test_a_link_is_never_followed(
    clone: Clone, init: Init, tmp_path: Path, link: str, force: bool
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    target = outside / "file" if link.endswith(".yml") else outside
    (clone.folder / link).parent.mkdir(exist_ok=True)
    (clone.folder / link).symlink_to(target)

    with pytest.raises(SettingsError, match="is a link: nothing was written"):
        init(clone.folder, *(["--force"] if force else []))

    assert list(outside.iterdir()) == []
    assert clone.files() == {}


def test_a_folder_in_the_way_is_no_file(clone: Clone, init: Init) -> None:
    (clone.folder / CONFIG_PATH).mkdir(parents=True)

    with pytest.raises(SettingsError, match="is no file: nothing was written"):
        init(clone.folder, "--force")

    assert clone.files() == {}


def test_print_shows_the_files_and_writes_none(clone: Clone, init: Init) -> None:
    clone.add(CONFIG_PATH, "max-comments: 1\n")

    done = init(clone.folder, "--print")

    assert done.code == 0
    assert f"# {WORKFLOW_PATH}\n" in done.said
    assert "secrets.ANTHROPIC_API_KEY" in done.said
    assert clone.files() == {CONFIG_PATH: "max-comments: 1\n"}


def test_from_a_folder_below_the_top_is_written_to(clone: Clone, init: Init) -> None:
    inside = clone.add("src/shop/orders.py", "").parent

    init(inside)

    assert WORKFLOW_PATH in clone.files()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--lead", "the lead"], "login or organisation/team"),
        (["--lead", "a\nb: c"], "login or organisation/team"),
        (["--uses", "architect-review"], "is no action"),
        (["--uses", "o/n@main\n        run: x"], "is no action"),
    ],
)
def test_what_cannot_be_written_is_refused(
    clone: Clone, init: Init, arguments: list[str], expected: str
) -> None:
    with pytest.raises(SettingsError, match=expected):
        init(clone.folder, *arguments)

    assert clone.files() == {}


def test_a_login_that_yaml_takes_for_a_truth_is_quoted(
    clone: Clone, init: Init
) -> None:
    init(clone.folder, "--lead", "on")

    step = yaml.safe_load(clone.files()[WORKFLOW_PATH])["jobs"]["review"]["steps"][0]
    assert step["with"]["project-lead"] == "on"


def test_a_file_name_cannot_leave_its_comment(clone: Clone, init: Init) -> None:
    clone.add(".claude/agents/a\nlabel: x #.md", AGENT)

    init(clone.folder)

    assert read_file(clone.files()[CONFIG_PATH], CONFIG_PATH) == {}
    assert "label: x" not in clone.files()[CONFIG_PATH]


def test_no_secret_is_written_whatever_the_environment_holds(
    clone: Clone, init: Init
) -> None:
    init(clone.folder, "--audit")

    keys = [
        line.split(":", 1)[1].strip()
        for text in clone.files().values()
        for line in text.splitlines()
        if line.strip().startswith(("anthropic-api-key:", "github-token:"))
    ]
    assert set(keys) == {"${{ secrets.ANTHROPIC_API_KEY }}"}


def test_what_is_no_clone_is_an_error_that_says_so(tmp_path: Path, init: Init) -> None:
    with pytest.raises(SourceError, match="in no clone"):
        init(tmp_path)


def test_the_workflows_pass_the_published_schema(clone: Clone, init: Init) -> None:
    init(clone.folder, "--audit", "--uses", PINNED)

    checker = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [checker, "--builtin-schema", "vendor.github-workflows",
         clone.folder / WORKFLOW_PATH, clone.folder / AUDIT_PATH],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_installed_command_does_all_three(clone: Clone) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=clone.folder,
            env={"PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    written = run("init", "--lead", "ada", "--uses", PINNED)
    checked = run("config", "check")
    seen = run("doctor")
    again = run("init", "--lead", "grace", "--uses", PINNED)

    assert (written.returncode, written.stderr) == (0, "")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert f"{CONFIG_PATH} can be used." in checked.stdout
    assert (seen.returncode, seen.stderr) == (1, "")
    assert "missing      model: no key for it here" in seen.stdout
    assert "1 thing missing." in seen.stdout
    assert (again.returncode, again.stdout) == (2, "")
    assert "architect-review: .github/workflows/architect-review.yml is there" in (
        again.stderr
    )
