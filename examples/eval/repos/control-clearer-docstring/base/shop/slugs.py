"""Names in addresses."""

import re


def slug(name):
    """Make a slug."""
    return "-".join(re.findall("[a-z0-9]+", name.lower()))
