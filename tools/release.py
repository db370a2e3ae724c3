"""What a release needs to be told, and what it changes: no network, no git.

    python tools/release.py plan v1.2.3 OWNER/NAME        lines for GITHUB_OUTPUT
    python tools/release.py notes v1.2.3                  its section of CHANGELOG.md
    python tools/release.py point IMAGE@sha256:DIGEST     action.yml runs that image

Needs nothing but Python: it runs before anything is installed. docs/releasing.md.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REGISTRY = "ghcr.io"

# semver.org, item 2 and 9; without build metadata, which no image tag may hold.
_NUMBER = r"(?:0|[1-9][0-9]*)"
_TAG = re.compile(
    rf"v(?P<version>(?P<major>{_NUMBER})\.{_NUMBER}\.{_NUMBER}"
    r"(?:-(?P<pre>[0-9A-Za-z.-]+))?)"
)
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_IMAGE = re.compile(rf"{re.escape(REGISTRY)}/[a-z0-9._/-]+@sha256:[0-9a-f]{{64}}")
_BUILT = "\n  image: Dockerfile\n"


class ReleaseError(Exception):
    """Why this is no release; its text says what to do."""


def plan(tag: str, repository: str, package: str, changelog: str) -> dict[str, str]:
    """The outputs `version`, `major` ("" for a pre-release) and `image`.

    `package` is the text that states the version. Raises ReleaseError when tag,
    package and changelog do not name the same version.
    """
    found = _parsed(tag)
    version = found["version"]
    stated = _VERSION.search(package)
    if stated is None or stated[1] != version:
        raise ReleaseError(
            f"{tag} is not the version of the package "
            f"({stated[1] if stated else 'none is stated'}): change `__version__` first"
        )
    notes(tag, changelog)
    if not _REPOSITORY.fullmatch(repository):
        raise ReleaseError(f"{repository!r} is no repository: write OWNER/NAME")
    return {
        "version": version,
        "major": "" if found["pre"] else f"v{found['major']}",
        # Image names are lower case; a repository's need not be.
        "image": f"{REGISTRY}/{repository.lower()}",
    }


def notes(tag: str, changelog: str) -> str:
    """The tag's section of the changelog. Raises ReleaseError without one."""
    version = re.escape(_parsed(tag)["version"])
    section = re.search(
        rf"^## \[?{version}\]?(?: - [0-9-]{{10}})?\n(.*?)(?=^## |\Z)",
        changelog,
        re.MULTILINE | re.DOTALL,
    )
    if section is None or not section[1].strip():
        raise ReleaseError(
            f"CHANGELOG.md says nothing under `## {tag[1:]} - YYYY-MM-DD`: give that "
            "heading to what is under `## Unreleased`"
        )
    return section[1].strip() + "\n"


def pointed(action: str, image: str) -> str:
    """action.yml with a published image, by digest, in place of the Dockerfile.

    Raises ReleaseError for any other reference: what a name or tag stands for can be
    changed later.
    """
    if not _IMAGE.fullmatch(image):
        raise ReleaseError(f"{image!r} is no image of {REGISTRY} by its digest")
    if action.count(_BUILT) != 1:
        raise ReleaseError("action.yml has no single line `image: Dockerfile`")
    return action.replace(_BUILT, f"\n  image: docker://{image}\n")


def _parsed(tag: str) -> re.Match[str]:
    found = _TAG.fullmatch(tag)
    if found is None:
        raise ReleaseError(f"{tag!r} is no release: tag it like v1.2.3")
    return found


def main(arguments: list[str]) -> None:
    """Do what the arguments say. Raises ReleaseError."""

    def read(path: str) -> str:
        return (ROOT / path).read_text(encoding="utf-8")

    match arguments:
        case ["plan", tag, repository]:
            package = read("src/architect_review/__init__.py")
            outputs = plan(tag, repository, package, read("CHANGELOG.md"))
            print("\n".join(f"{name}={value}" for name, value in outputs.items()))
        case ["notes", tag]:
            print(notes(tag, read("CHANGELOG.md")), end="")
        case ["point", image]:
            action = pointed(read("action.yml"), image)
            (ROOT / "action.yml").write_text(action, encoding="utf-8")
        case _:
            raise ReleaseError(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ReleaseError as error:
        sys.exit(f"release: {error}")
