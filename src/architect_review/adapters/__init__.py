"""The outside world: each module here knows one service or library, no other."""
