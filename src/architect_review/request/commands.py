"""Commands in comments: `/architect <name>` as the first word of a line.

A line is read into a `Command`, whose every part was checked, or into a `Misread` that
says what is wrong with it. Free text is data: no argument reaches a setting.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

PREFIX = "/architect"
COMMANDS_LIMIT = 10
"""Commands of one comment that are read."""
REASON_LIMIT = 500
"""Characters of a reason to dismiss or reject."""
ANSWER_LIMIT = 1_000
"""Characters of an answer to a question."""
LINE_LIMIT = 200
"""Characters of a line that a `Misread` keeps."""


class Name(StrEnum):
    """What can be commanded."""

    REVIEW = "review"
    STATUS = "status"
    EXPLAIN = "explain"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    ANSWER = "answer"
    APPROVE = "approve"
    REJECT = "reject"
    PAUSE = "pause"
    RESUME = "resume"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Usage:
    """How a command is written, after PREFIX, and what it does."""

    shape: str
    meaning: str


USAGE: Mapping[Name, Usage] = {
    Name.REVIEW: Usage(
        "review [full]", "Review what is new since the last review; `full`: everything."
    ),
    Name.STATUS: Usage("status", "Say what is open, settled and still to be answered."),
    Name.EXPLAIN: Usage("explain F3", "Explain a finding further."),
    Name.DISMISS: Usage(
        "dismiss F3 <reason>",
        "Settle a finding without a change; it is not said again.",
    ),
    Name.REOPEN: Usage("reopen F3", "Take a dismissal back."),
    Name.ANSWER: Usage(
        "answer Q2 <text>", "Answer a question; later reviews take it as a fact."
    ),
    Name.APPROVE: Usage(
        "approve <sha>", "Sign the major change off, as it is at this commit."
    ),
    Name.REJECT: Usage("reject <reason>", "Refuse to sign the major change off."),
    Name.PAUSE: Usage("pause", "Review no further pushes to this pull request."),
    Name.RESUME: Usage("resume", "Review its pushes again."),
    Name.HELP: Usage("help", "List the commands. `/architect` alone does the same."),
}
"""Every command, in the order of the help."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    `target` is what it is about: `F3`, `Q2`, a commit's first 7 to 40 hex digits in
    lower case, `full`, or "". `text` is a reason or an answer: one line of an unknown
    person's words, not empty where the command needs one.
    """

    name: Name
    target: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Misread:
    """A line that is meant for us and is no command.

    `line` is as it was written, at most LINE_LIMIT characters: never publish it
    unescaped. `problem` is one line of our own words; `nearest` the command that may
    have been meant, or "".
    """

    line: str
    problem: str
    nearest: str = ""


Reading = Command | Misread


class _ArgumentError(Exception):
    """What is wrong with the arguments, said after the command's name."""


def commands(body: str) -> tuple[Reading, ...]:
    """The commands of a comment, in order. Never raises.

    At most COMMANDS_LIMIT are read; if there are more, a last `Misread` says so.
    """
    if PREFIX not in body.lower():
        return ()
    # The parser is for comments that may command: most of them do not.
    from architect_review.request.spoken import lines_after

    found = lines_after(PREFIX, body)
    read = tuple(map(_read, found[:COMMANDS_LIMIT]))
    if len(found) <= COMMANDS_LIMIT:
        return read
    return (
        *read,
        Misread("", f"only the first {COMMANDS_LIMIT} commands of a comment are read"),
    )


def _read(rest: str) -> Reading:
    line = f"{PREFIX} {rest}"[:LINE_LIMIT]
    word, _, arguments = rest.partition(" ")
    word = word.lower() or Name.HELP.value
    if word not in _ARGUMENTS:
        return _unknown(line, word)
    name = Name(word)
    try:
        target, text = _ARGUMENTS[name](arguments)
    except _ArgumentError as problem:
        usage = f"write `{PREFIX} {USAGE[name].shape}`"
        return Misread(line, f"`{name.value}` {problem}: {usage}", name.value)
    return Command(name, target, text)


