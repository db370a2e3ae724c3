"""The Messages API of Anthropic, and of gateways that speak it.

Only `connection`, and what imports it, needs the SDK, which costs 2 to 3 seconds of
CPU; it is imported when the first request is sent, or before by `Claude.preload`.
"""

from architect_review.adapters.anthropic.batches import Batches
from architect_review.adapters.anthropic.budget import Budget
from architect_review.adapters.anthropic.claude import Claude

__all__ = ["Batches", "Budget", "Claude"]
