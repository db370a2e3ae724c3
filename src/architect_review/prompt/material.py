"""The change as JSON for the model: every line numbered, nothing forgeable.

Nearly everything in here was written by the pull request's author. As JSON strings it
cannot close its own frame, whatever it says; invisible characters are escaped so
that the model sees them as we do.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from architect_review.change.change import Change, Thread
from architect_review.change.diff import FileChange, Hunk, Line
from architect_review.change.sides import matches
from architect_review.prompt.coverage import FileCoverage
from architect_review.prompt.request import Piece
from architect_review.request.policy import Policy
from architect_review.signals import Signal

DESCRIPTION_LIMIT = 12_000
"""Characters of the pull request's description that are sent."""
THREADS_LIMIT = 30
REMARK_LIMIT = 600
COMMITS_LIMIT = 50

# Controls, formats, fillers, variation selectors and tags (Unicode Cc, Cf, Zl, Zp and
# Default_Ignorable_Code_Point). JSON escapes those below a blank by itself.
_INVISIBLE = re.compile(
    "[\u007f-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)


def dumps(value: Any) -> str:
    """JSON with one row a line, readable but for invisible characters."""
    text = json.dumps(value, ensure_ascii=False, separators=(",\n", ": "))
    if text.isascii() and "\x7f" not in text:
        return text
    return _INVISIBLE.sub(_escaped, text).encode("utf-8", "replace").decode()


def _escaped(match: re.Match[str]) -> str:
    # DEL is ASCII, which json never escapes.
    return "\\u007f" if match[0] == "\x7f" else json.dumps(match[0])[1:-1]


def _rules(change: Change, policy: Policy) -> dict[str, Any]:
    """The project's guidelines, and its instructions for the files that change."""
    paths = [path for file in change.diff.files for path in file.paths]
    instructions = [
        {"paths": list(each.paths), "text": each.text}
        for each in policy.settings.instructions
        if any(matches(path, each.paths) for path in paths)
    ]
    rules = {"guidelines": dict(policy.guidelines), "instructions": instructions}
    return {name: value for name, value in rules.items() if value}


def shared(
    change: Change,
    signals: Iterable[Signal],
    coverage: Iterable[FileCoverage],
    policy: Policy,
) -> str:
    """What every request of a run carries: rules, intent, signals, manifest, threads.

    The rules are those of the base branch; everything else the author wrote.
    """
    return dumps(
        {
            **_rules(change, policy),
            "pull_request": _intent(change),
            "signals_found_by_code": [_signal(signal) for signal in signals],
            "all_changed_files": [
                f"{file.status.value} {file.path} +{file.additions} -{file.deletions}"
                f" ({file.how.value}{': ' + file.reason if file.reason else ''})"
                for file in coverage
            ],
            "discussion_so_far": [
                _thread(thread)
                for thread in change.conversation.threads[:THREADS_LIMIT]
            ],
        }
    )


def piece(file: FileChange) -> Piece:
    """The numbered diff of one file, every hunk a text of its own."""
    opening = dumps(_file(file)).removesuffix("}")
    hunks = tuple(_hunk(hunk) for hunk in file.hunks)
    return Piece(file.path, f'{opening},\n"hunks": [', hunks)


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


def _hunk(hunk: Hunk) -> str:
    lines = [numbered(line) for line in hunk.lines]
    return dumps({"in": hunk.section, "lines": lines})


def numbered(line: Line) -> str:
    """`old new sign` in fixed columns, then the line's text unchanged."""
    return f"{line.old or '':>5} {line.new or '':>5} {line.kind.value}{line.text}"
