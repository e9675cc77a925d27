"""For the edges: telling something in a transaction of its own, because what is told of changes nothing."""

from __future__ import annotations

from typing import Any

from flask import g, has_request_context

from portal.db import WRITES, db
from portal.foundation.audit.rules import Act
from portal.foundation.audit.service import record

TOLD = "audit_told"
"""What of a request was told last, in `g`: whoever tells of answers as such leaves out what told of itself."""


def record_now(act: Act, **told: Any) -> None:
    """`service.record`, committed: before what is told of goes out (an export), or after its rollback (a refusal).

    Commits what the session holds, so nothing but reading may have been done in its transaction.
    """
    # A transaction that has read may not be able to write any more on SQLite, and who is signed in may have to be
    # read again: a new one, which takes its turn at once, can.
    db.session.commit()
    db.session.connection(execution_options=WRITES)
    record(act, **told)
    db.session.commit()
    if has_request_context():
        setattr(g, TOLD, act)
