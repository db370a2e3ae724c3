"""What lies between the jobs of one review, with a text in the place of each file."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from architect_review.adapters.bundle import files, given, handover
from architect_review.adapters.bundle.binding import Binding, Run
from architect_review.adapters.bundle.forms import CHANGE, SourceAnswers
from architect_review.errors import ArchitectError
from builders import a_change
from fuzz.readers import explains

RUN = Run("99", "o/r", 7)
_CHANGE = replace(a_change(), head_sha="1" * 40, base_sha="2" * 40)
BINDING = Binding.of(RUN, _CHANGE).model_dump(mode="json")
HANDOVER: Mapping[str, str] = {
    handover.BINDING: json.dumps(BINDING),
    files.CHANGE: CHANGE.dump_json(_CHANGE).decode(),
    files.SOURCE: SourceAnswers().model_dump_json(),
    files.TEXTS: "{}",
}
USAGE = dict.fromkeys(given.GivenUsage.model_fields, 0)
REPLY = {
    "paths": ["a.py"],
    "answer": {"findings": []},
    "failure": ["invalid", "why"],
    "usage": USAGE,
    "notes": ["a note"],
    "lookups": [{"tool": "t", "arguments": {}, "said": "s", "is_refused": False}],
}
ANSWERS = {
    "binding": BINDING,
    "is_unasked": False,
    "is_whole": True,
    "replies": {"a" * 64: [REPLY]},
}


def a_handover(text: str) -> None:
    """Every file of a handover is the text in turn, the others are whole."""
    for each in HANDOVER:
        with tempfile.TemporaryDirectory() as name:
            for file, whole in {**HANDOVER, each: text}.items():
                data = whole.encode("utf-8", "surrogatepass")
                (Path(name) / file).write_bytes(data)
            try:
                handover.Handed(Path(name), RUN).source.fetch(())
            except ArchitectError as error:
                explains(error)


def answers(text: str) -> None:
    """The text is the file of answers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / given.FOLDER
        folder.mkdir()
        data = text.encode("utf-8", "surrogatepass")
        (folder / given.ANSWERS).write_bytes(data)
        found = given.given(Path(name), RUN)
        assert all(found.replies.values())
