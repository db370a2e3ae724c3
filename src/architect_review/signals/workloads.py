"""What a file deploys: images, compose services, Kubernetes workloads, processes.

Sources: the Compose specification, the Kubernetes API reference (apps/v1, batch/v1).
"""

import re
from collections.abc import Iterator, Mapping

from architect_review.change.sides import matches
from architect_review.signals.places import is_development
from architect_review.signals.processes import (
    Deployable,
    Property,
    dockerfile,
    procfile,
    unit,
)
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
            found = dockerfile(path, checked(text))
        else:
            found = _compose(yaml_documents(text))
    elif matches(path, PROCFILE):
        found = procfile(checked(text))
    elif matches(path, UNITS):
        found = unit(name, checked(text))
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


_SERVICE = {
    "image": ("image",),
    "entrypoint": ("entrypoint",),
    "command": ("command",),
    "replicas": ("deploy", "replicas"),
    "scale": ("scale",),
    "restart policy": ("restart",),
    "deployment restart policy": ("deploy", "restart_policy"),
    "ports": ("ports",),
    "volumes": ("volumes",),
    "user": ("user",),
    "privileged": ("privileged",),
    "added rights": ("cap_add",),
    "network": ("network_mode",),
    "grace period": ("stop_grace_period",),
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
    "ports": ("ports",),
    "volumes": ("volumeMounts",),
    "security context": ("securityContext",),
}
_SPEC = {
    "replicas": ("replicas",),
    "update strategy": ("strategy",),
    "pod update strategy": ("updateStrategy",),
    "volume claims": ("volumeClaimTemplates",),
    "overlapping runs": ("concurrencyPolicy",),
    "suspended": ("suspend",),
    "start deadline": ("startingDeadlineSeconds",),
}
_JOB = {
    "tries": ("backoffLimit",),
    "time limit": ("activeDeadlineSeconds",),
    "parallel runs": ("parallelism",),
}
_POD = {
    "restart policy": ("restartPolicy",),
    "volumes": ("volumes",),
    "host network": ("hostNetwork",),
    "pod security context": ("securityContext",),
    "service account": ("serviceAccountName",),
    "grace period": ("terminationGracePeriodSeconds",),
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
        properties = _properties(spec, _SPEC, "")
        job = spec.at("jobTemplate", "spec") if kind == "CronJob" else spec
        if kind in ("Job", "CronJob"):
            properties |= _properties(job, _JOB, "")
        pod = job.at("template", "spec")
        properties |= _properties(pod, _POD, "") | _containers(pod)
        full = f"{namespace}/{name}" if namespace else name
        line = document.at("kind").line
        yield Deployable(f"Kubernetes {kind}", full, line, properties)


def _containers(pod: Yaml) -> dict[str, Property]:
    properties: dict[str, Property] = {}
    for container in pod.at("initContainers").items:
        of = f" of initial container `{container.at('name').text}`"
        properties |= _properties(container, _CONTAINER, of)
    for container in pod.at("containers").items:
        of = f" of container `{container.at('name').text}`"
        properties |= _properties(container, _CONTAINER, of)
        for probe in _PROBES:
            value = container.at(probe)
            if value:
                properties[probe + of] = Property(value.shown(), value.line, True)
    return properties


def _properties(
    value: Yaml, wanted: Mapping[str, tuple[str, ...]], of: str
) -> dict[str, Property]:
    return {
        name + of: Property(text, found.line)
        for name, keys in wanted.items()
        if (found := value.at(*keys))
        and (text := _writable(found) if name == "volumes" else found.shown())
    }


def _writable(volumes: Yaml) -> str:
    """The volumes that hold data: what is only read is a file of settings."""
    kept = [
        each
        for each in volumes.items
        if not each.text.endswith(":ro")
        and each.at("read_only").text != "true"
        and each.at("readOnly").text != "true"
        and not each.at("configMap")
        and not each.at("secret")
    ]
    return ", ".join(each.shown() for each in kept)
