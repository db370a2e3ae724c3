"""Signals from the rules themselves: who reviews, by what, and what was decided."""

import re
from collections.abc import Iterator, Mapping

from architect_review.change.diff import FileStatus
from architect_review.change.paths import Attributes, Rule
from architect_review.change.sides import Scene, matches
from architect_review.signals.comparison import compare
from architect_review.signals.places import arrow, brief
from architect_review.signals.reading import Yaml, checked
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

RULES = {
    "this reviewer's configuration": (
        ".github/architect-review.yml",
        ".github/architect-review.yaml",
    ),
    "an agent's definition": (".claude/agents/*",),
    "the code owners": ("/CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"),
}
"""Files that steer reviews. Source for CODEOWNERS: GitHub's "About code owners"."""
ATTRIBUTES = (".gitattributes",)
RECORDS = (
    "docs/adr*/*.md",
    "doc/adr*/*.md",
    "adr/*.md",
    "adrs/*.md",
    "docs/decisions/*.md",
    "**/docs/adr*/*.md",
    "**/docs/decisions/*.md",
)


@detector(Weight.MAJOR, Category.CI_CD, reads=ATTRIBUTES)
def reviewer_changed(scene: Scene) -> Iterator[Found]:
    """The change alters the rules under which changes are reviewed.

    This reviewer's configuration, an agent, CODEOWNERS (in the three places where
    GitHub looks), or which files `.gitattributes` calls generated or vendored.
    """
    for file in scene.diff.files:
        what = _steers(file.paths, scene.policy)
        if what:
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


@detector(Weight.SUPPORTING, Category.DOCUMENTATION, reads=RECORDS)
def decision_record_changed(scene: Scene) -> Iterator[Found]:
    """A decision that was recorded is withdrawn, or has another status."""
    found = compare(scene.matching(*RECORDS), _status)
    yield from found.unreadable
    for side in scene.matching(*RECORDS):
        if side.change.status is FileStatus.DELETED:
            fact = f"Decision record `{_name(side.path)}` is deleted."
            yield Evidence(side.path, fact, "record", is_removed=True)
    for before, after in found.kept:
        old, new = before.thing, after.thing
        if old.text.lower() != new.text.lower():
            fact = (
                f"Decision record `{_name(after.side.path)}`: "
                f"{arrow(old.text, new.text)}."
            )
            yield Evidence(after.side.path, fact, "status", new.line, new.line)


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


_STATUS_LINE = re.compile(r"[*_\s-]*status[*_]*\s*:\s*[*_]*\s*(\S.*)", re.I)
_STATUS_HEADING = re.compile(r"#+\s*status\s*#*\s*$", re.I)


def _status(path: str, text: str) -> Mapping[str, Yaml]:
    """A record's status: front matter, a `Status:` line or what follows the heading.

    Sources: the templates of Nygard and of MADR.
    """
    lines = checked(text).split("\n")
    is_heading = False
    for number, line in enumerate(lines, 1):
        stated = _STATUS_LINE.match(line)
        if stated or (is_heading and line.strip()):
            status = stated[1] if stated else line
            return {"status": Yaml(number, status.strip().strip("*_\"'"))}
        is_heading = bool(_STATUS_HEADING.match(line)) or (
            is_heading and not line.strip()
        )
    return {}


def _name(path: str) -> str:
    return brief(path.rsplit("/", 1)[-1])
