"""What a bundle must not hold: the run's own credentials, and known secrets."""

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr

from architect_review.change.redaction import redact_text

SHORTEST = 8
"""Characters of a credential that is one; a local server's `none` is a word."""
MARK = "«redacted:own-credential»"


class Scrubber:
    """Takes credentials and known secrets out of texts and JSON data."""

    def __init__(self, credentials: Iterable[SecretStr | None]) -> None:
        known = [each.get_secret_value().strip() for each in credentials if each]
        forms = {form for each in known if len(each) >= SHORTEST for form in _of(each)}
        # The longest first: a form may stand in another.
        ranked = sorted(forms, key=lambda form: (-len(form), form))
        self._own = re.compile("|".join(map(re.escape, ranked))) if ranked else None

    def own(self, text: str) -> str:
        """The text without the run's own credentials."""
        return self._own.sub(MARK, text) if self._own else text

    def text(self, text: str) -> str:
        """The text without these and without secrets of a known shape."""
        return redact_text(self.own(text))

    def owned(self, data: Any) -> Any:
        """JSON data without the run's own credentials."""
        return _mapped(data, self.own) if self._own else data

    def data(self, data: Any) -> Any:
        """JSON data without these and without secrets of a known shape."""
        return _mapped(data, self.text)


def _mapped(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {change(key): _mapped(value, change) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_mapped(each, change) for each in data]
    return data


def _of(secret: str) -> Iterator[str]:
    """A credential as it may be written; base64 wherever it begins in a text."""
    yield secret
    yield json.dumps(secret)[1:-1]
    yield quote(secret, safe="")
    for before in range(3):
        code = base64.b64encode(b"\0" * before + secret.encode()).decode().rstrip("=")
        # The characters at the edges depend on what stands beside it.
        inner = code[(0, 2, 3)[before] :]
        whole = (before + len(secret.encode())) % 3 == 0
        yield from _alphabets(inner if whole else inner[:-1])
    yield from _alphabets(base64.b64encode(secret.encode()).decode().rstrip("="))


def _alphabets(code: str) -> tuple[str, str]:
    return code, code.replace("+", "-").replace("/", "_")
