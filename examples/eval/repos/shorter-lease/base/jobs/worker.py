"""Takes jobs from the queue and works on them."""

import time

from jobs.lease import Lease

RENEW_EVERY = 10.0


def work(queue, handle):
    """Work on one job and keep its lease alive meanwhile."""
    job = queue.take()
    lease = Lease(job.id, queue)
    for step in handle(job):
        step()
        if lease.age() > RENEW_EVERY:
            lease.renew()
    queue.done(job.id)
    time.sleep(0.1)
