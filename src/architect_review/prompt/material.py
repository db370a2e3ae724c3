"""The change as JSON for the model: every line numbered, nothing forgeable.

Nearly everything in here was written by the pull request's author (`change.visible`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from architect_review.change.change import Change, Thread
from architect_review.change.content import Seen
from architect_review.change.diff import FileChange, Hunk, Line
from architect_review.change.visible import dumps as dumps
from architect_review.prompt.before import Before
from architect_review.prompt.coverage import FileCoverage
from architect_review.prompt.manifest import manifest
from architect_review.prompt.request import Piece
from architect_review.prompt.room import manifest_bytes
from architect_review.prompt.rules import rules
from architect_review.request.policy import Policy
from architect_review.signals import Signal

DESCRIPTION_LIMIT = 12_000
"""Characters of the pull request's description that are sent."""
THREADS_LIMIT = 30
REMARK_LIMIT = 600
COMMITS_LIMIT = 50
_NOTHING = Before()


def shared(
    change: Change,
    signals: Iterable[Signal],
    coverage: Sequence[FileCoverage],
    policy: Policy,
    before: Before = _NOTHING,
) -> str:
    """What every request of a run carries: rules, intent, signals, manifest, threads.

    The rules are those of the base branch; everything else the author wrote, or people
    said of earlier reviews.
    """
    facts = policy.settings.facts
    return dumps(
        {
            **rules(change, policy),
            **({"facts": list(facts)} if facts else {}),
            **_occasion(change),
            "signals_found_by_code": [_signal(signal) for signal in signals],
            "all_changed_files": manifest(coverage, _listed(policy)),
            "discussion_so_far": [
                _thread(thread)
                for thread in change.conversation.threads[:THREADS_LIMIT]
            ],
            **before.told(),
        }
    )


def _listed(policy: Policy) -> int:
    """Bytes for the list of files, the same whichever agent reads it."""
    speakers = (policy.model, *(route.model for route in policy.routes))
    return manifest_bytes(speakers, policy.prices)


def intent(change: Change) -> str:
    """What the author says the change is for, or what is audited."""
    return dumps(_occasion(change))


def piece(file: FileChange, seen: Seen = _NOTHING.seen) -> Piece:
    """The numbered diff of one file, every hunk a text of its own.

    Hunks that an earlier review has read say so.
    """
    opening = dumps(_file(file)).removesuffix("}")
    hunks = tuple(_hunk(hunk, is_seen=seen.has(file.path, hunk)) for hunk in file.hunks)
    return Piece(file.path, f'{opening},\n"hunks": [', hunks)


def _occasion(change: Change) -> dict[str, Any]:
    if change.audited is not None:
        return {"audit": dict(change.audited.told)}
    return {"pull_request": _intent(change)}


def _intent(change: Change) -> dict[str, Any]:
    return {
        "title": change.title,
        "description": change.description[:DESCRIPTION_LIMIT],
        "author": change.author,
        "base_branch": change.base_ref,
        "head_branch": change.head_ref,
        "labels": list(change.labels),
        "commits": [commit.headline for commit in change.commits[:COMMITS_LIMIT]],
    }


def _signal(signal: Signal) -> dict[str, Any]:
    return {
        "signal": signal.name,
        "means": signal.meaning,
        "weight": signal.weight.value,
        "facts": [
            f"{each.path}{f':{each.start}' if each.start else ''} {each.fact}"
            for each in signal.evidence
        ],
    }


def _thread(thread: Thread) -> dict[str, Any]:
    return {
        "at": f"{thread.path}:{thread.line or '?'}",
        "resolved": thread.is_resolved,
        "said": [
            f"{'you' if each.is_ours else each.author}: {each.body[:REMARK_LIMIT]}"
            for each in thread.remarks
        ],
    }


def _file(file: FileChange) -> dict[str, Any]:
    entry: dict[str, Any] = {"path": file.path, "status": file.status.value}
    if len(file.paths) > 1:
        entry["old_path"] = file.old_path
    if file.old_mode and file.new_mode and file.old_mode != file.new_mode:
        entry["mode"] = f"{file.old_mode} -> {file.new_mode}"
    if file.kind != "file":
        entry["kind"] = file.kind.value
    return entry


def _hunk(hunk: Hunk, *, is_seen: bool) -> str:
    lines = [numbered(line) for line in hunk.lines]
    marked = {"reviewed": True} if is_seen else {}
    return dumps({"in": hunk.section, **marked, "lines": lines})


def numbered(line: Line) -> str:
    """`old new sign` in fixed columns, then the line's text unchanged."""
    return f"{line.old or '':>5} {line.new or '':>5} {line.kind.value}{line.text}"
