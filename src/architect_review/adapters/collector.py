"""The garbage collector of a process that runs for seconds and then ends."""

import atexit
import gc

_THRESHOLD = (50_000, 20, 50)


def collect_rarely() -> None:
    """Let the garbage collector run more rarely, and not once more at the end.

    What is imported stays, and syntax trees are many objects that live shortly:
    looking for cycles among them takes a fourth of the CPU of importing the clients
    (`benchmarks/start_up.py`), a third of an audit's, and frees no memory to speak of
    (`benchmarks/audit.py`). At the end the operating system frees everything.
    """
    gc.set_threshold(*_THRESHOLD)
    atexit.register(gc.freeze)
