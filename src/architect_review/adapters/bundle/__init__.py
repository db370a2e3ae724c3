"""A run in a folder: recorded at the ports, and read back to be run again."""

from architect_review.adapters.bundle.files import BundleError
from architect_review.adapters.bundle.recording import Recording
from architect_review.adapters.bundle.replaying import Replaying

__all__ = ["BundleError", "Recording", "Replaying"]
