"""Signals from the rules themselves: who reviews, by what, and what was decided."""

from collections import Counter
from collections.abc import Iterator, Mapping

from architect_review.change.diff import FileStatus
from architect_review.change.paths import Attributes, Rule
from architect_review.change.sides import Scene, matches
from architect_review.request.decisions import expanded
from architect_review.signals.comparison import Sighting, compare
from architect_review.signals.edits import Edited
from architect_review.signals.ownership import ownership_changes
from architect_review.signals.places import arrow, brief
from architect_review.signals.privileges import Privilege, Privileges, privileges
from architect_review.signals.reading import checked
from architect_review.signals.records import (
    PROTECTS,
    RECORDS,
    is_record,
    protected,
    record,
)
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.signals.workflows import WORKFLOWS
from architect_review.vocabulary import Category

_OWNERS = "the code owners"
RULES = {
    "this reviewer's configuration": (
        ".github/architect-review.yml",
        ".github/architect-review.yaml",
    ),
    "an agent's definition": (".claude/agents/*",),
    _OWNERS: ("/CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"),
}
"""Files that steer reviews. Source for CODEOWNERS: GitHub's "About code owners"."""
ATTRIBUTES = (".gitattributes",)
OWNERS = ("CODEOWNERS",)


@detector(Weight.MAJOR, Category.CI_CD, reads=(*ATTRIBUTES, *OWNERS))
def reviewer_changed(scene: Scene) -> Iterator[Found]:
    """The change alters the rules under which changes are reviewed.

    This reviewer's configuration, an agent, CODEOWNERS (in the three places where
    GitHub looks), or which files `.gitattributes` calls generated or vendored.
    """
    for file in scene.diff.files:
        what = _steers(file.paths, scene.policy)
        side = scene.texts.get(file.path)
        if what == _OWNERS and side and None not in (side.before, side.after):
            yield from ownership_changes(side)
        elif what:
            verb = {FileStatus.ADDED: "Adds", FileStatus.DELETED: "Removes"}
            is_removed = file.status is FileStatus.DELETED
            fact = f"{verb.get(file.status, 'Changes')} {what}."
            yield Evidence(file.path, fact, what, is_removed=is_removed)
    found = compare(
        (side for side in scene.matching(*ATTRIBUTES) if "/" not in side.path), _rules
    )
    yield from found.unreadable
    for each in (*found.added, *found.removed):
        is_removed = each in found.removed
        rule = each.thing
        fact = (
            f"`{brief(rule.pattern)}` is {'no longer' if is_removed else 'now'} marked "
            f"as {'' if rule.value else 'not '}{rule.kind}."
        )
        yield Evidence(each.side.path, fact, rule.pattern, is_removed=is_removed)


@detector(
    Weight.MAJOR,
    Category.CI_CD,
    reads=WORKFLOWS,
    standing="A GitHub workflow may write, or is given secrets.",
)
def ci_privileges_widened(scene: Scene) -> Iterator[Found]:
    """A GitHub workflow may do more than before, or is given more.

    A job may write what it could not, has no permissions of its own any more, runs on
    `pull_request_target` or is given another secret. The permission to report code
    scanning does not count.
    """
    found = compare(scene.matching(*WORKFLOWS), _held)
    yield from found.unreadable
    edited = Edited()
    before: dict[str, Privileges] = {}
    gone = Counter((each.side.path, each.thing.scope) for each in found.removed)
    for each in found.added:
        name, line = brief(_name(each.side.path)), each.thing.line
        renamed = (each.side.path, each.thing.scope)
        if each.thing.scope and gone[renamed] > 0:
            gone[renamed] -= 1
        elif edited.adds(each.side.change, line) and not _is_unlimited(each, before):
            fact = f"Workflow `{name}`: {each.thing.fact[0].lower()}"
            fact += f"{each.thing.fact[1:]}."
            subject = each.key.replace("\0", " ")
            yield Evidence(each.side.path, fact, subject, line, line)
    for was, after in compare(scene.matching(*WORKFLOWS), _jobs).kept:
        if was.thing and not after.thing:
            line = was.thing
            fact = (
                f"Workflow `{brief(_name(after.side.path))}`: the permissions of job "
                f"`{brief(after.key)}` are no longer limited."
            )
            yield Evidence(after.side.path, fact, after.key, line, line, True)


