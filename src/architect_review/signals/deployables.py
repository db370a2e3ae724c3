"""Signals from what is deployed, how, and when it runs."""

from collections.abc import Iterator, Mapping

from architect_review.change.sides import Scene
from architect_review.signals.comparison import Sighting, compare
from architect_review.signals.hazards import risk_of
from architect_review.signals.places import arrow, brief, folder, shipped
from architect_review.signals.processes import Deployable, Property
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.signals.workflows import WORKFLOWS, Job, Workflow, workflow
from architect_review.signals.workloads import (
    DEPLOYABLES,
    deployables,
)
from architect_review.vocabulary import Category


@detector(Weight.MAJOR, Category.DEPLOYMENT, reads=DEPLOYABLES)
def deployable_added_or_removed(scene: Scene) -> Iterator[Found]:
    """Something new is put into operation, or something is taken out of it.

    An image, a compose service, a Kubernetes workload, a Procfile process or a systemd
    unit. Files named as being for development or tests do not count, nor do moves.
    """
    found = compare(shipped(scene, *DEPLOYABLES), deployables, scope=folder)
    yield from found.unreadable
    for each in found.added:
        yield _at(each, f"{_label(each)} is added.", each.thing.line)
    for each in found.removed:
        fact = f"{_label(each)} is removed."
        yield _at(each, fact, each.thing.line, is_removed=True)


@detector(Weight.SUPPORTING, Category.DEPLOYMENT, reads=DEPLOYABLES)
def deployable_changed(scene: Scene) -> Iterator[Found]:
    """Something in operation changes its image, command, size or loses a check.

    Also its ports, volumes, restart policy, user and rights.
    """
    found = compare(shipped(scene, *DEPLOYABLES), deployables, scope=folder)
    yield from found.unreadable
    for before, after in found.kept:
        old, new = before.thing.properties, after.thing.properties
        for name in dict.fromkeys((*old, *new)):
            change = _change(old.get(name), new.get(name))
            if change:
                text, line, is_removed = change
                risk = risk_of(name, *(_text(each.get(name)) for each in (old, new)))
                text += f": {risk}" if risk else ""
                fact = f"{_label(after)}: {brief(name)} {text}."
                yield _at(after, fact, line, part=name, is_removed=is_removed)


@detector(Weight.SUPPORTING, Category.CI_CD, reads=WORKFLOWS)
def workflow_changed(scene: Scene) -> Iterator[Found]:
    """A GitHub workflow is added, removed or does something else."""
    found = compare(scene.matching(*WORKFLOWS), _workflow)
    yield from found.unreadable
    for each in found.added:
        yield _at(each, f"Workflow `{_file(each)}` is added.", 1)
    for each in found.removed:
        yield _at(each, f"Workflow `{_file(each)}` is removed.", 1, is_removed=True)
    for before, after in found.kept:
        yield from _job_changes(before, after)


@detector(
    Weight.MAJOR, Category.CI_CD, reads=WORKFLOWS, standing="A GitHub workflow deploys."
)
def deployment_workflow(scene: Scene) -> Iterator[Found]:
    """A GitHub workflow begins to deploy.

    A job that was not there, or did not deploy, names an `environment`, uses an action
    that is known to deploy or runs a command that is.
    """
    found = compare(scene.matching(*WORKFLOWS), _deploying_jobs)
    yield from found.unreadable
    for each in found.added:
        fact = (
            f"Job `{brief(each.key)}` of workflow `{_file(each)}` deploys "
            f"({each.thing.deploys})."
        )
        yield _at(each, fact, each.thing.line)


def _change(old: Property | None, new: Property | None) -> tuple[str, int, bool] | None:
    """What happened to a property, on which line, and whether that is the base's."""
    if old and new:
        if old.text == new.text or new.is_check:
            return None
        return arrow(old.text, new.text), new.line, False
    if new and not new.is_check:
        return f"is set to `{brief(new.text)}`", new.line, False
    if old:
        return f"is removed (was `{brief(old.text)}`)", old.line, True
    return None


def _text(value: Property | None) -> str:
    return value.text if value else ""


def _job_changes(
    before: Sighting[Workflow], after: Sighting[Workflow]
) -> Iterator[Evidence]:
    old, new = before.thing, after.thing
    if old.content == new.content:
        return
    name = _file(after)
    jobs = old.jobs.keys() ^ new.jobs.keys()
    for job in sorted(jobs):
        is_removed = job in old.jobs
        fact = f"Job `{brief(job)}` is {'removed from' if is_removed else 'added to'} "
        fact += f"workflow `{name}`."
        line = (old.jobs if is_removed else new.jobs)[job].line
        yield _at(after, fact, line, part=job, is_removed=is_removed)
    if not jobs:
        yield _at(after, f"Workflow `{name}` does something else.", None)


def _workflow(path: str, text: str) -> Mapping[str, Workflow]:
    return {path.rsplit("/", 1)[-1]: workflow(text)}


def _deploying_jobs(path: str, text: str) -> Mapping[str, Job]:
    return {name: job for name, job in workflow(text).jobs.items() if job.deploys}


def _label(each: Sighting[Deployable]) -> str:
    kind = each.thing.kind
    return f"{kind[0].upper()}{kind[1:]} `{brief(each.thing.name)}`"


def _file(each: Sighting[Workflow] | Sighting[Job]) -> str:
    return brief(each.side.path.rsplit("/", 1)[-1])


def _at(
    each: Sighting[Deployable] | Sighting[Workflow] | Sighting[Job],
    fact: str,
    line: int | None,
    *,
    part: str = "",
    is_removed: bool = False,
) -> Evidence:
    """Evidence whose subject is the thing's key and, where it has one, the part."""
    subject = each.key.replace("\0", " ") + (f".{part}" if part else "")
    return Evidence(each.side.path, fact, subject, line, line, is_removed)
