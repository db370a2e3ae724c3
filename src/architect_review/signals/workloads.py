"""What a file deploys: images, compose services, Kubernetes workloads, processes.

Sources: the Dockerfile reference, the Compose specification, the Kubernetes API
reference (apps/v1, batch/v1), Heroku's Procfile, systemd.unit(5).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from architect_review.change.sides import matches
from architect_review.signals.places import is_development
from architect_review.signals.reading import (
    UnreadableError,
    Yaml,
    checked,
    yaml_documents,
)

DOCKERFILES = (
    "Dockerfile",
    "Dockerfile.*",
    "*.Dockerfile",
    "*.dockerfile",
    "Containerfile",
)
COMPOSE = (
    "docker-compose*.yml",
    "docker-compose*.yaml",
    "compose*.yml",
    "compose*.yaml",
)
UNITS = ("*.service", "*.timer")
PROCFILE = ("Procfile",)
MANIFESTS = ("*.yml", "*.yaml")
DEPLOYABLES = (*DOCKERFILES, *COMPOSE, *UNITS, *PROCFILE, *MANIFESTS)


@dataclass(frozen=True, slots=True)
class Property:
    """A setting of a deployable. A check's change is ordinary; its removal is not."""

    text: str
    line: int
    is_check: bool = False


@dataclass(frozen=True, slots=True)
class Deployable:
    """Something that is put into operation, e.g. ("Kubernetes CronJob", "report")."""

    kind: str
    name: str
    line: int
    properties: Mapping[str, Property] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The thing in a sentence."""
        return f"{self.kind} `{self.name}`"


def deployables(path: str, text: str) -> Mapping[str, Deployable]:
    """What a file deploys, by kind and name.

    Dockerfiles and compose files named as being for development or tests deploy
    nothing. A Kubernetes document counts when it has what its kind requires, which a
    patch of it has not. Raises UnreadableError.
    """
    name = path.rsplit("/", 1)[-1]
    found: Iterator[Deployable] = iter(())
    if matches(path, (*DOCKERFILES, *COMPOSE)):
        if is_development(name):
            pass
        elif matches(path, DOCKERFILES):
            found = _dockerfile(path, checked(text))
        else:
            found = _compose(yaml_documents(text))
    elif matches(path, PROCFILE):
        found = _procfile(checked(text))
    elif matches(path, UNITS):
        found = _unit(name, checked(text))
    else:
        found = _kubernetes(kubernetes_documents(text), name)
    return {f"{each.kind}\0{each.name}": each for each in found}


_KIND = re.compile(r"^[ \t]*(?:-[ \t]+)?[\"']?kind[\"']?\s*:|[\"']kind[\"']\s*:", re.M)


def kubernetes_documents(text: str) -> tuple[Yaml, ...]:
    """The Kubernetes documents of a YAML file, those of a List one by one.

    A file that names no `kind` and `apiVersion` has none and is not parsed. A template
    (`{{`) that is no YAML before it is filled in has none either. Raises
    UnreadableError for other files that cannot be parsed.
    """
    if "apiVersion" not in text or not _KIND.search(text):
        return ()
    try:
        documents = yaml_documents(text)
    except UnreadableError:
        if "{{" in text:
            return ()
        raise
    inner = (item for document in documents for item in document.at("items").items)
    return (*documents, *inner)


_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)\s+(.*)", re.S)
_HEREDOC = re.compile(r"<<-?\s*[\"']?([A-Za-z_]\w*)[\"']?")


def _instructions(text: str) -> Iterator[tuple[str, str, int]]:
    """`(name, arguments, line)`; continued lines are joined, heredocs passed over."""
    rows = iter(enumerate(text.split("\n"), 1))
    for number, first in rows:
        parts: list[str] = []
        row: str | None = first
        while row is not None:
            is_comment = row.lstrip().startswith("#")
            if not is_comment:
                parts.append(row.rstrip().removesuffix("\\"))
            if not parts or not (is_comment or row.rstrip().endswith("\\")):
                break
            row = next(rows, (0, None))[1]
        found = _INSTRUCTION.match(" ".join(parts))
        if not found:
            continue
        name, arguments = found[1].upper(), " ".join(found[2].split())
        if name in ("RUN", "COPY", "ADD"):
            for end in _HEREDOC.findall(arguments):
                next((None for _, body in rows if body.strip() == end), None)
        yield name, arguments, number


def _dockerfile(path: str, text: str) -> Iterator[Deployable]:
    """The last stage of a Dockerfile is what is deployed."""
    defaults: dict[str, str] = {}
    stages: dict[str, Property] = {}
    properties: dict[str, Property] = {}
    for name, arguments, line in _instructions(text):
        if name == "ARG" and "base image" not in properties:
            key, _, value = arguments.partition("=")
            defaults[key] = value.strip("\"'")
        elif name == "FROM":
            words = [word for word in arguments.split() if not word.startswith("--")]
            image = Property(_filled(words[0] if words else "", defaults), line)
            image = stages.get(image.text.lower(), image)
            if len(words) > 2 and words[1].upper() == "AS":
                stages[words[2].lower()] = image
            properties = {"base image": image}
        elif name in ("ENTRYPOINT", "CMD"):
            properties[name] = Property(arguments, line)
        elif name == "HEALTHCHECK" and arguments.upper() != "NONE":
            properties["health check"] = Property(arguments, line, is_check=True)
    if properties:
        yield Deployable("image", path, 1, properties)


def _filled(image: str, defaults: Mapping[str, str]) -> str:
    return re.sub(
        r"\$(?:\{(\w+)\}|(\w+))",
        lambda found: defaults.get(found[1] or found[2]) or found[0],
        image,
    )


def _procfile(text: str) -> Iterator[Deployable]:
    for number, row in enumerate(text.split("\n"), 1):
        found = re.match(r"([A-Za-z0-9_-]+):\s*(\S.*)", row)
        if found:
            command = Property(found[2].strip(), number)
            yield Deployable("process", found[1], number, {"command": command})


def _unit(name: str, text: str) -> Iterator[Deployable]:
    """A systemd unit; what other programs end so has no such section."""
    section = ""
    kind = name.rsplit(".", 1)[-1]
    properties: dict[str, Property] = {}
    is_unit = False
    for number, row in enumerate(text.split("\n"), 1):
        line = row.strip()
        if line.startswith("["):
            section = line
            is_unit = is_unit or line in ("[Service]", "[Timer]")
        elif section == "[Service]" and line.startswith("ExecStart="):
            properties["ExecStart"] = Property(line.partition("=")[2], number)
    if is_unit:
        yield Deployable(f"systemd {kind}", name, 1, properties)


_SERVICE = {
    "image": ("image",),
    "entrypoint": ("entrypoint",),
    "command": ("command",),
    "replicas": ("deploy", "replicas"),
    "scale": ("scale",),
    "resources": ("deploy", "resources"),
    "memory limit": ("mem_limit",),
    "processor limit": ("cpus",),
}


def _compose(documents: tuple[Yaml, ...]) -> Iterator[Deployable]:
    for document in documents:
        for name, service in document.at("services").entries.items():
            properties = _properties(service, _SERVICE, "")
            check = service.at("healthcheck")
            if check and check.at("disable").text != "true":
                properties["health check"] = Property(check.shown(), check.line, True)
            yield Deployable("compose service", name, service.line, properties)


_REQUIRED = {
    "Deployment": ("selector",),
    "StatefulSet": ("selector",),
    "DaemonSet": ("selector",),
    "CronJob": ("jobTemplate",),
    "Job": ("template", "spec", "containers"),
}
_CONTAINER = {
    "image": ("image",),
    "command": ("command",),
    "arguments": ("args",),
    "resources": ("resources",),
}
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def _kubernetes(documents: tuple[Yaml, ...], file: str) -> Iterator[Deployable]:
    """Workloads; one whose name a template fills in is called after its file."""
    for document in documents:
        kind = document.at("kind").text
        spec = document.at("spec")
        if kind not in _REQUIRED or not spec.at(*_REQUIRED[kind]):
            continue
        metadata = document.at("metadata")
        name = metadata.at("name").text or metadata.at("generateName").text or file
        namespace = metadata.at("namespace").text
        properties = _properties(spec, {"replicas": ("replicas",)}, "")
        job = spec.at("jobTemplate", "spec") if kind == "CronJob" else spec
        for container in job.at("template", "spec", "containers").items:
            of = f" of container `{container.at('name').text}`"
            properties |= _properties(container, _CONTAINER, of)
            for probe in _PROBES:
                value = container.at(probe)
                if value:
                    properties[probe + of] = Property(value.shown(), value.line, True)
        full = f"{namespace}/{name}" if namespace else name
        line = document.at("kind").line
        yield Deployable(f"Kubernetes {kind}", full, line, properties)


def _properties(
    value: Yaml, wanted: Mapping[str, tuple[str, ...]], of: str
) -> dict[str, Property]:
    return {
        name + of: Property(found.shown(), found.line)
        for name, keys in wanted.items()
        if (found := value.at(*keys))
    }
