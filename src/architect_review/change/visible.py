"""Text for a model as JSON: it cannot close its own frame, and hides nothing.

Invisible characters are escaped so that the model sees them as we do.
"""

import json
import re
from typing import Any

# Controls, formats, fillers, variation selectors and tags (Unicode Cc, Cf, Zl, Zp and
# Default_Ignorable_Code_Point). JSON escapes those below a blank by itself.
_INVISIBLE = re.compile(
    "[\u007f-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)


# What moves a terminal's cursor as well, but for line feed and tab.
_UNSEEN = re.compile(f"[\\x00-\\x08\\x0b-\\x1f\\ud800-\\udfff]|{_INVISIBLE.pattern}")


def shown(text: str) -> str:
    """The text with every invisible character and control written as `U+XXXX`."""
    return _UNSEEN.sub(lambda found: f"U+{ord(found[0]):04X}", text)


def dumps(value: Any) -> str:
    """JSON with one row a line, readable but for invisible characters."""
    text = json.dumps(value, ensure_ascii=False, separators=(",\n", ": "))
    if text.isascii() and "\x7f" not in text:
        return text
    return _INVISIBLE.sub(_escaped, text).encode("utf-8", "replace").decode()


def _escaped(match: re.Match[str]) -> str:
    # DEL is ASCII, which json never escapes.
    return "\\u007f" if match[0] == "\x7f" else json.dumps(match[0])[1:-1]
