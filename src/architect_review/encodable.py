"""Text of others that UTF-8 may not be able to hold.

JSON, YAML and source text can spell half of a surrogate pair out (`"\\ud83d"`), which
Python keeps as a character and no encoder takes. It is replaced where such text enters.
"""

from typing import Any


def encodable(text: str) -> str:
    """The text with U+FFFD for every half of a pair; two halves in order become one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def encodable_data(data: Any) -> Any:
    """Data of JSON or YAML, tuples too, with every text in it and every key encodable.

    Raises RecursionError for lists in lists without end.
    """
    if isinstance(data, str):
        return encodable(data)
    if isinstance(data, dict):
        return {encodable_data(key): encodable_data(each) for key, each in data.items()}
    if isinstance(data, list):
        return [encodable_data(each) for each in data]
    if type(data) is tuple:
        return tuple(encodable_data(each) for each in data)
    return data
