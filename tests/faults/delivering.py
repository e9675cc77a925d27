"""Delivers without end, in a child process that may be killed at any moment: another one takes its place at once.

Without a worker's queue in between, since what must hold here is the outbox alone.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from jobs.notifications import deliver
from portal.app import create_app
from portal.config import Outbound, Settings
from portal.db import db
from portal.foundation.notifications import sending

sending.LEASE = timedelta(seconds=1)


def go_on() -> None:
    """Deliver whatever is due, again and again."""
    while True:
        deliver()
        db.session.remove()
        time.sleep(0.02)


def main() -> None:
    """Keep one child at it; its number stands in the file `delivering` of the data folder."""
    settings = replace(Settings.from_env(), outbound=Outbound(allow=("127.0.0.0/8",), loopback=True))
    app = create_app(settings)
    with app.app_context():
        db.engine.dispose()
        while True:
            child = os.fork()
            if not child:
                go_on()
            (Path(settings.data_dir) / "delivering").write_text(str(child))
            os.waitpid(child, 0)


if __name__ == "__main__":
    main()
