"""What the settings of linters, type checkers and coverage pass over.

Sources: the documentation of import-linter, mypy, ruff and coverage.py.
"""

import configparser
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from architect_review.signals.places import brief
from architect_review.signals.reading import UnreadableError, checked, table, toml

TOMLS = ("pyproject.toml", "ruff.toml", ".ruff.toml", ".importlinter.toml")
INIS = (
    "setup.cfg",
    "tox.ini",
    "mypy.ini",
    ".mypy.ini",
    ".coveragerc",
    ".importlinter",
    "pytest.ini",
)
LINT_FILES = (*TOMLS, *INIS)
COVERAGE = "coverage fail_under"


@dataclass(frozen=True, slots=True)
class Leniency:
    """Something that is passed over; more of it where `amount` is larger."""

    fact: str
    line: int | None
    amount: float = 0


def leniencies(path: str, text: str) -> Mapping[str, Leniency]:
    """The leniencies of a settings file by what they are. Raises UnreadableError."""
    name = path.rpartition("/")[2]
    lines = checked(text).split("\n")
    read = _of_toml if name.endswith(".toml") else _of_ini
    found: dict[str, Leniency] = {}
    for key, fact, word, amount in read(name, text):
        found[key] = Leniency(fact, _line(lines, word), amount)
    return found


Row = tuple[str, str, str, float]
"""Key, fact, a word of the line it stands on, amount."""


def _line(lines: list[str], word: str) -> int | None:
    return next((at for at, line in enumerate(lines, 1) if word in line), None)


def _of_toml(name: str, text: str) -> Iterator[Row]:
    content = toml(text)
    tools = content if "ruff" in name else table(content, "tool")
    ruff = tools if "ruff" in name else table(tools, "ruff")
    for part in (ruff, table(ruff, "lint")):
        for option in ("per-file-ignores", "extend-per-file-ignores"):
            for glob, rules in table(part, option).items():
                if "ALL" in _list(rules):
                    yield _unlinted(glob)
        for option in ("ignore", "extend-ignore"):
            if "ALL" in _list(part.get(option)):
                yield _unlinted("*")
    mypy = table(tools, "mypy")
    overrides = [
        each for each in _list(mypy.get("overrides")) if isinstance(each, dict)
    ]
    for part in (mypy, *overrides):
        if part.get("ignore_errors") is True:
            for module in _list(part.get("module", "everything")):
                yield _untyped(str(module))
    for contract in _list(table(tools, "importlinter").get("contracts")):
        for pair in _list(table(contract).get("ignore_imports")):
            yield _import(str(pair))
    bound = table(tools, "coverage", "report").get("fail_under")
    if isinstance(bound, int | float):
        yield _bound(float(bound))


def _of_ini(name: str, text: str) -> Iterator[Row]:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        reason = " ".join(str(error).split())[:120]
        raise UnreadableError(f"not a valid settings file: {reason}") from error
    for section in parser.sections():
        options = dict(parser.items(section))
        if section.startswith("mypy") and _is_on(options.get("ignore_errors")):
            yield _untyped(section.removeprefix("mypy").lstrip("-") or "everything")
        if section.startswith("importlinter"):
            for pair in (options.get("ignore_imports") or "").split("\n"):
                if pair.strip() and not pair.strip().startswith("#"):
                    yield _import(pair.strip())
        bound = options.get("fail_under") or ""
        is_report = section in ("report", "coverage:report")
        if is_report and re.fullmatch(r"\d{1,3}(\.\d{1,6})?", bound):
            yield _bound(float(bound))


def _is_on(value: str | None) -> bool:
    return (value or "").strip().lower() in ("true", "1", "yes", "on")


def _list(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _unlinted(glob: str) -> Row:
    fact = f"No lint rule holds in `{brief(glob)}` (ignore ALL)"
    return f"ruff {glob}", fact, glob, 0


def _untyped(module: str) -> Row:
    fact = f"Type errors in `{brief(module)}` are passed over (mypy ignore_errors)"
    word = "ignore_errors" if module == "everything" else module
    return f"mypy {module}", fact, word, 0


def _import(pair: str) -> Row:
    shown = brief(pair, 120)
    fact = f"The contract between layers lets `{shown}` pass (ignore_imports)"
    return f"import-linter {shown}", fact, pair, 0


def _bound(bound: float) -> Row:
    """A lower bound asks for less, so its amount is negative."""
    fact = f"Coverage may fall to {bound:g} % now"
    return COVERAGE, fact, "fail_under", -bound
