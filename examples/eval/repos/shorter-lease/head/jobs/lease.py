"""A worker's claim on a job."""

import time

LEASE_SECONDS = 5.0


class Lease:
    """Says that a job is being worked on, for LEASE_SECONDS at a time."""

    def __init__(self, job, queue):
        self._job = job
        self._queue = queue
        self.renew()

    def renew(self):
        """Hold the job for another LEASE_SECONDS."""
        self._since = time.monotonic()
        self._queue.hold(self._job, LEASE_SECONDS)

    def age(self):
        """Seconds since the last renewal."""
        return time.monotonic() - self._since
