"""What is wrong with a SARIF log, by its schema and by code scanning's rules.

The rules are GitHub's: docs.github.com, "SARIF support for code scanning".
"""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

_SCHEMA = Path(__file__).parent / "sarif-2.1.0.json.gz"
_RELATIVE = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-F]{2}|/)+")
_ABSOLUTE = re.compile(r"https?://[A-Za-z0-9.:-]+(?:/[A-Za-z0-9._~%-]+)*/?")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BRACE = re.compile("[{}]")
_LINK = re.compile(r"\[[^\]]*\]\((?!1\))")
"""A link in plain text to anything but the first related location."""


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(gzip.decompress(_SCHEMA.read_bytes())))


def problems(log: dict[str, Any]) -> list[str]:
    """Everything that the schema forbids, or that code scanning refuses or drops."""
    found = [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in _validator().iter_errors(log)
    ]
    if len(found) == 0:
        found += [*_texts(log), *_size(log), *_messages(log)]
        found += [each for run in log["runs"] for each in _run(run)]
    return found


def _run(run: dict[str, Any]) -> Iterator[str]:
    rules = run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    if len(ids) != len(set(ids)):
        yield "two rules have one id"
    for rule in rules:
        yield from _rule(rule)
    if len(run["results"]) > 5_000:
        yield "code scanning keeps 5,000 results"
    for result in run["results"]:
        index = result["ruleIndex"]
        if not 0 <= index < len(ids) or ids[index] != result["ruleId"]:
            yield f"{result['ruleId']} is not the rule at {index}"
        if not result["partialFingerprints"] or "locations" not in result:
            yield "a result has no fingerprint or no location"
        for place in result.get("locations", []) + result.get("relatedLocations", []):
            yield from _place(place["physicalLocation"], run)
        if _LINK.search(result["message"]["text"]):
            yield "a plain message has a link"
    for source in run.get("versionControlProvenance", []):
        if not _ABSOLUTE.fullmatch(source["repositoryUri"]):
            yield f"not an address: {source['repositoryUri']}"


def _rule(rule: dict[str, Any]) -> Iterator[str]:
    texts = [rule[key]["text"] for key in ("shortDescription", "fullDescription")]
    if not all(0 < len(text) <= 1_024 for text in texts) or len(rule["name"]) > 255:
        yield f"{rule['id']}: a text is missing or too long"
    if not rule["help"]["text"]:
        yield f"{rule['id']}: it has no help"
    if len(rule["properties"]["tags"]) > 10:
        yield f"{rule['id']}: code scanning keeps 10 tags"
    score = rule["properties"].get("security-severity")
    if score is not None and not 0 < float(score) <= 10:
        yield f"{rule['id']}: {score} is no score"


def _place(place: dict[str, Any], run: dict[str, Any]) -> Iterator[str]:
    uri, region = place["artifactLocation"]["uri"], place["region"]
    steps = {"", ".", ".."} & set(uri.split("/"))
    if not _RELATIVE.fullmatch(uri) or steps:
        yield f"not a file of the repository: {uri}"
    if place["artifactLocation"]["uriBaseId"] not in run["originalUriBaseIds"]:
        yield "the base of an address is not explained"
    if not 1 <= region["startLine"] <= region.get("endLine", region["startLine"]):
        yield f"not lines: {region}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _CONTROL.search(value):
            yield f"a control character: {value[:80]!r}"
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from (*_texts(key), *_texts(each))
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _messages(value: Any, name: str = "") -> Iterator[str]:
    """A brace in a message is doubled: it has no placeholders (SARIF, 3.11.5)."""
    if isinstance(value, dict):
        if name == "message":
            for text in filter(None, map(value.get, ("text", "markdown"))):
                if _BRACE.search(text.replace("{{", "").replace("}}", "")):
                    yield f"a brace that is not doubled: {text[:80]!r}"
        for key, each in value.items():
            yield from _messages(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _messages(each)


def _size(log: dict[str, Any]) -> Iterator[str]:
    if len(gzip.compress(json.dumps(log).encode())) > 10_000_000:
        yield "code scanning takes 10 MB, compressed"
