"""What somebody may have meant."""

import difflib


def nearest(word: str, allowed: tuple[str, ...]) -> str:
    """`; did you mean ...?` for the closest allowed word, else the list of them."""
    close = difflib.get_close_matches(word.lower(), allowed, n=1)
    if close:
        return f"; did you mean `{close[0]}`?"
    return "; known are " + ", ".join(f"`{item}`" for item in allowed)
