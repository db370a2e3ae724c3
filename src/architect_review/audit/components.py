"""The components that an audit cuts a repository into, and which one a path asks for.

Only paths decide. Sources of the names: the tools' own documentation.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import translate

from architect_review.change.paths import PathKind, kind_of


class ComponentKind(StrEnum):
    """What a component is for."""

    PACKAGE = "package"
    SERVICE = "service"
    MIGRATIONS = "migrations"
    DEPLOYMENT = "deployment"
    DELIVERY = "delivery"
    CONFIGURATION = "configuration"
    TESTS = "tests"
    DOCUMENTATION = "documentation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the repository that is reviewed by itself.

    `name` is unique in an audit and stays the same as long as its place does. `paths`
    are its files, sorted; `size` their bytes together.
    """

    name: str
    kind: ComponentKind
    paths: tuple[str, ...]
    size: int


def _globs(text: str) -> re.Pattern[str]:
    return re.compile("|".join(translate(glob) for glob in text.split()))


_MANIFESTS = """
    pyproject.toml setup.py package.json go.mod cargo.toml pom.xml build.gradle
    build.gradle.kts gemfile composer.json mix.exs deno.json pubspec.yaml package.swift
    pipfile build.sbt project.clj
"""
_MANIFEST_NAMES = frozenset(_MANIFESTS.split())
_PROJECT_SUFFIXES = (".csproj", ".fsproj", ".gemspec", ".cabal")
_IMAGES = _globs("dockerfile dockerfile.* *.dockerfile containerfile* procfile")
_SERVICE_FOLDERS = ("services", "apps", "functions", "lambdas", "workers", "cmd")
_UNPROJECTED = (
    PathKind.TEST,
    PathKind.VENDORED,
    PathKind.GENERATED,
    PathKind.DOCUMENTATION,
)

_DELIVERY = _globs(
    """
    .github/* .gitlab/* .circleci/* .buildkite/* .woodpecker/* .azure-pipelines/*
    .semaphore/* .teamcity/* .gitlab-ci*.y*ml .travis.y*ml .drone.y*ml .woodpecker*.y*ml
    .cirrus.y*ml azure-pipelines*.y*ml bitbucket-pipelines.y*ml *appveyor.y*ml
    cloudbuild*.y*ml buildspec*.y*ml jenkinsfile* .pre-commit-config.y*ml
    .readthedocs.y*ml codecov.y*ml .codecov.y*ml renovate.json* .goreleaser.y*ml
    """
)
_MIGRATIONS = _globs(
    """
    */migrations/* */migration/*.sql */migrate/*.sql */db/migrate/* */alembic/*
    */alembic.ini */v[0-9]*__*.sql */r__*.sql
    """
)
_DEPLOYMENT = _globs(
    """
    */dockerfile* *.dockerfile */containerfile* */.dockerignore */docker-compose*
    */compose.y*ml */compose.*.y*ml */procfile */k8s/* */kubernetes/* */helm/*
    */kustomize/* */terraform/* *.tf *.tfvars *.tfvars.json *.hcl *.service *.timer
    */skaffold.y*ml */kustomization.y*ml */fly.toml */fly.*.toml */render.y*ml
    */heroku.yml */vercel.json */netlify.toml */serverless.y*ml */supervisord*.conf
    */nginx.conf* */crontab *.nomad */docker-entrypoint* */docker-bake*
    """
)
_DEPLOYMENT_FOLDERS = (
    *("docker", "deploy", "deployment", "deployments", "infra", "infrastructure"),
    *("ops", "charts", "ansible", "cloudformation", "nginx", "docker-compose"),
)
"""First folders of a project; deeper ones of these names are often layers of code."""
_DEPLOYMENT_FOLDERS_IN = frozenset(_DEPLOYMENT_FOLDERS)
_DOCUMENTATION_FOLDERS = ("docs", "doc", "documentation", "adr", "rfcs")
_CONFIGURATION_FOLDERS = ("config", "configs", "conf", "requirements", "etc")
_TOOLING = _globs(
    """
    setup.py manage.py noxfile.py tasks.py fabfile.py versioneer.py conftest.py
    *.config.js *.config.ts *.config.mjs *.config.cjs *.config.mts gulpfile.*
    gruntfile.* rakefile makefile dangerfile* build.gradle* settings.gradle*
    """
)


