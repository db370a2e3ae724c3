"""Sums of orders."""


def total(lines):
    """Cents of all lines of an order."""
    s = 0
    for x in lines:
        s += x.pieces * x.cents
    return s
