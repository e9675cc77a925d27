"""Keeping, renaming and removing one's own views. They are nobody else's: being oneself is all it takes."""

from __future__ import annotations

from portal import clock
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.savedviews import queries
from portal.foundation.savedviews.models import SavedView
from portal.foundation.savedviews.rules import LONGEST_NAME, MOST_VIEWS, Pairs, written


def keep(account: Account, page: str, name: str, pairs: Pairs, *, opens: bool = False) -> SavedView:
    """Keep the parameters under a name; a view of that name says from now on what these say.

    With `opens` the page opens with it. Refused without a name, and when there are too many.
    """
    return _keep(account, page, _named(name), pairs, opens=opens)


def remember(account: Account, page: str, pairs: Pairs) -> SavedView:
    """Keep the parameters without a name, instead of those remembered before; the page opens with them."""
    return _keep(account, page, "", pairs, opens=True)


def rename(account: Account, view_id: int, name: str) -> SavedView:
    """Call a view of one's own by another name; Conflict when that is taken on its page."""
    view, called = queries.one_of(account, view_id), _named(name)
    if any(each.name == called for each in queries.views_of(account, view.page) if each is not view):
        raise Conflict("这个页面上已经有叫“%(name)s”的视图了。", name=called)
    view.name, view.changed_at = called, clock.now()
    db.session.flush()
    return view


def open_with(account: Account, view_id: int, opens: bool) -> SavedView:
    """The page opens with this view of one's own, or with none."""
    view = queries.one_of(account, view_id)
    _set_opening(account, view, opens)
    return view


def remove(account: Account, view_id: int) -> SavedView:
    """Take a view of one's own away; gives what it was."""
    view = queries.one_of(account, view_id)
    db.session.delete(view)
    db.session.flush()
    return view


def _named(name: str) -> str:
    called = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    if not called:
        raise Refused("请给视图起个名字。")
    if len(called) > LONGEST_NAME:
        raise Refused("视图的名字最多 %(most)s 个字。", most=LONGEST_NAME)
    return called


def _keep(account: Account, page: str, name: str, pairs: Pairs, *, opens: bool) -> SavedView:
    if not pairs:
        raise Refused("现在看的就是全部，没有什么要记的。")
    there = queries.views_of(account, page)
    view = next((each for each in there if each.name == name), None)
    if view is None:
        if len(there) >= MOST_VIEWS:
            raise Refused("一个页面最多存 %(most)s 个视图，请先删掉不用的。", most=MOST_VIEWS)
        view = SavedView(account_id=account.id, page=page, name=name)
        db.session.add(view)
    view.parameters, view.changed_at = written(pairs), clock.now()
    db.session.flush()
    if opens:
        _set_opening(account, view, opens=True)
    return view


def _set_opening(account: Account, view: SavedView, opens: bool) -> None:
    # The former one steps back first: the database lets no two open a page.
    former = queries.opening(account, view.page)
    if former is not None and former is not view:
        former.opens = False
        db.session.flush()
    view.opens = opens
    db.session.flush()
