"""The nightly export for the warehouse."""

import csv

COLUMNS = ("id", "customer", "delivery_notes")


def export(connection, file):
    """Write every open order as a row."""
    rows = connection.execute(
        "SELECT id, customer, delivery_notes FROM orders WHERE state = 'open'"
    )
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