def is_manifest(path: str) -> bool:
    """Whether a file says that its folder is a project of its own."""
    *folders, name = path.lower().split("/")
    known = name in _MANIFEST_NAMES or name.endswith(_PROJECT_SUFFIXES)
    if not known:
        is_beside = any(each.startswith(".") for each in folders)
        is_beside = is_beside or not _DEPLOYMENT_FOLDERS_IN.isdisjoint(folders)
        known = is_image(path) and not is_beside
    return known and kind_of(path) not in _UNPROJECTED


def is_image(path: str) -> bool:
    """Whether a file says that its folder is put into operation."""
    return bool(_IMAGES.match(path.rpartition("/")[2].lower()))


def is_service_folder(place: str) -> bool:
    """Whether a folder lies where services of a monorepo usually lie."""
    return place.rpartition("/")[0].rpartition("/")[2] in _SERVICE_FOLDERS


def kind_for(path: str, root: str, *, is_code: bool) -> ComponentKind:
    """The kind of component that a file of the project in folder `root` belongs to.

    What serves the project as a whole counts where it lies at the project's top; in a
    package it is part of the package, which is PACKAGE here whatever becomes of it.
    """
    inner = path[len(root) + 1 :] if root else path
    lowered = "/" + inner.lower()
    first, slash, _ = lowered[1:].partition("/")
    kind = kind_of(path)
    if kind is PathKind.VENDORED:
        return ComponentKind.PACKAGE
    if _DELIVERY.match(lowered[1:]):
        return ComponentKind.DELIVERY
    if kind is PathKind.TEST:
        return ComponentKind.TESTS
    if _MIGRATIONS.match(lowered):
        return ComponentKind.MIGRATIONS
    if _DEPLOYMENT.match(lowered) or (slash and first in _DEPLOYMENT_FOLDERS):
        return ComponentKind.DEPLOYMENT
    if slash:
        return _of_folder(first, kind)
    if kind is PathKind.DOCUMENTATION:
        return ComponentKind.DOCUMENTATION
    is_tooling = not is_code or bool(_TOOLING.match(first))
    return ComponentKind.CONFIGURATION if is_tooling else ComponentKind.PACKAGE


def _of_folder(first: str, kind: PathKind) -> ComponentKind:
    if first in _DOCUMENTATION_FOLDERS:
        return ComponentKind.DOCUMENTATION
    is_setting = kind in (PathKind.CONFIGURATION, PathKind.LOCK)
    if first.startswith(".") or (first in _CONFIGURATION_FOLDERS and is_setting):
        return ComponentKind.CONFIGURATION
    return ComponentKind.PACKAGE


def says(place: str, kind: ComponentKind) -> bool:
    """Whether a folder's own name tells that it is of a kind other than PACKAGE."""
    folders = place.lower().split("/")
    match kind:
        case ComponentKind.TESTS:
            return kind_of(f"{place}/x") is PathKind.TEST
        case ComponentKind.MIGRATIONS:
            return any("migrat" in name or name == "alembic" for name in folders)
        case ComponentKind.DEPLOYMENT:
            path = f"/{place}/x".lower()
            is_known = not _DEPLOYMENT_FOLDERS_IN.isdisjoint(folders)
            return is_known or bool(_DEPLOYMENT.match(path))
        case ComponentKind.DOCUMENTATION:
            return any(name in _DOCUMENTATION_FOLDERS for name in folders)
        case ComponentKind.DELIVERY:
            return place.startswith(".")
        case ComponentKind.CONFIGURATION:
            is_hidden = folders[-1].startswith(".")
            return is_hidden or folders[-1] in _CONFIGURATION_FOLDERS
    return True