@detector(Weight.MAJOR, Category.DOCUMENTATION, reads=RECORDS)
def decision_record_changed(scene: Scene) -> Iterator[Found]:
    """A decision that was recorded is withdrawn, replaced, or has another status."""
    found = compare(scene.matching(*RECORDS), record)
    yield from found.unreadable
    came = {_name(f.path) for f in scene.diff.files if f.status is FileStatus.ADDED}
    for side in scene.matching(*RECORDS):
        is_gone = side.change.status is FileStatus.DELETED
        if is_gone and _name(side.path) not in came:
            fact = f"Decision record `{_name(side.path)}` is deleted."
            yield Evidence(side.path, fact, "record", is_removed=True)
    for each in found.added:
        if each.key == "supersedes":
            line = each.thing.line
            fact = (
                f"Decision record `{_name(each.side.path)}` replaces "
                f"`{brief(each.thing.text)}`."
            )
            yield Evidence(each.side.path, fact, "supersedes", line, line)
    for before, after in found.kept:
        old, new = before.thing, after.thing
        if old.text.lower() != new.text.lower() and after.key == "status":
            fact = (
                f"Decision record `{_name(after.side.path)}`: "
                f"{arrow(old.text, new.text)}."
            )
            yield Evidence(after.side.path, fact, "status", new.line, new.line)


def _asks_for_protection(scene: Scene) -> Iterator[str]:
    folders = {each.path.rpartition("/")[0] for each in scene.decisions.records}
    changed = (path for file in scene.diff.files for path in file.paths)
    if not any(
        is_record(path) or path.rpartition("/")[0] in folders for path in changed
    ):
        yield from PROTECTS


@detector(Weight.MAJOR, Category.ARCHITECTURE, asks=_asks_for_protection)
def protected_path_changed(scene: Scene) -> Iterator[Found]:
    """A path that a decision record protects is changed, and no record with it.

    Records say so with globs, such as `applies_to: [src/db/*]` in their front matter.
    One that is superseded, deprecated or rejected protects nothing. In folders that
    `decisions` does not name only globs on one line are seen.
    """
    words = tuple(_asks_for_protection(scene))
    for each in scene.decisions.binding if words else ():
        for glob in each.applies_to:
            yield from _unprotected(scene, each.path, glob)
    known = {each.path for each in scene.decisions.records}
    for word in words:
        for mention in scene.mentions.of.get(word, ()):
            if is_record(mention.path) and mention.path not in known:
                for glob in protected(mention):
                    yield from _unprotected(scene, mention.path, glob)


def _unprotected(scene: Scene, record: str, glob: str) -> Iterator[Evidence]:
    files = scene.diff.files
    fits = [f.path for f in files if any(matches(p, expanded(glob)) for p in f.paths)]
    if fits:
        others = f" and {len(fits) - 1} more" if len(fits) > 1 else ""
        fact = (
            f"`{_name(fits[0])}`{others} fits `{brief(glob)}`, which decision record "
            f"`{_name(record)}` protects, and no record changes."
        )
        yield Evidence(fits[0], fact, f"{record} {glob}")


def _steers(paths: tuple[str, ...], policy: frozenset[str]) -> str:
    """Which rules a file holds; "" for one that steers no review."""
    for what, globs in RULES.items():
        if any(matches("/" + path, _rooted(globs)) for path in paths):
            return what
    return "a file that steers this review" if policy & set(paths) else ""


def _rooted(globs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("/" + glob.removeprefix("/") for glob in globs)


def _rules(path: str, text: str) -> Mapping[str, Rule]:
    rules = Attributes.parse(checked(text)).rules
    return {f"{rule.pattern}\0{rule.kind}\0{rule.value}": rule for rule in rules}


def _is_unlimited(each: Sighting[Privilege], before: dict[str, Privileges]) -> bool:
    """Whether a job had no permissions of its own: to name some may well be less.

    `before` keeps what was read of each workflow's base.
    """
    job = each.key.partition("\0")[0]
    if each.side.before is None or not each.thing.scope:
        return False
    if each.side.path not in before:
        before[each.side.path] = privileges(each.side.before)
    old = before[each.side.path]
    return job in old.jobs and job not in old.limited


def _held(path: str, text: str) -> Mapping[str, Privilege]:
    return privileges(text).held


def _jobs(path: str, text: str) -> Mapping[str, int]:
    """Where the permissions of each job stand; 0 where it has none."""
    found = privileges(text)
    return {name: found.limited.get(name, 0) for name in found.jobs}


def _name(path: str) -> str:
    return brief(path.rsplit("/", 1)[-1])
