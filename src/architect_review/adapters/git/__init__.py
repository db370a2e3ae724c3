"""A clone on this machine, read with the `git` program."""

from architect_review.adapters.git.program import EMPTY_TREE
from architect_review.adapters.git.repository import GitRepository, Range

__all__ = ["EMPTY_TREE", "GitRepository", "Range"]