def _unknown(line: str, word: str) -> Misread:
    # A word as long as a name and a half is near to none.
    close = difflib.get_close_matches(word[:12], list(Name), n=1)
    if not close:
        return Misread(line, f"unknown command; `{PREFIX} help` lists them")
    name = str(close[0])
    return Misread(line, f"unknown command; did you mean `{name}`?", name)


_Arguments = tuple[str, str]
_FINDING = re.compile(r"[`(\[<*]*F ?0*([1-9][0-9]{0,4})(?![\w/])[`)\]>*.:,;]*", re.I)
_QUESTION = re.compile(_FINDING.pattern.replace("F ", "Q "), re.I)
_SHA = re.compile(r"[`(\[<*]*([0-9a-f]{7,40})[`)\]>*.]*", re.I)
_DASHES = "-\N{EN DASH}\N{EM DASH}:, "


def _nothing(arguments: str) -> _Arguments:
    if arguments:
        raise _ArgumentError("takes nothing else")
    return "", ""


def _anything(arguments: str) -> _Arguments:
    return "", ""


def _full(arguments: str) -> _Arguments:
    if arguments.lower() not in ("", "full"):
        raise _ArgumentError("takes `full` or nothing")
    return arguments.lower(), ""


def _one(
    pattern: re.Pattern[str], letter: str, kind: str
) -> Callable[[str], _Arguments]:
    """Read one finding or question and the text behind it."""

    def read(arguments: str) -> _Arguments:
        match = pattern.match(arguments)
        if match is None:
            raise _ArgumentError(f"needs the number of a {kind}")
        text = arguments[match.end() :].lstrip(_DASHES)
        if pattern.match(text.removeprefix("and ").lstrip("& ")):
            raise _ArgumentError(f"takes one {kind}; write a line for each")
        return f"{letter}{match[1]}", text

    return read


_finding = _one(_FINDING, "F", "finding")
_question = _one(_QUESTION, "Q", "question")


def _finding_alone(arguments: str) -> _Arguments:
    target, text = _finding(arguments)
    if text:
        raise _ArgumentError("takes nothing behind the finding's number")
    return target, ""


def _dismissal(arguments: str) -> _Arguments:
    target, text = _finding(arguments)
    return target, _words(text, REASON_LIMIT, "reason")


def _answer(arguments: str) -> _Arguments:
    target, text = _question(arguments)
    return target, _words(text, ANSWER_LIMIT, "answer")


def _commit(arguments: str) -> _Arguments:
    match = _SHA.fullmatch(arguments)
    if match:
        return match[1].lower(), ""
    if _SHA.match(arguments.partition(" ")[0]):
        # "approve 1a2b3c4 once F3 is fixed" must not pass for an approval.
        raise _ArgumentError(
            "takes a commit's SHA (7 to 40 hex digits) and nothing else"
        )
    raise _ArgumentError("needs the SHA of the commit (7 to 40 hex digits)")


def _reason(arguments: str) -> _Arguments:
    return "", _words(arguments.lstrip(_DASHES), REASON_LIMIT, "reason")


def _words(text: str, limit: int, kind: str) -> str:
    if not any(map(str.isalnum, text)):
        raise _ArgumentError(
            f"needs {'an' if kind == 'answer' else 'a'} {kind} in words"
        )
    if len(text) > limit:
        raise _ArgumentError(f"takes {kind}s of at most {limit:,} characters")
    return text


_ARGUMENTS: Mapping[str, Callable[[str], _Arguments]] = {
    Name.REVIEW: _full,
    Name.STATUS: _nothing,
    Name.EXPLAIN: _finding_alone,
    Name.DISMISS: _dismissal,
    Name.REOPEN: _finding_alone,
    Name.ANSWER: _answer,
    Name.APPROVE: _commit,
    Name.REJECT: _reason,
    Name.PAUSE: _nothing,
    Name.RESUME: _nothing,
    Name.HELP: _anything,
}
