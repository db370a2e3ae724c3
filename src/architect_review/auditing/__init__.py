"""An audit, from a request to a report."""
