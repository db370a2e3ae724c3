"""Settings that hold for every test."""

import os

from hypothesis import HealthCheck, settings

# No test is timed: a slow machine is no failure. In CI the examples are the same in
# every run, so that a change is judged by itself; everywhere else they are new ones.
settings.register_profile(
    "untimed",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("untimed")
