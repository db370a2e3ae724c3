"""What it risks to change how something in operation is set up.

Sources: the Compose, Kubernetes and systemd references of each setting.
"""

import re

_RISKS: dict[str, tuple[str, str]] = {
    "replicas": ("load and failures meet another number of copies",) * 2,
    "scale": ("load and failures meet another number of copies",) * 2,
    "resources": (
        "it is ended or slowed at another limit",
        "nothing limits what it takes from the machine",
    ),
    "memory limit": (
        "it is ended at another limit",
        "nothing limits what it takes from the machine",
    ),
    "processor limit": (
        "it is slowed at another limit",
        "nothing limits what it takes from the machine",
    ),
    "restart policy": (
        "it comes back in other cases, or no longer does, after it ended",
        "it may stay down after it ended",
    ),
    "ports": ("it is reached elsewhere, or by others", "nothing reaches it there"),
    "volumes": (
        "data stands elsewhere, or others see it",
        "data there does not outlive it",
    ),
    "user": (
        "files and rights of the old user may not fit",
        "it runs as the default user, often root",
    ),
    "security context": (
        "it has other rights on the machine",
        "it has the rights of the default, often root",
    ),
    "added rights": ("it may do more on the host", "it may need what it had"),
    "network": ("it reaches, and is reached from, other networks",) * 2,
    "service account": ("it acts in the cluster with other rights",) * 2,
    "update strategy": ("old and new version run side by side otherwise",) * 2,
    "overlapping runs": ("a slow run and the next one meet otherwise",) * 2,
    "start deadline": ("runs that come too late are skipped or made up for",) * 2,
    "tries": ("it gives up after another number of failures",) * 2,
    "time limit": ("a run is ended after another time", "a run that hangs never ends"),
    "grace period": ("work in progress has another time to end at a stop",) * 2,
    "volume claims": ("Kubernetes refuses this change to a set that exists",) * 2,
    "health check": ("", "failures are no longer noticed by it"),
    "watchdog": ("", "a hanging process is no longer restarted"),
    "livenessProbe": ("", "a hanging container is no longer restarted"),
    "readinessProbe": ("", "requests reach it before it can answer them"),
    "startupProbe": ("", "a slow start may be taken for a failure"),
}
"""Of each setting: what another value risks, and what its removal risks."""
_ALIASES = {
    "deployment restart policy": "restart policy",
    "pod update strategy": "update strategy",
    "pod security context": "security context",
    "parallel runs": "overlapping runs",
}
_ROOT = re.compile(r"(?:root|0)(?::\S*)?|.*\brunAsUser: 0\b.*", re.S)
_PRIVILEGED = re.compile(r"\b(?:privileged|allowPrivilegeEscalation): true\b")
_IMAGE = re.compile(r"([^\s@]*?)(?::([^:/@\s]+))?(?:@\S+)?")


def risk_of(name: str, old: str, new: str) -> str:
    """What a change of a setting risks; "" where its values say it all.

    `old` and `new` are "" where it is not set.
    """
    kind = re.split(r" of (?:initial )?container ", name, maxsplit=1)[0]
    kind = _ALIASES.get(kind, kind)
    if kind in ("image", "base image"):
        return _image_risk(old, new)
    if kind in ("user", "security context") and _ROOT.fullmatch(new):
        return "" if _ROOT.fullmatch(old) else "it runs as root"
    if kind == "privileged" or _PRIVILEGED.search(new):
        is_more = new == "true" or not _PRIVILEGED.search(old)
        is_less = kind == "privileged" and new != "true"
        if is_more and not is_less:
            return "it may do what root on the host may"
    if kind == "suspended" and new == "true":
        return "it no longer runs at its times"
    if kind == "host network" and new == "true":
        return "it shares the network of the machine"
    return _RISKS.get(kind, ("", ""))[not new]


def _image_risk(old: str, new: str) -> str:
    before, after = _IMAGE.fullmatch(old), _IMAGE.fullmatch(new)
    if not (before and after) or not new:
        return ""
    is_open = after[2] in (None, "latest") and "@" not in new and "$" not in new
    if is_open and new != "scratch" and (before[2] not in (None, "latest")):
        return "what runs is then decided when the image is pulled"
    if before[1] != after[1]:
        return "it is another image" if old else ""
    versions = [re.match(r"v?(\d{1,9})", each[2] or "") for each in (before, after)]
    if versions[0] and versions[1] and versions[0][1] != versions[1][1]:
        majors = f"{versions[0][1]} to {versions[1][1]}"
        return f"major version {majors}, for which data and settings may not fit"
    return ""
