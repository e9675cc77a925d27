"""How a worker is started.

RQ's own settings notice a killed worker after up to 13 minutes. Ours are short; the lease in the database
(one minute) is what counts, these only keep the queue server's books true.
"""

from __future__ import annotations

import sys

from portal.queue import QUEUE

OPTIONS = (
    "--worker-ttl=30",
    "--job-monitoring-interval=10",
    "--maintenance-interval=60",
)


def arguments() -> list[str]:
    """The command line that turns the running `flask … jobs worker` process into a worker."""
    before = sys.orig_argv[1 : sys.orig_argv.index("jobs")]
    return [sys.executable, *before, "rq", "worker", *OPTIONS, QUEUE]
