"""A release says the same version everywhere and runs the image that was built."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import release  # noqa: E402

IMAGE = "ghcr.io/octo/architect-review@sha256:" + "0123456789abcdef" * 4
PACKAGE = '"""Reviews."""\n\n__version__ = "1.2.3"\n'
CHANGELOG = """# Changelog

## Unreleased

- Not yet.

## 1.2.3 - 2026-12-01

### Added

- A queue.

## [1.2.2] - 2026-11-30

- Older.
"""


def test_a_release_has_a_version_a_major_tag_and_an_image_in_lower_case() -> None:
    assert release.plan("v1.2.3", "Octo/Architect-Review", PACKAGE, CHANGELOG) == {
        "version": "1.2.3",
        "major": "v1",
        "image": "ghcr.io/octo/architect-review",
    }


def test_a_pre_release_moves_no_major_tag() -> None:
    package = PACKAGE.replace("1.2.3", "2.0.0-rc.1")
    changelog = "## 2.0.0-rc.1\n\n- A try.\n"

    planned = release.plan("v2.0.0-rc.1", "octo/a", package, changelog)

    assert (planned["version"], planned["major"]) == ("2.0.0-rc.1", "")


@pytest.mark.parametrize(
    "tag",
    ["v1.2", "1.2.3", "v01.2.3", "v1.2.3\n", "v1.2.3+x", "v1.2.3;ls", "v1.2.3-", "v"],
)
def test_what_is_no_version_is_no_release(tag: str) -> None:
    with pytest.raises(release.ReleaseError, match="tag it like"):
        release.plan(tag, "octo/a", PACKAGE, CHANGELOG)


@pytest.mark.parametrize(
    ("tag", "package", "expected"),
    [
        ("v1.2.2", PACKAGE, r"not the version of the package \(1.2.3\)"),
        ("v1.2.3", "", "none is stated"),
        ("v1.2.4", PACKAGE.replace("3", "4"), "`## 1.2.4 - YYYY-MM-DD`"),
    ],
)
def test_what_does_not_agree_is_no_release(
    tag: str, package: str, expected: str
) -> None:
    with pytest.raises(release.ReleaseError, match=expected):
        release.plan(tag, "octo/a", package, CHANGELOG)


def test_an_output_cannot_be_forged_by_a_repositorys_name() -> None:
    with pytest.raises(release.ReleaseError, match="OWNER/NAME"):
        release.plan("v1.2.3", "octo/a\nimage=other", PACKAGE, CHANGELOG)


def test_the_notes_are_the_section_of_that_version_only() -> None:
    assert release.notes("v1.2.3", CHANGELOG) == "### Added\n\n- A queue.\n"
    assert release.notes("v1.2.2", CHANGELOG) == "- Older.\n"


def test_the_released_action_runs_the_image_by_digest_and_is_else_the_same() -> None:
    action = (ROOT / "action.yml").read_text(encoding="utf-8")

    after = yaml.safe_load(release.pointed(action, IMAGE))

    before = yaml.safe_load(action)
    assert after.pop("runs") == {"using": "docker", "image": f"docker://{IMAGE}"}
    assert before.pop("runs") == {"using": "docker", "image": "Dockerfile"}
    assert after == before


@pytest.mark.parametrize(
    "image",
    [
        "ghcr.io/octo/architect-review:1.2.3",
        "ghcr.io/octo/architect-review@sha256:0123",
        IMAGE.replace("ghcr.io", "example.org"),
        f"{IMAGE}\n",
        f"docker://{IMAGE}",
    ],
)
def test_an_image_that_could_become_another_is_refused(image: str) -> None:
    with pytest.raises(release.ReleaseError, match="by its digest"):
        release.pointed("runs:\n  image: Dockerfile\n", image)


def test_an_action_that_runs_an_image_already_is_not_pointed_again() -> None:
    with pytest.raises(release.ReleaseError, match="no single line"):
        release.pointed(f"runs:\n  image: docker://{IMAGE}\n", IMAGE)


@pytest.mark.parametrize("arguments", [[], ["plan", "v1.2.3"], ["notes", "v0.0.0-no"]])
def test_the_command_says_what_is_wrong_and_fails(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-S", ROOT / "tools" / "release.py", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("release: ")
    assert done.stdout == ""


# A released commit and its tags, by the workflow's own script


def git(folder: Path, *arguments: str) -> str:
    """What git says."""
    return subprocess.run(
        ["git", "-C", folder, *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    """A checkout of a tag, cloned from the repository where an older release stands."""
    origin, checkout = tmp_path / "origin.git", tmp_path / "checkout"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(origin))
    git(tmp_path, "clone", "--quiet", str(origin), str(checkout))
    git(checkout, "config", "user.name", "Ada")
    git(checkout, "config", "user.email", "ada@example.org")
    git(checkout, "commit", "--quiet", "--allow-empty", "-m", "older")
    git(checkout, "tag", "v1")
    shutil.copytree(ROOT / "tools", checkout / "tools")
    shutil.copy(ROOT / "action.yml", checkout)
    (checkout / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "-m", "built")
    git(checkout, "tag", "v1.2.3")
    git(checkout, "push", "--quiet", "origin", "HEAD:main", "v1", "v1.2.3")
    return checkout


def publish(checkout: Path, tmp_path: Path, major: str) -> list[str]:
    """Run the workflow's last step; what it told `gh`, which is written down only."""
    workflow = yaml.safe_load(
        (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    )
    script = workflow["jobs"]["publish"]["steps"][-1]["run"]
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "gh").write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/told\n')
    (programs / "gh").chmod(0o755)
    (programs / "python").symlink_to(sys.executable)
    subprocess.run(
        # As the runner starts a step without `shell:` (docs.github.com, "Workflow
        # syntax").
        ["bash", "-e", "-c", script],
        cwd=checkout,
        env={
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "RUNNER_TEMP": str(tmp_path),
            "TAG": "v1.2.3",
            "MAJOR": major,
            "IMAGE": IMAGE,
        },
        check=True,
    )
    return (tmp_path / "told").read_text(encoding="utf-8").splitlines()


def test_a_release_moves_its_tag_and_the_major_one_to_a_commit_with_the_image(
    tagged: Path, tmp_path: Path
) -> None:
    told = publish(tagged, tmp_path, "v1")

    origin = tmp_path / "origin.git"
    assert git(origin, "rev-parse", "v1") == git(origin, "rev-parse", "v1.2.3")
    assert git(origin, "rev-parse", "v1.2.3^") == git(origin, "rev-parse", "main")
    assert f"image: docker://{IMAGE}" in git(origin, "show", "v1.2.3:action.yml")
    assert "image: Dockerfile" in git(origin, "show", "main:action.yml")
    assert git(origin, "diff", "--name-only", "main", "v1.2.3") == "action.yml"
    assert told[0] == "auth setup-git"
    assert told[1].startswith("release create v1.2.3 --verify-tag --title v1.2.3 --no")
    notes = (tmp_path / "notes.md").read_text(encoding="utf-8")
    assert notes == "### Added\n\n- A queue.\n"


def test_a_pre_release_is_marked_as_one_and_leaves_the_major_tag(
    tagged: Path, tmp_path: Path
) -> None:
    origin = tmp_path / "origin.git"
    before = git(origin, "rev-parse", "v1")

    told = publish(tagged, tmp_path, "")

    assert git(origin, "rev-parse", "v1") == before
    assert "--prerelease" in told[1]
