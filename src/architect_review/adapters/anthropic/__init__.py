"""The Messages API of Anthropic, and of gateways that speak it.

Only `endpoint` imports the SDK, which costs 2 to 3 seconds of CPU; it is imported
when the first request is sent, or before by `Claude.preload`.
"""

from architect_review.adapters.anthropic.claude import Claude

__all__ = ["Claude"]
