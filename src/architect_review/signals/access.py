"""Signals from the lines that decide who may do what."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from architect_review.change.diff import FileChange, Line
from architect_review.change.paths import PathKind, kind_of
from architect_review.change.sides import Scene
from architect_review.signals import exposure
from architect_review.signals.comparison import Sighting, compare
from architect_review.signals.edits import Edited, squeezed
from architect_review.signals.exposure import Rule
from architect_review.signals.places import arrow, brief, is_development, shipped
from architect_review.signals.signal import Evidence, Found, Weight, detector
from architect_review.vocabulary import Category

PYTHON = ("*.py",)
LINE_LIMIT = 300
"""Characters of a line of settings that is looked at."""

_ORIGINS = "every web site may call this service"
_OFF = ("false", "no", "off", "0", "none", "disabled")
_ON = ("true", "yes", "on", "1")


@detector(
    Weight.SUPPORTING,
    Category.SECURITY,
    reads=PYTHON,
    standing="A check of who may do what is switched off or missing.",
)
def access_lines_changed(scene: Scene) -> Iterator[Found]:
    """A check of who may do what is added, changed or taken away.

    Logins, permissions, origins, certificates, cookies, tokens, hashes of passwords
    and debug modes, in Python and in lines of settings. Checks that come or go with
    the code that they guard do not count, nor do moves.
    """
    found = compare(shipped(scene, *PYTHON), _rules)
    yield from found.unreadable
    edited = Edited()
    gained = [e for e in found.added if _is_news(e, edited, is_removed=False)]
    lost = [e for e in found.removed if _is_news(e, edited, is_removed=True)]
    yield from _python(gained, lost)
    for before, after in found.kept:
        if before.thing.value != after.thing.value:
            yield _relisted(before, after)
    for file in scene.diff.files:
        stem = file.path.rpartition("/")[2]
        if kind_of(file.path) is PathKind.CONFIGURATION and not is_development(stem):
            yield from _settings(file)


def _is_news(each: Sighting[Rule], edited: Edited, *, is_removed: bool) -> bool:
    """Whether a rule is more than code that is new or gone, and its line changed."""
    is_edited = edited.removes if is_removed else edited.adds
    other = each.side.after if is_removed else each.side.before
    is_moved = not is_edited(each.side.change, each.thing.line)
    if is_moved or not _is_in_force(each):
        return False
    is_open = each.thing.is_hole or _is_open(each.thing.value)
    if not is_removed and is_open:
        return True
    scope = each.key.partition("\0")[0]
    return other is not None and scope in exposure.access(other).scopes


def _is_in_force(each: Sighting[Rule]) -> bool:
    """Whether a debug mode stands where a program that runs for others reads it."""
    if "DEBUG" not in each.thing.text and "debug" not in each.thing.text:
        return True
    names = each.side.path.lower().split("/")
    is_settings = any("setting" in name or "config" in name for name in names)
    return not any(map(is_development, names)) and (
        is_settings or "debug" in each.thing.text
    )


def _is_open(value: str) -> bool:
    return "AllowAny" in value or value in ("[]", "[None]", "[*]")


def _python(
    gained: list[Sighting[Rule]], lost: list[Sighting[Rule]]
) -> Iterator[Evidence]:
    """A check in place of another is one change; so is a switch that is turned."""
    left = {_subject(each): each for each in lost}
    spare: dict[str, list[Sighting[Rule]]] = {}
    for each in lost:
        if not each.thing.is_hole:
            spare.setdefault(_scope(each), []).append(each)
    for each in gained:
        rule, where = each.thing, _where(each)
        turned = left.pop(_subject(each), None)
        instead = spare.get(_scope(each), [])
        if rule.is_hole:
            yield _at(each, f"{where}: `{rule.text}`, so {rule.opens}.")
        elif rule.value:
            what = f"`{rule.text}` is `{brief(rule.value, 120)}`"
            is_open = _is_open(rule.value)
            ending = ": nobody is checked" if is_open else ""
            yield _at(each, f"{where}: {what}{ending}.")
        elif turned:
            yield _at(each, f"{where} is tightened: `{rule.text}`.")
        elif instead:
            old = instead.pop()
            left.pop(_subject(old), None)
            what = arrow(old.thing.text, rule.text)
            yield _at(each, f"{where} is checked by something else: {what}.")
        else:
            yield _at(each, f"{where} is tightened: now checked by `{rule.text}`.")
    for each in left.values():
        what = f"`{each.thing.text}`"
        if each.thing.is_hole:
            fact = f"{_where(each)} is tightened: {what} is gone."
        elif each.thing.value:
            value = brief(each.thing.value, 120)
            fact = f"{_where(each)} loses {what} (`{value}`): the default applies now."
        else:
            fact = f"{_where(each)} loses {what}: what it kept away "
            fact += "gets in unless something else checks."
        yield _at(each, fact, True)


def _relisted(before: Sighting[Rule], after: Sighting[Rule]) -> Evidence:
    old, new = before.thing, after.thing
    is_open = _is_open(new.value) and not _is_open(old.value)
    ending = ": nobody is checked any more" if is_open else ""
    values = arrow(old.value, new.value)
    return _at(after, f"{_where(after)}: `{new.text}` {values}{ending}.")


def _rules(path: str, text: str) -> Mapping[str, Rule]:
    return exposure.access(text).rules


def _scope(each: Sighting[Rule]) -> str:
    return f"{each.side.path}\0{each.key.partition(chr(0))[0]}"


def _subject(each: Sighting[Rule]) -> str:
    """The file, the scope and the name of a setting without its value."""
    return f"{_scope(each)}\0{each.thing.text.partition(' = ')[0]}"


def _where(each: Sighting[Rule]) -> str:
    scope = each.key.partition("\0")[0]
    return f"`{brief(scope)}`" if scope else "The module"


def _at(each: Sighting[Rule], fact: str, is_removed: bool = False) -> Evidence:
    line = each.thing.line
    subject = each.key.replace("\0", " ").strip()
    return Evidence(each.side.path, fact, subject, line, line, is_removed)


@dataclass(frozen=True, slots=True)
class _Setting:
    """A line of settings that opens something."""

    line: Line
    text: str
    opens: str


def _settings(file: FileChange) -> Iterator[Evidence]:
    new = [each for line in file.lines if not line.old for each in _holes(line)]
    old = [each for line in file.lines if not line.new for each in _holes(line)]
    had, has = (Counter(each.text for each in side) for side in (old, new))
    for each in new:
        if had[each.text] > 0:
            had[each.text] -= 1
        else:
            number = each.line.new
            fact = f"`{brief(each.text)}`, so {each.opens}."
            yield Evidence(file.path, fact, brief(each.text), number, number)
    for each in old:
        if has[each.text] > 0:
            has[each.text] -= 1
        else:
            number = each.line.old
            fact = f"Tightened: `{brief(each.text)}` is gone."
            yield Evidence(file.path, fact, brief(each.text), number, number, True)


def _holes(line: Line) -> Iterator[_Setting]:
    text = squeezed(line.text[:LINE_LIMIT].replace('"', "").replace("'", ""))
    text = text.removeprefix("- ").rstrip(",")
    sign = min((text.find(each) for each in ":=" if each in text), default=-1)
    name = text[:sign].strip() if sign > 0 else ""
    if not name or " " in name or name.startswith(("#", ";", "/")):
        return
    value = text[sign + 1 :].split(" #")[0].strip(" []").lower()
    opens = _opens(name.lower().replace("-", "_"), value)
    if opens:
        yield _Setting(line, text, opens)


def _opens(name: str, value: str) -> str:
    """What a setting opens with this value; "" for nothing."""
    last = name.rpartition(".")[2].replace("_", "")
    is_about = last.endswith(("enabled", "required", "auth", "authentication"))
    if value == "*" and ("origin" in last or "cors" in last):
        return _ORIGINS
    if value == "*" and last.endswith("allowedhosts"):
        return "any host name is answered"
    if value in _ON:
        if last.startswith("insecureskip") or last == "tlsinsecure":
            return "the server's certificate is not checked"
        if last in ("disableauth", "allowanonymous", "anonymousauth", "skipauth"):
            return "nobody has to log in"
        if last in ("debug", "djangodebug", "flaskdebug", "appdebug"):
            return "errors show code and settings to visitors"
    if value in _OFF:
        if "verify" in last and any(each in last for each in ("ssl", "tls", "cert")):
            return "the server's certificate is not checked"
        if last.endswith(("cookiesecure", "sslredirect")):
            return "plain HTTP is served"
        if is_about and any(each in name for each in ("auth", "rbac", "csrf")):
            return "requests are not checked"
    return ""
