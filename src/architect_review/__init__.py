"""Architect Review: a pull request, reviewed as an architect would."""

__version__ = "0.1.0"
