"""What GraphQL says of files and of folders with records, as texts by path."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from architect_review.change.change import PolicyFiles
from architect_review.request.decisions import is_record


def policy_files(base: Mapping[str, Any] | None, paths: Iterable[str]) -> PolicyFiles:
    """The policy files in the answer to the context query, `base` being its branch."""
    target = (base or {}).get("target") or {}
    found: dict[str, str] = {}
    asked = tuple(paths)
    for index, path in enumerate(asked):
        entry = target.get(f"p{index}") or {}
        found.update(texts(path, entry.get("object")))
    return PolicyFiles(str(target.get("oid", "")), found, frozenset(asked))


def texts(path: str, stored: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    """The text at a path, or those of the records in the folder `path/`."""
    if not stored:
        return
    if not path.endswith("/"):
        if not stored.get("isTruncated") and (text := _text(stored)) is not None:
            yield path, text
        return
    for entry in stored.get("entries") or ():
        name = f"{path}{entry['name']}"
        # A link's blob is the path it leads to, a submodule has none.
        is_file = entry["mode"] in _FILE_MODES
        if is_file and is_record(name, (path[:-1],)):
            # Of a record only the beginning is used: what GitHub cut is no loss.
            text = _text(entry["object"] or {})
            if text is not None:
                yield name, text


_FILE_MODES = (0o100644, 0o100755, 0o100664)


def _text(blob: Mapping[str, Any]) -> str | None:
    text = blob.get("text")
    return text if isinstance(text, str) and not blob.get("isBinary") else None
