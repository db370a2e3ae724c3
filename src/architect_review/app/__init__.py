"""Wiring: which adapters a run uses. Only here are they named."""
