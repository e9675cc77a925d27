"""Verbs on circulars: making one, which is kept as it was made, publishing it, setting it aside."""

from __future__ import annotations

from datetime import date

from portal import clock
from portal.db import db
from portal.errors import Conflict
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.accounts.standing.queries import acting_for
from portal.foundation.policies.models import Policy
from portal.foundation.rights.rules import Right
from portal.oversight.circulars import drafting, queries
from portal.oversight.circulars.models import Circular


def make(policy: Policy, *, begin: date, end: date, by: Account) -> Circular:
    """Make the circular of a document's tasks in a period, both days included, with its files.

    It says what the rows say now of the state on the last day, and is never changed afterwards. Forbidden without
    MANAGE_TASKS; Refused for a period that ends before it begins or after today, or with nothing to tell of.
    """
    require(by, Right.MANAGE_TASKS, policy.place_id)
    return drafting.draft(policy, begin=begin, end=end, by=by)


def publish(circular: Circular, *, by: Account) -> Circular:
    """Let everybody read it. Forbidden without APPROVE; Conflict for whoever made it or gave the order for it.

    Two people, as for everything that names who is behind (P-2); who stands in for the maker is none. Conflict too when
    it is public or set aside already, or names a task that the public does not know of.
    """
    require(by, Right.APPROVE, circular.policy.place_id)
    absent = acting_for(by, Right.APPROVE, circular.policy.place)
    if circular.made_by_id in (by.id, absent.id if absent else by.id):
        raise Conflict("公布要由另一个人来做，不能是编制的人本人。")
    _still_waits(circular)
    if hidden := queries.hidden(circular):
        codes = "、".join(hidden)
        raise Conflict("通报里有没有公开的任务：%(codes)s。请先公开这些任务，再公布通报。", codes=codes)
    circular.published_at, circular.published_by = clock.now(), by
    db.session.flush()
    return circular


def set_aside(circular: Circular, *, by: Account) -> Circular:
    """It is not wanted: it keeps its number and waits for nobody.

    Forbidden without MANAGE_TASKS; Conflict when it is public or set aside already.
    """
    require(by, Right.MANAGE_TASKS, circular.policy.place_id)
    _still_waits(circular)
    circular.set_aside_at, circular.set_aside_by = clock.now(), by
    db.session.flush()
    return circular


def _still_waits(circular: Circular) -> None:
    if circular.published_at is not None:
        raise Conflict("这份通报已经公布了。")
    if circular.set_aside_at is not None:
        raise Conflict("这份通报已经搁置了。")
