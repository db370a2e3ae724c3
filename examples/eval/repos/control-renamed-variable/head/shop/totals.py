"""Sums of orders."""


def total(lines):
    """Cents of all lines of an order."""
    cents = 0
    for line in lines:
        cents += line.pieces * line.cents
    return cents
