"""Names in addresses."""

import re


def slug(name):
    """A name in lower case with dashes between its words, signs left out."""
    return "-".join(re.findall("[a-z0-9]+", name.lower()))
