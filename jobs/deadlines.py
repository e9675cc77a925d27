"""Deadlines by the clock: reminding of those whose step has come, counting anew when the calendar changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.db import db
from portal.foundation.deadlines.recounting import service as recounting
from portal.foundation.deadlines.reminding import service as reminding
from portal.foundation.deadlines.reminding.rules import Step

log = structlog.get_logger(__name__)

MORNING = 8
"""The hour in China from which reminders go out: nobody is woken by one."""

LOT = 200
"""Reminders in one transaction."""

BATCH = 50
"""Units counted anew in one transaction."""


class RemindersBroken(Exception):  # noqa: N818  it is said after the work is done
    """So many deadlines could not be reminded of."""


def remind() -> int:
    """Send every reminder whose step has come and has not gone out; how many were sent (T-5).

    Any number of schedulers may do so at once, and any night may be missed: what is due is read from the deadlines.
    One of which no reminder can be made keeps none of the others back; raises RemindersBroken after all the rest, so
    that the schedule shows it.
    """
    if clock.now().astimezone(clock.HOME).hour < MORNING:
        return 0
    today = clock.today()
    waiting = reminding.coming(today)
    db.session.commit()
    sent, broken = 0, 0
    for begin in range(0, len(waiting), LOT):
        lot = waiting[begin : begin + LOT]
        try:
            sent += _committed(lot, today)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("a lot of reminders broke; each is tried apart", count=len(lot))
            db.session.rollback()
            done = [_apart(each, today) for each in lot]
            sent, broken = sent + done.count(True), broken + done.count(None)
    if sent:
        log.info("reminders sent", count=sent)
    if broken:
        raise RemindersBroken(broken)
    return sent


def _committed(lot: Sequence[tuple[int, Step]], today: date) -> int:
    sent = reminding.remind(lot, today)
    db.session.commit()
    return sent


def _apart(each: tuple[int, Step], today: date) -> bool | None:
    """Whether this one was still to be sent; None when nothing can be made of it."""
    try:
        return _committed([each], today) > 0
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("no reminder can be made of a deadline", deadline=each[0])
        db.session.rollback()
        return None


def recompute() -> int:
    """Count anew what was counted by an older calendar; how many units were concerned (T-2)."""
    count = 0
    while done := recounting.recompute(BATCH):
        db.session.commit()
        count += done
    db.session.commit()
    return count
