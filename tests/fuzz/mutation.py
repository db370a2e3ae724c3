"""Damage done to a good text, as transport, cutting and malice do it."""

from collections.abc import Sequence
from random import Random

_ODD = (
    "\0", "\n", "\r\n", "\t", " ", "\ufeff", "\u2028", "\u202e", "\u200b", "\ud800",
    "é", "🙂", "\x85", "\x1b[31m", "-1", "0", "9" * 30, "9" * 5_000, "1e999", "NaN",
    "null", "true", "[]", "{}", "[" * 60, '{"a":' * 60, '"', "'", "\\", "\\ud800",
    "`", "---", "```", "<!--", "-->", ":", ": ", "!!int ''", "&a", "*a", "%", "@",
)  # fmt: skip
"""What parsers stumble over, whatever they parse."""


def mutated(samples: Sequence[str], words: Sequence[str], random: Random) -> str:
    """One of the samples with up to six edits; the same for the same state of `random`.

    `words` belong to the grammar: they are put in, too.
    """
    text = random.choice(samples)
    for _ in range(random.randrange(7)):
        text = _edited(text, samples, (*_ODD, *words), random)
    return text


def _edited(
    text: str, samples: Sequence[str], words: Sequence[str], random: Random
) -> str:
    start = random.randrange(len(text) + 1)
    end = min(len(text), start + random.choice((1, 2, 8, 40, 400)))
    before, chosen, after = text[:start], text[start:end], text[end:]
    match random.randrange(8):
        case 0:
            return before + after
        case 1:
            return before + random.choice(words) + chosen + after
        case 2:
            return before + random.choice(words) + after
        case 3:
            return before + chosen * random.choice((2, 3, 50)) + after
        case 4:
            other = random.choice(samples)
            return before + other[random.randrange(len(other) + 1) :]
        case 5:
            return before + chosen.swapcase()[::-1] + after
        case 6:
            return before
        case _:
            return before + _flipped(chosen, random) + after


def _flipped(text: str, random: Random) -> str:
    """One bit of a character turned over."""
    if not text:
        return text
    at = random.randrange(len(text))
    changed = chr((ord(text[at]) ^ (1 << random.randrange(8))) & 0xFFFF)
    return text[:at] + changed + text[at + 1 :]
