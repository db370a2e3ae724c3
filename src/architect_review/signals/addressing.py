"""Signals from text that is meant for the reviewer, and from text that is hidden."""

from collections.abc import Iterator
from itertools import groupby

from architect_review.change.diff import FileChange, LineKind
from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import Scene, matches
from architect_review.change.suspicious import Told, addresses
from architect_review.change.suspicious_characters import concealments
from architect_review.signals.places import brief
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

PLACES = 3
"""Places that are named of one file; the first shows what it is about."""
SHOWN = 120
"""Characters of a text that are shown."""

_MARKUP = ("*.md", "*.mdx", "*.markdown", "*.html", "*.htm", "*.xml", "*.svg", "*.vue")
_FOR_AGENTS = (
    *("CLAUDE.md", "AGENTS.md", "GEMINI.md", ".cursorrules", ".windsurfrules"),
    *(".claude/*", "**/.claude/*", "**/.cursor/*", "**/agents/*.md", "**/prompts/*"),
    *(".github/copilot-instructions.md", ".github/instructions/*", "*.prompt.md"),
)
"""Files that instruct programs: to talk to one is what they are for."""
_QUOTING = (PathKind.DOCUMENTATION, PathKind.TEST)
_IGNORED = (PathKind.VENDORED, PathKind.LOCK, PathKind.GENERATED, PathKind.ASSET)


@detector(
    Weight.SUPPORTING,
    Category.SECURITY,
    standing="The code holds text that talks to an automatic reviewer, or is hidden.",
)
def addresses_the_reviewer(scene: Scene) -> Iterator[Found]:
    """Added text talks to an automatic reviewer, or is hidden from people.

    In added lines, the title or the description: orders to drop instructions or to
    find nothing, imitations of this reviewer's own marks, orders in codes that anybody
    can undo; characters that nobody sees. It decides nothing: it is told, escaped, like
    any other fact.
    """
    for name, text in (("title", scene.title), ("description", scene.description)):
        lines = list(enumerate(text.split("\n"), 1))
        for each in _told(lines, Told(is_markup=True), is_code=False):
            _, subject, fact = each
            yield Evidence("", f"The {name} {fact}", f"{name} {subject}")
            break
    for file in scene.diff.files:
        yield from _in_file(file)


def _in_file(file: FileChange) -> Iterator[Evidence]:
    if (kind := kind_of(file.path)) in _IGNORED:
        return
    told = Told(
        is_markup=matches(file.path, _MARKUP),
        is_for_agents=matches(file.path, _FOR_AGENTS),
        is_quoting=kind in _QUOTING,
    )
    count = 0
    for lines in _added(file):
        for line, subject, fact in _told(lines, told, is_code=kind is PathKind.TEST):
            yield Evidence(file.path, f"It {fact}", subject, line, line)
            count += 1
            if count == PLACES:
                return


def _added(file: FileChange) -> Iterator[list[tuple[int, str]]]:
    """Added lines that follow each other, with their numbers."""
    for kind, run in groupby(file.lines, key=lambda line: line.kind):
        if kind is LineKind.ADDED:
            yield [(line.new, line.text) for line in run if line.new is not None]


def _told(
    lines: list[tuple[int, str]], told: Told, *, is_code: bool
) -> Iterator[tuple[int, str, str]]:
    """Line, subject and fact of what talks to a reviewer and of what is hidden."""
    named: set[int] = set()
    for each in addresses(lines, told):
        if each.line not in named:
            named.add(each.line)
            text = brief(each.shown, SHOWN)
            yield each.line, text, f"{each.meaning}: `{text}`."
    if all(line.isascii() and "\x1b" not in line for _, line in lines):
        return
    for number, line in lines:
        # A file may begin with a mark of its byte order.
        seen = line.removeprefix("\ufeff") if number == 1 else line
        for hidden in concealments(seen):
            if number not in named and not (is_code and hidden.is_code):
                named.add(number)
                text = brief(hidden.shown, SHOWN)
                yield number, text, f"holds {hidden.meaning}: `{text}`."
