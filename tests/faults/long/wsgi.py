"""The portal with the clocks that it ships with; it may speak to this machine, and its clock may be moved.

The file `ahead` of the data folder says by how many seconds.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from jobs import deadlines
from portal import clock
from portal.config import Settings
from tests.notifications.beds import LOOPBACK
from wsgi import compose

AHEAD = Path(os.environ["REMIT_DATA_DIR"]) / "ahead"

right = clock.now


def now() -> datetime:
    """What this machine's clock says, were it moved."""
    try:
        return right() + timedelta(seconds=int(AHEAD.read_text() or 0))
    except FileNotFoundError:
        return right()


clock.now = now
# Reminders wait for the morning, and are written by the hundred: here at any hour, with some kills' worth of between.
deadlines.MORNING, deadlines.LOT = 0, 20
app = compose(replace(Settings.from_env(), outbound=LOOPBACK))
