"""Findings for secrets that a change adds: made by code, with or without a model."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from architect_review.change.paths import PathKind, kind_of
from architect_review.change.redaction import FoundSecret
from architect_review.change.secret_shapes import Weight
from architect_review.prompt.answer import RawFinding
from architect_review.vocabulary import Category, Confidence, Severity

FINDINGS_LIMIT = 5
"""Findings made of one change; further places are named in the last one."""
LINES_LIMIT = 10
PLACES_LIMIT = 20
QUOTE_LIMIT = 300
"""Characters of a quoted line; of a longer one the part around the secret is quoted."""

TITLE = "{Name} is committed"
TRIAL_TITLE = "{Name} stands in a test, an example or documentation"
PROBLEM = "This line brings {name} into the repository. {remark}"
MORE_LINES = "So do lines {lines}."
MORE_PLACES = "Further secrets stand in {places}."
TRIAL_PROBLEM = (
    "This line has the form of {name}. It may be a test value, but nothing shows that. "
    "{remark}"
)
SCENARIO = (
    "Whoever can read the repository's history can use it; deleting the line does not "
    "take it back."
)
TRIAL_SCENARIO = (
    "If it is real, whoever can read the repository's history can use it; deleting the "
    "line does not take it back."
)
RECOMMENDATION = (
    "Revoke it now, then move its successor to a secret store or an environment "
    "variable."
)
TRIAL_RECOMMENDATION = (
    "If it is real, revoke it now. If not, write one that nobody can take for a real "
    "one (`xxxx`, `EXAMPLE`), or build it while the test runs."
)

_TRIAL_FOLDERS = frozenset(
    ("example", "examples", "sample", "samples", "fixture", "fixtures", "mock", "mocks")
)
_TRIAL_NAMES = ("example", "sample", "template")


def findings(found: Iterable[FoundSecret]) -> tuple[RawFinding, ...]:
    """One finding for each file and kind of secret, the surest first, at most five.

    A quote is the line as it stands in the redacted diff, so that it is found there.
    """
    groups: dict[tuple[str, str], list[FoundSecret]] = {}
    for secret in found:
        if secret.kind.weight is not Weight.QUIET:
            groups.setdefault((secret.path, secret.kind.slug), []).append(secret)
    ranked = sorted(groups.values(), key=lambda group: _severity(group[0]).rank)
    said, rest = ranked[:FINDINGS_LIMIT], ranked[FINDINGS_LIMIT:]
    return tuple(_finding(group, rest if group is said[-1] else ()) for group in said)


def _finding(
    group: Sequence[FoundSecret], rest: Sequence[Sequence[FoundSecret]]
) -> RawFinding:
    first = group[0]
    kind, is_trial = first.kind, _is_trial(first.path)
    names = {
        "name": kind.name,
        "Name": kind.name[:1].upper() + kind.name[1:],
        "remark": kind.remark,
    }
    problem = (TRIAL_PROBLEM if is_trial else PROBLEM).format(**names)
    lines = list(dict.fromkeys(str(each.line) for each in group[1:]))
    places = [f"`{each[0].path}` (line {each[0].line})" for each in rest]
    parts = [problem.strip()]
    if lines:
        parts.append(MORE_LINES.format(lines=_listed(lines, LINES_LIMIT)))
    if places:
        parts.append(MORE_PLACES.format(places=_listed(places, PLACES_LIMIT)))
    return RawFinding(
        path=first.path,
        quote=_quote(first),
        line=first.line,
        absent="",
        title=(TRIAL_TITLE if is_trial else TITLE).format(**names),
        problem=" ".join(parts),
        scenario=TRIAL_SCENARIO if is_trial else SCENARIO,
        recommendation=TRIAL_RECOMMENDATION if is_trial else RECOMMENDATION,
        suggestion="",
        example="",
        category=Category.SECURITY,
        severity=_severity(first),
        confidence=Confidence.HIGH
        if kind.weight is Weight.CERTAIN
        else Confidence.MEDIUM,
    )


def _severity(secret: FoundSecret) -> Severity:
    is_sure = secret.kind.weight is Weight.CERTAIN and not _is_trial(secret.path)
    return Severity.CRITICAL if is_sure else Severity.HIGH


def _is_trial(path: str) -> bool:
    """Whether a path is one of a test, an example or documentation."""
    *folders, name = PurePosixPath(path.lower()).parts or ("",)
    return (
        kind_of(path) in (PathKind.TEST, PathKind.DOCUMENTATION)
        or not _TRIAL_FOLDERS.isdisjoint(folders)
        or any(word in name for word in _TRIAL_NAMES)
    )


def _listed(names: Sequence[str], most: int) -> str:
    more = len(names) - most
    tail = [f"and {more} more"] if more > 0 else []
    return ", ".join([*names[:most], *tail])


def _quote(secret: FoundSecret) -> str:
    if len(secret.text) <= QUOTE_LIMIT:
        return secret.text
    at = max(0, secret.text.find("«redacted:") - QUOTE_LIMIT // 3)
    return secret.text[at : at + QUOTE_LIMIT]
