"""What a Dockerfile, a Procfile or a systemd unit puts into operation, and how.

Sources: the Dockerfile reference, Heroku's Procfile, systemd.unit(5) and
systemd.service(5).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


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


def dockerfile(path: str, text: str) -> Iterator[Deployable]:
    """The last stage of a Dockerfile is what is deployed, with what it builds upon."""
    defaults: dict[str, str] = {}
    stages: dict[str, dict[str, Property]] = {}
    properties: dict[str, Property] = {}
    for name, arguments, line in _instructions(text):
        if name == "ARG" and "base image" not in properties:
            key, _, value = arguments.partition("=")
            defaults[key] = value.strip("\"'")
        elif name == "FROM":
            words = [word for word in arguments.split() if not word.startswith("--")]
            image = Property(_filled(words[0] if words else "", defaults), line)
            properties = dict(stages.get(image.text.lower(), {"base image": image}))
            if len(words) > 2 and words[1].upper() == "AS":
                stages[words[2].lower()] = properties
        else:
            _instruct(properties, name, arguments, line)
    if properties:
        yield Deployable("image", path, 1, properties)


TEXT_LIMIT = 400
"""Characters up to which repeated instructions are told together."""


def _instruct(
    properties: dict[str, Property], name: str, arguments: str, line: int
) -> None:
    if name in ("ENTRYPOINT", "CMD"):
        properties[name] = Property(arguments, line)
    elif name == "USER":
        properties["user"] = Property(arguments, line)
    elif name in ("EXPOSE", "VOLUME"):
        key = "ports" if name == "EXPOSE" else "volumes"
        before = properties.get(key)
        text = f"{before.text} {arguments}" if before else arguments
        if len(text) <= TEXT_LIMIT:
            properties[key] = Property(text, line)
    elif name == "HEALTHCHECK":
        properties.pop("health check", None)
        if arguments.upper() != "NONE":
            properties["health check"] = Property(arguments, line, is_check=True)


def _filled(image: str, defaults: Mapping[str, str]) -> str:
    return re.sub(
        r"\$(?:\{(\w+)\}|(\w+))",
        lambda found: defaults.get(found[1] or found[2]) or found[0],
        image,
    )


def procfile(text: str) -> Iterator[Deployable]:
    for number, row in enumerate(text.split("\n"), 1):
        found = re.match(r"([A-Za-z0-9_-]+):\s*(\S.*)", row)
        if found:
            command = Property(found[2].strip(), number)
            yield Deployable("process", found[1], number, {"command": command})


_UNIT = {
    "ExecStart": "ExecStart",
    "User": "user",
    "Restart": "restart policy",
    "MemoryMax": "memory limit",
    "MemoryLimit": "memory limit",
    "CPUQuota": "processor limit",
    "TimeoutStopSec": "grace period",
    "WatchdogSec": "watchdog",
}


def unit(name: str, text: str) -> Iterator[Deployable]:
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
        elif section == "[Service]":
            key, _, value = line.partition("=")
            name_of = _UNIT.get(key.strip())
            if name_of and value.strip():
                is_check = name_of == "watchdog"
                properties[name_of] = Property(value.strip(), number, is_check)
    if is_unit:
        yield Deployable(f"systemd {kind}", name, 1, properties)
