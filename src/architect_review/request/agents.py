"""Agent definitions: markdown files with frontmatter, as Claude Code keeps them.

Field names: code.claude.com, "Subagents", "Supported frontmatter fields". Most agent
files in the wild are not YAML (an unquoted description full of `Context: ...`), so a
second reader takes line by line what YAML refuses.
"""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import frontmatter

from architect_review.errors import AgentError
from architect_review.request.matter import TolerantHandler

FILE_LIMIT = 200_000
"""Bytes of an agent file; the whole file is sent with every request."""

FRONTMATTER_LIMIT = 64_000
"""Bytes of the frontmatter; the largest seen in public files has 3,500."""

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Agent:
    """A reviewer's definition.

    `instructions` is the text below the frontmatter. `model` and `effort` are ""
    where the file does not say, or says `inherit`. `unused` names the frontmatter
    keys that mean nothing here, in their order. `source` is where it was found.
    """

    name: str
    description: str
    instructions: str
    model: str = ""
    effort: str = ""
    unused: tuple[str, ...] = ()
    source: str = ""

    @property
    def lead(self) -> str | None:
        """Whom the instructions name as the one to involve, without the @.

        It is the first @handle, outside code, in a sentence that speaks of
        coordinating, consulting, notifying, escalating, tagging, asking, informing
        or approving. None when there is no such sentence. A name, not an account:
        nobody has checked that it belongs to anyone.
        """
        for sentence in _SENTENCE_END.split(_without_code(self.instructions)):
            if _INVOLVES.search(sentence) and (handle := _HANDLE.search(sentence)):
                return handle[1]
        return None


def parse(text: str, source: str) -> Agent:
    """Read an agent definition; without a name it is called after its file.

    Raises AgentError when nothing is left to instruct the model with, and for a text
    or frontmatter over the limits above.
    """
    if len(text.encode("utf-8", "replace")) > FILE_LIMIT:
        raise AgentError(
            f"the agent {source} is larger than {FILE_LIMIT // 1000} KB: shorten it"
        )
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        fields, body = frontmatter.parse(plain, handler=_Tolerant())
    except _TooLarge:
        raise AgentError(
            f"the frontmatter of the agent {source} is larger than "
            f"{FRONTMATTER_LIMIT // 1000} KB: move the text below the second `---`"
        ) from None
    if not body:
        raise AgentError(
            f"the agent {source} has no instructions: write what the reviewer should "
            "do below the frontmatter, after the second `---`"
        )
    said = {key: _words(fields.get(key)) for key in _USED}
    return Agent(
        name=" ".join(said["name"].split()) or PurePosixPath(source).stem or "agent",
        description=said["description"],
        instructions=body,
        model=said["model"] if said["model"] != "inherit" else "",
        effort=said["effort"] if said["effort"] != "inherit" else "",
        unused=tuple(key for key in fields if key not in _USED),
        source=source,
    )


def is_path(choice: str) -> bool:
    """Whether a chosen agent is a file in the repository, not one that we ship."""
    return "/" in choice or choice.endswith(".md")


def shipped() -> dict[str, Path]:
    """The agents that come with this program, by name.

    They lie in the package of an installed wheel and at the top of a checkout, which
    an editable install runs from.
    """
    folder = _PACKAGE / "agents"
    checkout = _PACKAGE.parent.parent
    if not folder.is_dir() and (checkout / "pyproject.toml").is_file():
        folder = checkout / "agents"
    return {path.stem: path for path in sorted(folder.glob("*.md"))}


def load_shipped(name: str) -> Agent:
    """Read a shipped agent. Raises AgentError that names the nearest one there is."""
    known = shipped()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}? Choose" if near else "choose"
        raise AgentError(
            f"no agent {name!r} is shipped: {hint} one of "
            f"{', '.join(known) or '(none)'}, or give the path of a file in the "
            "repository, for example .claude/agents/architect.md"
        )
    text = known[name].read_bytes().decode("utf-8", "replace")
    return parse(text, known[name].name)


_USED = ("name", "description", "model", "effort")

_KEYS = (
    *_USED,
    *("tools", "disallowedTools", "permissionMode", "maxTurns", "skills", "mcpServers"),
    *("hooks", "memory", "background", "isolation", "color", "initialPrompt"),
)
_KEY_LINE = re.compile(rf"({'|'.join(_KEYS)}):(?:[ \t]+(.*))?$")
_BLOCK_SCALAR = re.compile(r"[|>][-+\d]*")


class _TooLarge(Exception):  # noqa: N818 - never leaves this module
    """The frontmatter is over its limit."""


class _Tolerant(TolerantHandler):
    """Frontmatter of a limited size; where it is not YAML, the documented fields."""

    def load(self, fm: str, **kwargs: object) -> dict[str, Any]:
        if len(fm.encode("utf-8", "replace")) > FRONTMATTER_LIMIT:
            raise _TooLarge
        return super().load(fm)

    def by_line(self, fm: str) -> dict[str, Any]:
        return _by_line(fm)


def _by_line(text: str) -> dict[str, Any]:
    """Fields that start with a documented key; only the description has more lines.

    Prose may begin a line with such a word too, so a key counts only once.
    """
    found: dict[str, str] = {}
    key = ""
    for line in text.split("\n"):
        start = _KEY_LINE.match(line)
        if start and start[1] not in found:
            key = start[1]
            value = (start[2] or "").strip()
            if key != "description":
                value = value.partition(" #")[0].rstrip()
            found[key] = "" if _BLOCK_SCALAR.fullmatch(value) else value
        elif key == "description":
            found[key] += "\n" + line.strip()
    return {key: _unquoted(value.strip()) for key, value in found.items()}


def _unquoted(text: str) -> str:
    pair = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if pair else text


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(item for item in value if isinstance(item, str))
    return value.strip() if isinstance(value, str) else ""


_SENTENCE_END = re.compile(
    r"(?<=[.!?])\s+|\n\s*\n|\n(?=[ \t]*(?:[-*+#>]|\d+[.)])[ \t])"
)
_INVOLVES = re.compile(
    r"\b(?:coordinat|consult|notif|escalat|approv|inform|tag(?:s|ging)?\b|ask(?:s|ing)?\b)",
    re.I,
)
_HANDLE = re.compile(
    r"(?<![\w.@/+-])@([a-z\d](?:[a-z\d-]*[a-z\d])?(?:/[a-z\d](?:[\w.-]*\w)?)?)"
    r"(?![\w(]|\.\w)",
    re.I | re.A,
)
_CODE_SPAN = re.compile(r"(?<!`)`++[^`\n]*+`++")


def _without_code(text: str) -> str:
    kept: list[str] = []
    fenced = False
    for line in text.split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            kept.append("")
        elif not fenced:
            kept.append(line)
    return _CODE_SPAN.sub(" ", "\n".join(kept))
