"""What else in a class works on the state that changed lines work on."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from architect_review.evidence.definition import Definition
from architect_review.evidence.outline import Outline
from architect_review.evidence.places import Kind, Place
from architect_review.signals.places import brief

METHODS_LIMIT = 3
"""Methods shown of a file: those that share most."""
RARE = 6
"""Methods that use an attribute which tells something though it is never written."""
COMMON = 12
"""Methods from which on an attribute tells nothing."""
PER_CLASS_LIMIT = 400
"""Methods of a class that are looked at."""
LINES_LIMIT = 1_000
"""Changed lines of a file that are looked at."""
_NAMED = 3
"""Attributes that are named in the reason."""
_ATTRIBUTE = re.compile(r"\b(?:self|cls|this)\.([A-Za-z_]\w*)\b(?!\s*\()")
_WRITTEN = re.compile(
    r"\b(?:self|cls|this)\.([A-Za-z_]\w*)\s*"
    r"(?:(?:[-+*/|&%]|//|\*\*)?=(?!=)|,[^=()]* = |\[[^\]]*\]\s*=(?!=)|\.(?:append|"
    r"appendleft|add|pop|popleft|remove|discard|clear|update|extend|insert|setdefault|"
    r"set)\()"
)
_GUARD = re.compile(r"^\s*(?:async\s+)?with\b.*?\bself\.([A-Za-z_]\w*)")


def sharing(
    path: str,
    sides: Iterable[tuple[Outline, Iterable[int]]],
    after: Outline,
) -> Iterator[Place]:
    """The methods that work on the same state as the changed lines of their class.

    State is what a method other than the constructor writes, what guards it (a lock
    that is held around changed lines), and settings that few methods read. `sides` are
    both sides of the file, each with its changed lines: what a method no longer uses
    matters too.
    """
    touched: dict[str, set[str]] = {}
    methods: set[str] = set()
    for side, numbers in sides:
        for number in sorted(numbers)[:LINES_LIMIT]:
            for owner, method, names in _named(side, number):
                methods.add(method)
                touched.setdefault(owner, set()).update(names)
    shared = [
        each
        for owner, names in touched.items()
        for each in _shared(after, owner, methods, names)
    ]
    shared.sort(key=lambda each: (-each[0], each[1].start))
    for _, each, named in shared[:METHODS_LIMIT]:
        what = ", ".join(f"`self.{brief(name)}`" for name in named[:_NAMED])
        why = f"`{brief(each.full_name)}` works on {what} like the changed lines"
        yield Place(Kind.STATE, path, path, each.start, why, whole=True)


def _named(side: Outline, number: int) -> Iterator[tuple[str, str, set[str]]]:
    """The class and the method of a line, and the attributes that it concerns."""
    methods = [e for e in side.around(number) if e.owner and not e.is_class]
    for method in methods[:1]:
        names = _found(_ATTRIBUTE, [side.lines[number - 1]])
        held = [at for at in side.holders(number) if at > method.line]
        names |= _found(_GUARD, [side.lines[at - 1] for at in held])
        yield method.owner, method.full_name, names


def _shared(
    after: Outline, owner: str, touched: set[str], names: set[str]
) -> Iterator[tuple[float, Definition, list[str]]]:
    """Methods with the state that they share, the rarest first, and how much that says.

    What few methods use says more.
    """
    every = [d for d in after.definitions if d.owner == owner and not d.is_class]
    every = [d for d in every if d.name not in ("__init__", "__new__")]
    bodies = {d: after.lines[d.line : d.end] for d in every[:PER_CLASS_LIMIT]}
    state: set[str] = set()
    for lines in bodies.values():
        state |= _found(_WRITTEN, lines) | _found(_GUARD, lines)
    uses = {
        each: _found(_ATTRIBUTE, lines) & names
        for each, lines in bodies.items()
        if each.full_name not in touched
    }
    counts = Counter(name for used in uses.values() for name in used)
    rare = {name for name, count in counts.items() if count <= RARE}
    for each, found in uses.items():
        used = {n for n in found & (state | rare) if counts[n] <= COMMON}
        if len(used) > 1 or used & rare:
            weight = sum(1 / counts[name] for name in used)
            yield weight, each, sorted(used, key=lambda name: (counts[name], name))


def _found(pattern: re.Pattern[str], lines: Sequence[str]) -> set[str]:
    return {name for line in lines for name in pattern.findall(line[:400])}
