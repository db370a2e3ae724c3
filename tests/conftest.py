"""Settings that hold for every test."""

import os
import signal

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

# A run that a shell started in the background ignores Ctrl-C, and so would every
# program that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
