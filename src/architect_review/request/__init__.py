"""Who asked, for what, and under which rules."""
