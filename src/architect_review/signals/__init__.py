"""Detectors by family; importing this package registers them all.

To add one, write a function in the family's module (see CONTRIBUTING.md).
"""

from architect_review.signals import (
    configuration,
    dependencies,
    deployables,
    governance,
    migrations,
    size,
    structure,
)
from architect_review.signals.detect import Signals, detect, wanted
from architect_review.signals.signal import (
    DETECTORS,
    Detector,
    Evidence,
    Gap,
    Signal,
    Weight,
)

__all__ = [
    "DETECTORS",
    "Detector",
    "Evidence",
    "Gap",
    "Signal",
    "Signals",
    "Weight",
    "configuration",
    "dependencies",
    "deployables",
    "detect",
    "governance",
    "migrations",
    "size",
    "structure",
    "wanted",
]
