"""How often a preview was opened: the one thing that showing it writes, in a transaction of its own."""

from __future__ import annotations

from sqlalchemy import update

from portal import clock
from portal.db import WRITES, db
from portal.powers.lists.previews.models import PreviewLink


def count_opening(link_id: int) -> None:
    """Count a page that was shown: whoever gave the link away wants to know whether it is used.

    Commits what the session holds, so nothing but reading may have been done in its transaction.
    """
    db.session.commit()
    db.session.connection(execution_options=WRITES)
    db.session.execute(
        update(PreviewLink)
        .where(PreviewLink.id == link_id)
        .values(opened=PreviewLink.opened + 1, opened_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
